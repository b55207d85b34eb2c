// What conditions may ask, in words, and with which values. The fields come from the server; queues,
// people and teams from the store. Pure.

import { languageName, PRIORITIES, stateWord } from "./people.js";
import { exact } from "./times.js";

const WORDS = {
    state: "State", stage: "Stage", inbox: "Inbox", queue: "Queue", team: "Team", assignee: "Assignee",
    participant: "Participant", priority: "Priority", labels: "Labels", language: "Language",
    "customer.name": "Customer's name", "customer.email": "Customer's e-mail", "customer.phone": "Customer's phone",
    company: "Company", opened_at: "Began", last_message_at: "Last message", waiting_since: "Waiting since",
    queued_at: "Queued", resolved_at: "Resolved", snoozed_until: "Snoozed until", unread: "Unread",
    rating: "Rating", sentiment: "Mood",
};

const OPS = {
    is: "is", is_not: "is not", any_of: "is one of", none_of: "is none of", contains: "contains",
    starts_with: "starts with", at_least: "is at least", at_most: "is at most", before: "is before",
    after: "is after", older_than: "is longer ago than", newer_than: "is within the last",
    has_any: "have any of", has_all: "have all of", has_none: "have none of", is_set: "is known",
};

const MANY = new Set(["any_of", "none_of", "has_any", "has_all", "has_none"]);
const HIGH = 1;
const SPECIAL = { me: "Me", nobody: "Nobody", none: "None", open: "Open" };

export class Fields {
    #fields = new Map();
    sorts = ["latest", "oldest", "newest", "waiting", "priority"];

    /** `known`: {labels: […], inboxes: [{key, name}]}. */
    constructor(store, known = {}) {
        Object.assign(this, { store, known: { labels: [], inboxes: [], ...known } });
    }

    take({ fields, sorts, inboxes = [] }) {
        for (const inbox of inboxes) this.knowInbox(inbox);
        this.#fields = new Map(fields.filter(({ field }) => !field.endsWith("*")).map((field) => [field.field, field]));
        if (sorts) this.sorts = sorts;
    }

    knowInbox({ key, name }) {
        if (!this.known.inboxes.some((inbox) => inbox.key === key)) this.known.inboxes.push({ key, name });
    }

    get all() {
        return [...this.#fields.keys()];
    }

    get ready() {
        return this.#fields.size > 0;
    }

    fieldWord = (field) => this.#fields.get(field)?.label ?? WORDS[field] ?? field.replace(/^(customer\.)?attributes\./, "").replaceAll("_", " ");

    opWord = (op) => OPS[op] ?? op.replaceAll("_", " ");

    opsOf(field) {
        return this.#fields.get(field)?.ops ?? ["is"];
    }

    /** How a value is given: flag, choice, choices, words, minutes, moment, number or text. */
    kindOf(field, op) {
        if (op === "is_set" || field === "unread") return "flag";
        if (op === "older_than" || op === "newer_than") return "minutes";
        if (op === "before" || op === "after") return "moment";
        if (MANY.has(op)) return this.choicesOf(field).length > 0 ? "choices" : "words";
        if (this.choicesOf(field).length > 0) return "choice";
        const { kind } = this.#fields.get(field) ?? {};
        if (kind === "checkbox") return "flag";
        if (field === "rating" || field === "sentiment" || kind === "number" || kind === "integer") return "number";
        return "text";
    }

    /** [[value, words], …]; empty where anything may be said. */
    choicesOf(field) {
        const { store, known } = this;
        const named = (rows) => rows.map(({ id, name }) => [id, name]);
        switch (field) {
            case "assignee": return [["me", SPECIAL.me], ["nobody", SPECIAL.nobody], ...named([...store.agents.values()])];
            case "participant": return [["me", SPECIAL.me], ...named([...store.agents.values()])];
            case "queue": return [["none", SPECIAL.none], ...named([...store.queues.values()])];
            case "team": return named(store.teams);
            case "inbox": return known.inboxes.map(({ key, name }) => [key, name]);
            case "labels": return known.labels.map((name) => [name, name]);
            case "priority": return PRIORITIES.map(({ value, word }) => [value, word]);
            default: return (this.#fields.get(field)?.choices ?? []).map((value) => [value, SPECIAL[value] ?? stateWord(value)]);
        }
    }

    valueWord = (field, op, value) => {
        const kind = this.kindOf(field, op);
        if (kind === "flag") return value ? "yes" : "no";
        if (kind === "minutes") return span(value);
        if (kind === "moment") return exact(value);
        if (field === "language") return languageName(value);
        return this.choicesOf(field).find(([known]) => known === value)?.[1] ?? this.store.nameOf(value) ?? String(value);
    };

    /** A new condition of a field begins with what is most often meant. */
    begin(field, op = this.opsOf(field)[0]) {
        const firsts = {
            flag: true,
            choice: field === "priority" ? HIGH : this.choicesOf(field)[0]?.[0] ?? "",
            choices: [],
            words: [],
            minutes: 60,
            moment: new Date().toISOString(),
            number: 3,
            text: "",
        };
        return { field, op, value: firsts[this.kindOf(field, op)] };
    }
}

const UNITS = [[1440, "days"], [60, "hours"], [1, "minutes"]];

/** Minutes as [count, minutes of the unit]: 120 → [2, 60]. */
export function inUnits(minutes) {
    const [size] = UNITS.find(([one]) => minutes >= one && minutes % one === 0) ?? [1];
    return [minutes / size, size];
}

function span(minutes) {
    const [count, size] = inUnits(minutes);
    const word = UNITS.find(([one]) => one === size)[1];
    return `${count} ${count === 1 ? word.slice(0, -1) : word}`;
}

export const UNIT_WORDS = UNITS.map(([size, word]) => [size, word]).reverse();
