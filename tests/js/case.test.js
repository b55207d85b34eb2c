// What the column beside the conversation works out, and how a change is shown, kept or taken back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asText, titleFrom } from "../../static/js/console/case/choosing.js";
import { loose, missing, sentValue, shownValue } from "../../static/js/console/case/fields.js";
import { CaseFile, put, Tentative, without } from "../../static/js/console/case/file.js";
import { proposals, withLabel } from "../../static/js/console/case/labels.js";
import { linkWords, others } from "../../static/js/console/case/links.js";
import { inOrder } from "../../static/js/console/case/notes.js";
import { asReply, priceOf, reasonOf } from "../../static/js/console/case/offers.js";
import { howItWent } from "../../static/js/console/case/past.js";
import { candidates } from "../../static/js/console/case/participants.js";
import { forecastWords, levelOf, scoreWords } from "../../static/js/console/case/scores.js";
import { inWords, secondsOf } from "../../static/js/console/case/time.js";
import { changedOnly } from "../../static/js/console/case/who.js";
import { sentence } from "../../static/js/console/events.js";
import { Transcript } from "../../static/js/console/transcript.js";
import { viewersInWords } from "../../static/js/console/viewers.js";

const KNOWN = [
    { name: "gold", group: "tier", is_exclusive: true, is_active: true },
    { name: "silver", group: "tier", is_exclusive: true, is_active: true },
    { name: "refund", group: "topic", is_exclusive: false, is_active: true },
    { name: "old", group: "", is_exclusive: false, is_active: false },
];

function file(answers) {
    const said = [];
    const made = new CaseFile({ api: { get: async (path) => answers.get(path) }, say: (words) => said.push(words) });
    return { made, said };
}

// -- a change is seen, confirmed, or taken back

test("a change shows at once, and the server's answer takes its place", () => {
    const state = new Tentative({ n: 1 });
    const change = state.begin(({ n }) => ({ n: n + 1 }));
    assert.deepEqual(state.value, { n: 2 });
    state.confirm(change, () => ({ n: 5 }));
    assert.deepEqual(state.value, { n: 5 });
});

test("a refused change leaves the others that are on their way", () => {
    const state = new Tentative([]);
    const first = state.begin((list) => [...list, "a"]);
    state.begin((list) => [...list, "b"]);
    state.refuse(first);
    assert.deepEqual(state.value, ["b"]);
    state.replace(["fresh"]);
    assert.deepEqual(state.value, ["fresh", "b"]);
});

test("what was refused is gone again, and said", async () => {
    const { made, said } = file({ get: () => ({ requests: [] }) });
    made.begin("one", "c");
    await made.load("case");
    const seen = [];
    made.addEventListener("change", () => seen.push(made.case.requests.length));
    const { ok } = await made.act({
        change: (state) => ({ ...state, requests: put(state.requests, { id: "new" }) }),
        ask: () => Promise.reject(new Error("no")),
        words: "Not noted",
    });
    assert.equal(ok, false);
    assert.deepEqual(seen, [1, 0]);
    assert.deepEqual(said, ["Not noted: no"]);
});

test("what was read before a change does not hide the change", async () => {
    const reads = [{ n: "before" }, { n: "after" }];
    const gates = [];
    const made = new CaseFile({ api: { get: () => new Promise((resolve) => gates.push(() => resolve(reads.shift()))) }, say: () => {} });
    made.begin("one", "c");
    const loading = made.load("case");
    await made.act({ ask: async () => null, words: null });
    gates.shift()();
    await new Promise((resolve) => setTimeout(resolve));
    gates.shift()();
    await loading;
    assert.deepEqual(made.case, { n: "after" });
});

test("an answer for a conversation that was left is not shown in another one", async () => {
    const { made } = file({ get: (path) => ({ path }) });
    made.begin("one", "c");
    const loading = made.load("case");
    made.begin("two", "c");
    assert.equal(await loading, false);
    assert.equal(made.case, null);
});

test("rows are put in their place and taken out", () => {
    assert.deepEqual(put([{ id: 1, a: 1 }, { id: 2 }], { id: 1, a: 2 }), [{ id: 1, a: 2 }, { id: 2 }]);
    assert.deepEqual(without([{ id: 1 }, { id: 2 }], 1), [{ id: 2 }]);
});

