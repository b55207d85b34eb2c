// What the console knows: cards, offers, queues, people. Frames go in, lists come out, and a
// "change" event says so. Pure: no page, no clock.

import { customerName } from "./people.js";

export class Store extends EventTarget {
    me = null;
    presence = { status: "offline", reason: "", since: null };
    cards = new Map();
    offers = new Map();
    queues = new Map();
    agents = new Map();
    teams = [];
    ready = false;

    #changed() {
        this.dispatchEvent(new Event("change"));
    }

    // -- frames in

    /** The first frame after each connection: it replaces what we believed. */
    welcome(frame) {
        this.me = frame.agent;
        this.presence = frame.presence ?? this.presence;
        const told = [...(frame.conversations ?? []), ...(frame.waiting ?? [])];
        const still = new Set(told.map((card) => card.conversation));
        for (const [id, card] of this.cards) {
            if (!still.has(id) && (this.holds(card) || card.state === "queued")) this.#retire(id, card);
        }
        for (const card of told) this.cards.set(card.conversation, card);
        this.offers = new Map((frame.offers ?? []).map((offer) => [offer.conversation, offer]));
        this.queues = new Map((frame.queues ?? []).map((entry) => [(entry.queue ?? entry).id, flatQueue(entry)]));
        this.agents = new Map((frame.agents ?? []).map((agent) => [agent.id, agent]));
        this.teams = frame.teams ?? [];
        this.ready = true;
        this.#changed();
    }

    /** It is not mine and does not wait any more; what it is instead, its next card says. */
    #retire(id, card) {
        this.cards.set(id, { ...card, state: "unknown", assignee: null });
    }

    /** "lost" tells of one that was mine and is not any more, whoever did it. */
    card(card) {
        const before = this.cards.get(card.conversation);
        if (!this.learn(card)) return;
        this.#changed();
        if (before && this.isMine(before) && !this.holds(card)) this.dispatchEvent(new CustomEvent("lost", { detail: { card } }));
    }

    /** As `card`, but nobody is told: for a page of them. */
    learn(card) {
        const known = this.cards.get(card.conversation);
        // A card on a slower way than its successor must not win
        if (known && known.offset > card.offset) return false;
        const said = known?.last_message;
        const same = said?.name && said.text === card.last_message?.text && said.author === card.last_message.author;
        this.cards.set(card.conversation, same ? { ...card, last_message: said } : card);
        return true;
    }

    /** Something was said: the row shows it before the next card does. */
    message(frame) {
        const card = this.cards.get(frame.conversation);
        if (!card || frame.offset <= card.offset) return;
        const changed = { ...card, offset: frame.offset };
        if (!frame.note) {
            changed.seq = frame.seq ?? card.seq;
            // What everybody who waits was told says nothing of this one
            if (frame.author.kind !== "system") changed.last_message = { text: frame.text, author: frame.author.kind, name: frame.author.name };
            changed.last_message_at = frame.created_at;
            if (frame.author.kind === "customer") {
                changed.unread = (card.unread ?? 0) + 1;
                changed.waiting_since = card.waiting_since ?? frame.created_at;
            } else if (frame.author.kind === "agent") changed.waiting_since = null;
        }
        this.cards.set(frame.conversation, changed);
        this.#changed();
    }

    /** Everything up to here has been seen by me. */
    seen(conversation, seq) {
        const card = this.cards.get(conversation);
        const unread = card ? Math.max(0, card.seq - seq) : 0;
        if (!card || card.unread <= unread) return;
        this.cards.set(conversation, { ...card, unread });
        this.#changed();
    }

    offer(offer) {
        this.offers.set(offer.conversation, offer);
        this.#changed();
    }

    offerGone(conversation) {
        if (this.offers.delete(conversation)) this.#changed();
    }

    queue(frame) {
        const flat = flatQueue(frame);
        this.queues.set(flat.id, { ...this.queues.get(flat.id), ...flat });
        this.#changed();
    }

    presenceOf({ agent, status, reason = "", since = null, set_by: setBy = null }) {
        if (agent.id === this.me?.id) this.presence = { status, reason, since, set_by: setBy };
        this.agents.set(agent.id, { ...this.agents.get(agent.id), ...agent, status });
        this.#changed();
    }

    // -- lists out

    isMine(card) {
        return Boolean(this.me && card.assignee?.id === this.me.id && card.state !== "resolved");
    }

    /** Mine, or over and still for me to write up. */
    holds(card) {
        return this.isMine(card) || this.isWritingUp(card);
    }

    isWritingUp(card) {
        return card.stage === "wrap_up" && Boolean(this.me) && card.assignee?.id === this.me.id;
    }

    /** Who waits for my answer, the longest first; then the rest, the newest first; snoozed last. */
    mine() {
        return [...this.cards.values()].filter((card) => this.holds(card)).sort(byMyTurn);
    }

    /** Who waits for anybody: urgent first, then in the order they came. Not what I am offered. */
    waiting() {
        return [...this.cards.values()]
            .filter((card) => card.state === "queued" && !this.offers.has(card.conversation))
            .sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || compare(a.queued_at, b.queued_at));
    }

    offered() {
        return [...this.offers.values()].sort((a, b) => compare(a.expires_at, b.expires_at));
    }

    /** How many wait in all my queues, also those whose cards were not sent. */
    waitingCount() {
        const counted = [...this.queues.values()].reduce((sum, queue) => sum + (queue.waiting ?? 0), 0);
        return Math.max(counted, this.waiting().length);
    }

    load() {
        return this.mine().filter((card) => card.state === "assigned").length;
    }

    unread() {
        return this.mine().filter((card) => card.unread > 0).length;
    }

    nameOf(id) {
        if (id && id === this.me?.id) return this.me.name;
        const team = this.teams.find((one) => one.id === id);
        return this.agents.get(id)?.name ?? this.queues.get(id)?.name ?? team?.name ?? null;
    }

    may(permission) {
        const held = this.me?.permissions ?? [];
        return held.includes(permission) || held.includes(`conversations.${permission}`);
    }
}

/** `queue` frames name their queue in an object, `welcome` lists either form. */
function flatQueue(entry) {
    const { type, queue, ...numbers } = entry;
    return queue ? { ...queue, ...numbers } : numbers;
}

function compare(a, b) {
    return (a ?? "9") < (b ?? "9") ? -1 : (a ?? "9") > (b ?? "9") ? 1 : 0;
}

function byMyTurn(a, b) {
    const asleep = (a.state === "snoozed") - (b.state === "snoozed");
    if (asleep) return asleep;
    if (a.waiting_since || b.waiting_since) return compare(a.waiting_since, b.waiting_since);
    return compare(b.last_message_at, a.last_message_at);
}

/** The line below a name: who said it, and what. A card does not say which agent; a message did. */
export function lastLine(card, { mine = false, me = null } = {}) {
    const { text = "", author = "", name = "" } = card.last_message ?? {};
    const agent = (name ? name === me?.name : mine) ? "You: " : `${name || "Agent"}: `;
    const who = { bot: "Bot: ", agent }[author] ?? "";
    return { who, text: text || (author ? "Sent a file" : "Nothing said yet") };
}

export function cardName(card) {
    return customerName(card.customer);
}
