import assert from "node:assert/strict";
import { test } from "node:test";
import "./no-page.mjs";
import { fateOf } from "../../static/js/widget/article.js";
import { catalogueFor, translator } from "../../static/js/widget/catalogue.js";
import { accentFamily, contrast, parse } from "../../static/js/widget/colour.js";
import en from "../../static/js/widget/languages/en.js";
import zh from "../../static/js/widget/languages/zh.js";
import { stepped } from "../../static/js/widget/emoji.js";
import { askable } from "../../static/js/widget/hints.js";
import { headingOf, nameOf } from "../../static/js/widget/heading.js";
import { Host } from "../../static/js/widget/host.js";
import { isDialable } from "../../static/js/widget/call_form.js";
import { blocks, findLinks, inline, safeLink, withoutLooseEnds } from "../../static/js/widget/richtext.js";
import { Session, SessionError } from "../../static/js/widget/session.js";
import { Memory, Notebook, usableStorage } from "../../static/js/widget/storage.js";
import { placeInWords, sizeInWords, Times, waitInWords } from "../../static/js/widget/times.js";
import { asText, layout, Transcript } from "../../static/js/widget/transcript.js";
import { objection, reasonOf } from "../../static/js/widget/uploads.js";

const t = translator(en);
const zhT = translator(zh);
const AT = Date.parse("2026-03-05T10:00:00Z");
const stored = (seq, kind, text, extra = {}) => ({ seq, author: { kind, name: kind === "agent" ? "Ana" : "" }, text, created_at: new Date(AT + seq * 1000).toISOString(), ...extra });

// -- words

test("the bot is called as its house calls it, else in the customer's language", () => {
    const t = (key) => ({ bot: "智能助手", you: "您" })[key];
    const said = { kind: "bot", name: "Assistant" };
    assert.equal(nameOf(said, { settings: { botName: "", name: "Shop" }, t }), "智能助手");
    assert.equal(nameOf(said, { settings: { botName: "Robbie", name: "Shop" }, t }), "Robbie");
    assert.equal(nameOf({ kind: "agent", name: "Ada" }, { settings: { name: "Shop" }, t }), "Ada");
    assert.equal(nameOf({ kind: "system" }, { settings: { name: "Shop" }, t }), "Shop");
});

test("every language says the same things", () => {
    const shape = (words) => Object.fromEntries(Object.entries(words).map(([key, value]) => [key, Array.isArray(value) ? `list of ${value.length}` : typeof value === "object" ? Object.keys(value).sort().join() : typeof value]));
    assert.deepEqual(shape(zh), shape(en));
    const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
    for (const [key, value] of Object.entries(en)) {
        if (typeof value === "string") assert.equal(holes(zh[key]), holes(value), key);
    }
});

test("a language that we do not have is answered in English", async () => {
    assert.equal((await catalogueFor("ar")()).default, en);
    assert.equal((await catalogueFor("zh-Hant-TW")()).default, zh);
});

test("a wait is a range in plain words, in both languages", () => {
    const told = (position, low, high) => ({ position, wait_seconds: high, wait_low: low, wait_high: high });
    assert.equal(placeInWords(told(3, 130, 235), t), "You are third in line, about 2–4 minutes.");
    assert.equal(placeInWords(told(1, 8, 20), t), "You are next, less than a minute.");
    assert.equal(placeInWords(told(1, 0, 0), t), "You are next, any moment now.");
    assert.equal(placeInWords({ position: 22, wait_seconds: null, wait_low: null, wait_high: null }, t), "You are 22nd in line.");
    assert.equal(placeInWords({ ...told(3, 130, 235), staffed: true }, t), "You are third in line, about 2–4 minutes.");
    assert.equal(placeInWords({ ...told(3, 130, 235), staffed: false }, t), "Nobody is here right now.");
    assert.equal(placeInWords(null, t), "We are finding a person for you.");
    assert.equal(placeInWords(told(3, 130, 235), zhT), "您排在第 3 位，预计等待约 2–4 分钟。");
    assert.equal(placeInWords(told(1, 0, 0), zhT), "下一位就是您，马上就到。");
    assert.equal(waitInWords({ wait_low: 4000, wait_high: 7200 }, t), "more than an hour");
    assert.equal(waitInWords({ wait_low: 20, wait_high: 61 }, t), "about 1–2 minutes");
    assert.equal(waitInWords({ wait_low: 290, wait_high: 300 }, t), "about 4–5 minutes");
    assert.equal(waitInWords({ wait_low: 60, wait_high: 60.5 }, t), "about 1–2 minutes");
    assert.equal(waitInWords({ position: 2, wait_seconds: 170 }, t), "about 1–3 minutes");
});