// -- labels

test("of an exclusive group one label stays, however it is written", () => {
    assert.deepEqual(withLabel(["gold", "refund"], "SILVER", KNOWN), ["refund", "silver"]);
    assert.deepEqual(withLabel(["gold"], "gold", KNOWN), ["gold"]);
    assert.deepEqual(withLabel([], "of my own", KNOWN), ["of my own"]);
});

test("proposals come in their groups, without what is there or switched off", () => {
    assert.deepEqual(proposals(KNOWN, ["gold"]).map(([group, labels]) => [group, labels.map((one) => one.name)]), [["tier", ["silver"]], ["topic", ["refund"]]]);
    assert.deepEqual(proposals(KNOWN, [], "ref").length, 1);
});

// -- typed fields

test("a field is sent as what it is, and empty takes it away", () => {
    assert.equal(sentValue("integer", " 43 "), 43);
    assert.equal(sentValue("number", "1.5"), 1.5);
    assert.equal(sentValue("number", "many"), "many");
    assert.equal(sentValue("text", "  "), null);
    assert.equal(shownValue("datetime", sentValue("datetime", "2026-05-13T12:00")), "2026-05-13T12:00");
    assert.equal(shownValue("text", null), "");
});

test("values without a definition are read, required ones that are missing are named", () => {
    const fields = [{ key: "a", label: "A", required_on_resolve: true }, { key: "b", label: "B", required_on_resolve: true }];
    assert.deepEqual(loose(fields, { a: 1, c: 2, d: null }), [["c", 2]]);
    assert.deepEqual(missing(fields, { a: 0 }), ["B"]);
});

test("only what was changed is sent", () => {
    assert.deepEqual(changedOnly({ name: "Ann", email: "" }, { name: "Ann", email: "", phone: "1" }), { phone: "1" });
});

// -- time, notes, colleagues, links

test("time may be written as people say it", () => {
    assert.deepEqual(["1:30", "45", "20 min", "1.5 h", "1h 20", "1,5h"].map(secondsOf), [5400, 2700, 1200, 5400, 4800, 5400]);
    assert.deepEqual(["", "soon", "0", "-5"].map(secondsOf), [null, null, null, null]);
    assert.deepEqual([45, 1200, 5400].map(inWords), ["45 s", "20 min", "1 h 30 min"]);
});

test("pinned notes stand first, the newest of each on top", () => {
    const note = (id, is_pinned, created_at) => ({ id, is_pinned, created_at });
    const order = inOrder([note("a", false, "2026-01-01"), note("b", true, "2026-01-02"), note("c", false, "2026-01-03")]);
    assert.deepEqual(order.map((one) => one.id), ["b", "c", "a"]);
});

test("who could be brought in: not me, nobody twice, those who are here first", () => {
    const agents = [{ id: "me", name: "Me", status: "online" }, { id: "a", name: "Ann", status: "offline" }, { id: "b", name: "Bo", status: "online" }, { id: "c", name: "Cleo", status: "away" }];
    assert.deepEqual(candidates(agents, [{ agent: { id: "c" } }], agents[0]).map((one) => one.name), ["Bo", "Ann"]);
});

test("a link reads from both of its ends; what was merged is not proposed", () => {
    assert.equal(linkWords({ kind: "parent", direction: "in" }), "Part of");
    const row = (id, more = {}) => ({ id, preview: `words of ${id}`, labels: [], merged_into: null, ...more });
    assert.deepEqual(others([row("me"), row("a"), row("b"), row("c", { merged_into: "a" })], { id: "me", letters: "WORDS" }).map((one) => one.id), ["a", "b"]);
});

// -- lines of the thread

const line = (offset, fields = {}) => ({ type: "message", id: `m${offset}`, seq: offset, offset, author: { kind: "customer", name: "" }, text: `line ${offset}`, attachments: [], created_at: `2026-05-13T10:00:0${offset}Z`, ...fields });

