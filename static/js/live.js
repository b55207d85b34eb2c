// One socket that keeps its promises, for the customer's widget and the agents' console alike.
//
//   const live = new Live({ address: ({ after }) => `wss://…?after=${after}` });
//   live.on("message", (frame) => …);   // stored messages: each once, in order
//   live.on("status", ({ status }) => …);
//   live.start();
//   live.say({ type: "message", id: crypto.randomUUID(), text });  // kept until acknowledged
//
// Every frame of the server is an event of its `type`, with the frame as the listener's argument.
// Events of our own: `status`, `refused`, `queued`, `frame` (any frame, after the others).

import { backoff } from "./live/backoff.js";
import { Ledger } from "./live/ledger.js";
import { ACK_WITHIN, Outbox } from "./live/outbox.js";

export const PING_EVERY = 20_000;
export const SILENCE_ALLOWED = 10_000; // after a ping, before the line counts as dead
export const SYNC_WITHIN = 3_000;
const SYNC_TRIES = 3;

const LOGGED = new Set(["message", "event", "ack"]);
const PASSING = new Set(["rate_limited", "internal"]); // nothing was stored; the same frame may go again
const REFUSALS_BORNE = 20;
const EXPIRED = 4401;
const REFUSED = 4403;

/**
 * @param address  ({after, attempt}) => url | Promise<url>; asked before each attempt, which counts
 *                 the failures since the last welcome. Null: stay stopped.
 * @param number   frame => its place in the log, or null for frames outside it.
 * @param scoped   true when frames name their `conversation` (agents): one ledger for each that was
 *                 `follow`ed, caught up by `sync` after each welcome. Else one ledger, caught up
 *                 by the address.
 * @param kept     store of the outbox, `{load(): frame[], save(frame[])}`.
 * @param after    the last number already here (customers).
 */
export class Live {
    #listeners = new Map();
    #ledgers = new Map();
    #syncs = new Map();
    #once = [];
    #asked = new Map();
    #timers = {};
    #socket = null;
    #attempt = 0;
    #pausedUntil = 0;
    #heardAt = 0;
    #pingedAt = 0;
    #wanted = false;
    #welcomed = false;

    constructor({
        address,
        number,
        scoped = false,
        kept = null,
        after = 0,
        Socket = globalThis.WebSocket,
        random = Math.random,
    }) {
        this.address = address;
        this.scoped = scoped;
        this.number = number ?? (scoped ? numberedByOffset : numberedBySeq);
        this.Socket = Socket;
        this.random = random;
        this.outbox = new Outbox(kept);
        this.status = "idle";
        if (!scoped) this.#ledgers.set("", new Ledger(after));
    }

    // -- listening

    /** Returns a function that stops listening. */
    on(type, listener) {
        if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
        this.#listeners.get(type).add(listener);
        return () => this.#listeners.get(type).delete(listener);
    }

