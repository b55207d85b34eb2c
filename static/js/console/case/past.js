// What was said with this customer before: the latest ten at once, more when somebody asks.

import { h } from "../dom.js";
import { moodOf, moodTitle } from "../mood.js";
import { stateWord } from "../people.js";
import { exact } from "../times.js";
import { ago } from "./requests.js";
import { quiet, Section } from "./section.js";

const FIRST = 10;

/** What else is known of a conversation that is over: how it was rated, else whether it sounded unhappy. Pure. */
export function howItWent({ score, sentiment }) {
    if (score) return `rated ${score} of 5`;
    return moodOf(sentiment) === "unhappy" ? "unhappy?" : "";
}

export class Past {
    #more = null; // {rows, next, busy}

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "past", title: "Past conversations", settings: desk.settings });
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#more = null;
        this.section.begin();
    }

    render() {
        const { customer } = this.file;
        if (!customer) return;
        const rows = (this.#more?.rows ?? customer.conversations).filter((row) => row.id !== this.file.id);
        const more = this.#more ? Boolean(this.#more.next) : customer.conversations.length >= FIRST;
        this.section.show([rows, more, this.#more?.busy], () => this.#build(rows, more), { count: rows.length ? `${rows.length}${more ? "+" : ""}` : "" });
    }

    #build(rows, more) {
        if (rows.length === 0) return h("p", { class: "customer__none" }, "This is the first one.");
        return [
            h("ul", { role: "list" }, rows.map((row) => h("li", {}, h("button", { class: "past", type: "button", "data-key": row.id, onclick: () => this.desk.open(row.merged_into ?? row.id) }, h("span", { class: "past__text", dir: "auto" }, row.preview || "Nothing said"), h("span", { class: "past__facts", title: exact(row.last_message_at) }, ago(row.last_message_at), " · ", row.merged_into ? (row.merged_into === this.file.id ? "merged into this one" : "merged") : stateWord(row.state), row.labels.length ? ` · ${row.labels.join(", ")}` : "", howItWent(row) ? [" · ", h("span", { class: "past__mood", "data-low": String(row.score ? row.score <= 2 : true), title: row.score ? null : moodTitle(row.sentiment) }, howItWent(row))] : null))))),
            more ? quiet(this.#more?.busy ? "Loading…" : "Show more", null, () => this.#load(), { "aria-busy": this.#more?.busy ? "true" : null, "data-key": "more past" }) : null,
        ];
    }

    async #load() {
        if (this.#more?.busy) return;
        const { customerId } = this.file;
        const before = this.#more;
        this.#more = { ...(before ?? { rows: this.file.customer.conversations, next: null }), busy: true };
        this.render();
        try {
            const page = await this.desk.api.get(before?.next ?? this.file.ofCustomer("conversations/"), before?.next ? {} : { limit: 30 });
            if (customerId !== this.file.customerId) return;
            const known = new Set((before?.rows ?? []).map((row) => row.id));
            this.#more = { rows: [...(before?.rows ?? []), ...page.results.filter((row) => !known.has(row.id))], next: page.next, busy: false };
        } catch (error) {
            this.#more = before;
            this.desk.toasts.say(`Not loaded: ${error.message}`, { bad: true });
        }
        this.render();
    }
}