test("what was merged stands below the line that says so, and can be folded up", () => {
    const log = new Transcript("one");
    for (const frame of [line(1), { type: "event", kind: "merged", offset: 2, created_at: "2026-05-13T10:00:02Z", data: {} }, line(3, { origin: {}, created_at: "2026-05-01T10:00:00Z" }), line(4, { origin: {}, created_at: "2026-05-01T10:00:10Z" }), line(5)]) log.take(frame);
    const tell = (event) => event.kind;
    const lines = log.lines({ tell });
    assert.deepEqual(lines.filter((one) => one.inside).map((one) => one.kind), ["day", "message", "message"]);
    const head = lines.find((one) => one.part);
    assert.equal(head.part.count, 2);
    const folded = log.lines({ tell, closed: new Set([head.part.key]) });
    assert.deepEqual(folded.map((one) => one.kind), ["day", "message", "event", "message"]);
});

test("chosen lines become a text, and a request's title the customer's first sentence", () => {
    const frames = [line(1, { author: { kind: "agent", name: "Bo" }, text: "Hi" }), line(2, { text: "The tent leaks. Since Monday!" })];
    assert.match(asText(frames), /^Bo, .*: Hi\nCustomer, .*: The tent leaks/);
    assert.equal(titleFrom(frames), "The tent leaks.");
    assert.equal(titleFrom([line(1, { text: "x".repeat(200) })]).length, 80);
});

test("every change of a case has its sentence", () => {
    const say = (kind, data, name = "Bo") => sentence({ kind, data, actor: { kind: "agent", name } }, { nameOf: (id) => ({ a: "Ann" })[id], now: 0 });
    assert.equal(say("participant_added", { agent: "a", reason: "consulted" }), "Bo asked Ann for advice");
    assert.equal(say("attributes", { scope: "customer", changes: { size: { old: null, new: 43 } } }), "Bo set the customer's size to 43");
    assert.equal(say("merged", { messages: 1 }), "Bo merged another conversation into this one: 1 message");
    assert.equal(say("checklist", { change: "done", text: "Refund" }), "Bo ticked off: Refund");
    assert.equal(say("transferred", { to: { agent: "a" }, hops: 2 }), "Bo passed it on to Ann, for the 2nd time");
    assert.equal(say("copied", {}), null);
});

test("who else looks or writes is said in one line", () => {
    const one = (name, typing = false) => ({ id: name, name, typing });
    assert.equal(viewersInWords([]), "");
    assert.equal(viewersInWords([one("Bo"), one("Cleo", true)]), "Cleo is writing; Bo is looking");
    assert.equal(viewersInWords([one("A"), one("B"), one("C")]), "A, B and 1 more are looking");
});

test("an offer is put into the reply with its name and address, and its reasons are told", () => {
    assert.equal(asReply({ name: "Heron tent", url: "/shop/heron-2/" }, "https://shop.example"), "Heron tent: https://shop.example/shop/heron-2/");
    assert.equal(asReply({ name: "Repair", url: "" }, "https://shop.example"), "Repair");
    assert.equal(priceOf({ price: "349.00", currency: "EUR" }), "349.00 EUR");
    assert.equal(priceOf({ price: null, currency: "" }), "");
    assert.equal(reasonOf({ silent: "mood", says: "The customer is cross" }), "Nothing now: the customer is cross.");
    assert.equal(reasonOf({ silent: "nothing", says: "Nothing is eligible" }), "");
    assert.equal(reasonOf({ silent: "", says: "" }), "");
});

test("a score has words beside its colour, and none before it was scored blindly", () => {
    assert.equal(forecastWords({ chance: 0.777, low: 0.6, high: 0.904 }), "Probably satisfied: 78 % (60 to 90 %)");
    assert.deepEqual([59.9, 60, 80, null].map(levelOf), ["low", "fair", "good", "none"]);
    assert.equal(scoreWords({ total: 86.6, is_fatal: false, to_score: false }), "87 of 100");
    assert.equal(scoreWords({ total: 0, is_fatal: true, to_score: false }), "0 of 100, a fatal no");
    assert.equal(scoreWords({ total: null, is_fatal: false, to_score: true }), "to be scored by you");
    assert.equal(scoreWords({ total: null, is_fatal: false, to_score: false }), "nothing counts here");
});

test("a past conversation says how it was rated, else whether it sounded unhappy", () => {
    assert.deepEqual([{ score: 2, sentiment: -0.9 }, { score: null, sentiment: -0.9 }, { score: null, sentiment: 0.1 }, {}].map(howItWent), ["rated 2 of 5", "unhappy?", "", ""]);
});