test("moments are relative under a day and exact on demand", () => {
    const times = new Times("en", t, "UTC");
    assert.equal(times.relative(AT, AT + 5_000), "just now");
    assert.equal(times.relative(AT, AT + 5 * 60_000), "5 min. ago");
    assert.equal(times.relative(AT, AT + 3 * 3_600_000), "3 hr. ago");
    assert.equal(times.relative(AT, AT + 30 * 3_600_000), "10:00 AM");
    assert.equal(times.day(AT, AT + 60_000), "Today");
    assert.equal(times.day(AT, AT + 86_400_000), "Yesterday");
    assert.match(times.day(AT, AT + 10 * 86_400_000), /March 5, 2026/);
    assert.equal(sizeInWords(10_485_760, "en"), "10 MB");
    assert.equal(sizeInWords(1536, "en"), "1.5 kB");
});

test("the header says who answers and how it stands", () => {
    const about = { settings: { name: "Trailhead", botName: "" }, t, isDown: false };
    const says = (now) => {
        const { author, name, state, mark } = headingOf(now, about);
        return [author.kind, name, state, mark];
    };
    assert.deepEqual(says({ state: "bot" }), ["bot", "Assistant", "Automatic assistant", "on"]);
    assert.deepEqual(says({ state: "queued", queue: { position: 3, wait_seconds: 235, wait_low: 130, wait_high: 235 } }), ["system", "Trailhead", "In line · about 2–4 minutes", "away"]);
    assert.deepEqual(says({ state: "assigned", agent: { name: "Ana" } }), ["agent", "Ana", "With you now", "on"]);
    assert.deepEqual(says({ state: "unheard of" }), ["bot", "Trailhead", "Answers straight away", "on"]);
    assert.equal(headingOf({ state: "bot" }, { ...about, isDown: true }).state, "Connecting…");
    assert.deepEqual(["customer", "bot", "system"].map((kind) => nameOf({ kind, name: "" }, about)), ["You", "Assistant", "Trailhead"]);
});

// -- what text means

test("links are found, without the sentence around them, and only safe ones", () => {
    assert.deepEqual(findLinks("See https://a.example/x?y=1. Or write to help@a.example!"), [
        { text: "See " },
        { link: "https://a.example/x?y=1", text: "https://a.example/x?y=1" },
        { text: ". Or write to " },
        { link: "mailto:help@a.example", text: "help@a.example" },
        { text: "!" },
    ]);
    assert.deepEqual(findLinks("(https://en.wikipedia.org/wiki/Tent_(camping))").map((part) => part.text), ["(", "https://en.wikipedia.org/wiki/Tent_(camping)", ")"]);
    assert.deepEqual(findLinks("详情见 https://a.example/帮助，谢谢").map((part) => part.text), ["详情见 ", "https://a.example/帮助", "，谢谢"]);
    for (const bad of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", " java\nscript:alert(1)", "blob:x"]) {
        assert.equal(safeLink(bad), null, bad);
    }
});

test("a labelled link with a bad address stays text", () => {
    assert.deepEqual(inline("[click](javascript:alert(1))").map((part) => part.link), [undefined]);
    assert.deepEqual(inline("[help](https://a.example/)"), [{ link: "https://a.example/", text: "help" }]);
});

test("paragraphs, lists, emphasis and marks of sources", () => {
    assert.deepEqual(blocks("Within **30 days** [1]\n\n- one\n- two\n3. three"), [
        { kind: "paragraph", lines: [[{ text: "Within " }, { strong: "30 days" }, { text: " " }, { cite: 1 }]] },
        { kind: "list", ordered: false, start: null, items: [[{ text: "one" }], [{ text: "two" }]] },
        { kind: "list", ordered: true, start: 3, items: [[{ text: "three" }]] },
    ]);
});

test("an unfinished answer hides its loose ends", () => {
    assert.equal(withoutLooseEnds("within **30"), "within 30");
    assert.equal(withoutLooseEnds("within **30**"), "within **30**");
    assert.equal(withoutLooseEnds("label [1"), "label ");
    assert.equal(withoutLooseEnds("within *"), "within ");
});

