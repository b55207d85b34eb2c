// What the console works out before anything is drawn.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Api } from "../../static/js/console/api.js";
import { Drafts, outboxStore, Settings } from "../../static/js/console/drafts.js";
import { lostInWords } from "../../static/js/console/moves.js";
import { sentence } from "../../static/js/console/events.js";
import { objection } from "../../static/js/console/files.js";
import { nameOf } from "../../static/js/console/keys.js";
import { bestSentence, plainText, readersOf } from "../../static/js/console/knowledge.js";
import { addressOf } from "../../static/js/console/message.js";
import { fit } from "../../static/js/console/palette.js";
import { customerName, initials, languageName, tone } from "../../static/js/console/people.js";
import { lastLine, Store } from "../../static/js/console/store.js";
import { day, duration, relative, size, snoozeChoices, urgency } from "../../static/js/console/times.js";
import { Transcript } from "../../static/js/console/transcript.js";
import { localMinute, targets } from "../../static/js/console/verbs.js";

const NOON = new Date(2026, 4, 13, 12, 0, 0).getTime(); // a Wednesday
const ME = { id: "me", name: "Ada", username: "ada", roles: ["agent"], capacity: 4, permissions: ["conversations.answer_conversations"] };

const ago = (seconds) => new Date(NOON - seconds * 1000).toISOString();

function card(id, fields = {}) {
    return {
        conversation: id,
        state: "assigned",
        customer: { id: `c-${id}`, name: "", email: "" },
        assignee: { id: "me", name: "Ada" },
        queue: null,
        priority: 0,
        labels: [],
        last_message: { text: "Hello", author: "customer" },
        last_message_at: ago(60),
        waiting_since: null,
        queued_at: null,
        seq: 3,
        offset: 5,
        unread: 0,
        ...fields,
    };
}

const queued = (id, fields = {}) => card(id, { state: "queued", assignee: null, ...fields });

function store(frame = {}) {
    const made = new Store();
    made.welcome({ agent: ME, presence: { status: "online", reason: "" }, ...frame });
    return made;
}

function message(offset, fields = {}) {
    return {
        type: "message",
        id: `m${offset}`,
        conversation: "one",
        seq: offset,
        offset,
        author: { kind: "customer", name: "" },
        text: "Hello",
        attachments: [],
        citations: [],
        note: false,
        created_at: ago(600 - offset),
        ...fields,
    };
}

const drawn = (transcript) => transcript.lines({ tell: (event) => event.kind });

class Shelf {
    kept = new Map();

    getItem(key) {
        return this.kept.get(key) ?? null;
    }

    setItem(key, value) {
        this.kept.set(key, value);
    }

    removeItem(key) {
        this.kept.delete(key);
    }
}

// -- times

test("durations are read at a glance", () => {
    assert.deepEqual([7, 83, 3723, 200_000].map(duration), ["0:07", "1:23", "1:02:03", "2 days"]);
});

test("a wait turns long at the patience and too long at three times it", () => {
    assert.deepEqual([59, 60, 179, 180].map((seconds) => urgency(seconds)), ["calm", "long", "long", "overlong"]);
});

test("times are relative under a day", () => {
    assert.deepEqual([20, 240, 7200].map((seconds) => relative(ago(seconds), NOON)), ["now", "4 min", "2 h"]);
    assert.doesNotMatch(relative(ago(100_000), NOON), /h$/);
});

test("days are named from the reader's midnight, not from 24 hours ago", () => {
    assert.equal(day(NOON - 11 * 3_600_000, NOON), "Today");
    assert.equal(day(NOON - 13 * 3_600_000, NOON), "Yesterday");
    assert.match(day(NOON - 3 * 86_400_000, NOON), /10/);
});

test("snoozing never offers the past, nor Monday twice", () => {
    const sunday = new Date(2026, 4, 17, 22, 0, 0).getTime();
    for (const now of [NOON, sunday]) assert.ok(snoozeChoices(now).every((choice) => choice.at > now));
    const labels = snoozeChoices(sunday).map((choice) => choice.label);
    assert.ok(labels.includes("Tomorrow morning") && !labels.includes("Monday morning"));
    assert.equal(localMinute(NOON), "2026-05-13T12:00");
});

test("sizes", () => {
    assert.deepEqual([12, 2048, 1_572_864, 20_971_520].map(size), ["12 bytes", "2 kB", "1.5 MB", "20 MB"]);
});

