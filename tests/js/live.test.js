// Run: node --test tests/js/
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Live, PING_EVERY, SILENCE_ALLOWED, SYNC_WITHIN } from "../../static/js/live.js";
import { backoff } from "../../static/js/live/backoff.js";
import { Ledger } from "../../static/js/live/ledger.js";
import { ACK_WITHIN, Outbox } from "../../static/js/live/outbox.js";

/** A socket whose other end is the test. */
class WireSocket extends EventTarget {
    static opened = [];

    constructor(url) {
        super();
        this.url = url;
        this.readyState = 1;
        this.sent = [];
        WireSocket.opened.push(this);
    }

    static get last() {
        return WireSocket.opened.at(-1);
    }

    send(text) {
        this.sent.push(JSON.parse(text));
    }

    close() {
        this.readyState = 3;
    }

    says(frame) {
        this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
    }

    breaks(code = 1006) {
        this.readyState = 3;
        this.dispatchEvent(Object.assign(new Event("close"), { code }));
    }

    types() {
        return this.sent.map((frame) => frame.type);
    }
}

beforeEach((context) => {
    WireSocket.opened = [];
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
    context.after?.(() => mock.timers.reset());
});

const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

async function line(options = {}) {
    const live = new Live({ address: ({ after }) => `ws://x/ws/chat?after=${after}`, Socket: WireSocket, random: () => 0.5, ...options });
    live.start();
    await settle();
    return live;
}

async function welcomed(options = {}) {
    const live = await line(options);
    WireSocket.last.says({ type: "welcome", seq: 0, state: "bot" });
    return live;
}

const said = (seq, extra = {}) => ({ type: "message", seq, text: `message ${seq}`, author: { kind: "bot", name: "" }, ...extra });

test("waiting doubles, is capped, and keeps at least half of itself", () => {
    assert.deepEqual([0, 1, 2, 20].map((n) => backoff(n, { random: () => 1 })), [400, 800, 1600, 12_000]);
    assert.equal(backoff(3, { random: () => 0 }), 1600);
});

test("a ledger hands on in order, once, and holds what came too early", () => {
    const ledger = new Ledger(2);
    assert.deepEqual(ledger.take(2, "old"), []);
    assert.deepEqual(ledger.take(5, "five"), []);
    assert.deepEqual(ledger.take(4, "four"), []);
    assert.equal(ledger.hasGap, true);
    assert.deepEqual(ledger.take(3, "three"), ["three", "four", "five"]);
    assert.deepEqual(ledger.take(4, "four again"), []);
    assert.equal(ledger.at, 5);
});

test("an acknowledged number fills a gap and shows nothing", () => {
    const ledger = new Ledger(0);
    assert.deepEqual(ledger.take(2, "two"), []);
    assert.deepEqual(ledger.note(1), ["two"]);
});

test("a frame is worth more than the note of its number", () => {
    const ledger = new Ledger(0);
    ledger.note(2);
    ledger.take(2, "two");
    assert.deepEqual(ledger.take(1, "one"), ["one", "two"]);
});

test("an outbox keeps words until they are acknowledged, over a reload too", () => {
    let kept = [];
    const store = { load: () => kept, save: (frames) => (kept = frames) };
    const outbox = new Outbox(store);
    outbox.add({ id: "a", text: "one" });
    outbox.add({ id: "b", text: "two" });
    outbox.remove("a");
    const reloaded = new Outbox(store);
    assert.deepEqual(reloaded.due(0), [{ id: "b", text: "two" }]);
    assert.deepEqual(reloaded.due(ACK_WITHIN - 1), []);
    assert.deepEqual(reloaded.due(ACK_WITHIN), [{ id: "b", text: "two" }]);
    assert.equal(reloaded.remove("unknown"), null);
});

