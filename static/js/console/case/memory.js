// What the customer said of themselves, with where and when; they see it, too, and may erase it.

import { h, icon } from "../dom.js";
import { exact } from "../times.js";
import { without } from "./file.js";
import { ago } from "./requests.js";
import { lineForm, Section, tiny } from "./section.js";
import { soon, Undone } from "./soon.js";

const BY = { said: "said", customer: "the customer wrote it", agent: "written down" };

/** "Size (shoes)", "Language". Pure. */
export function labelOf({ kind_says: words, about, kind }) {
    return about && kind !== "device" ? `${words} (${about})` : words;
}

/** What stands there: a language by its name. Pure. */
export function valueOf({ kind, value }) {
    if (kind !== "language") return value;
    try {
        return new Intl.DisplayNames(["en"], { type: "language" }).of(value);
    } catch {
        return value;
    }
}

export class Memory {
    #editing = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "memory", title: "Remembered", settings: desk.settings });
        desk.live.on("memory", ({ customer }) => customer === file.customerId && file.load("customer"));
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#editing = null;
        this.section.begin();
    }

    render() {
        const memory = this.file.customer?.memory;
        if (!memory) return;
        this.section.show([memory, this.#editing], () => this.#build(memory), { count: memory.facts.length });
    }

    #build({ remembers, facts }) {
        if (!remembers) return h("p", { class: "customer__none" }, "This customer wants nothing to be remembered.");
        return [
            facts.length > 0 ? h("ul", { class: "rows-list", role: "list" }, facts.map((fact) => h("li", {}, this.#one(fact)))) : h("p", { class: "customer__none" }, "Nothing yet."),
            this.desk.store.may("change_customer") ? lineForm({ label: "Remember for next time; the customer sees it", word: "Remember", key: "remember", onsubmit: (words, again) => this.#add(words, again) }) : null,
        ];
    }

    #one(fact) {
        if (this.#editing === fact.id) return this.#form(fact);
        const isTheirs = ["allergy", "diet"].includes(fact.kind);
        const may = this.desk.store.may("change_customer");
        const where = fact.conversation ? h("button", { class: "fact__source", type: "button", title: exact(fact.said_at), "data-key": `source ${fact.id}`, onclick: () => this.desk.open(fact.conversation) }, ago(fact.said_at)) : h("time", { datetime: fact.said_at, title: exact(fact.said_at) }, ago(fact.said_at));
        return h(
            "div",
            { class: "fact" },
            h("div", { class: "fact__words" }, h("span", { class: "fact__label" }, labelOf(fact)), h("strong", { dir: "auto" }, valueOf(fact)), h("span", { class: "fact__label" }, fact.state === "asked" ? [icon("warning"), "the customer has not agreed to keep it · "] : null, fact.agent ? `${fact.agent} wrote it down` : BY[fact.by], " ", where)),
            may && !isTheirs && fact.kind !== "language" ? tiny("edit", `Correct: ${labelOf(fact)}`, () => this.#open(fact.id), { "data-key": `edit ${fact.id}` }) : null,
            may ? tiny("trash", `Erase: ${labelOf(fact)}`, () => this.#remove(fact), { "data-key": `erase ${fact.id}` }) : null,
        );
    }

    #form(fact) {
        const form = lineForm({ label: labelOf(fact), word: "Save", sign: "check", key: `fact ${fact.id}`, onsubmit: (value) => {
            this.#open(null);
            this.#act(() => this.desk.api.patch(this.file.ofCustomer(`memory/${fact.id}/`), { value }), "Not changed");
        } });
        const field = form.querySelector("input");
        field.value = fact.value;
        field.addEventListener("keydown", (event) => event.key === "Escape" && this.#open(null));
        return form;
    }

    #open(id) {
        this.#editing = id;
        this.section.redraw();
        this.render();
        this.section.content.querySelector(`[data-key="${id ? `fact ${id}` : "remember"}"]`)?.focus();
    }

    async #add(value, again) {
        const { ok } = await this.#act(() => this.desk.api.post(this.file.ofCustomer("memory/"), { value }), "Not remembered");
        if (!ok) again(value);
    }

    #act(ask, words) {
        return this.file.act({ part: "customer", ask, settle: (state, memory) => ({ ...state, memory }), words });
    }

    /** It can't be brought back, not even by saying it again: it goes when nobody undid it. */
    async #remove(fact) {
        const path = this.file.ofCustomer(`memory/${fact.id}/`);
        const { error } = await this.file.act({
            part: "customer",
            change: (state) => ({ ...state, memory: { ...state.memory, facts: without(state.memory.facts, fact.id) } }),
            ask: async () => {
                if (!(await soon(this.desk.toasts, "Erased for good"))) throw new Undone();
                return this.desk.api.remove(path);
            },
            words: null,
        });
        if (error && !(error instanceof Undone)) this.desk.toasts.say(`Not erased: ${error.message}`, { bad: true });
    }
}