test("an article's elements: a short list passes, dangerous ones go with all inside", () => {
    assert.deepEqual(["p", "table", "a"].map(fateOf), ["keep", "keep", "keep"]);
    assert.deepEqual(["script", "style", "iframe", "svg", "form", "template", "math"].map(fateOf), Array(7).fill("drop"));
    assert.deepEqual(["article", "custom-element", "font"].map(fateOf), ["open", "open", "open"]);
});

// -- the transcript

test("own words are one message: pending, acknowledged, echoed, in any order", () => {
    for (const order of [["ack", "echo"], ["echo", "ack"]]) {
        const transcript = new Transcript();
        transcript.pend({ id: "a", text: "hello", at: AT });
        for (const step of order) {
            if (step === "ack") transcript.acknowledge({ id: "a", seq: 1, created_at: new Date(AT).toISOString() });
            else transcript.receive(stored(1, "customer", "hello", { id: "a" }));
        }
        assert.deepEqual(transcript.list().map((entry) => [entry.key, entry.seq, entry.status]), [["a", 1, "stored"]]);
    }
});

test("an answer grows and is replaced by the stored message in the same place", () => {
    const transcript = new Transcript();
    transcript.receive(stored(1, "customer", "hello"));
    transcript.grow({ reply_to: 1, text: "You can ", at: AT });
    transcript.grow({ reply_to: 1, text: "return", at: AT + 1 });
    const [, draft] = transcript.list();
    assert.deepEqual([draft.text, draft.status], ["You can return", "draft"]);
    transcript.receive(stored(2, "bot", "You can return it.", { reply_to: 1, suggestions: ["Thanks"] }));
    const [, answer] = transcript.list();
    assert.deepEqual([answer.key, answer.text, answer.status], [draft.key, "You can return it.", "stored"]);
    assert.deepEqual(transcript.suggestions, ["Thanks"]);
    assert.equal(transcript.isAnswerOpen, false);
});

test("what was begun for an older question is gone once a newer one is answered, late pieces too", () => {
    const transcript = new Transcript();
    transcript.receive(stored(1, "customer", "How long?"));
    transcript.grow({ reply_to: 1, text: "Thirty ", at: AT });
    transcript.receive(stored(2, "customer", "And who pays?"));
    transcript.grow({ reply_to: 2, text: "You ", at: AT });
    assert.deepEqual(transcript.list().map((entry) => entry.text), ["How long?", "And who pays?", "You "]);
    transcript.grow({ reply_to: 1, text: "days", at: AT });
    assert.equal(transcript.list().length, 3);
    transcript.receive(stored(3, "bot", "You do.", { reply_to: 2 }));
    transcript.grow({ reply_to: 1, text: "days", at: AT });
    transcript.grow({ reply_to: 2, text: "do.", at: AT });
    assert.deepEqual(transcript.list().map((entry) => entry.text), ["How long?", "And who pays?", "You do."]);
});

test("an agent's message does not swallow the bot's draft; a person taking over drops it", () => {
    const transcript = new Transcript();
    transcript.grow({ reply_to: 1, text: "…", at: AT });
    transcript.receive(stored(2, "agent", "Hello"));
    assert.equal(transcript.isAnswerOpen, true);
    transcript.dropDrafts();
    assert.deepEqual(transcript.list().map((entry) => entry.text), ["Hello"]);
});

test("refused words are kept, and can be taken back", () => {
    const transcript = new Transcript();
    transcript.pend({ id: "a", text: "hello", at: AT });
    transcript.fail("a", "no");
    transcript.markPending(false);
    assert.equal(transcript.list()[0].status, "failed");
    assert.equal(transcript.takeBack("a").text, "hello");
    assert.equal(transcript.isEmpty, true);
});

test("what others said after a number is unread", () => {
    const transcript = new Transcript();
    for (const [seq, kind] of [[1, "customer"], [2, "bot"], [3, "customer"], [4, "agent"]]) transcript.receive(stored(seq, kind, "x"));
    assert.deepEqual(transcript.unreadAfter(1).map((entry) => entry.seq), [2, 4]);
    assert.deepEqual(transcript.unreadAfter(4), []);
});

