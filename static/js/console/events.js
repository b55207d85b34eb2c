// Lines of the log → sentences. Pure; names of agents, queues and teams come from `nameOf(uuid)`.

import { priorityWord } from "./people.js";
import { inWords as spent } from "./case/time.js";
import { timeOfDay, until } from "./times.js";

const REASONS = {
    asked: "The customer asked for a person",
    complaint: "The customer complains",
    frustrated: "The customer is losing patience",
    loop: "The conversation went in circles",
    no_article: "No article answers it",
    out_of_scope: "It is not what the bot is for",
    low_chance: "The bot would probably not have solved it",
    person_free: "A person was free, and the bot not sure enough",
    unsupported: "Nothing the bot had to say was borne out by an article",
    part: "One of several requests needs a person",
    procedure: "A procedure asks for a person",
    policy: "The bot may not deal with this",
    keyword: "The customer used a word that asks for a person",
    file: "The customer sent a file without words",
    language: "The bot does not speak this language",
    silent: "The customer fell silent after a doubtful answer",
    busy: "The bot was too busy to answer in time",
    quota: "The bot's quota is used up",
    hours: "The bot does not answer at this hour",
    unsure: "The bot was not sure enough",
    failed: "The bot could not answer",
    no_bot: "This inbox has no bot",
    transferred: "A colleague passed it on",
    lost: "Its agent was gone or did not answer",
};

const DISPOSITIONS = { solved: "solved", not_solved: "not solved", spam: "spam", other: "other" };

/** Why a person is needed, as a sentence. */
export function reasonInWords(reason) {
    return REASONS[reason] ?? (reason ? reason.replaceAll("_", " ") : "");
}

export function dispositionInWords(disposition) {
    return DISPOSITIONS[disposition] ?? (disposition ?? "").replaceAll("_", " ");
}

// Events that stand beside a message or are only for reports. What the customer was told of their wait,
// or that nobody is here, they were told in words that stand in the thread.
const SILENT = new Set(["hidden", "message", "copied", "bot_answered", "offered", "withdrawn", "read", "promised", "nobody_here"]);

const HOW = { accepted: "accepted it", routed: "was given it", transferred: "has it now", claimed: "took it", split: "took what was split off", reopened: "has it again", given_back: "has it again" };
const LINKS = { related: "a related conversation", parent: "a part of it", duplicate: "a duplicate", split: "what was split off" };
const RUNS = { active: "began", done: "finished", cancelled: "gave up", handed_over: "handed over" };
const STEPS = { applied: "put the checklist", added: "added the step", done: "ticked off", undone: "opened again", removed: "removed the step" };

const BUSY = { shorter: "The model was busy: the bot answered shortly", quote: "Without the model: the bot quoted an article", person: "The bot was too busy" };

const CALLED = {
    reached: (who) => `${who || "Somebody"} reached the customer by telephone`,
    done: (who) => `${who || "Somebody"} finished the call`,
    no_answer: (who) => `${who || "Somebody"} called: no answer`,
    busy: (who) => `${who || "Somebody"} called: busy`,
    voicemail: (who) => `${who || "Somebody"} called: voicemail`,
    wrong_number: (who) => `${who || "Somebody"} called: a wrong number`,
    failed: () => "The number could not be dialled",
    cancelled: (who) => `${who || "The customer"} called the call off`,
    in_chat: () => "No call any more: they have somebody in the chat",
    left: (who) => `The call of ${who || "somebody"} was ended: nobody wrote down how it went`,
};

