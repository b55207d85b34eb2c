// Names, initials and quiet colours. Pure.

const TONES = 6;

/** Two letters at most; one for names written without spaces. */
export function initials(name) {
    const words = name.trim().split(/[\s._@-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
    if (words.length === 0) return "?";
    const first = [...words[0]][0];
    const last = words.length > 1 ? [...words.at(-1)][0] : "";
    return (first + last).toLocaleUpperCase();
}

/** The same person has the same colour everywhere: 1 … 6 from their id. */
export function tone(id) {
    let sum = 0;
    for (const letter of String(id)) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
    return (sum % TONES) + 1;
}

/** What to call a customer who may not have said a name. */
export function customerName(customer) {
    const { name, email, id } = customer ?? {};
    return name || email || (id ? `Visitor ${String(id).slice(0, 4)}` : "Visitor");
}

const STATES = {
    bot: "With the bot",
    queued: "Waiting",
    assigned: "With an agent",
    snoozed: "Snoozed",
    resolved: "Resolved",
    offered: "Offered",
    on_hold: "On hold",
    wrap_up: "Write-up",
    abandoned: "Left while waiting",
    unknown: "Elsewhere",
};

export function stateWord(state) {
    return STATES[state] ?? state;
}

/** Where a conversation stands: the finer stage where it is told, else the state. */
export function stageOf(card) {
    return card.state === "unknown" ? "unknown" : card.stage ?? card.state;
}

export const PRIORITIES = [
    { value: -1, word: "Low" },
    { value: 0, word: "Normal" },
    { value: 1, word: "High" },
    { value: 2, word: "Urgent" },
];

export function priorityWord(value) {
    return PRIORITIES.find((one) => one.value === value)?.word ?? String(value);
}

const PRESENCE = { online: "Online", away: "Away", offline: "Offline" };

export function presenceWord(status) {
    return PRESENCE[status] ?? status;
}

/** The class of the dot beside a presence. */
export function presenceDot(status) {
    return { online: "dot dot--on", away: "dot dot--away" }[status] ?? "dot";
}

const LANGUAGES = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["en"], { type: "language" }) : null;

export function languageName(code) {
    if (!code) return "";
    try {
        return LANGUAGES?.of(code) ?? code;
    } catch {
        return code; // not a language tag: shown as it came
    }
}
