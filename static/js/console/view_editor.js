// The panel above the list in which a view is made or changed: its name, who sees it, its conditions.

import { Builder } from "./builder.js";
import { h, icon, setText } from "./dom.js";
import { select } from "./value_field.js";

const PAUSE = 300;

export class ViewEditor {
    #timer = null;

    /** `tried(conditions)`: show what this finds; `closed(view)`: saved, or null when left. */
    constructor({ desk, fields, viewbook, tried, closed }) {
        Object.assign(this, { desk, fields, viewbook, tried, closed });
        this.name = h("input", { class: "input input--small", type: "text", maxlength: "80", required: true, placeholder: "Name of the view", "aria-label": "Name of the view", dir: "auto" });
        this.builder = new Builder({ fields, changed: () => this.#changed() });
        this.share = h("div", { class: "editor__share" });
        this.count = h("p", { class: "editor__count", role: "status" });
        this.save = h("button", { class: "button button--primary button--small", type: "submit", title: "Save (Ctrl Enter)" }, "Save");
        const leave = h("button", { class: "button button--small", type: "button", onclick: () => this.leave() }, "Cancel");
        this.root = h("form", { class: "editor", hidden: true, "aria-label": "View", onsubmit: (event) => this.#save(event), onkeydown: (event) => this.#key(event) }, this.name, this.builder.root, this.share, h("div", { class: "editor__end" }, this.count, leave, this.save));
    }

    get isOpen() {
        return !this.root.hidden;
    }

    open({ view = null, conditions = {}, sort = "latest" } = {}) {
        this.view = view;
        this.sort = sort;
        this.shared = view?.shared ?? "personal";
        this.team = view?.team?.id ?? null;
        this.name.value = view?.name ?? "";
        this.builder.begin(view?.conditions ?? conditions);
        this.#drawShare();
        this.root.hidden = false;
        this.name.focus();
        this.#changed();
    }

    leave() {
        clearTimeout(this.#timer);
        this.root.hidden = true;
        this.closed(null);
    }

    /** How many the list has found. */
    found({ count, more, error }) {
        if (!this.isOpen) return;
        setText(this.count, error ? error.message : more ? `More than ${count} conversations` : count === 1 ? "1 conversation" : `${count} conversations`);
        this.count.classList.toggle("editor__count--bad", Boolean(error));
    }

    #drawShare() {
        const { store } = this.desk;
        const teams = store.teams.map((team) => [team.id, `Team ${team.name} sees it`]);
        const everybody = store.may("supervise_conversations") || this.shared === "everybody" ? [["everybody", "Everybody sees it"]] : [];
        const now = this.shared === "team" ? this.team : this.shared;
        this.share.replaceChildren(select("Who sees it", [["personal", "Only I see it"], ...teams, ...everybody], now, (chosen) => {
            this.team = teams.some(([id]) => id === chosen) ? chosen : null;
            this.shared = this.team ? "team" : chosen;
        }));
    }

    #changed() {
        clearTimeout(this.#timer);
        const waits = this.builder.unfinished;
        if (waits) setText(this.count, `${this.fields.fieldWord(waits.field)} wants a value.`);
        else this.#timer = setTimeout(() => this.isOpen && this.tried(this.builder.conditions), PAUSE);
    }

    #key(event) {
        if (event.key === "Escape") {
            event.stopPropagation();
            this.leave();
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.root.requestSubmit();
    }

    async #save(event) {
        event.preventDefault();
        if (this.builder.unfinished) {
            this.#changed();
            return;
        }
        const words = { name: this.name.value.trim(), conditions: this.builder.conditions, sort: this.sort, shared: this.shared };
        if (this.shared === "team") words.team = this.team;
        this.save.disabled = true;
        try {
            const view = await this.viewbook.save(this.view?.id ?? null, words);
            clearTimeout(this.#timer); // what it finds is not tried any more: it is listed
            this.root.hidden = true;
            this.closed(view);
        } catch (error) {
            this.found({ error });
        } finally {
            this.save.disabled = false;
        }
    }
}
