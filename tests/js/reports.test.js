import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, inLines, inWords } from "../../static/js/reports.js";

test("numbers are said as in the tables", () => {
    assert.equal(inWords("share", 0.824), "82 %");
    assert.equal(inWords("seconds", 83), "1:23");
    assert.equal(inWords("score", 3.78), "3.8");
    assert.equal(inWords("count", 12345), "12 345");
});

test("unknown is not zero", () => {
    assert.equal(inWords("share", null), "–");
    assert.equal(inWords("seconds", undefined), "–");
    assert.equal(inWords("seconds", 0), "0 s");
});

test("durations grow from seconds to hours", () => {
    assert.equal(duration(2.44), "2.4 s");
    assert.equal(duration(59.6), "1:00");
    assert.equal(duration(3723), "1:02:03");
});

test("long labels are broken between words, and no word is lost", () => {
    assert.deepEqual(inLines("The customer asked for a person"), [
        "The customer asked",
        "for a person",
    ]);
    assert.deepEqual(inLines("Unhappy"), ["Unhappy"]);
});
