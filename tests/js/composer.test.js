// What an agent's writing tools work out: proposals, second thoughts, drafts on two devices.

import assert from "node:assert/strict";
import { test } from "node:test";

import { meaningOf } from "../../static/js/console/composer/sending.js";
import { laterChoices } from "../../static/js/console/composer/later.js";
import { actionInWords } from "../../static/js/console/composer/macros.js";
import { fitting, handleOf } from "../../static/js/console/composer/mentions.js";
import { isShort, Outgoing } from "../../static/js/console/composer/outgoing.js";
import { doubts, textFor, unfilled } from "../../static/js/console/composer/replies.js";
import { behind } from "../../static/js/console/composer/suggest.js";
import { SyncedDraft } from "../../static/js/console/composer/synced.js";

const soon = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

// -- proposals

test("a sign asks for proposals at the beginning of a word, and only there", () => {
    assert.deepEqual(behind("/", "/ret", 4), { from: 0, query: "ret" });
    assert.deepEqual(behind("/", "Well /", 6), { from: 5, query: "" });
    assert.deepEqual(behind("@", "see (@bo rest", 8), { from: 5, query: "bo" });
    assert.equal(behind("/", "24/7", 4), null);
    assert.equal(behind("@", "a@example.org", 13), null);
    assert.equal(behind("/", "/ret now", 8), null);
});

test("a canned reply speaks the customer's language, or its first part, or English", () => {
    const texts = { en: "Hello", de: "Hallo", "pt-BR": "Olá" };
    assert.equal(textFor(texts, "de-AT").text, "Hallo");
    assert.equal(textFor(texts, "pt").text, "Olá");
    assert.equal(textFor(texts, "fr").text, "Hello");
    assert.equal(textFor({ zh: "你好" }, "fr").text, "你好");
});

test("what nobody filled in is told before it is sent", () => {
    assert.equal(doubts({}), null);
    assert.equal(doubts({ missing: ["customer.email"], unknown: ["x"] }), "Nothing is known for customer.email. Nothing is called x.");
    assert.deepEqual(unfilled("Hi {{ a }}, {{a|b}} {{ a }}"), ["{{ a }}", "{{a|b}}"]);
});

test("colleagues are found by name and handle, and written as notes understand it", () => {
    const people = [{ name: "Bo Lindt", handle: "bo" }, { name: "Ann", handle: "lin" }, { name: "Second Level", handle: handleOf("Second Level!") }];
    assert.deepEqual(fitting(people, "lin").map((one) => one.name), ["Ann", "Bo Lindt"]);
    assert.deepEqual(fitting(people, "level").map((one) => one.handle), ["second-level"]);
});

test("an action of a macro is told with names", () => {
    const id = "3a810c81-eb18-424b-97f3-036fad8b8b1b";
    assert.equal(actionInWords({ do: "assign" }, `assign it to the agent ${id}`, () => "Bo"), "Assign it to the agent Bo");
    assert.equal(actionInWords({ do: "set_priority", priority: 2 }, "set the priority to 2", () => null), "Set the priority to urgent");
});

// -- keys and times

test("Enter sends or makes a line as somebody likes it; Ctrl+Enter also resolves", () => {
    const press = (more) => ({ key: "Enter", ...more });
    assert.equal(meaningOf(press(), { enterSends: true }), "send");
    assert.equal(meaningOf(press({ shiftKey: true }), { enterSends: true }), null);
    assert.equal(meaningOf(press({ ctrlKey: true }), { enterSends: true }), "resolve");
    assert.equal(meaningOf(press(), { enterSends: false }), null);
    assert.equal(meaningOf(press({ metaKey: true }), { enterSends: false }), "send");
    assert.equal(meaningOf(press({ ctrlKey: true, shiftKey: true }), { enterSends: false }), "resolve");
    assert.equal(meaningOf(press({ isComposing: true }), { enterSends: true }), null);
});

test("later is never the past, nor the same twice", () => {
    const sunday = new Date(2026, 4, 17, 7, 0).getTime();
    assert.deepEqual(laterChoices(sunday).map((one) => one.label), ["In 1 hour", "This morning", "Tomorrow at 9:00"]);
    const noon = new Date(2026, 4, 13, 12, 0).getTime();
    assert.deepEqual(laterChoices(noon).map((one) => one.label), ["In 1 hour", "Tomorrow at 9:00", "Monday at 9:00"]);
    assert.ok(laterChoices(noon).every((one) => one.at > noon));
});

// -- second thoughts

function desk(api) {
    const said = [];
    return { said, api, store: { me: { id: "me", name: "Ada" } }, toasts: { say: (words) => said.push(words) }, tell: () => {}, say: (frame) => said.push(frame) };
}

const frame = (more = {}) => ({ id: "s1", conversation: "one", agent: { id: "me" }, text: "Hi", attachments: [], created_at: new Date().toISOString(), send_at: new Date(Date.now() + 5000).toISOString(), unless_customer_writes: false, state: "waiting", ...more });

test("words taken back before the server named them are taken back there as well", async () => {
    const removed = [];
    let answer;
    const here = desk({ post: (path, body) => new Promise((resolve) => (answer = () => resolve(frame({ client_id: body.id })))), remove: async (path) => removed.push(path) });
    const back = [];
    const outgoing = new Outgoing(here, { back: (...words) => back.push(words) });
    outgoing.hand({ conversation: "one", text: "Hi", files: [], seconds: 5 });
    const [entry] = outgoing.of("one");
    const taking = outgoing.takeBack(entry);
    assert.deepEqual(outgoing.of("one"), []);
    answer();
    await taking;
    assert.deepEqual(removed, ["scheduled/s1/"]);
    assert.deepEqual(back, [["one", "Hi", []]]);
    assert.deepEqual(outgoing.of("one"), [], "the late answer does not bring the line back");
});