// -- people

test("initials of names in any writing, and of none", () => {
    assert.deepEqual(["Ada Lovelace", "ada.b@example.org", "王芳", "", "🙂"].map(initials), ["AL", "AO", "王", "?", "?"]);
});

test("a visitor without a name is still somebody, and always of the same colour", () => {
    assert.equal(customerName({ id: "9f3c-…", name: "", email: "" }), "Visitor 9f3c");
    assert.equal(customerName(null), "Visitor");
    assert.equal(tone("x"), tone("x"));
    assert.ok(tone("anything") >= 1 && tone("anything") <= 6);
    assert.equal(languageName("zh"), "Chinese");
    assert.equal(languageName("not a tag!"), "not a tag!");
});

// -- the store

test("mine: who waits for my answer first, the longest on top; snoozed last", () => {
    const made = store({
        conversations: [
            card("calm", { last_message_at: ago(10) }),
            card("asleep", { state: "snoozed", waiting_since: ago(900) }),
            card("waits", { waiting_since: ago(30) }),
            card("waits longer", { waiting_since: ago(300) }),
        ],
    });
    assert.deepEqual(made.mine().map((one) => one.conversation), ["waits longer", "waits", "calm", "asleep"]);
    assert.equal(made.load(), 3);
});

test("waiting: urgent first, then in the order they came; what I am offered stands only above", () => {
    const made = store({
        waiting: [queued("late", { queued_at: ago(10) }), queued("early", { queued_at: ago(90) }), queued("urgent", { priority: 2, queued_at: ago(5) })],
        offers: [{ conversation: "early", expires_at: ago(-10) }],
    });
    assert.deepEqual(made.waiting().map((one) => one.conversation), ["urgent", "late"]);
    made.offerGone("early");
    assert.deepEqual(made.waiting().map((one) => one.conversation), ["urgent", "early", "late"]);
});

test("an old card does not win over a newer one", () => {
    const made = store({ conversations: [card("one", { offset: 9 })] });
    made.card(card("one", { offset: 8, state: "resolved" }));
    assert.equal(made.cards.get("one").state, "assigned");
});

test("a message shows in its row at once, and only once", () => {
    const made = store({ conversations: [card("one")] });
    const frame = message(6, { seq: 4, text: "Anybody there?", created_at: ago(1) });
    made.message(frame);
    made.message(frame);
    const now = made.cards.get("one");
    assert.deepEqual([now.unread, now.last_message.text, now.waiting_since], [1, "Anybody there?", ago(1)]);
    made.message(message(7, { seq: null, note: true, text: "secret", author: { kind: "agent", name: "Bo" } }));
    assert.equal(made.cards.get("one").last_message.text, "Anybody there?");
    made.seen("one", 4);
    assert.equal(made.cards.get("one").unread, 0);
});

test("after a reconnection what is gone from my lists is gone here", () => {
    const made = store({ conversations: [card("one"), card("two")], waiting: [queued("three")] });
    made.welcome({ agent: ME, conversations: [card("two")], waiting: [] });
    assert.deepEqual(made.mine().map((one) => one.conversation), ["two"]);
    assert.deepEqual(made.waiting(), []);
});

test("queues may come flat or with their queue in an object; more may wait than was sent", () => {
    const made = store({ queues: [{ type: "queue", queue: { id: "q", name: "General" }, waiting: 7 }], waiting: [queued("a")] });
    assert.equal(made.waitingCount(), 7);
    made.queue({ type: "queue", queue: { id: "q", name: "General" }, waiting: 0, longest_wait: null });
    assert.equal(made.waitingCount(), 1);
    assert.equal(made.nameOf("q"), "General");
});

test("presence of a colleague keeps what else is known of them; mine is mine", () => {
    const made = store({ agents: [{ id: "bo", name: "Bo", status: "online", load: 2, capacity: 5 }] });
    made.presenceOf({ agent: { id: "bo", name: "Bo" }, status: "away", reason: "Lunch" });
    assert.deepEqual(made.agents.get("bo"), { id: "bo", name: "Bo", status: "away", load: 2, capacity: 5 });
    made.presenceOf({ agent: { id: "me", name: "Ada" }, status: "offline" });
    assert.equal(made.presence.status, "offline");
});

