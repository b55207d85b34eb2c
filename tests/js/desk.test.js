// The lists, the stages and the notices of the console: what they work out before they draw.

import "./no-page.mjs";

import assert from "node:assert/strict";
import { test } from "node:test";

import { Browser, keyBytes } from "../../static/js/console/browser.js";
import { doneWords, foreseen, inverse } from "../../static/js/console/bulk_actions.js";
import { afterwards, Choices, mayAsk } from "../../static/js/console/choices.js";
import { both, fromTree, ofScope, sentence, toTree, unfinished } from "../../static/js/console/conditions.js";
import { Desk } from "../../static/js/console/desk.js";
import { Fields, inUnits } from "../../static/js/console/fields.js";
import { pieces } from "../../static/js/console/highlight.js";
import { nameOf } from "../../static/js/console/keys.js";
import { Listing } from "../../static/js/console/listing.js";
import { Notices, telling, words } from "../../static/js/console/notices.js";
import { presenceChoices, whyNothingComes } from "../../static/js/console/presence.js";
import { answer, blockedWord, decisionLines, placeLines } from "../../static/js/console/routing_words.js";
import { Selection } from "../../static/js/console/selection.js";
import { Store } from "../../static/js/console/store.js";
import { countWord, Viewbook } from "../../static/js/console/viewbook.js";

const ME = { id: "me", name: "Ada", capacity: 4, permissions: [] };
const leaf = (field, op, value) => ({ field, op, value });

function store(frame = {}) {
    const made = new Store();
    made.welcome({ agent: ME, presence: { status: "online", reason: "" }, ...frame });
    return made;
}

function card(id, more = {}) {
    return { conversation: id, state: "assigned", stage: "assigned", assignee: { id: "me", name: "Ada" }, queue: { id: "q1", name: "Support" }, priority: 0, labels: [], muted: false, unread: 2, seq: 3, offset: 5, ...more };
}

/** A server that answers what it was told to, and remembers what it was asked. */
function server(answers) {
    const asked = [];
    const ask = (method) => async (path, body) => {
        asked.push([method, path, body]);
        const given = answers[`${method} ${path}`];
        if (given instanceof Error) throw given;
        return structuredClone(typeof given === "function" ? given(body) : given);
    };
    return { asked, get: ask("GET"), post: ask("POST"), put: ask("PUT"), patch: ask("PATCH"), remove: ask("DELETE") };
}

// -- conditions

test("conditions are edited as groups and come back as they were", () => {
    const tree = { all: [leaf("state", "is", "open"), { any: [leaf("priority", "at_least", 1), leaf("labels", "has_any", ["vip"])] }, { not: { any: [leaf("assignee", "is", "me"), leaf("assignee", "is", "nobody")] } }] };
    const edited = fromTree(tree);
    assert.deepEqual(edited.parts.map((part) => part.kind), [undefined, "any", "none"]);
    assert.deepEqual(toTree(edited), tree);
    assert.deepEqual(toTree(fromTree({ not: leaf("state", "is", "open") })), { not: leaf("state", "is", "open") });
    assert.deepEqual(toTree(fromTree(leaf("state", "is", "open"))), { all: [leaf("state", "is", "open")] });
});

test("nothing is asked for by nothing, and empty groups leave no trace", () => {
    assert.deepEqual(toTree(fromTree({})), {});
    assert.deepEqual(toTree({ kind: "all", parts: [{ kind: "any", parts: [] }] }), {});
    assert.deepEqual(both({}, {}), {});
    assert.deepEqual(both({}, leaf("state", "is", "open")), leaf("state", "is", "open"));
    assert.deepEqual(ofScope({ scope: "all" }), {});
    assert.deepEqual(ofScope({ scope: "unassigned", state: "open" }), { all: [leaf("assignee", "is", "nobody"), leaf("state", "is", "open")] });
});