test("words said before the line is open go out after the welcome, in order", async () => {
    const live = await line();
    live.say({ type: "message", id: "a", text: "one" });
    live.say({ type: "message", id: "b", text: "two" });
    assert.deepEqual(WireSocket.last.sent, []);
    WireSocket.last.says({ type: "welcome", seq: 0 });
    assert.deepEqual(WireSocket.last.sent.map((frame) => frame.id), ["a", "b"]);
});

test("after a break the unacknowledged is sent again with the same id, and only that", async () => {
    const live = await welcomed();
    live.say({ type: "message", id: "a", text: "one" });
    live.say({ type: "message", id: "b", text: "two" });
    WireSocket.last.says({ type: "ack", id: "a", seq: 1 });
    WireSocket.last.breaks();
    assert.equal(live.status, "waiting");
    mock.timers.tick(1_000);
    await settle();
    assert.equal(WireSocket.last.url, "ws://x/ws/chat?after=1");
    WireSocket.last.says({ type: "welcome", seq: 1 });
    assert.deepEqual(WireSocket.last.sent.map((frame) => frame.id), ["b"]);
});

test("a lost acknowledgement is asked for by sending again", async () => {
    const live = await welcomed();
    live.say({ type: "message", id: "a", text: "one" });
    for (let second = 0; second < ACK_WITHIN * 1.5; second += 1_000) {
        mock.timers.tick(1_000);
        WireSocket.last.says({ type: "pong", seq: 0 }); // only the acknowledgement got lost
    }
    assert.deepEqual(WireSocket.last.types().filter((type) => type === "message"), ["message", "message"]);
});

test("words that nobody acknowledges on a dead line are known to wait within ten seconds", async () => {
    const live = await welcomed();
    live.say({ type: "message", id: "a", text: "one" });
    mock.timers.tick(4_000);
    assert.equal(live.status, "online");
    mock.timers.tick(6_500);
    assert.equal(live.status, "waiting");
    assert.equal(live.outbox.size, 1);
});

test("messages are heard in order although they arrive out of it, and a sync is asked for", async () => {
    const live = await welcomed();
    const heard = [];
    live.on("message", (frame) => heard.push(frame.seq));
    WireSocket.last.says(said(1));
    WireSocket.last.says(said(3));
    assert.deepEqual(heard, [1]);
    assert.deepEqual(WireSocket.last.sent, [{ type: "sync", after: 1 }]);
    WireSocket.last.says(said(2));
    WireSocket.last.says(said(3));
    assert.deepEqual(heard, [1, 2, 3]);
});

test("a gap that nobody can fill does not silence the line for ever", async () => {
    const live = await welcomed();
    const heard = [];
    live.on("message", (frame) => heard.push(frame.seq));
    WireSocket.last.says(said(5));
    for (let round = 0; round < 3; round += 1) mock.timers.tick(SYNC_WITHIN);
    assert.deepEqual(heard, [5]);
    assert.deepEqual(WireSocket.last.types(), ["sync", "sync", "sync"]);
});

test("a pong that knows more than we do asks for a sync", async () => {
    await welcomed();
    mock.timers.tick(PING_EVERY);
    assert.deepEqual(WireSocket.last.types(), ["ping"]);
    WireSocket.last.says({ type: "pong", seq: 4 });
    assert.deepEqual(WireSocket.last.sent.at(-1), { type: "sync", after: 0 });
});

test("silence after a ping ends the line and begins a new one", async () => {
    const live = await welcomed();
    mock.timers.tick(PING_EVERY);
    mock.timers.tick(SILENCE_ALLOWED + 1);
    assert.equal(live.status, "waiting");
    mock.timers.tick(12_000);
    await settle();
    assert.equal(WireSocket.opened.length, 2);
});

test("an expired token stops the line and says so; starting again is the owner's choice", async () => {
    const live = await welcomed();
    const heard = [];
    live.on("status", ({ status }) => heard.push(status));
    WireSocket.last.breaks(4401);
    mock.timers.tick(60_000);
    await settle();
    assert.deepEqual(heard, ["expired"]);
    live.start();
    await settle();
    assert.equal(WireSocket.opened.length, 2);
});

