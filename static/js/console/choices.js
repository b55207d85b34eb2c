// What an agent may choose from: how a talk ended, why one is away, and what each queue wants
// afterwards. Asked once; until it is here, what always holds.

const AT_FIRST = { mode: "requested", seconds: 60, required: false };

export class Choices {
    codes = [];
    reasons = [];
    rules = [];
    ready = false;

    take({ codes = [], reasons = [], wrap_up: rules = [] }) {
        Object.assign(this, { codes, reasons, rules, ready: true });
    }

    /** The codes of a queue: its own and those for all. */
    codesFor(queue) {
        return this.codes.filter((code) => code.queues.length === 0 || code.queues.includes(queue?.id));
    }

    nameOf(code) {
        return this.codes.find((one) => one.code === code)?.name ?? code;
    }

    /** {mode, seconds, required} after a talk of this queue. */
    rulesFor(queue) {
        const found = this.rules.find((rule) => rule.queue === (queue?.id ?? null));
        return found ?? this.rules.find((rule) => rule.queue === null) ?? AT_FIRST;
    }
}

/** What resolving leads to, in words: for the panel that asks how it ended. */
export function afterwards({ mode, seconds, required }) {
    const time = seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`;
    const code = required ? " A code is needed before it ends." : "";
    const words = {
        requested: "You can undo it for ten seconds.",
        optional: `Without a code you get ${time} to write it up.`,
        discretionary: "Without a code you write it up for as long as you need.",
        time_boxed: `Without a code you get ${time} to write it up.`,
        time_boxed_no_early_exit: `You then have ${time} to write it up; that time can't be cut short.`,
    };
    return `${words[mode] ?? words.requested}${code}`;
}

/** Whether somebody may ask for time to write it up: some queues give it anyway. */
export function mayAsk({ mode }) {
    return mode === "requested" || mode === "optional";
}
