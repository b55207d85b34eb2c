// What routing wrote down about a decision → words for people. Pure.

import { duration } from "./times.js";

const FILTERS = {
    no_room: "have no room",
    too_many_open: "have too many open",
    channel_full: "have their channel full",
    inbox_full: "have this inbox full",
    fair_share_used: "have had their fair share",
    language: "don't speak the language",
    skills: "lack the skills",
    declined: "have just declined",
    hint: "were not the one that was named",
    manager: "don't look after this customer",
    sticky: "did not have this customer last",
};

const ONE = {
    no_room: "no room",
    too_many_open: "too many open",
    channel_full: "channel full",
    inbox_full: "inbox full",
    fair_share_used: "has had a fair share",
    language: "doesn't speak the language",
    skills: "lacks the skills",
    declined: "has just declined",
    hint: "somebody else was named",
    manager: "somebody else looks after this customer",
    sticky: "somebody else had this customer last",
};

const RULES = {
    language: "speaks the language",
    skill: "best skills",
    least_loaded: "least loaded",
    longest_idle: "idle the longest",
    round_robin: "in turn",
    answer_seconds: "answer in time",
};

const HOW = {
    accepted: "accepted the offer",
    claimed: "took it",
    routed: "was given it",
    transferred: "it was passed on",
    reopened: "opened it again",
    split: "split it off",
    woken: "it woke up",
};

const OUTCOMES = { accepted: "accepted", declined: "declined", missed: "missed it", withdrawn: "withdrawn", open: "asked now" };

const HELD_BACK = { manual: "Nobody is asked in this queue: somebody has to take it.", closed: "The queue is closed now; somebody is asked when it opens." };

const OVER = new Set(["resolved", "abandoned"]);

const PREFERRED = { hint: "Somebody was named for it, and is waited for.", manager: "Whoever looks after this customer is asked first.", sticky: "Whoever had this customer last is asked first." };

export const howWord = (how) => HOW[how] ?? how.replaceAll("_", " ");

export const outcomeWord = (outcome) => OUTCOMES[outcome] ?? outcome;

/** Why one candidate can't be asked; empty when they can. */
export function blockedWord(code) {
    if (!code) return "";
    const skill = /^skill (.+) (\d)$/.exec(code);
    return skill ? `needs ${skill[1]} at ${skill[2]}` : ONE[code] ?? code.replaceAll("_", " ");
}

/** "2 have no room" */
function filterWords(code, count) {
    const skill = /^skill (.+) (\d)$/.exec(code);
    const words = skill ? `lack ${skill[1]} at level ${skill[2]}` : FILTERS[code] ?? code.replaceAll("_", " ");
    if (count !== 1) return `${count} ${words}`;
    return `1 ${words.replace(/^have /, "has ").replace(/^don't /, "doesn't ").replace(/^were /, "was ").replace(/^lack /, "lacks ")}`;
}

/** The one sentence that answers the question. */
export function answer(routing) {
    const { stage, waiting, assignments = [], offers = [] } = routing;
    const now = assignments.find((one) => !one.ended_at);
    if (now) return `${now.agent.name}: ${howWord(now.how)}.`;
    if (OVER.has(stage)) return assignments[0] ? `It is over. ${assignments[0].agent.name} had it last: ${howWord(assignments[0].how)}.` : "It is over; no agent had it.";
    const asked = offers.find((one) => one.outcome === "open");
    if (asked) return `${asked.agent.name} is being asked right now.`;
    if (HELD_BACK[routing.held_back]) return HELD_BACK[routing.held_back];
    if (!waiting) return stage === "bot" ? "The bot has it; nobody was asked yet." : "Nobody has it, and nobody is looked for.";
    if (waiting.chosen) return `${waiting.chosen} is next to be asked.`;
    if (waiting.online === 0) return "Nobody who serves this queue is online.";
    const reasons = Object.entries(waiting.filtered ?? {}).sort(([, a], [, b]) => b - a);
    if (reasons.length === 0) return "Nobody can be asked yet.";
    return `Nobody can be asked yet: ${reasons.map(([code, count]) => filterWords(code, count)).join(", ")}.`;
}

/** [[name, words], …] about where it stands in line. */
export function placeLines({ place, hops }) {
    const lines = [];
    if (place) lines.push(["Place in line", String(place.position)]);
    const told = place?.wait_high ?? place?.wait_seconds;
    if (Number.isFinite(told)) lines.push(["Left of the wait told", told > 0 ? `${duration(place.wait_low ?? 0)} to ${duration(told)}` : "none: it is over"]);
    if (hops > 0) lines.push(["Passed on", hops === 1 ? "once" : `${hops} times`]);
    return lines;
}

/** [[name, words], …] of one decision. */
export function decisionLines(why) {
    if (!why) return [];
    const lines = [];
    const add = (name, words) => words && lines.push([name, words]);
    add(why.chosen ? "Chosen by" : "Order of choice", (why.rule ?? []).map((rule) => RULES[rule] ?? rule.replaceAll("_", " ")).join(", then "));
    add(why.chosen ? "Had waited" : "Waits for", Number.isFinite(why.waited_seconds) ? duration(why.waited_seconds) : "");
    if (why.online !== undefined) add("Online", `${why.online}, of whom ${why.eligible} could be asked`);
    const filtered = Object.entries(why.filtered ?? {});
    add("The others", filtered.map(([code, count]) => filterWords(code, count)).join("; "));
    add("Asked for", asked(why.asked_for));
    add("First choice", PREFERRED[why.preferred]);
    add("Runner-up", why.runner_up);
    if (why.chosen && why.propensity > 0 && why.propensity < 1) add("Chance", `${Math.round(why.propensity * 1000) / 10} %: now and then somebody else is tried`);
    return lines;
}

function asked(wanted = {}) {
    const parts = [];
    if (wanted.all?.length) parts.push(wanted.all.join(" and "));
    if (wanted.any?.length) parts.push(wanted.any.join(" or "));
    if (wanted.language) parts.push(`the language ${wanted.language}`);
    return parts.join("; ");
}
