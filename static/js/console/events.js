// Lines of the log → sentences. Pure; names of agents, queues and teams come from `nameOf(uuid)`.

import { priorityWord } from "./people.js";
import { until } from "./times.js";

const REASONS = {
    asked: "The customer asked for a person",
    unsure: "The bot was not sure enough",
    failed: "The bot could not answer",
    no_bot: "This inbox has no bot",
    transferred: "A colleague passed it on",
};

const DISPOSITIONS = { solved: "solved", not_solved: "not solved", spam: "spam", other: "other" };

/** Why a person is needed, as a sentence. */
export function reasonInWords(reason) {
    return REASONS[reason] ?? (reason ? reason.replaceAll("_", " ") : "");
}

export function dispositionInWords(disposition) {
    return DISPOSITIONS[disposition] ?? (disposition ?? "").replaceAll("_", " ");
}

// Events that stand beside a message or are only for reports
const SILENT = new Set(["message", "bot_answered", "offered", "withdrawn", "read"]);

const SENTENCES = {
    opened: () => "Conversation opened",
    handoff: ({ data, name }) => `${reasonInWords(data.reason)}${data.queue ? ` · ${name(data.queue)}` : ""}`,
    queued: ({ data, name }) => (data.queue ? `Waiting in ${name(data.queue)}` : "Waiting in line"),
    declined: ({ data, name, who }) => `${who || name(data.agent)} declined the offer`,
    missed: ({ data, name }) => `${name(data.agent)} did not answer the offer in time`,
    assigned: ({ data, name, who }) => `${name(data.agent) || who} joined`,
    transferred: ({ data, name, who }) => `${who || name(data.from) || "Somebody"} passed it on to ${name(data.to) || "the bot"}`,
    snoozed: ({ data, now, who }) => `${who || "Somebody"} snoozed it${data.until ? ` until ${until(data.until, now)}` : ""}`,
    woken: () => "Woke up",
    resolved: ({ data, who }) => {
        const by = who || { customer: "The customer", bot: "The bot", system: "The system" }[data.by] || "Somebody";
        return `${by} resolved it${data.disposition ? ` as ${dispositionInWords(data.disposition)}` : ""}`;
    },
    reopened: ({ who }) => (who ? `${who} opened it again` : "Opened again"),
    rated: ({ data }) => `The customer rated it ${data.score} of 5`,
    callback: () => "The customer asked for a call",
    edited: ({ data, who }) => `${who || "Somebody"} ${changed(data.changes ?? {})}`,
    nobody_here: () => "Nobody was online; the customer was told",
    released: ({ who, data, name }) => `${who || name(data.agent) || "The agent"} left`,
};

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
    callback: "phone",
    edited: "flag",
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

/** A uuid, or {agent|queue|team: uuid}, or {bot: true}. */
function named(target, nameOf) {
    if (!target) return "";
    if (typeof target === "string") return nameOf(target) ?? (target === "bot" ? "the bot" : "somebody");
    if (target.bot) return "the bot";
    if (target.name) return target.name;
    return named(Object.values(target)[0], nameOf);
}