test("a condition without a value is found before the server is asked", () => {
    const wanted = leaf("labels", "has_any", []);
    assert.equal(unfinished({ kind: "all", parts: [leaf("unread", "is", false), { kind: "any", parts: [wanted] }] }), wanted);
    assert.equal(unfinished({ kind: "all", parts: [leaf("priority", "is", 0)] }), null);
    assert.ok(unfinished(leaf("rating", "is", Number.NaN)));
});

test("conditions can be read as a sentence", () => {
    const fields = new Fields(store({ queues: [{ id: "q1", name: "Support" }] }));
    fields.take({ fields: [{ field: "state", ops: ["is"], choices: ["open"] }, { field: "attributes.tier", ops: ["is"], choices: null, label: "Tier" }, { field: "attributes.*", ops: ["is"], choices: null }] });
    const say = (tree) => sentence(fromTree(tree), fields);
    assert.equal(say({}), "Every conversation");
    assert.equal(say({ all: [leaf("state", "is", "open"), { any: [leaf("priority", "at_least", 1), leaf("queue", "any_of", ["q1", "none"])] }] }), "State is Open and (priority is at least High or queue is one of Support, None)");
    assert.equal(say({ not: leaf("assignee", "is", "me") }), "Not assignee is Me");
    assert.equal(say({ all: [leaf("waiting_since", "older_than", 120), leaf("rating", "is_set", false)] }), "Waiting since is longer ago than 2 hours and rating is unknown");
    assert.equal(say({ all: [leaf("attributes.tier", "is", "gold")] }), "Tier is gold");
    assert.deepEqual(fields.all, ["state", "attributes.tier"]);
});

test("an inbox is chosen by its name, wherever it is known from", () => {
    const fields = new Fields(store());
    fields.take({ fields: [{ field: "inbox", ops: ["is"], choices: null }], inboxes: [{ key: "web", name: "Shop" }] });
    fields.knowInbox({ key: "web", name: "Shop" });
    fields.knowInbox({ key: "fair", name: "Fair" });
    assert.deepEqual(fields.choicesOf("inbox"), [["web", "Shop"], ["fair", "Fair"]]);
    assert.deepEqual(fields.begin("inbox"), { field: "inbox", op: "is", value: "web" });
});

test("every kind of value has its field", () => {
    const fields = new Fields(store());
    fields.take({ fields: [{ field: "attributes.vip", ops: ["is"], choices: null, kind: "checkbox" }] });
    const kinds = [["labels", "has_any"], ["assignee", "is"], ["assignee", "any_of"], ["language", "any_of"], ["opened_at", "older_than"], ["opened_at", "before"], ["rating", "at_least"], ["rating", "is_set"], ["attributes.vip", "is"], ["company", "contains"]];
    assert.deepEqual(kinds.map(([field, op]) => fields.kindOf(field, op)), ["words", "choice", "choices", "words", "minutes", "moment", "number", "flag", "flag", "text"]);
    assert.deepEqual([inUnits(2880), inUnits(90), inUnits(120)], [[2, 1440], [90, 1], [2, 60]]);
});

/** A browser with a push service of its own, or without one. */
function reached({ subscribes = true } = {}) {
    let subscription = null;
    const pushManager = {
        getSubscription: async () => subscription,
        subscribe: async ({ applicationServerKey }) => {
            if (!subscribes) throw new DOMException("no", "AbortError");
            subscription = { endpoint: "https://push.example/1", key: [...applicationServerKey], toJSON: () => ({ endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } }), unsubscribe: async () => (subscription = null) };
            return subscription;
        },
    };
    const registration = { pushManager };
    return { serviceWorker: { register: async () => registration, getRegistration: async () => registration, ready: registration } };
}

test("a browser is told while the console is closed, until it is switched off", async () => {
    globalThis.location ??= new URL("https://desk.example/console/#one");
    const api = server({ "GET me/push/": { key: "AQID_-8" }, "POST me/push/": null });
    const browser = new Browser(api, { navigator: reached(), PushManager: class {} });
    assert.equal(await browser.isOn(), false);
    await browser.on();
    assert.equal(await browser.isOn(), true);
    assert.deepEqual(api.asked.at(-1), ["POST", "me/push/", { endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } }]);
    await browser.off();
    assert.equal(await browser.isOn(), false);
    assert.equal(api.asked.at(-1)[1], "me/push/?endpoint=https%3A%2F%2Fpush.example%2F1");
    assert.deepEqual([...keyBytes("AQID_-8")], [1, 2, 3, 255, 239]);
});

