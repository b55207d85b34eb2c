// What asked for my attention: kept by the server, newest first, with how I want to be told of what.

import { customerName } from "./people.js";

/** The kinds of notification, in words. */
export const KINDS = [
    ["offer", "I am offered a conversation"],
    ["assigned", "I am given a conversation"],
    ["transferred", "A conversation is passed on to me"],
    ["new_message", "My customer writes"],
    ["mention", "Somebody mentions me"],
    ["participating", "News where I take part"],
    ["reopened", "One of mine is open again"],
    ["sla", "A promise is about to be broken"],
    ["mood", "A customer sounds unhappy where I supervise"],
];

const TITLES = {
    offer: () => "Offered to you",
    assigned: () => "Given to you",
    transferred: ({ by }) => (by ? `${by} passed it on to you` : "Passed on to you"),
    new_message: ({ count }) => (count > 1 ? `${count} new messages` : "New message"),
    mention: ({ by, whisper }) => `${by || "Somebody"} ${whisper ? "whispers to" : "mentions"} you`,
    participating: ({ by, count }) => (by ? `${by} wrote a note` : count > 1 ? `${count} pieces of news` : "News where you take part"),
    reopened: () => "Open again",
    mood: ({ chance, queue }) => `Sounds unhappy${chance ? ` (${Math.round(chance * 100)} %)` : ""}${queue ? ` in ${queue}` : ""}`,
    sla: ({ stage, count = 1, queue }) => promise(stage === "late", count, queue),
};

function promise(late, count, queue) {
    const what = count > 1 ? `${count} answers are` : "An answer is";
    return `${what} ${late ? "late" : "due soon"}${queue ? ` in ${queue}` : ""}`;
}

/** {title, name, text} of a notification. Pure. */
export function words({ kind, customer, preview, data = {} }) {
    const title = TITLES[kind]?.(data ?? {}) ?? kind.replaceAll("_", " ");
    return { title, name: customerName({ name: customer }), text: data?.text || preview || "" };
}

/**
 * How to tell of it now: {sound, desktop}. Nobody is called back to what they are looking at, and an
 * offer has rung already when it came. Pure.
 */
export function telling(frame, { looking, openId, unread = true }) {
    const there = looking && frame.conversation === openId;
    return {
        sound: Boolean(frame.sound) && frame.kind !== "offer" && !there && unread,
        desktop: Boolean(frame.desktop) && !looking,
    };
}

export class Notices extends EventTarget {
    list = [];
    unread = 0;
    next = null;
    rules = new Map(); // kind → {desktop, sound, email}
    email = { possible: false, address: "" }; // whether this house sends any, and where mine goes
    loaded = false;

    constructor(api) {
        super();
        this.api = api;
    }

    #changed() {
        this.dispatchEvent(new Event("change"));
    }

    /** A frame: one that grows replaces what it was. */
    take({ type, desktop, sound, unread, ...one }) {
        this.list = [one, ...this.list.filter((other) => other.id !== one.id)];
        this.unread = unread;
        this.#changed();
    }

    /** Another console of mine has read some; which ones, the list says when it is asked again. */
    readElsewhere({ unread }) {
        if (unread === this.unread) return;
        this.unread = unread;
        if (unread === 0) this.list = this.list.map(seen);
        else this.loaded = false;
        this.#changed();
    }

    async load() {
        const page = await this.api.get("me/notifications/", { limit: 30 });
        Object.assign(this, { list: page.results, next: page.next, unread: page.unread, loaded: true });
        this.#changed();
    }

    async more() {
        if (!this.next) return;
        const page = await this.api.get(this.next);
        const known = new Set(this.list.map((one) => one.id));
        this.list = [...this.list, ...page.results.filter((one) => !known.has(one.id))];
        this.next = page.next;
        this.#changed();
    }

    /** Seen: shown at once, told to the server, undone if that fails. */
    read(ids) {
        const wanted = this.list.filter((one) => ids.includes(one.id) && !one.read_at).map((one) => one.id);
        if (wanted.length === 0) return Promise.resolve();
        return this.#mark((one) => wanted.includes(one.id), wanted.length, () => this.api.post("me/notifications/read/", { ids: wanted }));
    }

    /** Somebody looks at a conversation: what told of it has done its work. A failure waits for the next time. */
    seen(conversation, kind = null) {
        if (!conversation) return;
        const told = this.list.filter((one) => one.conversation === conversation && (!kind || one.kind === kind));
        this.read(told.map((one) => one.id)).catch(() => {});
    }

    readAll() {
        return this.#mark(() => true, this.unread, () => this.api.post("me/notifications/read-all/"));
    }

    async #mark(which, count, tell) {
        const before = { list: this.list, unread: this.unread };
        this.list = this.list.map((one) => (which(one) ? seen(one) : one));
        this.unread = Math.max(0, this.unread - count);
        this.#changed();
        try {
            this.unread = (await tell()).unread;
        } catch (error) {
            Object.assign(this, before);
            throw error;
        } finally {
            this.#changed();
        }
    }

    // -- rules

    async loadRules() {
        const { rules, email } = await this.api.get("me/notification-rules/");
        this.email = email ?? this.email;
        this.rules = new Map(rules.map(({ kind, ...how }) => [kind, how]));
        this.#changed();
    }

    /** One of `desktop`, `sound`, `email`; undone if the server refuses. */
    async setRule(kind, way, on) {
        const before = this.rules.get(kind);
        const how = { ...before, [way]: on };
        this.rules.set(kind, how);
        this.#changed();
        try {
            await this.api.put("me/notification-rules/", { rules: [{ kind, ...how }] });
        } catch (error) {
            this.rules.set(kind, before);
            this.#changed();
            throw error;
        }
    }

    rings(kind) {
        return this.rules.get(kind)?.sound ?? true;
    }
}

function seen(one) {
    return one.read_at ? one : { ...one, read_at: new Date().toISOString() };
}
