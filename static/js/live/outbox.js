// What was said and is not acknowledged yet.

export const ACK_WITHIN = 10_000; // afterwards the same frame is sent again
const LATE = 3_000;
const KEPT_AT_MOST = 200;

/**
 * Words on their way. A frame stays until its id is acknowledged or refused, over reloads too when
 * a store (`{load, save}`) is given. Sending one twice is harmless: the server knows the id.
 */
export class Outbox {
    constructor(store = null) {
        this.store = store;
        this.frames = new Map();
        for (const frame of store?.load() ?? []) this.frames.set(frame.id, { frame, sentAt: null });
    }

    get size() {
        return this.frames.size;
    }

    has(id) {
        return this.frames.has(id);
    }

    add(frame) {
        if (!frame.id) throw new TypeError("a kept frame needs an id");
        if (this.size >= KEPT_AT_MOST) throw new RangeError("too many messages are waiting");
        if (!this.has(frame.id)) this.frames.set(frame.id, { frame, sentAt: null });
        this.#save();
    }

    /** Acknowledged or given up: forget it. Returns the frame, or null when it was not ours. */
    remove(id) {
        const entry = this.frames.get(id);
        if (!entry) return null;
        this.frames.delete(id);
        this.#save();
        return entry.frame;
    }

    /** Frames to send now, oldest first: never sent, or not acknowledged in time. */
    due(now) {
        const due = [];
        for (const entry of this.frames.values()) {
            if (entry.sentAt !== null && now - entry.sentAt < ACK_WITHIN) continue;
            entry.sentAt = now;
            due.push(entry.frame);
        }
        return due;
    }

    /** Is something under way for so long that the line may be dead? */
    isLate(now) {
        return [...this.frames.values()].some(({ sentAt }) => sentAt !== null && now - sentAt > LATE);
    }

    /** Refused for now: to be sent again. Returns how often that happened. */
    postpone(id) {
        const entry = this.frames.get(id);
        entry.sentAt = null;
        entry.refusals = (entry.refusals ?? 0) + 1;
        return entry.refusals;
    }

    /** The line broke: whatever was under way counts as unsent. */
    forgetSending() {
        for (const entry of this.frames.values()) entry.sentAt = null;
    }

    all() {
        return [...this.frames.values()].map((entry) => entry.frame);
    }

    #save() {
        this.store?.save(this.all());
    }
}