test("after an expired session the old words stay and numbers begin again", () => {
    const transcript = new Transcript();
    transcript.receive(stored(1, "bot", "old"));
    transcript.pend({ id: "a", text: "on its way", at: AT });
    transcript.beginAnew();
    transcript.acknowledge({ id: "a", seq: 1, created_at: new Date(AT).toISOString() });
    assert.deepEqual(transcript.list().map((entry) => entry.text ?? "—"), ["old", "—", "on its way"]);
    assert.equal(transcript.newest, 1);
});

test("a talk that goes on in another one is told again, and what is on its way stays", () => {
    const transcript = new Transcript();
    transcript.receive(stored(1, "customer", "mine", { id: "a" }));
    transcript.pend({ id: "b", text: "on its way", at: AT });
    transcript.tellAgain();
    transcript.receive(stored(1, "customer", "other", { id: "c" }));
    transcript.receive(stored(2, "customer", "mine", { id: "a" }));
    transcript.acknowledge({ id: "b", seq: 3, created_at: new Date(AT).toISOString() });
    assert.deepEqual(transcript.list().map((entry) => entry.text), ["other", "mine", "on its way"]);
});

test("groups are of one author and one minute, days are told apart", () => {
    const transcript = new Transcript();
    const at = (minute) => ({ created_at: new Date(AT + minute * 60_000).toISOString() });
    transcript.receive(stored(1, "customer", "a", at(0)));
    transcript.receive(stored(2, "customer", "b", at(0.5)));
    transcript.receive(stored(3, "customer", "c", at(2)));
    transcript.receive(stored(4, "agent", "d", at(2)));
    transcript.receive(stored(5, "agent", "e", at(24 * 60)));
    const rows = layout(transcript.list(), (moment) => new Date(moment).toISOString().slice(0, 10));
    assert.deepEqual(rows.map((row) => row.entries?.length ?? row.kind), ["day", 2, 1, 1, "day", 1]);
});

test("a talk can be kept as plain text", () => {
    const transcript = new Transcript();
    transcript.receive(stored(1, "bot", "Within 30 days", { citations: [{ title: "Returns" }] }));
    const times = new Times("en", t, "UTC");
    const text = asText(transcript.list(), { title: "Talk", nameOf: () => "Scout", times });
    assert.match(text, /^Talk\n\n\[Mar 5, 2026, 10:00.AM\] Scout\nWithin 30 days\n  \[1\] Returns\n/);
});

// -- who we are

function answers(...responses) {
    const asked = [];
    const fetch = async (address, { body }) => {
        asked.push(JSON.parse(body));
        const next = responses.shift();
        if (next instanceof Error) throw next;
        const [status, answer] = next;
        return { ok: status < 400, status, json: async () => answer };
    };
    return { asked, fetch };
}

const session = (fetch, storage = new Memory()) => new Session({ inbox: "web", language: "en", notebook: new Notebook("web", storage), fetch, locks: null });

test("a session is made once, when it is needed, and remembered", async () => {
    const { asked, fetch } = answers([201, { token: "T", conversation: "C" }]);
    const storage = new Memory();
    const ours = session(fetch, storage);
    assert.equal(ours.exists, false);
    assert.deepEqual(await Promise.all([ours.token(), ours.token()]), ["T", "T"]);
    assert.equal(await session(fetch, storage).token(), "T");
    assert.deepEqual(asked, [{ inbox: "web", language: "en" }]);
});

test("a token that is no longer good is forgotten; a server that stumbles changes nothing", async () => {
    const { fetch } = answers([201, { token: "T" }], [503, {}], [401, { code: "unauthorized" }]);
    const ours = session(fetch);
    await ours.token();
    await assert.rejects(ours.verify(), (error) => error instanceof SessionError && error.isPassing);
    assert.equal(ours.exists, true);
    assert.equal(await ours.verify(), false);
    assert.equal(ours.exists, false);
});

test("somebody else in the same browser does not get the talk; an anonymous one goes on", async () => {
    const { fetch } = answers([201, { token: "A" }], [201, { token: "B" }]);
    const ours = session(fetch);
    await ours.token();
    assert.equal(ours.identify({ external_id: "1", signature: "s" }), "same");
    assert.equal(ours.isOutgrown, true);
    ours.forget();
    await ours.token();
    assert.equal(ours.identify({ external_id: "1", signature: "s" }), "same");
    assert.equal(ours.identify({ external_id: "2", signature: "s" }), "changed");
    assert.equal(ours.exists, false);
});

