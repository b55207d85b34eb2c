// Other conversations that belong with this one: linked, merged into it, or to be merged.

import { h, icon } from "../dom.js";
import { stateWord } from "../people.js";
import { exact } from "../times.js";
import { put, without } from "./file.js";
import { ago } from "./requests.js";
import { quiet, Section, tiny } from "./section.js";
import { soon } from "./soon.js";

const KINDS = {
    related: { out: "Related to", in: "Related to" },
    parent: { out: "Parent of", in: "Part of" },
    duplicate: { out: "Duplicate of", in: "Has the duplicate" },
    split: { out: "Split off into", in: "Split off from" },
};
const TO_MAKE = { related: "Related", parent: "Part of this", duplicate: "Duplicate" };
const PAUSE = 200;

/** How a link reads from here. Pure. */
export function linkWords({ kind, direction }) {
    return KINDS[kind]?.[direction] ?? kind;
}

/** Which of the customer's other conversations fit some letters. Pure. */
export function others(rows, { id, letters = "" }) {
    const wanted = letters.trim().toLocaleLowerCase();
    return rows.filter((row) => row.id !== id && !row.merged_into && `${row.preview} ${row.labels.join(" ")}`.toLocaleLowerCase().includes(wanted));
}

export class Links {
    #choosing = false;
    #timer = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "links", title: "Links and merging", settings: desk.settings, open: false });
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#choosing = false;
        this.section.begin();
    }

    render() {
        const { case: state, customer } = this.file;
        if (!state) return;
        const facts = [state.links, state.merged_parts, state.merged_into, this.#choosing, customer?.conversations.length];
        this.section.show(facts, () => this.#build(state), { count: state.links.length + state.merged_parts.length });
    }

    #build(state) {
        const add = quiet("Link or merge", "link", () => this.#choose(!this.#choosing), { "aria-expanded": String(this.#choosing), "data-key": "choose" });
        return [
            state.merged_into ? h("p", {}, "It goes on in another conversation. ", quiet("Go there", "open", () => this.desk.open(state.merged_into))) : null,
            h("ul", { class: "rows-list", role: "list" }, state.links.map((link) => this.#link(link)), state.merged_parts.map((part) => this.#part(part))),
            h("div", { class: "verbs-row" }, add, state.merged_into ? null : quiet("Split off messages", "split", () => this.desk.tell("choose-lines"), { "data-key": "split" })),
            this.#choosing ? this.#chooser(state) : null,
        ];
    }

    #link(link) {
        const remove = tiny("close", "Take the link away", () => this.#unlink(link), { disabled: link.id.startsWith("new") });
        return h("li", { class: "link-row" }, this.#line(link.conversation, linkWords(link)), link.kind === "split" ? null : remove);
    }

    #part(part) {
        const words = `${part.messages} ${part.messages === 1 ? "message" : "messages"} merged ${ago(part.merged_at)}${part.merged_by ? ` by ${part.merged_by.name}` : ""}`;
        return h("li", { class: "link-row" }, h("button", { class: "past", type: "button", title: exact(part.merged_at), onclick: () => this.desk.open(this.file.id, { line: part.offset }) }, h("span", { class: "past__text", dir: "auto" }, part.summary || part.conversation.preview), h("span", { class: "past__facts" }, icon("merge"), words)));
    }

    #line(row, facts) {
        return h("button", { class: "past", type: "button", onclick: () => this.desk.open(row.id) }, h("span", { class: "past__text", dir: "auto" }, row.preview || "Nothing said"), h("span", { class: "past__facts" }, `${facts} · ${stateWord(row.state)} · ${ago(row.last_message_at)}`));
    }

    #choose(on) {
        this.#choosing = on;
        this.section.redraw();
        this.render();
        if (on) this.section.content.querySelector("input")?.focus();
    }

    // -- choosing another one

    #chooser(state) {
        const list = h("ul", { class: "rows-list", role: "list", "aria-label": "Conversations to link or merge with" });
        const draw = (rows, words) => list.replaceChildren(...(rows.length ? rows.slice(0, 12).map((row) => this.#candidate(row, linked)) : [h("li", { class: "customer__none" }, words)]));
        const linked = new Set(state.links.map((link) => link.conversation.id));
        const own = () => others(this.file.customer?.conversations ?? [], { id: this.file.id, letters: field.value });
        const field = h("input", { class: "input input--small", type: "search", placeholder: "Find another conversation", "aria-label": "Find another conversation", "data-key": "find", autocomplete: "off", oninput: () => {
            draw(own(), "None of this customer's has these words.");
            clearTimeout(this.#timer);
            if (field.value.trim().length >= 2) this.#timer = setTimeout(() => this.#search(field.value.trim()).then((found) => found && draw([...own(), ...found.filter((row) => !own().some((one) => one.id === row.id))], "No conversation has these words.")), PAUSE);
        } });
        draw(own(), "This customer has no other conversation. Type to find one to link with.");
        return h("div", { class: "chooser" }, field, list);
    }

    /** Anybody's conversations can be linked; only the same customer's can be merged. */
    async #search(letters) {
        try {
            const page = await this.desk.api.get("conversations/", { search: letters });
            return page.results
                .filter((card) => card.conversation !== this.file.id)
                .map((card) => ({ id: card.conversation, state: card.state, preview: card.last_message?.text ?? "", labels: card.labels, last_message_at: card.last_message_at, merged_into: card.merged_into, foreign: card.customer.id !== this.file.customerId && (card.customer.name || card.customer.email || "another visitor") }));
        } catch {
            return null; // the customer's own are there all the same
        }
    }

    #candidate(row, linked) {
        const verb = (word, sign, run) => quiet(word, sign, () => (this.#choose(false), run()));
        const closed = ["resolved", "abandoned"].includes(row.state);
        return h(
            "li",
            { class: "candidate" },
            h("span", { class: "past__text", dir: "auto" }, row.preview || "Nothing said"),
            h("span", { class: "past__facts" }, [row.foreign, stateWord(row.state), ago(row.last_message_at)].filter(Boolean).join(" · ")),
            h(
                "span",
                { class: "verbs-row" },
                row.foreign ? null : verb("Merge it in here", "merge", () => this.#merge(row.id, this.file.id)),
                row.foreign || closed ? null : verb("Merge this one into it", "merge", () => this.#merge(this.file.id, row.id)),
                linked.has(row.id) ? null : Object.entries(TO_MAKE).map(([kind, word]) => verb(word, "link", () => this.#relate(row, kind))),
            ),
        );
    }

    #relate(row, kind) {
        const link = { id: `new ${row.id}`, kind, direction: "out", conversation: row, created_at: new Date().toISOString() };
        return this.file.act({
            change: (state) => ({ ...state, links: put(state.links, link) }),
            ask: () => this.desk.api.post(this.file.inCase("links/"), { to: row.id, kind }),
            settle: (state, made) => ({ ...state, links: put(state.links, made) }),
            words: "Not linked",
        });
    }

    async #unlink(link) {
        const { ok } = await this.file.act({
            change: (state) => ({ ...state, links: without(state.links, link.id) }),
            ask: () => this.desk.api.remove(this.file.inCase(`links/${link.id}/`)),
            words: "Not taken away",
        });
        if (ok) this.desk.toasts.undo("Link taken away", () => this.#relate(link.conversation, link.kind));
    }

    /** A merge cannot be undone, so it waits until nobody wants it undone. */
    async #merge(source, into) {
        const { desk } = this;
        const words = into === this.file.id ? "Its messages come into this conversation" : "This conversation goes on in the other one";
        if (!(await soon(desk.toasts, words))) return;
        try {
            const card = await desk.api.post(`conversations/${source}/merge/`, { into });
            desk.store.card(card);
            if (desk.openId === source) desk.open(into);
            else if (desk.openId === into) await Promise.all([this.file.load("case"), this.file.load("customer")]);
        } catch (error) {
            desk.toasts.say(`Not merged: ${error.message}`, { bad: true });
        }
    }
}
