// What an agent reads at a call, and what they may do about it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { byDay } from "../../static/js/widget/call_times.js";
import { parted, whenOf } from "../../static/js/console/case/call_back.js";
import { deedsFor, factsOf, placeOf, standing } from "../../static/js/console/call_words.js";

const NOW = Date.parse("2026-05-04T12:10:00Z");
const call = (fields = {}) => ({ state: "due", mine: false, agent: null, attempts: 0, most_attempts: 3, waiting_since: "2026-05-04T12:00:00Z", due_at: null, ...fields });

test("a call that is due says how long they are in line, and is dialled", () => {
    assert.equal(standing(call(), NOW), "To be called now, in line for 10:00");
    assert.deepEqual(deedsFor(call()), ["dial", "move"]);
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
    assert.match(standing(later, NOW), /^Nobody answered; again .*\d/);
    assert.match(factsOf(later, NOW), /^tried 2 of 3/);
    assert.deepEqual(deedsFor(later), ["take", "move"]);
    assert.equal(placeOf(later), "later");
});

test("what time it is where they are is said when it is another one, and never fails", () => {
    const [tokyo, apia, none] = ["Asia/Tokyo", "Pacific/Apia", "../etc"].map((time_zone) => factsOf(call({ time_zone, queue: "Sales" }), NOW));
    assert.ok([tokyo, apia].every((facts) => /where they are · Sales$/.test(facts)));
    assert.equal(none, "Sales");
});

test("times stand by day in the customer's own clock", () => {
    const slots = ["2026-05-04T22:30:00Z", "2026-05-04T23:00:00Z", "2026-05-05T07:00:00Z"].map((at) => ({ at }));
    const days = byDay(slots, "en-GB", "UTC");
    assert.deepEqual(days.map(({ day, slots: some }) => [day, some.map(({ words }) => words)]), [["Monday 4 May", ["22:30", "23:00"]], ["Tuesday 5 May", ["07:00"]]]);
    assert.equal(byDay(slots, "en-GB", "Asia/Tokyo").length, 1);
});

test("the call that is owed stands before those that are over", () => {
    const [open, done, dropped] = [{ id: "c", state: "open", phone: "1", at: "2026-05-04T14:00:00Z" }, { id: "b", state: "done", at: null }, { id: "a", state: "dropped", at: null }];
    assert.deepEqual(parted([dropped, open, done]), { open, over: [dropped, done] });
    assert.deepEqual(parted([]), { open: null, over: [] });
    assert.equal(whenOf(done), "as soon as possible");
    assert.match(whenOf(open, "en-GB", "UTC"), /^Monday 4 May.*14:00$/);
});
