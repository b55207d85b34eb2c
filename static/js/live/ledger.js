// What has arrived of a conversation, in order and once.

/**
 * The numbering of one conversation. Hands frames on in order and without repetition; what comes
 * too early waits until the gap before it is filled.
 */
export class Ledger {
    constructor(at = 0) {
        this.at = at;
        this.waiting = new Map();
    }

    get hasGap() {
        return this.waiting.size > 0;
    }

    /** Take a numbered frame; returns the frames that may be shown now, in order. */
    take(number, frame) {
        if (number <= this.at) return [];
        if (!this.waiting.has(number) || frame) this.waiting.set(number, frame);
        return this.#next();
    }

    /** We know what stands at this number (an acknowledgement of our own words). */
    note(number) {
        return this.take(number, null);
    }

    /** The gap cannot be filled: go on with what is here. */
    giveUp() {
        if (!this.hasGap) return [];
        this.at = Math.min(...this.waiting.keys()) - 1;
        return this.#next();
    }

    #next() {
        const ready = [];
        while (this.waiting.has(this.at + 1)) {
            this.at += 1;
            const frame = this.waiting.get(this.at);
            this.waiting.delete(this.at);
            if (frame) ready.push(frame);
        }
        return ready;
    }
}
