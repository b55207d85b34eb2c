// The desk: what is open, and what is said there. Views draw from it and call it.

import { Choices } from "./choices.js";
import { Moves } from "./moves.js";
import { Transcript } from "./transcript.js";

const LOADED_AT_FIRST = 150; // lines of the log; older ones come when somebody scrolls up
const REMEMBERED = 25; // transcripts kept for going back at once

export class Desk extends Moves {
    #stored = new Map(); // id of a message → who waits for its fate
    openId = null;
    choices = new Choices();
    detail = null; // of the open conversation, once asked
    detailError = null;
    transcripts = new Map();

    constructor({ store, live, api, drafts, settings, toasts }) {
        super();
        Object.assign(this, { store, live, api, drafts, settings, toasts });
        store.addEventListener("lost", ({ detail }) => this.lost(detail.card));
    }

    get card() {
        return this.store.cards.get(this.openId) ?? null;
    }

    get transcript() {
        return this.transcripts.get(this.openId) ?? null;
    }

    get isMine() {
        return Boolean(this.card && this.store.isMine(this.card));
    }

    tell(type, detail = {}) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    show(view, filters = {}) {
        this.tell("view", { view, filters });
    }

    // -- opening

    /** `line`: the offset of a line to come to. */
    open(id, { focus = false, line = null } = {}) {
        if (id === this.openId) {
            if (id) this.tell("opened", { focus, line, again: true });
            return;
        }
        if (this.openId) this.#leaveLog();
        this.openId = id;
        this.detail = null;
        this.detailError = null;
        if (id) {
            const after = this.#transcriptOf(id).complete;
            this.live.follow(id, after); // after each reconnection the line asks for the rest itself
            this.live.tell({ type: "open", conversation: id, after });
            this.loadDetail();
        }
        this.tell("opened", { focus, line });
    }

    #leaveLog() {
        if (this.transcript) this.transcript.complete = this.live.after(this.openId);
        this.live.unfollow(this.openId);
        this.live.tell({ type: "close", conversation: this.openId });
    }

    #transcriptOf(id) {
        let transcript = this.transcripts.get(id);
        if (!transcript) {
            transcript = new Transcript(id);
            transcript.floor = transcript.complete = this.#start(id);
            for (const frame of this.live.outbox.all()) if (frame.conversation === id) transcript.send(frame, Date.now());
        }
        this.transcripts.delete(id); // the newest stands last
        this.transcripts.set(id, transcript);
        if (this.transcripts.size > REMEMBERED) this.transcripts.delete(this.transcripts.keys().next().value);
        return transcript;
    }

    #start(id) {
        return Math.max(0, (this.store.cards.get(id)?.offset ?? 0) - LOADED_AT_FIRST);
    }

    /** The lines before those that are here. True when something came. */
    async loadEarlier() {
        const { transcript, openId } = this;
        if (!transcript || transcript.floor === 0) return false;
        const floor = Math.max(0, transcript.floor - LOADED_AT_FIRST);
        const page = await this.api.get(`conversations/${openId}/log/`, { after: floor });
        for (const frame of page.results) if (frame.offset <= transcript.floor) transcript.take(frame);
        transcript.floor = floor;
        return true;
    }

    async loadDetail() {
        const id = this.openId;
        if (id === null) return; // who asked has gone back to the lists meanwhile
        try {
            const detail = await this.api.get(`conversations/${id}/`);
            if (id !== this.openId) return;
            this.detail = { ...detail, customer: { ...detail.customer, ...detail.details } };
            this.detailError = null;
            if (detail.customer_read_seq && this.transcript) this.transcript.readTo = Math.max(this.transcript.readTo, detail.customer_read_seq);
            this.store.card({ ...this.card, ...cardOf(detail) });
        } catch (error) {
            if (id !== this.openId) return;
            this.detailError = error;
        }
        this.tell("detail");
    }

    async change(fields) {
        const id = this.openId;
        const before = this.card;
        this.store.card({ ...before, ...fields });
        this.tell("detail");
        try {
            const card = await this.api.patch(`conversations/${id}/`, fields);
            if (card?.state) this.store.card(cardOf(card));
        } catch (error) {
            this.store.card({ ...this.store.cards.get(id), ...Object.fromEntries(Object.keys(fields).map((key) => [key, before[key]])) });
            this.toasts.say(`Not changed: ${error.message}`, { bad: true });
            this.tell("detail");
        }
    }

    presence(status, reason = "") {
        this.live.ask({ type: "presence", status, reason });
        this.store.presenceOf({ agent: { id: this.store.me.id, name: this.store.me.name }, status, reason, since: new Date().toISOString() });
    }

    // -- words

    /** `files`: what the upload door answered. Resolves to true once it is stored, false if refused. */
    say({ text, note, files = [], override = "", id = crypto.randomUUID(), conversation = this.openId }) {
        const frame = {
            type: "message",
            conversation,
            id,
            text,
            attachments: files.map((file) => file.id),
            note,
            ...(override && { override }),
        };
        this.transcripts.get(conversation)?.send({ ...frame, shown: files }, Date.now());
        this.live.say(frame);
        if (conversation === this.openId) this.tell("sent");
        return new Promise((resolve) => this.#stored.set(frame.id, resolve));
    }

    acknowledged(ack) {
        const id = ack.conversation ?? ack.said?.conversation;
        const me = { kind: "agent", name: this.store.me?.name ?? "" };
        const message = this.transcripts.get(id)?.acknowledge(ack, me);
        if (message) this.store.message(message);
        this.#settle(ack.id, true);
        if (id === this.openId) this.tell("log");
    }

    refused({ frame, error }) {
        if (frame.type !== "message") {
            this.toasts.say(error.detail || "That was refused.", { bad: true });
            return;
        }
        this.transcripts.get(frame.conversation)?.refuse(frame.id, error);
        this.#settle(frame.id, false);
        if (frame.conversation === this.openId) this.tell("log");
        else this.toasts.say(`A message was not sent: ${error.detail}`, { bad: true });
    }

    #settle(id, stored) {
        this.#stored.get(id)?.(stored);
        this.#stored.delete(id);
    }

    /** Words that were refused: the same id goes again, so nothing can be doubled. */
    retry(id) {
        const frame = this.transcript.forget(id);
        if (!frame) return;
        const { shown, ...clean } = frame;
        this.transcript.send(frame, Date.now());
        this.live.say(clean);
        this.tell("sent");
    }

    discard(id) {
        const frame = this.transcript.forget(id);
        this.tell("log");
        return frame;
    }

    /** What stands on the screen is read; the server is told each seq once. */
    read() {
        const { transcript, openId } = this;
        if (!transcript || !this.isMine || transcript.lastSeq === 0) return;
        const seq = transcript.lastSeq;
        if (seq > transcript.seenTo && !this.live.tell({ type: "read", conversation: openId, seq })) return;
        transcript.seenTo = seq;
        this.store.seen(openId, seq);
    }
}

const CARD = [
    "conversation", "state", "inbox", "assignee", "queue", "language", "priority", "labels", "sentiment",
    "last_message", "last_message_at", "waiting_since", "queued_at", "snoozed_until", "opened_at",
    "resolved_at", "seq", "offset", "unread", "customer", "stage", "wrap_up_until", "disposition", "muted",
];

/** The part of a detail that lists need. */
function cardOf(detail) {
    return Object.fromEntries(CARD.filter((key) => key in detail).map((key) => [key, detail[key]]));
}
