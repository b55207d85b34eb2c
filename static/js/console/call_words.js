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
    const tried = call.attempts ? `, tried ${call.attempts} of ${call.most_attempts}` : "";
    const waits = duration((now - Date.parse(call.waiting_since)) / 1000);
    switch (call.state) {
        case "due":
            return `To be called now, in line for ${waits}${tried}`;
        case "offered":
            return call.mine ? "In your hand: dial, or give it back" : `${call.agent} has it in hand`;
        case "dialling":
            return `${call.mine ? "Ringing" : `${call.agent} is calling`} …`;
        case "reached":
            return call.mine ? "You are talking" : `${call.agent} is talking to them`;
        case "voicemail":
            return `A machine answered${tried}; again ${until(call.due_at, now)}`;
        case "no_answer":
            return `Nobody answered${tried}; again ${until(call.due_at, now)}`;
        default:
            return call.due_at ? `At its time: ${until(call.due_at, now)}` : "Asked for";
    }
}

/** The deeds that make sense now, the usual one first. */
export function deedsFor(call) {
    if (call.state === "due") return ["dial"];
    if (call.mine) return { offered: ["dial", "give_back"], dialling: ["missed"], reached: ["done", "missed"] }[call.state] ?? [];
    return ["offered", "dialling", "reached"].includes(call.state) ? [] : ["take"];
}