test("the last line says who spoke", () => {
    const said = (author) => lastLine(card("x", { last_message: { text: "Hi", author } }), { mine: true }).who;
    assert.deepEqual(["customer", "bot", "agent"].map(said), ["", "Bot: ", "You: "]);
    assert.equal(lastLine(card("x", { last_message: { text: "", author: "" } })).text, "Nothing said yet");
    const by = (name) => lastLine(card("x", { last_message: { text: "Hi", author: "agent", name } }), { mine: true, me: ME }).who;
    assert.deepEqual([by("Ada"), by("Mareike"), by("")], ["You: ", "Mareike: ", "You: "]);
});

// -- the transcript

test("the log stands in order without repetition, however it comes", () => {
    const transcript = new Transcript("one");
    for (const offset of [3, 1, 2, 3]) transcript.take(message(offset));
    assert.deepEqual(transcript.log.map((frame) => frame.offset), [1, 2, 3]);
    assert.equal(transcript.take(message(2)), false);
});

test("words of one breath stand together; a note never joins a reply", () => {
    const transcript = new Transcript("one");
    transcript.take(message(1));
    transcript.take(message(2));
    transcript.take(message(3, { note: true, seq: null, author: { kind: "agent", name: "Ada" } }));
    transcript.take(message(4, { author: { kind: "agent", name: "Ada" } }));
    assert.deepEqual(drawn(transcript).filter((line) => line.kind === "message").map((line) => line.continues), [false, true, false, false]);
});

test("a day begins with its name, and breaks a breath", () => {
    const transcript = new Transcript("one");
    const midnight = new Date(2026, 4, 13, 0, 0, 0).getTime();
    transcript.take(message(1, { created_at: new Date(midnight - 10_000).toISOString() }));
    transcript.take(message(2, { created_at: new Date(midnight + 10_000).toISOString() }));
    assert.deepEqual(drawn(transcript).map((line) => line.kind), ["day", "message", "day", "message"]);
    assert.equal(drawn(transcript).at(-1).continues, false);
});

test("my words: on their way, then sent, then read; the push after the acknowledgement adds nothing", () => {
    const transcript = new Transcript("one");
    transcript.take(message(1));
    transcript.send({ id: "mine", text: "I look", note: false, shown: [] }, NOON);
    assert.equal(drawn(transcript).at(-1).state, "sending");
    transcript.acknowledge({ id: "mine", seq: 2, offset: 2, created_at: ago(1) }, { kind: "agent", name: "Ada" });
    assert.equal(transcript.take(message(2, { id: "mine" })), false);
    assert.deepEqual([drawn(transcript).at(-1).state, drawn(transcript).at(-1).key], ["sent", "mine"]);
    transcript.readTo = 2;
    assert.equal(drawn(transcript).at(-1).state, "read");
});

test("refused words stay with their reason, and can be taken back", () => {
    const transcript = new Transcript("one");
    transcript.send({ id: "mine", text: "I look", shown: [] }, NOON);
    transcript.refuse("mine", { code: "closed", detail: "It is resolved." });
    const line = drawn(transcript).at(-1);
    assert.deepEqual([line.state, line.error.detail], ["failed", "It is resolved."]);
    assert.equal(transcript.forget("mine").text, "I look");
    assert.equal(drawn(transcript).length, 0);
});

test("what the bot is writing grows, and the stored answer takes its place", () => {
    const transcript = new Transcript("one");
    transcript.delta({ reply_to: 1, text: "You can " });
    assert.equal(transcript.delta({ reply_to: 1, text: "return it." }), "You can return it.");
    transcript.take(message(2, { author: { kind: "bot", name: "Bot" }, reply_to: 1 }));
    assert.equal(transcript.writing.size, 0);
});

test("what the bot began for an older question is gone once a newer one is answered", () => {
    const transcript = new Transcript("one");
    transcript.delta({ reply_to: 1, text: "Thirty " });
    assert.equal(transcript.delta({ reply_to: 3, text: "You " }), "You ");
    assert.equal(transcript.delta({ reply_to: 1, text: "days" }), "");
    assert.deepEqual([...transcript.writing.keys()], [3]);
    transcript.take(message(4, { author: { kind: "bot", name: "Bot" }, reply_to: 3 }));
    assert.equal(transcript.delta({ reply_to: 3, text: "do." }), "");
    assert.equal(transcript.writing.size, 0);
});

