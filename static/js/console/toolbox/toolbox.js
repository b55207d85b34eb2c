// What I say and do often: canned replies and macros, found, written, changed, thrown away. Opened from
// where they are used, and from the command bar.

import { fill, h, icon, iconButton, setText } from "../dom.js";
import { fit } from "../palette.js";
import { MacroForm } from "./macro_form.js";
import { ReplyForm } from "./reply_form.js";

const PAGE = 100;
const KINDS = {
    replies: {
        word: "Canned replies",
        make: "New reply",
        none: "No canned replies yet. Write one for what you say often; / finds it.",
        name: (reply) => reply.title,
        hint: (reply) => `/${reply.shortcut}`,
        text: (reply) => `${reply.shortcut} ${reply.title} ${reply.tags.join(" ")}`,
        Form: ReplyForm,
    },
    macros: {
        word: "Macros",
        make: "New macro",
        none: "No macros yet. One does several things at once, all or nothing.",
        name: (macro) => macro.name,
        hint: (macro) => (macro.personal ? "mine" : ""),
        text: (macro) => macro.name,
        Form: MacroForm,
    },
};

export class Toolbox {
    #asked = 0;

    constructor(desk) {
        this.desk = desk;
        this.tabs = Object.entries(KINDS).map(([kind, { word }]) => h("button", { class: "scopes__one", type: "button", "data-kind": kind, onclick: () => this.#show(kind) }, word));
        this.field = h("input", { class: "input input--small", type: "search", placeholder: "Find", "aria-label": "Find", oninput: () => this.#draw() });
        this.make = h("button", { class: "button button--small", type: "button", onclick: () => this.#edit(null) }, icon("plus"), h("span"));
        this.list = h("ul", { class: "targets toolbox__list", role: "list" });
        this.place = h("div", { class: "toolbox__form" });
        const close = iconButton("close", "Close", () => this.dialog.close());
        this.dialog = h(
            "dialog",
            { class: "toolbox", "aria-label": "Canned replies and macros" },
            h("header", { class: "toolbox__head" }, h("div", { class: "scopes", role: "group", "aria-label": "What" }, this.tabs), close),
            h("div", { class: "toolbox__body" }, h("div", { class: "toolbox__side" }, h("div", { class: "toolbox__find" }, this.field, this.make), this.list), this.place),
        );
        this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
        this.dialog.addEventListener("close", () => (this.form = null));
        document.body.append(this.dialog);
        desk.addEventListener("toolbox", ({ detail }) => this.open(detail));
    }

    /** @param kind replies or macros; `begin`: words of a new one; `id`: the one to change */
    async open({ kind = "replies", begin = null, id = null } = {}) {
        if (!this.dialog.open) this.dialog.showModal();
        this.field.value = "";
        await this.#show(kind);
        if (begin) this.#edit(null, begin);
        else if (id) this.#edit(this.all.find((one) => one.id === id) ?? null);
    }

    async #show(kind) {
        const asked = (this.#asked += 1);
        const { make, word } = KINDS[kind];
        this.kind = kind;
        this.all = [];
        for (const tab of this.tabs) tab.setAttribute("aria-current", String(tab.dataset.kind === kind));
        setText(this.make.lastChild, make);
        this.list.setAttribute("aria-label", word);
        this.#leave();
        this.make.disabled = true; // a form offers what is being asked for
        fill(this.list, h("li", { class: "skeleton skeleton--late face__row" }));
        try {
            const [{ results }] = await Promise.all([this.desk.api.get(`${kind}/`, { limit: PAGE }), this.#learn()]);
            if (asked !== this.#asked) return;
            this.all = results;
            this.make.disabled = false;
            this.#draw();
            this.field.focus();
        } catch (error) {
            if (asked === this.#asked) fill(this.list, h("li", { class: "face__words", role: "alert" }, error.message, " ", h("button", { class: "button button--small", type: "button", onclick: () => this.#show(kind) }, icon("retry"), "Try again")));
        }
    }

    /** What forms offer: without an answer they can still be filled in. */
    async #learn() {
        const { api } = this.desk;
        const [fields, replies, attributes] = await Promise.allSettled([api.get("views/fields/"), api.get("replies/", { limit: PAGE }), api.get("attributes/", { limit: PAGE })]);
        const rows = ({ value }) => value?.results ?? value ?? [];
        this.known = {
            inboxes: fields.value?.inboxes ?? [],
            replies: rows(replies),
            attributes: rows(attributes).filter(({ scope }) => scope === "conversation"),
        };
    }

    #draw() {
        const { name, hint, text, none } = KINDS[this.kind];
        const search = this.field.value.trim();
        const fits = this.all.map((one) => ({ one, score: fit(text(one), search) })).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
        const row = ({ one }) => h("li", {}, h("button", { class: "targets__one", type: "button", "aria-current": String(one.id === this.form?.id), onclick: () => this.#edit(one) }, h("span", { class: "targets__name truncate", dir: "auto" }, name(one)), h("span", { class: "targets__hint" }, hint(one))));
        fill(this.list, fits.length > 0 ? fits.map(row) : h("li", { class: "face__words" }, this.all.length === 0 ? none : "Nothing of that name."));
    }

    /** Nothing is being written. */
    #leave() {
        this.form = null;
        this.dialog.dataset.editing = "false";
        fill(this.place, h("p", { class: "face__words" }, "Choose one to change it, or make a new one."));
    }

    #edit(one, begin = {}) {
        const { Form } = KINDS[this.kind];
        this.form = new Form(this.desk, one, { known: this.known, begin, save: (words) => this.#save(one, words), remove: () => this.#remove(one), leave: () => (this.#leave(), this.#draw(), this.field.focus()) });
        this.dialog.dataset.editing = "true";
        fill(this.place, this.form.root);
        this.#draw();
        this.form.focus();
    }

    /** Raises what the server says against it; the form shows it where it belongs. */
    async #save(one, words) {
        const { api } = this.desk;
        const { kind } = this;
        const kept = await (one ? api.patch(`${kind}/${one.id}/`, words) : api.post(`${kind}/`, words));
        this.#changed();
        if (kind !== this.kind) return;
        this.all = one ? this.all.map((other) => (other.id === kept.id ? kept : other)) : [...this.all, kept];
        this.#edit(kept);
        this.form.say("Kept");
    }

    async #remove(one) {
        const { kind } = this;
        await this.desk.api.remove(`${kind}/${one.id}/`);
        this.#changed();
        this.all = this.all.filter((other) => other.id !== one.id);
        this.#edit(null, KINDS[kind].Form.wordsOf(one));
        this.form.say("Thrown away. Its words stand here still: Save makes it again.");
    }

    #changed() {
        if (this.kind === "macros") this.desk.macros?.forget();
    }
}
