import assert from "node:assert/strict";
import { test } from "node:test";

import { filled } from "../../static/js/admin/example.js";

test("an example is used without what it leaves open", () => {
    assert.equal(filled("…"), undefined);
    assert.equal(filled("offer"), "offer");
    assert.equal(filled(null), null);
    assert.deepEqual(filled({ after: 300, queue: "…" }), { after: 300 });
    assert.deepEqual(filled([{ after: 60, text: { en: "…" } }, {}]), [{ after: 60, text: {} }, {}]);
});