const SENTENCES = {
    opened: () => "Conversation opened",
    handoff: ({ data, name }) => `${reasonInWords(data.reason)}${data.queue ? ` · ${name(data.queue)}` : ""}`,
    followed_up: () => "The bot asked whether that helped",
    bot_degraded: ({ data }) => BUSY[data.step] ?? null,
    queued: ({ data, name }) => (data.queue ? `Waiting in ${name(data.queue)}` : "Waiting in line"),
    queue_full: ({ data, name }) => `${name(data.queue) || "The queue"} is full`,
    overflowed: ({ data, name }) => `${data.why === "full" ? "Moved on" : "Waited long and moved on"} to ${name(data.to ?? data.queue) || "another queue"}`,
    waited_too_long: ({ data }) => `Waited too long${{ bot: ": back to the bot", callback: ": a call was offered" }[data.do] ?? ""}`,
    abandoned: ({ data }) => (data.by === "queue" ? "Ended: nobody came in time" : "The customer gave up waiting"),
    declined: ({ data, name, who }) => `${who || name(data.agent)} declined the offer`,
    missed: ({ data, name }) => `${name(data.agent)} did not answer the offer in time`,
    taken_back: ({ data, name }) => `Taken back from ${name(data.agent) || data.name}: no answer in time`,
    agent_gone: () => "The agent's connection was gone; it waits again",
    // Who takes over is told as what a supervisor did
    assigned: ({ data, name, who }) => (data.how === "took_over" ? null : `${name(data.agent) || who} ${HOW[data.how] ?? "joined"}`),
    transferred: ({ data, name, who }) => `${who || name(data.from) || "Somebody"} passed it on to ${name(data.to) || "the bot"}${hops(data)}`,
    on_hold: ({ who }) => `${who || "Somebody"} put it on hold`,
    off_hold: ({ who }) => `${who || "Somebody"} took it off hold`,
    snoozed: ({ data, now, who }) => `${who || "Somebody"} snoozed it${data.until ? ` until ${until(data.until, now)}` : ""}`,
    late: ({ data }) => `The promised answer is late${data.answer_by ? `: it was due at ${timeOfDay(data.answer_by)}` : ""}`,
    mood: ({ data }) => `The last ${count(data.messages ?? 1, "message")} of the customer read as unhappy: an estimate, ${Math.round((data.chance ?? 0) * 100)} %`,
    moved_up: ({ data }) => `Came forward in line by ${count(Math.round((data.seconds ?? 0) / 60), "minute")}${data.why === "mood" ? ": the last messages read as unhappy (an estimate)" : ""}`,
    contact_left: ({ data }) => `The customer left ${{ email: "an e-mail address", phone: "a phone number" }[data.field] ?? "a way to be reached"}`,
    woken: () => "Woke up",
    wrapping_up: ({ who }) => `${who || "Somebody"} ended it and is writing it up`,
    resolved: ({ data, who }) => {
        if (data.by === "inactivity") return "Resolved: nobody wrote any more";
        if (data.by === "silence") return "Resolved: the customer said nothing after the bot's answer";
        const by = who || { customer: "The customer", bot: "The bot", system: "The system" }[data.by] || "Somebody";
        return `${by} resolved it${data.disposition ? ` as ${dispositionInWords(data.disposition)}` : ""}${data.default ? ", when the time to write it up was over" : ""}`;
    },
    reopened: ({ who }) => (who ? `${who} opened it again` : "Opened again"),
    rated: ({ data }) => `The customer rated it ${data.score} of 5`,
    surveyed: ({ data }) => `The customer answered “${data.name}”${scoresInWords(data.scores)}`,
    callback: ({ who }) => (who ? `${who} booked a call for the customer` : "The customer asked for a call"),
    call_offered: () => "The customer was offered a call",
    called: ({ data, who }) => CALLED[data.outcome]?.(who) ?? null,
    edited: ({ data, who }) => `${who || "Somebody"} ${changed(data.changes ?? {})}`,
    macro: ({ data, who }) => `${who || "Somebody"} ran “${data.name}”`,
    supervision: ({ data, who, name }) => supervised(data, who || "A supervisor", name),
    released: ({ who, data, name }) => `${who || name(data.agent) || "The agent"} left`,
    merged: ({ data, who }) => `${who || "Somebody"} merged another conversation into this one${data.messages ? `: ${count(data.messages, "message")}` : ""}`,
    merged_into: ({ who }) => `${who || "Somebody"} merged it into another conversation`,
    split: ({ data, who }) => `${who || "Somebody"} split off ${data.messages ? count(data.messages, "message") : "messages"} into a new conversation`,
    split_from: ({ who }) => `${who || "Somebody"} split it off from another conversation`,
    linked: ({ data, who }) => `${who || "Somebody"} linked ${LINKS[data.link] ?? "another conversation"}`,
    unlinked: ({ data, who }) => `${who || "Somebody"} took away the link to ${LINKS[data.link] ?? "another conversation"}`,
    attributes: ({ data, who }) => `${who || "Somebody"} ${filledIn(data.changes ?? {}, data.scope === "customer" ? "the customer's " : "")}`,
    company: ({ data, who }) => `${who || "Somebody"} ${data.new ? `linked the customer with ${data.new}` : "took the customer's company off"}`,
    participant_added: ({ data, name, who }) => joined(data, name(data.agent), who),
    participant_removed: ({ data, name, who }) => (name(data.agent) === who ? `${who} no longer takes part` : `${who || "Somebody"} took ${name(data.agent)} out`),
    mentioned: ({ data, name, who }) => `${who || "Somebody"} mentioned ${[...(data.agents ?? []).map(name), ...(data.teams ?? [])].join(", ") || "a colleague"}`,
    request_opened: ({ data, who }) => `${who || "Somebody"} noted a request: ${data.title}`,
    request_done: ({ data, who }) => `${who || "Somebody"} finished the request: ${data.title}`,
    request_reopened: ({ data, who }) => `${who || "Somebody"} opened the request again: ${data.title}`,
    request_edited: ({ data, who }) => `${who || "Somebody"} reworded the request: ${data.title}`,
    blocked: ({ data, who }) => `${who || "Somebody"} blocked the customer${data.reason ? `: ${data.reason}` : ""}`,
    unblocked: ({ who }) => `${who || "Somebody"} unblocked the customer`,
    muted: ({ who }) => `${who || "Somebody"} muted it`,
    unmuted: ({ who }) => `${who || "Somebody"} unmuted it`,
    procedure: ({ data }) => `The bot ${RUNS[data.state] ?? "went on with"} “${data.name || (data.procedure ?? "a procedure").replaceAll("_", " ")}”`,
    checklist: ({ data, who }) => `${who || "Somebody"} ${STEPS[data.change] ?? "changed the checklist"}: ${data.text}`,
    time: ({ data, who }) => `${who || "Somebody"} spent ${spent(data.seconds)}${data.note ? `: ${data.note}` : ""}`,
};

