import assert from "node:assert/strict";
import { test } from "node:test";

import { appealWords, isClear, moodOf, readAs, signed, trendWords } from "../../static/js/console/mood.js";
import { words } from "../../static/js/console/notices.js";

test("a mood is a word only where something was read", () => {
    assert.equal(moodOf(null), null);
    assert.equal(moodOf(undefined), null);
    assert.equal(moodOf(-0.9), "unhappy");
    assert.equal(moodOf(0), "even");
    assert.equal(moodOf(0.35), "content");
});

test("numbers have their sign, and nothing has none", () => {
    assert.equal(signed(-0.456), "−0.46");
    assert.equal(signed(0.2), "+0.20");
    assert.equal(signed(-0.001), "0.00");
});

test("each message is said with its chance", () => {
    assert.equal(readAs({ label: "negative", probabilities: { negative: 0.824, neutral: 0.1, positive: 0.076 } }), "negative, 82 %");
});

test("a label less likely than not is none", () => {
    const torn = { label: "negative", probabilities: { negative: 0.38, neutral: 0.26, positive: 0.36 } };
    assert.equal(isClear(torn), false);
    assert.equal(readAs(torn), "not clear: negative 38 %, neutral 26 %, positive 36 %");
});

test("a small trend is none", () => {
    assert.equal(trendWords(0.05), "");
    assert.equal(trendWords(null), "");
    assert.equal(trendWords(-0.4), "getting worse");
    assert.equal(trendWords(0.4), "getting better");
});

test("an appeal says where it stands", () => {
    assert.equal(appealWords({ says: "neutral", state: "open" }), "You or a colleague read it as neutral: to be looked at");
});

test("supervisors are told with a chance", () => {
    assert.equal(words({ kind: "mood", customer: "Ada", data: { chance: 0.83, queue: "Support" } }).title, "Sounds unhappy (83 %) in Support");
});
