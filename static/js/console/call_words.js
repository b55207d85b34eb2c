// What stands at a call, and what may be done about it. Pure.

import { duration, until } from "./times.js";

export const OUTCOMES = [
    ["no_answer", "No answer"],
    ["voicemail", "Voicemail"],
    ["busy", "Busy"],
    ["wrong_number", "Wrong number"],
];

/** The heading under which it stands. */
export function placeOf(call) {
    if (call.mine) return "mine";
    return call.state === "due" ? "due" : "later";
}

/** One line: what is going on with it. */
export function standing(call, now) {
    switch (call.state) {
        case "due":
            return `To be called now, in line for ${duration((now - Date.parse(call.waiting_since)) / 1000)}`;
        case "offered":
            return call.mine ? "In your hand: dial, or give it back" : `${call.agent} has it in hand`;
        case "dialling":
            return `${call.mine ? "Ringing" : `${call.agent} is calling`} …`;
        case "reached":
            return call.mine ? "You are talking" : `${call.agent} is talking to them`;
        case "voicemail":
            return `A machine answered; again ${until(call.due_at, now)}`;
        case "no_answer":
            return `Nobody answered; again ${until(call.due_at, now)}`;
        default:
            return call.due_at ? `Promised for ${until(call.due_at, now)}` : "Asked for";
    }
}

/** How likely an answer is, and why, as a sentence and its reasons; null while nothing is known. */
export function forecastOf(call) {
    if (call.answers === null || call.answers === undefined) return null;
    return { words: `Answers now in about ${Math.round(call.answers * 100)} of 100 such calls`, reasons: call.reasons.map((one) => one.text) };
}

/** What else counts: how often it was tried, what time it is where they are, where they wait. */
export function factsOf(call, now) {
    const facts = [];
    if (call.attempts) facts.push(`tried ${call.attempts} of ${call.most_attempts}`);
    const here = clockAt(now);
    const there = clockAt(now, call.time_zone);
    if (there && there !== here) facts.push(`${there} where they are`);
    if (call.queue) facts.push(call.queue);
    return facts.join(" · ");
}

function clockAt(now, timeZone = undefined) {
    try {
        return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone }).format(now);
    } catch {
        return ""; // a zone that this browser does not know
    }
}

/** The deeds that make sense now, the usual one first. */
export function deedsFor(call) {
    if (call.state === "due") return ["dial", "move"];
    if (call.mine) return { offered: ["dial", "give_back"], dialling: ["missed"], reached: ["done", "missed"] }[call.state] ?? [];
    return ["offered", "dialling", "reached"].includes(call.state) ? [] : ["take", "move"];
}
