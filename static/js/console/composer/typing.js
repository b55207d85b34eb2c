// Tells the customer that somebody writes to them, and when they stop.

const EVERY = 3_000;

export class Typing {
    #at = 0;

    constructor(desk) {
        this.desk = desk;
    }

    /** A letter was written; `words`: what stands there now. */
    wrote(words) {
        if (!words) this.stop();
        else if (Date.now() - this.#at > EVERY) {
            this.#at = Date.now();
            this.#tell(true);
        }
    }

    stop() {
        if (this.#at === 0) return;
        this.#at = 0;
        this.#tell(false);
    }

    #tell(on) {
        this.desk.live.tell({ type: "typing", conversation: this.desk.openId, on });
    }
}