test("the same event again and again is one line", () => {
    const transcript = new Transcript("one");
    for (const offset of [1, 2, 3]) transcript.take({ type: "event", offset, kind: "missed", data: {}, created_at: ago(9 - offset) });
    assert.deepEqual(drawn(transcript).map((line) => line.times), [undefined, 3]);
});

test("events without a sentence leave no line", () => {
    const transcript = new Transcript("one");
    transcript.take({ type: "event", offset: 1, kind: "opened", data: {}, created_at: ago(9) });
    assert.equal(transcript.lines({ tell: () => null }).length, 0);
});

test("who loses a conversation through no doing of theirs is told what became of it", () => {
    const made = store();
    const lost = [];
    made.addEventListener("lost", ({ detail }) => lost.push(lostInWords(detail.card)));
    const mine = card("one", { state: "assigned", assignee: { id: "me", name: "Ada" }, customer: { id: "c", name: "Li" } });
    const step = (offset, more) => made.card({ ...mine, offset, ...more });
    step(10, {});
    step(11, { unread: 2 });
    step(12, { assignee: { id: "m", name: "Mareike" } });
    step(13, { state: "queued", assignee: null });
    step(14, {});
    step(15, { state: "queued", assignee: null });
    assert.deepEqual(lost, ["Mareike has the conversation with Li now", "Li waits for somebody else now"]);
    step(16, {});
    step(17, { state: "resolved", stage: "wrap_up" }); // still mine to write up
    assert.equal(lost.length, 2);
});

// -- sentences

test("the log speaks in sentences with names", () => {
    const names = { a: "Ada", b: "Bo", q: "General" };
    const say = (kind, data, actor) => sentence({ kind, data, actor }, { nameOf: (id) => names[id] ?? null, now: NOON });
    assert.equal(say("assigned", { agent: "a" }), "Ada joined");
    assert.equal(say("assigned", { agent: "a", how: "accepted" }), "Ada accepted it");
    assert.equal(say("assigned", { agent: "a", how: "took_over" }), null); // the line of the supervision says it
    assert.equal(say("transferred", { from: "a", to: { queue: "q" } }, { kind: "agent", name: "Ada" }), "Ada passed it on to General");
    assert.equal(say("transferred", { from: "a", to: { bot: true } }), "Ada passed it on to the bot");
    assert.equal(say("resolved", { by: "agent", disposition: "not_solved" }, { kind: "agent", name: "Bo" }), "Bo resolved it as not solved");
    assert.equal(say("edited", { changes: { labels: ["vip"], priority: 2 } }, { kind: "agent", name: "Bo" }), "Bo set the priority to urgent and set the labels: vip");
    assert.equal(say("handoff", { reason: "asked", queue: "q" }), "The customer asked for a person · General");
    assert.equal(say("procedure", { procedure: "block_card", state: "active" }), "The bot began “block card”");
    assert.equal(say("procedure", { procedure: "bank_block_card", name: "Block a card", state: "active" }), "The bot began “Block a card”");
    assert.equal(say("procedure", { procedure: "block_card", state: "handed_over" }), "The bot handed over “block card”");
    assert.equal(say("something_new", {}), "Something new");
    assert.equal(say("bot_answered", { confidence: 1 }), null);
    // The customer was told so in words that stand in the thread
    assert.equal(say("promised", { low: 120, high: 290, longer: true }), null);
    assert.equal(say("nobody_here", {}), null);
});

test("passing on: who can take it comes first, and never back to me", () => {
    const made = store({
        agents: [
            { id: "me", name: "Ada", status: "online" },
            { id: "c", name: "Cy", status: "offline", load: 0, capacity: 5 },
            { id: "b", name: "Bo", status: "online", load: 1, capacity: 5 },
        ],
        queues: [{ queue: { id: "q", name: "General" }, waiting: 2 }],
        teams: [{ id: "t", name: "Returns" }],
    });
    const list = targets(made, card("one"));
    assert.deepEqual(list.map((one) => one.name), ["General", "Returns", "Bo", "Cy", "Back to the bot"]);
    assert.equal(list[3].off, true);
});

