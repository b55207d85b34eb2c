// What an agent reads at a call, and what they may do about it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { deedsFor, placeOf, standing } from "../../static/js/console/call_words.js";

const NOW = Date.parse("2026-05-04T12:10:00Z");
const call = (fields = {}) => ({ state: "due", mine: false, agent: null, attempts: 0, most_attempts: 3, waiting_since: "2026-05-04T12:00:00Z", due_at: null, ...fields });

test("a call that is due says how long they are in line, and is dialled", () => {
    assert.equal(standing(call(), NOW), "To be called now, in line for 10:00");
    assert.equal(standing(call({ attempts: 1 }), NOW), "To be called now, in line for 10:00, tried 1 of 3");
    assert.deepEqual(deedsFor(call()), ["dial"]);
    assert.equal(placeOf(call()), "due");
});

test("mine rings, talks and ends; a colleague's is not touched", () => {
    const mine = (state) => call({ state, mine: true, agent: "Ada" });
    assert.deepEqual(["offered", "dialling", "reached"].map((state) => deedsFor(mine(state))), [["dial", "give_back"], ["missed"], ["done", "missed"]]);
    assert.equal(standing(mine("reached"), NOW), "You are talking");
    assert.equal(placeOf(mine("reached")), "mine");
    const theirs = call({ state: "reached", agent: "Ada" });
    assert.deepEqual(deedsFor(theirs), []);
    assert.equal(standing(theirs, NOW), "Ada is talking to them");
});

test("who did not answer has a time again, and may be taken sooner", () => {
    const later = call({ state: "no_answer", attempts: 2, due_at: "2026-05-04T14:00:00Z" });
    assert.match(standing(later, NOW), /^Nobody answered, tried 2 of 3; again .*\d/);
    assert.deepEqual(deedsFor(later), ["take"]);
    assert.equal(placeOf(later), "later");
});
