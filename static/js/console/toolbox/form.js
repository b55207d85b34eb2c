// What a form of the toolbox has in common: fields with their labels, its end, and where words against a
// field are shown.

import { fill, h, icon } from "../dom.js";

let count = 0;

/** A field with its label above it, and room for what the server says against it (`row.problem`). */
export function labelled(label, field, { hint = null } = {}) {
    count += 1;
    field.id ||= `toolbox-${count}`;
    const problem = h("p", { class: "error toolbox__problem", id: `${field.id}-problem`, hidden: true });
    const row = h("div", { class: "field" }, h("label", { for: field.id }, label), field, hint ? h("p", { class: "hint" }, hint) : null, problem);
    row.problem = (words) => {
        problem.hidden = !words;
        fill(problem, words ? [icon("warning"), firstWords(words)] : []);
        if (words) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
        if (words) field.setAttribute("aria-describedby", problem.id);
    };
    return row;
}

export class Form {
    /** @param fields name of the server's field → row of `labelled`, where its refusal is shown */
    constructor({ id, mayChange, save, remove, leave }) {
        Object.assign(this, { id, mayChange, remove, leave, keep: save });
        this.status = h("p", { class: "toolbox__status", role: "status" });
        this.button = h("button", { class: "button button--primary button--small", type: "submit", title: "Save (Ctrl Enter)", disabled: !mayChange }, "Save");
        this.fields = {};
    }

    build(...rows) {
        const remove = this.id && this.mayChange ? h("button", { class: "button button--small button--quiet toolbox__remove", type: "button", onclick: () => this.#remove() }, icon("trash"), "Throw away") : null;
        const back = h("button", { class: "button button--small", type: "button", onclick: () => this.leave() }, "Cancel");
        this.root = h("form", { class: "toolbox__fields", novalidate: true, onsubmit: (event) => this.#save(event), onkeydown: (event) => this.#key(event) }, rows, h("div", { class: "toolbox__end" }, remove, this.status, back, this.button));
        if (!this.mayChange) this.root.prepend(h("p", { class: "notice" }, icon("lock"), h("span", {}, "This one is not yours to change. You may read it.")));
    }

    say(words) {
        this.status.classList.remove("toolbox__status--bad");
        fill(this.status, words);
    }

    #key(event) {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        this.root.requestSubmit();
    }

    async #save(event) {
        event.preventDefault();
        if (this.button.disabled) return;
        await this.#try(() => this.keep(this.words));
    }

    async #remove() {
        await this.#try(() => this.remove());
    }

    async #try(act) {
        for (const row of Object.values(this.fields)) row.problem(null);
        this.button.disabled = true;
        try {
            await act();
        } catch (error) {
            this.#refused(error);
        } finally {
            this.button.disabled = !this.mayChange;
        }
    }

    /** Beside the field it is about; else at the end. */
    #refused(error) {
        let shown = false;
        for (const [name, words] of Object.entries(error.fields ?? {})) {
            const row = this.fields[name];
            if (!row) continue;
            row.problem(words);
            if (!shown) row.querySelector("[aria-invalid]")?.focus();
            shown = true;
        }
        this.status.classList.add("toolbox__status--bad");
        fill(this.status, shown ? [] : [icon("warning"), error.message]);
    }
}

/** {"0": {"text": ["…"]}} or ["…"] → "…". Pure. */
export function firstWords(problem) {
    if (typeof problem === "string") return problem;
    const [first] = Array.isArray(problem) ? problem : Object.values(problem ?? {});
    return first === undefined ? "That does not fit." : firstWords(first);
}