test("keys are ours only without a modifier; the palette needs one", () => {
    const press = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...more });
    assert.equal(nameOf(press("R")), "r");
    assert.equal(nameOf(press("r", { ctrlKey: true })), null);
    assert.equal(nameOf(press("k", { ctrlKey: true })), "command");
    assert.equal(nameOf(press("k", { metaKey: true }), { mac: true }), "command");
    assert.equal(nameOf(press("k", { ctrlKey: true }), { mac: true }), null);
    assert.equal(nameOf(press("a", { isComposing: true })), null);
});

test("the palette finds words in any order and likes beginnings", () => {
    assert.equal(fit("Away: lunch", "break"), 0);
    assert.ok(fit("Away: lunch", "lun aw") > 0);
    assert.ok(fit("Resolve", "res") > fit("Unresolved", "res"));
});

test("a file that cannot be sent is told why before it travels", () => {
    const file = { name: "a.png", size: 100 };
    assert.equal(objection(file, { count: 0 }), null);
    assert.match(objection({ ...file, size: 0 }, { count: 0 }), /empty/);
    assert.match(objection({ ...file, size: 11_000_000 }, { count: 0 }), /larger than 10 MB/);
    assert.match(objection(file, { count: 10 }), /up to 10/);
});

test("the sentence of an article that answers is the one to insert, without its signs", () => {
    const body = "# Returns\n\nWe sell tents. You can **return** a [tent](/t) within 30 days. Shoes too.";
    assert.equal(bestSentence(body, "return tent"), "You can return a tent within 30 days.");
    assert.equal(bestSentence("Hello. Write to help@shop.example at once.", "write"), "Write to help@shop.example at once.");
    assert.equal(plainText("- one\n- two"), "one two");
    assert.equal(bestSentence("", "x"), "");
});

test("a source leads to our own pages or the web, nowhere else", () => {
    assert.equal(addressOf({ url: "/help/returns/" }), "/help/returns/");
    assert.equal(addressOf({ url: "//evil.example/x" }), null);
    assert.equal(addressOf({ url: "javascript:alert(1)" }), null);
    assert.equal(addressOf({ url: "" }), null);
});

// -- what this browser keeps

test("a draft belongs to its conversation and outlives a reload", () => {
    const shelf = new Shelf();
    new Drafts(shelf).keep("one", { reply: "half a sen", note: "", mode: "reply" });
    const after = new Drafts(shelf);
    assert.equal(after.of("one").reply, "half a sen");
    assert.equal(after.has("two"), false);
    after.keep("one", { reply: "", note: "", mode: "reply" });
    assert.equal(shelf.kept.size, 0);
});

test("a storage that is full or broken never stops the work", () => {
    const broken = { getItem: () => "{", setItem: () => { throw new Error("full"); }, removeItem() {} };
    const drafts = new Drafts(broken);
    drafts.keep("one", { reply: "words", note: "", mode: "reply" });
    assert.equal(drafts.of("one").reply, "words");
    assert.deepEqual(outboxStore(broken).load(), []);
    assert.equal(new Settings(broken).get("enterSends"), true);
});

// -- HTTP

function api(status, body) {
    const asked = [];
    const made = new Api({
        root: "/api/v1/",
        csrf: () => "token",
        signedOut: () => asked.push("signed out"),
        fetch: async (url, options) => {
            asked.push([options.method, url]);
            if (status === 0) throw new TypeError("network");
            return { ok: status < 400, status, json: async () => body };
        },
    });
    return { made, asked };
}

test("a refusal becomes words for people; our own failures never show their insides", async () => {
    await assert.rejects(api(409, { code: "not_your_turn", detail: "Somebody was quicker." }).made.post("x/"), /Somebody was quicker/);
    await assert.rejects(api(400, { code: "invalid", detail: "…", fields: { until: ["In the past."] } }).made.post("x/"), /In the past/);
    await assert.rejects(api(500, { detail: "Traceback" }).made.post("x/"), (error) => !/Traceback/.test(error.message));
    await assert.rejects(api(0).made.post("x/"), /No connection/);
});

test("the end of the session is told once it is met", async () => {
    const { made, asked } = api(401, { code: "not_authenticated", detail: "Sign in." });
    await assert.rejects(made.post("x/"));
    assert.ok(asked.includes("signed out"));
});

test("an article that a customer can't open says so", () => {
    const said = ["public", "agents", "customers", undefined].map((visibility) => readersOf({ visibility }));
    assert.deepEqual(said, [null, "Agents only", "Signed-in customers", null]);
});