    #emit(type, value) {
        for (const listener of [...(this.#listeners.get(type) ?? [])]) {
            try {
                listener(value);
            } catch (error) {
                // one broken listener must not stop the others, nor the line
                console.error(error);
            }
        }
    }

    // -- what we have

    /** The last number seen, in order, of a conversation. */
    after(conversation = "") {
        return this.#ledgers.get(conversation)?.at ?? 0;
    }

    /** Keep this conversation complete from now on (agents). */
    follow(conversation, after = 0) {
        const ledger = this.#ledgers.get(conversation);
        if (!ledger || ledger.at < after) this.#ledgers.set(conversation, new Ledger(after));
    }

    unfollow(conversation) {
        this.#ledgers.delete(conversation);
        this.#settleSync(conversation);
    }

    follows(conversation) {
        return this.#ledgers.has(conversation);
    }

    /** Another conversation begins (a new session): numbers start again. */
    restart(after = 0) {
        this.#ledgers.set("", new Ledger(after));
        this.#settleSync("");
    }

    // -- the line

    start() {
        if (this.#wanted && this.#socket) return;
        this.#wanted = true;
        this.#attempt = 0;
        this.#connect();
    }

    stop() {
        this.#wanted = false;
        this.#drop();
        this.#setStatus("idle");
    }

    /** Try now instead of waiting: the network is back, or the page was opened again. */
    wake() {
        if (!this.#wanted) return;
        if (this.status === "online") this.#ping(SILENCE_ALLOWED / 2);
        else if (this.status === "waiting") {
            this.#attempt = 0;
            this.#connect();
        }
    }

    async #connect() {
        clearTimeout(this.#timers.retry);
        this.#drop();
        this.#setStatus("connecting");
        const attempt = (this.#timers.attempt = Symbol("attempt"));
        let url = null;
        try {
            url = await this.address({ after: this.after(), attempt: this.#attempt });
        } catch {
            if (this.#timers.attempt === attempt) this.#again();
            return;
        }
        if (this.#timers.attempt !== attempt || !this.#wanted) return;
        if (url === null) {
            this.stop();
            return;
        }
        this.#open(url);
    }

    #open(url) {
        const socket = new this.Socket(url);
        this.#socket = socket;
        const ours = (then) => (event) => {
            if (this.#socket === socket) then(event);
        };
        socket.addEventListener("message", ours((event) => this.#receive(event.data)));
        socket.addEventListener("close", ours((event) => this.#closed(event.code)));
        // A handshake that hangs is as dead as one that fails
        this.#timers.silence = setTimeout(() => this.#closed(0), SILENCE_ALLOWED);
    }

    #closed(code) {
        this.#drop();
        if (!this.#wanted) return;
        if (code === EXPIRED || code === REFUSED) {
            this.#wanted = false;
            this.#setStatus(code === EXPIRED ? "expired" : "refused");
            return;
        }
        this.#again();
    }

    #again() {
        const wait = backoff(this.#attempt, { random: this.random });
        this.#attempt += 1;
        this.#setStatus("waiting", wait);
        this.#timers.retry = setTimeout(() => this.#connect(), wait);
    }

    #drop() {
        this.#timers.attempt = null;
        for (const name of ["retry", "silence", "flush"]) clearTimeout(this.#timers[name]);
        clearInterval(this.#timers.ping);
        clearInterval(this.#timers.acks);
        for (const key of [...this.#syncs.keys()]) this.#settleSync(key);
        this.outbox.forgetSending();
        this.#welcomed = false;
        const socket = this.#socket;
        this.#socket = null;
        if (socket && socket.readyState <= 1) socket.close();
    }

    #setStatus(status, wait = 0) {
        if (this.status === status && status !== "waiting") return;
        this.status = status;
        this.#emit("status", { status, wait, attempt: this.#attempt });
    }

    #ping(patience = SILENCE_ALLOWED) {
        const askedAt = Date.now();
        if (!this.tell({ type: "ping" })) return;
        this.#pingedAt = askedAt;
        clearTimeout(this.#timers.silence);
        this.#timers.silence = setTimeout(() => {
            if (this.#heardAt < askedAt) this.#closed(0);
        }, patience);
    }

    // -- receiving

    #receive(data) {
        let frame;
        try {
            frame = JSON.parse(data);
        } catch {
            return; // not ours
        }
        if (frame === null || typeof frame !== "object") return;
        this.#heardAt = Date.now();
        if (frame.type === "welcome") this.#welcome();
        else if (frame.type === "ack") this.#acknowledged(frame);
        else if (frame.type === "error") this.#failed(frame);
        else if (frame.type === "pong") this.#compare(frame);
        this.#sort(frame);
    }

    #sort(frame) {
        const number = frame.type === "ack" ? null : this.number(frame);
        const key = this.#key(frame);
        const ledger = this.#ledgers.get(key);
        if (number === null || number === undefined || !ledger) {
            this.#hand(frame);
            return;
        }
        this.#settle(key, ledger, ledger.take(number, frame));
    }

    #settle(key, ledger, ready) {
        for (const frame of ready) this.#hand(frame);
        if (ledger.hasGap) this.#sync(key);
        else this.#settleSync(key);
    }

    #hand(frame) {
        this.#emit(frame.type, frame);
        this.#emit("frame", frame);
    }

    #key(frame) {
        return this.scoped ? (frame.conversation ?? "") : "";
    }

    #welcome() {
        clearTimeout(this.#timers.silence);
        this.#attempt = 0;
        this.#welcomed = true;
        this.#timers.ping = setInterval(() => this.#ping(), PING_EVERY);
        this.#timers.acks = setInterval(() => this.#look(), ACK_WITHIN / 4);
        this.#setStatus("online");
        if (this.scoped) for (const key of this.#ledgers.keys()) this.#sync(key);
        for (const frame of this.#once.splice(0)) this.ask(frame);
        this.#flush();
    }

    #acknowledged(frame) {
        const said = this.outbox.remove(frame.id);
        if (said) frame.said = said;
        const key = this.scoped ? (frame.conversation ?? said?.conversation ?? "") : "";
        const number = this.number(frame);
        const ledger = this.#ledgers.get(key);
        if (ledger && number !== null && number !== undefined) {
            this.#settle(key, ledger, ledger.note(number));
        }
    }

    #failed(frame) {
        if (this.#asked.has(frame.id)) this.#askAgain(frame);
        if (!frame.id || !this.outbox.has(frame.id)) return;
        if (PASSING.has(frame.code) && this.outbox.postpone(frame.id) < REFUSALS_BORNE) {
            const wait = Math.max(0.5, Number(frame.retry_after) || 1.5) * 1000;
            this.#pausedUntil = Date.now() + wait;
            clearTimeout(this.#timers.flush);
            this.#timers.flush = setTimeout(() => this.#flush(), wait + 5);
            return;
        }
        this.#emit("refused", { frame: this.outbox.remove(frame.id), error: frame });
    }

    #askAgain(error) {
        const frame = this.#asked.get(error.id);
        this.#asked.delete(error.id);
        if (PASSING.has(error.code)) setTimeout(() => this.ask(frame), 2_000);
        else this.#emit("refused", { frame, error });
    }

    #compare(frame) {
        const newest = this.scoped ? Object.entries(frame.conversations ?? {}) : [["", frame.seq]];
        for (const [key, number] of newest) {
            const ledger = this.#ledgers.get(key);
            if (ledger && number > ledger.at) this.#sync(key);
        }
    }

    /** Ask again for everything after what we have, a few times; then go on without. */
    #sync(key) {
        if (this.#syncs.has(key) || !this.#welcomed) return;
        const ask = (tries) => {
            const ledger = this.#ledgers.get(key);
            if (!ledger) return;
            if (tries === SYNC_TRIES) {
                this.#syncs.delete(key);
                this.#settle(key, ledger, ledger.giveUp());
                return;
            }
            const about = this.scoped ? { conversation: key } : {};
            this.tell({ type: "sync", ...about, after: ledger.at });
            this.#syncs.set(key, setTimeout(() => again(tries), SYNC_WITHIN));
        };
        const again = (tries) => {
            if (this.#ledgers.get(key)?.hasGap) ask(tries + 1);
            else this.#settleSync(key);
        };
        ask(0);
    }

    #settleSync(key) {
        clearTimeout(this.#syncs.get(key));
        this.#syncs.delete(key);
    }

    // -- sending

    /** Send something that must arrive: kept until acknowledged or refused. Needs an `id`. */
    say(frame) {
        this.outbox.add(frame);
        this.#emit("queued", frame);
        this.#flush();
    }

    /**
     * Send something that must arrive, as soon as the line is open, and that no `ack` answers.
     * An error that passes sends it again; any other one is told as `refused`.
     */
    ask(frame) {
        const named = frame.id ? frame : { ...frame, id: crypto.randomUUID() };
        if (!this.tell(named)) {
            this.#once.push(named);
            return;
        }
        this.#asked.set(named.id, named);
        if (this.#asked.size > 20) this.#asked.delete(this.#asked.keys().next().value);
    }

    /** Send something that is worthless later (typing, a receipt). False when the line is down. */
    tell(frame) {
        if (!this.#socket || this.#socket.readyState !== 1 || !this.#welcomed) return false;
        this.#socket.send(JSON.stringify(frame));
        return true;
    }

    /** Words that nobody acknowledges: is anybody there? Whoever wrote them should not wait long to know. */
    #look() {
        this.#flush();
        if (this.#pingedAt <= this.#heardAt && this.outbox.isLate(Date.now())) this.#ping(SILENCE_ALLOWED / 2);
    }

    #flush() {
        if (!this.#welcomed || Date.now() < this.#pausedUntil) return;
        for (const frame of this.outbox.due(Date.now())) this.tell(frame);
    }
}

/** Customers: what they may see is numbered by `seq`; only stored messages have one. */
export function numberedBySeq(frame) {
    return frame.type === "message" || frame.type === "ack" ? (frame.seq ?? null) : null;
}

/** Agents: messages and events are the log, numbered by `offset`; a card only mentions one. */
export function numberedByOffset(frame) {
    return LOGGED.has(frame.type) ? (frame.offset ?? null) : null;
}

/** Look after the line when the browser says that something about it has changed. */
export function wakeWithPage(live, page = globalThis) {
    for (const change of ["online", "offline"]) page.addEventListener(change, () => live.wake());
    page.addEventListener("pageshow", () => live.wake());
    page.document.addEventListener("visibilitychange", () => {
        if (page.document.visibilityState === "visible") live.wake();
    });
}
