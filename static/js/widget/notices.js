// What must be said beside the conversation: how the line is, and what just went wrong.

const LINE_AFTER = 1_200; // a hiccup is not worth a word
const PASSES_AFTER = 10_000;
const COMPLAINT_FOR = 8_000;

export class Notices {
    #timers = {};

    /** `line` is the strip under the header, `composer` shows what went wrong with writing. */
    constructor({ t, line, composer }) {
        Object.assign(this, { t, strip: line, composer });
    }

    /** A sentence of the catalogue in the strip; null takes it away. */
    say(key, { kind = "", passes = false } = {}) {
        clearTimeout(this.#timers.passing);
        this.strip.dataset.kind = key ? kind : "";
        this.strip.textContent = key ? this.t(key) : "";
        this.strip.hidden = !key;
        if (passes) this.#timers.passing = setTimeout(() => this.say(null), PASSES_AFTER);
    }

    /** The line's status changed. */
    line(status) {
        if (status === "waiting" || status === "connecting") {
            // Counted from the break on, however often it is tried meanwhile
            this.#timers.line ??= setTimeout(
                () => this.say(navigator.onLine ? "reconnecting" : "offline", { kind: "line" }),
                LINE_AFTER,
            );
            return;
        }
        clearTimeout(this.#timers.line);
        this.#timers.line = null;
        if (this.strip.dataset.kind === "line") this.say(null);
    }

    complain(words) {
        clearTimeout(this.#timers.complaint);
        this.composer.say(words);
        if (words) this.#timers.complaint = setTimeout(() => this.composer.say(""), COMPLAINT_FOR);
    }
}
