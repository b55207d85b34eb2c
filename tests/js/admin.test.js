import assert from "node:assert/strict";
import { test } from "node:test";

import { filled } from "../../static/js/admin/example.js";
import { saying } from "../../static/js/admin/import.js";
import { moved, Typing } from "../../static/js/help/search.js";

test("an example is used without what it leaves open", () => {
    assert.equal(filled("…"), undefined);
    assert.equal(filled("offer"), "offer");
    assert.equal(filled(null), null);
    assert.deepEqual(filled({ after: 300, queue: "…" }), { after: 300 });
    assert.deepEqual(filled([{ after: 60, text: { en: "…" } }, {}]), [{ after: 60, text: {} }, {}]);
});

test("typing asks in order, and what was overtaken is not shown", async () => {
    const shown = [];
    const waiting = [];
    const typing = new Typing({
        ask: (words) => new Promise((answer) => waiting.push(() => answer(words))),
        show: (found) => shown.push(found),
    });
    const first = typing.typed("par");
    const second = typing.typed("parcel");
    waiting[1]();
    waiting[0]();
    await Promise.all([first, second]);
    await typing.typed("");
    assert.deepEqual(shown, ["parcel", null]);
});

test("the arrows go round through the results and the field", () => {
    assert.deepEqual([moved(-1, 1, 2), moved(1, 1, 2), moved(-1, -1, 2), moved(0, -1, 2)], [0, -1, 1, -1]);
});

test("an import says how far it is", () => {
    assert.equal(saying([2, 5]), "2 of 5");
});