/** Passed around often is worth saying. */
function hops({ hops: times = 0, fallback }) {
    return `${times > 1 ? `, for the ${ordinal(times)} time` : ""}${fallback ? " (nobody else was there)" : ""}`;
}

function ordinal(number) {
    const tens = number % 100;
    return `${number}${tens > 10 && tens < 14 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th")}`;
}

function count(number, noun) {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function joined({ reason }, colleague, who) {
    if (reason === "follows" || colleague === who) return `${colleague} follows it`;
    if (reason === "mentioned") return `${colleague} was mentioned and takes part`;
    return reason === "consulted" ? `${who || "Somebody"} asked ${colleague} for advice` : `${who || "Somebody"} brought ${colleague} in`;
}

function filledIn(changes, whose) {
    const said = Object.entries(changes).map(([key, { new: value }]) => {
        const name = key.replaceAll("_", " ");
        return value === null || value === undefined || value === "" ? `took ${whose}${name} away` : `set ${whose}${name} to ${value === true ? "yes" : value === false ? "no" : value}`;
    });
    return said.join(", ") || "filled in fields";
}

function supervised({ step, why, from, visible }, who, name) {
    const seen = visible ? "" : ", unseen by the agent";
    const ends = { left: "was gone and no longer watches", over: "stopped watching: the conversation ended" };
    switch (step) {
        case "watch": return `${who} began to watch${seen}`;
        case "whisper": return `${who} began to coach the agent`;
        case "barge": return `${who} came in and speaks to the customer`;
        case "take_over": return `${who} took it over${from ? ` from ${name(from)}` : ""}`;
        default: return `${who} ${ends[why] ?? "stopped watching"}`;
    }
}

function changed({ labels, priority }) {
    const said = [];
    if (priority !== undefined) said.push(`set the priority to ${priorityWord(priority).toLowerCase()}`);
    if (labels !== undefined) said.push(labels.length > 0 ? `set the labels: ${labels.join(", ")}` : "took the labels off");
    return said.join(" and ") || "changed it";
}

const ICONS = {
    handoff: "person",
    queued: "queue",
    assigned: "person",
    transferred: "transfer",
    snoozed: "snooze",
    woken: "clock",
    resolved: "check",
    reopened: "retry",
    rated: "star",
    surveyed: "star",
    callback: "phone",
    called: "phone",
    call_offered: "phone",
    contact_left: "mail",
    late: "warning",
    mood: "warning",
    edited: "label",
    macro: "bolt",
    on_hold: "pause",
    wrapping_up: "edit",
    missed: "clock",
    merged: "merge",
    merged_into: "merge",
    split: "split",
    split_from: "split",
    linked: "link",
    unlinked: "link",
    attributes: "edit",
    company: "building",
    participant_added: "team",
    participant_removed: "team",
    mentioned: "at",
    request_opened: "wish",
    request_done: "wish",
    request_reopened: "wish",
    request_edited: "wish",
    blocked: "block",
    unblocked: "block",
    muted: "mute",
    unmuted: "bell",
    checklist: "steps",
    time: "timer",
};

export function iconOf(kind) {
    return ICONS[kind] ?? "clock";
}

/** The sentence of an event frame, or null when it is not for reading. */
export function sentence(event, { nameOf, now }) {
    if (SILENT.has(event.kind)) return null;
    const data = event.data ?? {};
    const name = (target) => named(target, nameOf);
    const who = event.actor?.kind === "agent" ? (event.actor.name ?? "") : "";
    const say = SENTENCES[event.kind];
    if (say) return say({ data, name, who, now });
    const plain = event.kind.replaceAll("_", " ");
    return who ? `${who}: ${plain}` : plain.charAt(0).toUpperCase() + plain.slice(1);
}

const SCORES = { csat: "satisfaction %d of 5", nps: "recommends us %d of 10", ces: "easy %d of 7", scale: "%d of 5" };

/** {nps: 9, ces: 6} → ": recommends us 9 of 10, easy 6 of 7". */
function scoresInWords(scores) {
    const said = Object.entries(scores ?? {}).filter(([kind]) => kind in SCORES).map(([kind, n]) => SCORES[kind].replace("%d", n));
    return said.length > 0 ? `: ${said.join(", ")}` : "";
}

/** A uuid, or {agent|queue|team: uuid}, or {bot: true}. */
function named(target, nameOf) {
    if (!target) return "";
    if (typeof target === "string") return nameOf(target) ?? (target === "bot" ? "the bot" : "somebody");
    if (target.bot) return "the bot";
    if (target.name) return target.name;
    return named(Object.values(target)[0], nameOf);
}
