// Words begun and not sent, and choices of this browser. Both survive a reload; neither a refusal
// of storage nor broken contents may break the console.

function read(storage, key, otherwise) {
    try {
        return JSON.parse(storage.getItem(key)) ?? otherwise;
    } catch {
        return otherwise;
    }
}

function write(storage, key, value) {
    try {
        if (value === null) storage.removeItem(key);
        else storage.setItem(key, JSON.stringify(value));
    } catch {
        // full or forbidden: kept in memory only
    }
}

/** One draft for each conversation: {reply, note, mode}. */
export class Drafts {
    #kept = new Map();

    constructor(storage) {
        this.storage = storage;
    }

    of(conversation) {
        return this.#kept.get(conversation)
            ?? { reply: "", note: "", mode: "reply", ...read(this.storage, key(conversation), {}) };
    }

    keep(conversation, draft) {
        const empty = !draft.reply && !draft.note;
        this.#kept.set(conversation, { ...draft });
        write(this.storage, key(conversation), empty ? null : draft);
    }

    has(conversation) {
        const { reply, note } = this.of(conversation);
        return Boolean(reply.trim() || note.trim());
    }
}

function key(conversation) {
    return `console.draft.${conversation}`;
}

/** Where the socket client keeps what is not yet acknowledged. */
export function outboxStore(storage) {
    return {
        load: () => read(storage, "console.outbox", []),
        save: (frames) => write(storage, "console.outbox", frames.length > 0 ? frames : null),
    };
}

// A chat is quick: seconds for second thoughts are for who wants them.
const DEFAULTS = { enterSends: true, undo: 0, sound: true, keys: true, help: true };

/** Choices of this person on this browser. */
export class Settings extends EventTarget {
    constructor(storage) {
        super();
        this.storage = storage;
        this.values = { ...DEFAULTS, ...read(storage, "console.settings", {}) };
    }

    get(name) {
        return this.values[name];
    }

    set(name, value) {
        this.values[name] = value;
        write(this.storage, "console.settings", this.values);
        this.dispatchEvent(new CustomEvent("change", { detail: { name, value } }));
    }
}
