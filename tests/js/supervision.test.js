import assert from "node:assert/strict";
import { test } from "node:test";

import "./no-page.mjs";
import { sentence } from "../../static/js/console/events.js";
import { listenersInWords, offered, watchInWords } from "../../static/js/console/supervision.js";

const card = (stage) => ({ conversation: "c", state: stage, stage });
const session = (more = {}) => ({ supervisor: { id: "m", name: "Mareike" }, mode: "silent", visible: false, ...more });

test("a supervisor has verbs where a colleague or the bot has it, and nobody else does", () => {
    const ask = (stage, more) => offered({ card: card(stage), mine: false, may: true, sessions: [], ...more });
    assert.deepEqual(["bot", "assigned", "on_hold", "snoozed"].map((stage) => ask(stage)), ["verbs", "verbs", "verbs", "verbs"]);
    assert.deepEqual(["resolved", "wrap_up", "abandoned", "unknown"].map((stage) => ask(stage)), ["nothing", "nothing", "nothing", "nothing"]);
    assert.equal(ask("assigned", { may: false }), "nothing");
    assert.equal(ask("assigned", { mine: true }), "nothing");
    assert.equal(offered({ card: null, mine: false, may: true, sessions: [] }), "nothing");
});

test("whoever has it is told who listens, if they may know", () => {
    assert.equal(offered({ card: card("assigned"), mine: true, may: false, sessions: [session()] }), "told");
    assert.equal(listenersInWords([session(), session({ mode: "barge" })]), "Mareike is watching; Mareike is in this conversation with you");
});

test("a supervisor knows what the colleague sees", () => {
    assert.equal(watchInWords(null, "Jonas"), "");
    assert.equal(watchInWords(session(), "Jonas"), "You are watching; Jonas does not see it");
    assert.equal(watchInWords(session({ visible: true }), "Jonas"), "You are watching; Jonas can see it");
    assert.equal(watchInWords(session({ mode: "whisper" }), "Jonas"), "Jonas knows that you are here; the customer does not");
});

test("lines of the log: hidden ones are not for reading", () => {
    const say = (kind, data) => sentence({ kind, data, actor: { kind: "agent", name: "Mareike" } }, { nameOf: () => "Jonas", now: 0 });
    assert.equal(say("hidden", {}), null);
    assert.equal(say("supervision", { step: "watch", visible: false }), "Mareike began to watch, unseen by the agent");
    assert.equal(say("supervision", { step: "take_over", visible: true, from: "j" }), "Mareike took it over from Jonas");
    assert.equal(say("supervision", { step: "stop", why: "stopped" }), "Mareike stopped watching");
});