test("blocked or full storage is replaced by memory", () => {
    const blocked = { get localStorage() { throw new Error("SecurityError"); } };
    assert.ok(usableStorage(blocked) instanceof Memory);
    const full = new Memory();
    full.setItem = () => { throw new Error("QuotaExceededError"); };
    const notebook = new Notebook("web", full);
    notebook.set("draft", "words");
    assert.equal(notebook.get("draft"), "words");
    full.setItem = Memory.prototype.setItem.bind(full);
    full.setItem("contactcentre:web:odd", "{");
    assert.equal(notebook.get("odd", "otherwise"), "otherwise");
});

// -- the page around us

test("the host is heard only from our parent and an allowed origin, and then only that one", () => {
    const page = Object.assign(new EventTarget(), { location: { origin: "https://chat.example" } });
    const told = [];
    page.parent = { postMessage: (data, origin) => told.push([data.type, origin]) };
    const host = new Host({ allowed: ["https://shop.example", "https://other.example"], page });
    const heard = [];
    host.on("open", (detail) => heard.push(detail));
    const say = (source, origin, data = { source: "contactcentre", type: "open", detail: origin }) =>
        page.dispatchEvent(Object.assign(new Event("message"), { source, origin, data }));
    host.tell("unread");
    say({}, "https://shop.example");
    say(page.parent, "https://evil.example");
    say(page.parent, "https://shop.example", { type: "open" });
    say(page.parent, "https://shop.example");
    say(page.parent, "https://other.example");
    host.tell("unread");
    assert.deepEqual(heard, ["https://shop.example"]);
    assert.deepEqual(told, [["unread", "https://shop.example"]]);
});

// -- small rules

test("any accent is readable, on itself and in words, light and dark", () => {
    for (const accent of ["#ffff00", "#2f6f4e", "#000000", "#ffffff", "#ff6600", "#808080"]) {
        for (const [theme, ground] of [["light", "#f6f7f9"], ["dark", "#20242c"]]) {
            const family = accentFamily(accent, theme);
            const read = (a, b) => contrast(parse(family[a] ?? a), parse(family[b] ?? b));
            assert.ok(read("--on-accent", "--accent") >= 4.5, `${accent} on itself`);
            assert.ok(read("--accent-text", ground) >= 4.5, `${accent} on ${theme}`);
            assert.ok(read("--accent-text", "--accent-tint") >= 4.5, `${accent} on its tint, ${theme}`);
        }
    }
    for (const odd of ["red", "#12345", "url(x)", null, 7]) assert.equal(accentFamily(odd, "light"), null);
});

test("arrows walk the emoji grid, mirrored from right to left", () => {
    assert.equal(stepped("ArrowRight", 0, 32), 1);
    assert.equal(stepped("ArrowRight", 1, 32, "rtl"), 0);
    assert.equal(stepped("ArrowDown", 30, 32), null);
    assert.equal(stepped("End", 0, 32), 31);
    assert.equal(stepped("a", 0, 32), null);
});

test("numbers that can be dialled", () => {
    for (const good of ["+49 30 1234567", "030/1234567", "(020) 7946-0958".replace("(", "")]) assert.ok(isDialable(good), good);
    for (const bad of ["", "12", "call me", "+49 30 x", "1".repeat(40)]) assert.ok(!isDialable(bad), bad);
});

test("files are objected to before they travel, and refusals have words", () => {
    const mostBytes = 100;
    assert.equal(objection({ size: 0 }, { mostBytes }), "uploadEmpty");
    assert.equal(objection({ size: 101 }, { mostBytes }), "uploadTooBig");
    assert.equal(objection({ size: 100 }, { mostBytes }), null);
    assert.equal(reasonOf(400, "too_long"), "uploadTooBig");
    assert.equal(reasonOf(400, "bad_upload"), "uploadWrongType");
    assert.equal(reasonOf(500, undefined), "uploadFailed");
});

test("what is not sent yet is asked without addresses and long numbers, once it says something", () => {
    assert.equal(askable("How do I return"), "How do I return");
    assert.equal(askable("my order FW-10234 of mia@example.com is late"), "my order FW- of is late");
    assert.equal(askable("call me on +49 170 123 4567 tomorrow please"), "call me on tomorrow please");
    assert.equal(askable("怎么退货呢"), "怎么退货呢");
    for (const words of ["", "hi", "退货", "a b c d", "1234567890 12345678"]) assert.equal(askable(words), "");
    assert.equal(askable("ab ".repeat(400)).length, 300);
});