test("too quick: the same words go again after the wait; refused: they are given back", async () => {
    const live = await welcomed();
    const refused = [];
    live.on("refused", ({ frame, error }) => refused.push([frame.text, error.code]));
    live.say({ type: "message", id: "a", text: "one" });
    WireSocket.last.says({ type: "error", code: "rate_limited", id: "a", retry_after: 2 });
    live.say({ type: "message", id: "b", text: "two" });
    assert.deepEqual(WireSocket.last.sent.map((frame) => frame.id), ["a"]);
    mock.timers.tick(2_010);
    assert.deepEqual(WireSocket.last.sent.map((frame) => frame.id), ["a", "a", "b"]);
    WireSocket.last.says({ type: "error", code: "closed", id: "b" });
    assert.deepEqual(refused, [["two", "closed"]]);
    assert.equal(live.outbox.size, 1);
});

test("a wish without an acknowledgement waits for the line, and is repeated when the server stumbled", async () => {
    const live = await line();
    live.ask({ type: "human" });
    WireSocket.last.says({ type: "welcome", seq: 0 });
    const [wish] = WireSocket.last.sent;
    assert.equal(wish.type, "human");
    WireSocket.last.says({ type: "error", code: "internal", id: wish.id });
    mock.timers.tick(2_000);
    assert.deepEqual(WireSocket.last.sent, [wish, wish]);
});

test("typing on a dead line is forgotten", async () => {
    const live = await line();
    assert.equal(live.tell({ type: "typing", on: true }), false);
    WireSocket.last.says({ type: "welcome", seq: 0 });
    assert.deepEqual(WireSocket.last.sent, []);
});

test("an address that cannot be had is asked for again; null stops", async () => {
    const answers = [new Error("no network"), null];
    const live = await line({
        address: async () => {
            const answer = answers.shift();
            if (answer instanceof Error) throw answer;
            return answer;
        },
    });
    await settle();
    assert.equal(live.status, "waiting");
    mock.timers.tick(500);
    await settle();
    assert.equal(live.status, "idle");
});

test("agents: each followed conversation has its own numbers and catches up after a welcome", async () => {
    const live = await line({ scoped: true });
    const heard = [];
    live.on("message", (frame) => heard.push([frame.conversation, frame.offset]));
    live.follow("one", 4);
    live.follow("two", 0);
    WireSocket.last.says({ type: "welcome" });
    assert.deepEqual(WireSocket.last.sent, [
        { type: "sync", conversation: "one", after: 4 },
        { type: "sync", conversation: "two", after: 0 },
    ]);
    WireSocket.last.says({ type: "message", conversation: "one", offset: 5 });
    WireSocket.last.says({ type: "message", conversation: "one", offset: 5 });
    WireSocket.last.says({ type: "message", conversation: "two", offset: 1 });
    WireSocket.last.says({ type: "conversation", conversation: "two", offset: 9 });
    assert.deepEqual(heard, [["one", 5], ["two", 1]]);
    assert.equal(live.after("one"), 5);
    WireSocket.last.says({ type: "pong", conversations: { one: 5, two: 2, unknown: 7 } });
    assert.equal(live.after("two"), 1);
    // Both had been asked for after the welcome already; once those were answered, it asks anew
    mock.timers.tick(SYNC_WITHIN);
    WireSocket.last.says({ type: "pong", conversations: { two: 2 } });
    assert.deepEqual(WireSocket.last.sent.at(-1), { type: "sync", conversation: "two", after: 1 });
});

test("one broken listener does not silence the others", async () => {
    const live = await welcomed();
    const heard = [];
    const noted = mock.method(console, "error", () => {});
    live.on("message", () => {
        throw new Error("broken");
    });
    live.on("message", (frame) => heard.push(frame.seq));
    WireSocket.last.says(said(1));
    assert.deepEqual(heard, [1]);
    assert.equal(noted.mock.callCount(), 1);
});
