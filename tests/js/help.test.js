// What is suggested to an agent: which frames count, and what is left when one is put away.

import "./no-page.mjs";

import assert from "node:assert/strict";
import { test } from "node:test";

import { chanceInWords, Helping } from "../../static/js/console/composer/help.js";
import { noteOf } from "../../static/js/console/summary.js";
import { isWhole, wordFor } from "../../static/js/console/copilot.js";
import { heldBack } from "../../static/js/console/composer/outgo.js";

const one = (id) => ({ id, text: id, citations: [], confidence: 0.5 });

test("a frame that took a slower way than its successor never wins", () => {
    const helping = new Helping();
    helping.take({ conversation: "c", seq: 4, replies: [one("new")] });
    helping.take({ conversation: "c", seq: 2, replies: [one("old")] });
    assert.deepEqual(helping.of("c").map(({ id }) => id), ["new"]);
    assert.deepEqual(helping.of("other"), []);
    helping.take({ conversation: "c", seq: 4, replies: [] });
    assert.deepEqual(helping.of("c"), []);
});

test("what is put away is gone, the others stay; what is taken ends all", () => {
    const helping = new Helping();
    helping.take({ conversation: "c", seq: 1, replies: [one("a"), one("b")] });
    helping.drop("c", "a");
    assert.deepEqual(helping.of("c").map(({ id }) => id), ["b"]);
    helping.drop("c");
    assert.deepEqual(helping.of("c"), []);
});

test("a summary is a note only of what there is", () => {
    assert.equal(noteOf({ needs: ["The zip broke."], answers: ["A new one comes."], reason_says: "They asked" }), "Wanted: The zip broke. | Said: A new one comes. | Person needed: They asked");
    assert.equal(noteOf({}), "");
});

test("a chance is told in whole percent, and never beyond its ends", () => {
    assert.deepEqual([0.337, 1.2, -1, undefined].map(chanceInWords), ["34 % likely", "100 % likely", "0 % likely", "0 % likely"]);
});

test("an answer says how sure it is, and that there is none", () => {
    assert.equal(wordFor({ decision: "answer", confidence: 0.846 }), "An article says it, 85 % likely");
    assert.match(wordFor({ decision: "near" }), /come near/);
    assert.match(wordFor({ decision: "none" }), /No article/);
    assert.deepEqual([isWhole("Dear [NAME], it is here"), isWhole("[CARD 1]"), isWhole("See [1]")], [false, false, true]);
});

test("what a rule holds back is sent only by who may, with a reason", () => {
    assert.equal(heldBack(null), null);
    assert.equal(heldBack({ blocks: false }), null);
    assert.equal(heldBack({ blocks: true, may_override: false }, "because"), "A rule holds it back");
    assert.equal(heldBack({ blocks: true, may_override: true }, "  "), "Say why it must be sent");
    assert.equal(heldBack({ blocks: true, may_override: true }, "The police asked"), null);
});
