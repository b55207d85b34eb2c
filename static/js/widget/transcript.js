// What was said, as the customer sees it: stored messages by number, own words still on their way,
// and the answer that is being written. No page here; the thread draws what `layout` says.

export class Transcript {
    #stored = new Map(); // seq → entry
    #pending = new Map(); // client id → entry
    #drafts = new Map(); // reply_to → entry
    #answered = 0; // the newest message that the bot has answered; what it wrote to older ones is over
    #past = []; // entries of an earlier, expired conversation

    get newest() {
        return Math.max(0, ...this.#stored.keys());
    }

    get isEmpty() {
        return this.list().length === 0;
    }

    get isAnswerOpen() {
        return this.#drafts.size > 0;
    }

    /** The customer said something; it is on its way. */
    pend({ id, text, attachments = [], at, online = true }) {
        this.#pending.set(id, {
            key: id,
            id,
            seq: null,
            author: { kind: "customer", name: "" },
            text,
            attachments,
            citations: [],
            suggestions: [],
            at,
            status: online ? "sending" : "waiting",
        });
    }

    /** The line broke or is back: say so on what is still on its way. */
    markPending(online) {
        for (const entry of this.#pending.values()) {
            if (entry.status !== "failed") entry.status = online ? "sending" : "waiting";
        }
    }

    /** Stored by the server under this number. */
    acknowledge({ id, seq, created_at: createdAt }) {
        const entry = this.#pending.get(id);
        if (!entry) return;
        this.#pending.delete(id);
        if (this.#stored.has(seq)) return; // its echo came first
        this.#store({ ...entry, seq, at: Date.parse(createdAt) || entry.at, status: "stored" });
    }

    /** A stored message from the server, ours included. */
    receive(frame) {
        const own = frame.author?.kind === "customer" ? this.#ownPending(frame) : null;
        if (own) this.#pending.delete(own.id);
        const draft = own ? null : this.#finishDraft(frame);
        const known = this.#stored.get(frame.seq);
        this.#store({
            key: known?.key ?? own?.key ?? draft?.key ?? `seq:${frame.seq}`,
            id: frame.id ?? own?.id ?? null,
            seq: frame.seq,
            author: frame.author ?? { kind: "system", name: "" },
            text: frame.text ?? "",
            attachments: mergeAttachments(frame.attachments, own?.attachments),
            citations: frame.citations ?? [],
            suggestions: frame.suggestions ?? [],
            at: Date.parse(frame.created_at) || 0,
            status: "stored",
        });
    }

    #store(entry) {
        this.#stored.set(entry.seq, entry);
    }

    #ownPending(frame) {
        if (frame.id) return this.#pending.get(frame.id) ?? null;
        for (const entry of this.#pending.values()) {
            if (entry.status === "sending" && entry.text === frame.text) return entry;
        }
        return null;
    }

    /** A piece of an answer. Words for an older question are over once a newer one is being answered. */
    grow({ reply_to: replyTo = null, text, author = null, at }) {
        if (replyTo !== null && (replyTo <= this.#answered || replyTo < Math.max(...this.#drafts.keys()))) return;
        for (const older of this.#drafts.keys()) if (older < replyTo) this.#drafts.delete(older);
        const draft = this.#drafts.get(replyTo);
        if (draft) {
            draft.text += text;
            return;
        }
        this.#drafts.set(replyTo, {
            key: `draft:${replyTo}:${at}`,
            id: null,
            seq: null,
            author: author ?? { kind: "bot", name: "" },
            text,
            attachments: [],
            citations: [],
            suggestions: [],
            at,
            status: "draft",
        });
    }

    #finishDraft(frame) {
        if (frame.author?.kind !== "bot") return null;
        const key = this.#drafts.has(frame.reply_to) ? frame.reply_to : [...this.#drafts.keys()][0];
        const draft = this.#drafts.get(key);
        this.#drafts.delete(key);
        this.#answered = Math.max(this.#answered, frame.reply_to ?? 0);
        for (const older of this.#drafts.keys()) if (older <= this.#answered) this.#drafts.delete(older);
        return draft ?? null;
    }

    /** Nobody is writing any more (a person takes over, or pieces were lost with the line). */
    dropDrafts() {
        this.#drafts.clear();
    }

    fail(id, error) {
        const entry = this.#pending.get(id);
        if (entry) Object.assign(entry, { status: "failed", error });
    }

    /** The words of a refused message, to be sent again under a new name. */
    takeBack(id) {
        const entry = this.#pending.get(id);
        this.#pending.delete(id);
        return entry ?? null;
    }

    /** The server tells all of it again, under other numbers. */
    tellAgain() {
        this.#answered = 0;
        this.#stored.clear();
        this.#drafts.clear();
    }

    /** A new session: what was said stays readable, numbers start again. */
    beginAnew() {
        if (this.#stored.size > 0) {
            this.#past = [...this.#past, ...this.#inOrder(), { divider: true, key: `new:${this.#past.length}` }];
        }
        this.#answered = 0;
        this.#stored.clear();
        this.#drafts.clear();
    }

    #inOrder() {
        return [...this.#stored.keys()].sort((a, b) => a - b).map((seq) => this.#stored.get(seq));
    }

    list() {
        return [...this.#past, ...this.#inOrder(), ...this.#pending.values(), ...this.#drafts.values()];
    }

    /** Messages of others after a number. */
    unreadAfter(seq) {
        return this.#inOrder().filter((entry) => entry.seq > seq && entry.author.kind !== "customer");
    }

    /** Quick replies still on offer: those of the very last message. */
    get suggestions() {
        const last = this.list().at(-1);
        return last && last.status === "stored" && last.author.kind !== "customer" ? last.suggestions : [];
    }

    get lastOwnStored() {
        return this.#inOrder().findLast((entry) => entry.author.kind === "customer") ?? null;
    }

    get isOwnLast() {
        const last = this.list().at(-1);
        return Boolean(last && !last.divider && last.author.kind === "customer");
    }
}

function mergeAttachments(theirs = [], ours = []) {
    const local = new Map(ours.map((file) => [file.id, file]));
    return theirs.map((file) => ({ ...local.get(file.id), ...file }));
}

/**
 * Entries → what to draw: days, and groups of one author within one minute.
 * `dayOf(at)` names the day of a moment.
 */
export function layout(entries, dayOf) {
    const rows = [];
    let day = null;
    let group = null;
    for (const entry of entries) {
        if (entry.divider) {
            rows.push({ kind: "divider", key: entry.key });
            group = null;
            continue;
        }
        if (dayOf(entry.at) !== day) {
            day = dayOf(entry.at);
            rows.push({ kind: "day", key: `day:${day}:${rows.length}`, at: entry.at });
            group = null;
        }
        if (!group || !belongs(group, entry)) {
            group = { kind: "group", key: `group:${entry.key}`, author: entry.author, entries: [] };
            rows.push(group);
        }
        group.entries.push(entry);
    }
    return rows;
}

function belongs(group, entry) {
    const last = group.entries.at(-1);
    return (
        group.author.kind === entry.author.kind &&
        group.author.name === entry.author.name &&
        Math.floor(last.at / 60_000) === Math.floor(entry.at / 60_000)
    );
}

/** The whole talk as plain text, to keep. */
export function asText(entries, { title, nameOf, times }) {
    const lines = [title, ""];
    for (const entry of entries) {
        if (entry.divider) continue;
        lines.push(`[${times.short.format(entry.at)}] ${nameOf(entry.author)}`);
        if (entry.text) lines.push(entry.text);
        for (const file of entry.attachments) lines.push(`  + ${file.name}`);
        entry.citations.forEach((source, at) => lines.push(`  [${at + 1}] ${source.title}`));
        lines.push("");
    }
    return lines.join("\n");
}