test("a browser that can't be reached, or a house that refuses, leaves nothing half done", async () => {
    const refused = new Browser(server({ "GET me/push/": { key: "AQID" }, "POST me/push/": new Error("No.") }), { navigator: reached(), PushManager: class {} });
    await assert.rejects(refused.on(), /No\./);
    assert.equal(await refused.isOn(), false);
    const alone = new Browser(server({ "GET me/push/": { key: "AQID" } }), { navigator: reached({ subscribes: false }), PushManager: class {} });
    await assert.rejects(alone.on(), /no push service/);
});

test("a promised answer is told before and when it is late", () => {
    const notice = (data) => words({ kind: "sla", customer: "Li", data }).title;
    assert.equal(notice({ stage: "soon", queue: "Support" }), "An answer is due soon in Support");
    assert.equal(notice({ stage: "late", queue: "Support", count: 3 }), "3 answers are late in Support");
});

// -- lists

test("counters say when they stopped counting, and when they could not", () => {
    assert.deepEqual([countWord(undefined), countWord(null), countWord(0), countWord(1001, 1000)], ["", "–", "0", "1000+"]);
});

test("a view that the server keeps is there again", async () => {
    const view = { id: "v", name: "Mine", conditions: {}, sort: "latest", shared: "personal", team: null, position: 0 };
    const api = server({ "DELETE views/v/": new Error("somebody else's"), "GET views/": { results: [view] }, "GET conversations/counts/": { mine: 1, unassigned: 2, all: 3, counted_up_to: 1000 }, "POST views/counts/": { counts: { v: 7 } } });
    const book = new Viewbook(api);
    await book.load();
    assert.deepEqual([book.shown("mine"), book.shown("v")], ["1", "7"]);
    await assert.rejects(book.remove(view), /somebody else's/);
    assert.deepEqual(book.views, [view]);
});

test("pages follow each other without doubles; an answer that comes too late is not shown", async () => {
    const waiting = [];
    const learned = [];
    const desk = { store: { learn: (one) => learned.push(one.conversation) }, api: { post: (_, body) => new Promise((resolve) => waiting.push({ body, resolve })) } };
    const listing = new Listing(desk, () => {});
    const answerLast = async (ids, next = null) => {
        waiting.at(-1).resolve({ results: ids.map((id) => ({ conversation: id })), next });
        await new Promise((resolve) => setImmediate(resolve));
    };
    listing.load({ conditions: {}, sort: "latest" });
    const old = waiting[0];
    listing.load({ conditions: {}, sort: "waiting" });
    await answerLast(["a", "b"], "more");
    old.resolve({ results: [{ conversation: "old" }], next: null });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(listing.ids, ["a", "b"]);
    listing.more();
    assert.equal(listing.more(), null, "one at a time");
    assert.equal(waiting.at(-1).body.cursor, "more");
    await answerLast(["b", "c"]);
    assert.deepEqual(listing.ids, ["a", "b", "c"]);
    assert.deepEqual(learned, ["a", "b", "b", "c"]);
});

test("a range is picked from the last one on, and dropped the same way", () => {
    const selection = new Selection();
    const list = ["a", "b", "c", "d"];
    selection.toggle("b", { list });
    selection.toggle("d", { list, through: true });
    assert.deepEqual([...selection.ids], ["b", "c", "d"]);
    selection.toggle("c", { list, through: true });
    assert.deepEqual([...selection.ids], ["b"]);
    selection.clear();
    assert.equal(selection.size, 0);
});

// -- bulk

test("only what was changed is taken back, to what each one was", () => {
    const cards = [card("one", { labels: ["vip"], priority: 2 }), card("two", { labels: ["late"] }), card("three", { priority: 1 })];
    assert.deepEqual(inverse({ do: "add_labels", labels: ["vip", "late"] }, cards, ME), [
        { action: { do: "remove_labels", labels: ["late"] }, ids: ["one"] },
        { action: { do: "remove_labels", labels: ["vip"] }, ids: ["two"] },
        { action: { do: "remove_labels", labels: ["vip", "late"] }, ids: ["three"] },
    ]);
    assert.deepEqual(inverse({ do: "set_priority", priority: 1 }, cards, ME), [
        { action: { do: "set_priority", priority: 2 }, ids: ["one"] },
        { action: { do: "set_priority", priority: 0 }, ids: ["two"] },
    ]);
    assert.deepEqual(inverse({ do: "mute" }, [card("one"), card("two", { muted: true })], ME), [{ action: { do: "unmute" }, ids: ["one"] }]);
});

test("what is not mine to take back is not offered to be", () => {
    const theirs = card("one", { assignee: { id: "other", name: "Lin" } });
    assert.deepEqual(inverse({ do: "resolve" }, [theirs, card("two")], ME), [{ action: { do: "reopen" }, ids: ["two"] }]);
    assert.deepEqual(inverse({ do: "assign", to: { agent: "other" } }, [card("one")], ME), []);
    assert.deepEqual(inverse({ do: "assign", to: { me: true } }, [card("one", { state: "queued", assignee: null })], ME), [{ action: { do: "assign", to: { queue: "q1" } }, ids: ["one"] }]);
    assert.deepEqual(inverse({ do: "snooze", minutes: 5 }, [card("one")], ME), []);
});

test("what can be foreseen is shown at once", () => {
    assert.deepEqual(foreseen(card("one", { labels: ["a"] }), { do: "add_labels", labels: ["a", "b"] }, ME).labels, ["a", "b"]);
    assert.equal(foreseen(card("one"), { do: "read" }, ME).unread, 0);
    assert.equal(foreseen(card("one", { assignee: null }), { do: "read" }, ME), null);
    assert.equal(foreseen(card("one"), { do: "resolve" }, ME), null);
    assert.equal(doneWords({ do: "resolve" }, 1), "1 conversation resolved");
});

// -- search

test("what was found is marked by letters, not by halves of them", () => {
    assert.deepEqual(pieces("🙂🙂 parcel here", [[3, 9]]), [["🙂🙂 ", false], ["parcel", true], [" here", false]]);
    assert.deepEqual(pieces("abcdef", [[2, 4], [0, 3]]), [["abcd", true], ["ef", false]]);
    assert.deepEqual(pieces("abc", [[9, 12], [1, 1]]), [["abc", false]]);
});

test("a long text is cut around the first thing found, at a word", () => {
    const text = `${"word ".repeat(40)}needle ${"more ".repeat(60)}`;
    const found = pieces(text, [[200, 206]]);
    assert.equal(found[0][0], "… ");
    assert.ok(found[1][0].startsWith("word"));
    assert.deepEqual(found.find(([, marked]) => marked), ["needle", true]);
    assert.equal(found.at(-1)[0], " …");
});

// -- stages

test("a queue has its own codes and its own rules for what comes after", () => {
    const choices = new Choices();
    assert.deepEqual(choices.rulesFor({ id: "q1" }), { mode: "requested", seconds: 60, required: false });
    choices.take({ codes: [{ code: "solved", name: "Solved", queues: [] }, { code: "rma", name: "Return", queues: ["q2"] }], reasons: [], wrap_up: [{ queue: null, mode: "optional", seconds: 30, required: false }, { queue: "q1", mode: "time_boxed", seconds: 120, required: true }] });
    assert.deepEqual(choices.codesFor({ id: "q1" }).map((one) => one.code), ["solved"]);
    assert.deepEqual(choices.codesFor({ id: "q2" }).map((one) => one.code), ["solved", "rma"]);
    assert.equal(choices.rulesFor({ id: "q1" }).mode, "time_boxed");
    assert.equal(choices.rulesFor(null).mode, "optional");
    assert.equal(afterwards(choices.rulesFor({ id: "q1" })), "Without a code you get 2 minutes to write it up. A code is needed before it ends.");
    assert.ok(mayAsk(choices.rulesFor(null)));
    assert.ok(!mayAsk(choices.rulesFor({ id: "q1" })));
});

test("what is over and still to be written up stands with mine, and is no load", () => {
    const mine = store({ conversations: [card("one"), card("two", { state: "resolved", stage: "wrap_up" }), card("three", { state: "resolved", stage: "resolved" })] });
    assert.deepEqual(mine.mine().map((one) => one.conversation).sort(), ["one", "two"]);
    assert.equal(mine.load(), 1);
    assert.ok(!mine.isMine(mine.cards.get("two")), "nothing more is said there");
});

test("why nothing is offered, and who said so", () => {
    assert.equal(whyNothingComes({ status: "online", reason: "" }), "");
    assert.equal(whyNothingComes({ status: "away", reason: "Lunch" }), "You are away (lunch): nothing is offered to you.");
    assert.equal(whyNothingComes({ status: "away", reason: "Meeting", set_by: "Mareike" }), "Mareike set you away (meeting): nothing is offered to you.");
    assert.match(whyNothingComes({ status: "away", reason: "missed an offer" }), /missed an offer/);
    assert.deepEqual(presenceChoices([{ name: "Coaching", status: "away" }]).map((one) => one.word), ["Online", "Away", "Away: coaching", "Offline"]);
});

// -- why this agent, why still waiting

test("the question is answered in one sentence", () => {
    const lin = { agent: { name: "Lin" }, how: "accepted", ended_at: null };
    assert.equal(answer({ stage: "assigned", waiting: null, assignments: [lin] }), "Lin: accepted the offer.");
    assert.equal(answer({ stage: "offered", waiting: { chosen: null, online: 2 }, offers: [{ ...lin, outcome: "open" }] }), "Lin is being asked right now.");
    assert.equal(answer({ stage: "resolved", waiting: null, assignments: [{ ...lin, ended_at: "x" }] }), "It is over. Lin had it last: accepted the offer.");
    assert.equal(answer({ stage: "queued", waiting: { chosen: null, online: 0, filtered: {} } }), "Nobody who serves this queue is online.");
    assert.equal(answer({ stage: "queued", waiting: { chosen: null, online: 3, filtered: { no_room: 1, language: 2 } } }), "Nobody can be asked yet: 2 don't speak the language, 1 has no room.");
    assert.equal(answer({ stage: "queued", waiting: { chosen: "Lin", online: 3 } }), "Lin is next to be asked.");
    assert.match(answer({ stage: "queued", held_back: "closed", waiting: { chosen: "Lin", online: 3 } }), /closed now/);
});

test("filters, skills and chances are said in words", () => {
    assert.equal(blockedWord("skill returns 3"), "needs returns at 3");
    assert.equal(blockedWord(""), "");
    const lines = Object.fromEntries(decisionLines({ rule: ["skill", "least_loaded"], chosen: "Lin", runner_up: "Amara", propensity: 0.95, waited_seconds: 75, online: 4, eligible: 2, filtered: { "skill returns 3": 2 }, asked_for: { all: ["returns 3"] }, preferred: "sticky" }));
    assert.deepEqual(lines, {
        "Chosen by": "best skills, then least loaded",
        "Had waited": "1:15",
        Online: "4, of whom 2 could be asked",
        "The others": "2 lack returns at level 3",
        "Asked for": "returns 3",
        "First choice": "Whoever had this customer last is asked first.",
        "Runner-up": "Amara",
        Chance: "95 %: now and then somebody else is tried",
    });
    assert.deepEqual(placeLines({ place: { position: 3, wait_seconds: 90, wait_low: 30, wait_high: 90 }, hops: 2 }), [["Place in line", "3"], ["Left of the wait told", "0:30 to 1:30"], ["Passed on", "2 times"]]);
    assert.deepEqual(decisionLines({ rule: ["answer_seconds"] }), [["Order of choice", "answer in time"]]);
});

// -- notices

const notice = (id, more = {}) => ({ id, kind: "mention", conversation: `c-${id}`, customer: "Mira", preview: "Hello", data: { by: "Lin", text: "@ada look" }, created_at: "2026-05-13T10:00:00Z", read_at: null, ...more });

test("a notice says what happened, with whom, and what was said", () => {
    assert.deepEqual(words(notice("1")), { title: "Lin mentions you", name: "Mira", text: "@ada look" });
    assert.deepEqual(words(notice("1", { kind: "new_message", data: { count: 3 } })), { title: "3 new messages", name: "Mira", text: "Hello" });
    assert.equal(words(notice("1", { kind: "brand_new", data: null })).title, "brand new");
});

test("nobody is called back to what they are looking at, and an offer rings once", () => {
    const frame = { ...notice("1"), desktop: true, sound: true };
    assert.deepEqual(telling(frame, { looking: true, openId: "c-1" }), { sound: false, desktop: false });
    assert.deepEqual(telling(frame, { looking: true, openId: "other" }), { sound: true, desktop: false });
    assert.deepEqual(telling(frame, { looking: false, openId: "c-1" }), { sound: true, desktop: true });
    assert.equal(telling({ ...frame, kind: "offer" }, { looking: false, openId: null }).sound, false);
    assert.deepEqual(telling({ ...frame, desktop: false, sound: false }, { looking: false, openId: null }), { sound: false, desktop: false });
});

test("a notice that grows moves to the top; reading is undone when the server refuses", async () => {
    const notices = new Notices(server({ "POST me/notifications/read/": new Error("no"), "POST me/notifications/read-all/": { unread: 0 } }));
    notices.take({ type: "notification", desktop: true, sound: true, unread: 1, ...notice("1") });
    notices.take({ type: "notification", desktop: true, sound: true, unread: 2, ...notice("2") });
    notices.take({ type: "notification", desktop: true, sound: true, unread: 2, ...notice("1", { data: { count: 2 } }) });
    assert.deepEqual(notices.list.map((one) => one.id), ["1", "2"]);
    const reading = notices.read(["1"]);
    assert.equal(notices.unread, 1, "at once");
    await assert.rejects(reading);
    assert.equal(notices.unread, 2);
    assert.equal(notices.list[0].read_at, null);
    await notices.readAll();
    assert.ok(notices.list.every((one) => one.read_at));
});

test("a rule changes one way of telling and keeps the others", async () => {
    const api = server({ "GET me/notification-rules/": { rules: [{ kind: "offer", desktop: true, sound: true, email: true }] }, "PUT me/notification-rules/": {} });
    const notices = new Notices(api);
    assert.ok(notices.rings("offer"), "until it is known");
    await notices.loadRules();
    await notices.setRule("offer", "sound", false);
    assert.deepEqual(api.asked.at(-1), ["PUT", "me/notification-rules/", { rules: [{ kind: "offer", desktop: true, sound: false, email: true }] }]);
    assert.ok(!notices.rings("offer"));
});

test("searching everything has a key of its own, also while somebody writes", () => {
    const press = (key, more = {}) => ({ key, ctrlKey: true, shiftKey: true, metaKey: false, altKey: false, isComposing: false, ...more });
    assert.equal(nameOf(press("F")), "search");
    assert.equal(nameOf(press("f", { shiftKey: false })), null);
    assert.equal(nameOf(press("X", { ctrlKey: false })), "x");
});

// -- the desk

test("what is looked up late asks for nothing once its conversation is closed", async () => {
    const api = server({});
    const desk = Object.assign(Object.create(Desk.prototype), { api, openId: null, tell() {} });
    await desk.loadDetail();
    assert.deepEqual(api.asked, []);
});