test("without a connection the same words go over the socket, under the same id", async () => {
    const here = desk({ post: async () => Promise.reject(Object.assign(new Error("No connection."), { status: 0 })) });
    const outgoing = new Outgoing(here, { back: () => assert.fail("they are not lost") });
    assert.equal(await outgoing.hand({ conversation: "one", text: "Hi", files: [], seconds: 5 }), "sent");
    assert.equal(here.said[0].text, "Hi");
    assert.match(here.said[0].id, /^[\da-f-]{36}$/);
});

test("refused words return to the reply with the reason", async () => {
    const here = desk({ post: async () => Promise.reject(Object.assign(new Error("It is closed."), { status: 409 })) });
    const back = [];
    const outgoing = new Outgoing(here, { back: (conversation, text) => back.push(text) });
    assert.equal(await outgoing.hand({ conversation: "one", text: "Hi", files: [], at: Date.now() + 1e7 }), "refused");
    assert.deepEqual(back, ["Hi"]);
    assert.deepEqual(here.said, ["Not kept: It is closed."]);
});

test("before a conversation ends, what waits for second thoughts is said in order; the rest waits on", async () => {
    const sent = [];
    const here = desk({ post: async (path) => (sent.push(path), frame({ client_id: path.split("/")[1], state: "sent" })) });
    const outgoing = new Outgoing(here, { back: () => {} });
    const now = Date.now();
    outgoing.told(frame({ id: "b", client_id: "b", send_at: new Date(now + 5000).toISOString() }));
    outgoing.told(frame({ id: "a", client_id: "a", send_at: new Date(now + 3000).toISOString() }));
    outgoing.told(frame({ id: "c", client_id: "c", send_at: new Date(now + 1e7).toISOString() }));
    await outgoing.flush("one");
    assert.deepEqual(sent, ["scheduled/a/send/", "scheduled/b/send/"]);
    assert.deepEqual(outgoing.of("one").filter((entry) => !entry.leaving).map((entry) => entry.id), ["c"]);
    assert.equal(isShort(outgoing.entries.get("c")), false);
});

test("what could not be sent says why", () => {
    const here = desk({});
    const outgoing = new Outgoing(here, { back: () => {} });
    outgoing.told(frame({ client_id: "a" }));
    outgoing.told(frame({ client_id: "a", state: "failed", detail: "The customer wrote in the meantime." }));
    assert.deepEqual(outgoing.of("one"), []);
    assert.match(here.said[0], /The customer wrote/);
});

// -- one draft, two devices

function drafts(answers = {}) {
    const texts = new Map();
    const put = [];
    const offered = [];
    const synced = new SyncedDraft({
        api: {
            get: async () => ({ own: null, shared: null, ...answers.get }),
            put: async (path, body) => (put.push(body), { draft: { version: put.length, text: body.text }, replaced: null, ...answers.put }),
        },
        text: (id) => texts.get(id) ?? "",
        take: (id, text) => texts.set(id, text),
        offer: (draft) => draft && offered.push(draft.text),
        shared: () => {},
        pause: 1,
    });
    return { texts, put, offered, synced };
}

const told = (text, version, more = {}) => ({ conversation: "one", shared: false, text, attachments: [], version, ...more });

test("a draft of another device is gone on with", async () => {
    const { texts, synced } = drafts({ get: { own: told("From home", 3) } });
    synced.begin("one");
    await soon();
    assert.equal(texts.get("one"), "From home");
    synced.told(told("From home and more", 4));
    assert.equal(texts.get("one"), "From home and more");
});

test("the echo of my own words is no news, however late it comes", async () => {
    const { texts, put, offered, synced } = drafts();
    synced.begin("one");
    await soon();
    for (const text of ["a", "ab"]) {
        texts.set("one", text);
        synced.typed();
        await soon(10);
    }
    synced.told(told("a", 1));
    assert.equal(texts.get("one"), "ab");
    assert.deepEqual(put.map((one) => one.text), ["a", "ab"]);
    assert.deepEqual(offered, []);
});

test("a space at the end, which the server does not keep, is not taken away while I write", async () => {
    const { texts, offered, synced } = drafts();
    synced.begin("one");
    await soon();
    texts.set("one", "Hello ");
    synced.typed();
    await soon(10);
    synced.told(told("Hello", 1));
    assert.equal(texts.get("one"), "Hello ");
    assert.deepEqual(offered, []);
});

test("words written on both sides: mine stay, the others are offered", async () => {
    const { texts, offered, synced } = drafts();
    synced.begin("one");
    await soon();
    texts.set("one", "mine");
    synced.typed();
    synced.told(told("theirs", 1));
    assert.equal(texts.get("one"), "mine");
    assert.deepEqual(offered, ["theirs"]);
});

test("what a write replaced unseen is offered", async () => {
    const { texts, offered, synced } = drafts({ put: { replaced: told("theirs", 4) } });
    synced.begin("one");
    await soon();
    texts.set("one", "mine");
    synced.typed();
    await soon(10);
    assert.deepEqual(offered, ["theirs"]);
});
