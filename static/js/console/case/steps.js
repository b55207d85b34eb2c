// The checklist of a case: steps of a template, or one's own.

import { h } from "../dom.js";
import { exact } from "../times.js";
import { patched, put, without } from "./file.js";
import { lineForm, Section, tiny } from "./section.js";

export class Steps {
    #templates = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "steps", title: "Checklist", settings: desk.settings, open: false });
    }

    get root() {
        return this.section.root;
    }

    async load() {
        if (this.#templates) return;
        this.#templates = [];
        try {
            this.#templates = (await this.desk.api.get("checklists/")).filter((one) => one.is_active);
            this.render();
        } catch {
            this.#templates = null;
        }
    }

    render() {
        const steps = this.file.case?.checklist;
        if (!steps) return;
        const done = steps.filter((step) => step.done_at).length;
        this.section.show([steps, this.#templates], () => this.#build(steps, done), { count: steps.length ? `${done} of ${steps.length}` : "" });
    }

    #build(steps, done) {
        const templates = this.#templates ?? [];
        const choose = h("select", { class: "input input--small", "aria-label": "Put a checklist on the case", "data-key": "template", onchange: () => choose.value && this.#apply(templates.find((one) => one.id === choose.value)) }, h("option", { value: "" }, "Use a checklist…"), templates.map((one) => h("option", { value: one.id }, `${one.name} (${one.items.length})`)));
        return [
            steps.length > 0 ? h("progress", { class: "todo__bar", max: steps.length, value: done, "aria-label": "Steps done" }) : h("p", { class: "customer__none" }, "No steps yet. Use a checklist, or write one down."),
            h("ul", { class: "rows-list", role: "list" }, steps.map((step) => this.#row(step))),
            lineForm({ label: "Add a step", key: "step", onsubmit: (text, again) => this.#add(text).then(({ ok }) => ok || again(text)) }),
            templates.length > 0 ? choose : null,
        ];
    }

    #row(step) {
        const done = Boolean(step.done_at);
        const fresh = step.id.startsWith("new");
        const toggle = h("input", { type: "checkbox", checked: done, disabled: fresh, "aria-label": step.text, "data-key": `step ${step.id}`, onchange: () => this.#tick(step, !done) });
        const remove = tiny("trash", `Remove ${step.text}`, () => this.#remove(step), { disabled: fresh });
        return h("li", { class: `todo${done ? " todo--done" : ""}` }, toggle, h("span", { class: "todo__words" }, h("span", { class: "todo__text", dir: "auto" }, step.text), done && step.done_by ? h("span", { class: "todo__facts", title: exact(step.done_at) }, step.done_by.name) : null), remove);
    }

    #add(text) {
        const row = { id: `new ${text}`, text, position: 1000, done_at: null, done_by: null };
        return this.file.act({
            change: (state) => ({ ...state, checklist: [...state.checklist, row] }),
            ask: () => this.desk.api.post(this.file.inCase("checklist/"), { text }),
            settle: (state, checklist) => ({ ...state, checklist }),
            words: "Not added",
        });
    }

    #apply(template) {
        if (!template) return;
        this.file.act({
            change: (state) => ({ ...state, checklist: [...state.checklist, ...template.items.map((text, at) => ({ id: `new ${at} ${text}`, text, done_at: null, done_by: null }))] }),
            ask: () => this.desk.api.post(this.file.inCase("checklist/"), { template: template.id }),
            settle: (state, checklist) => ({ ...state, checklist }),
            words: "Not put on the case",
        });
    }

    #tick(step, done) {
        return this.file.act({
            change: (state) => ({ ...state, checklist: patched(state.checklist, step.id, { done_at: done ? new Date().toISOString() : null, done_by: done ? this.desk.store.me : null }) }),
            ask: () => this.desk.api.patch(this.file.inCase(`checklist/${step.id}/`), { done }),
            settle: (state, made) => ({ ...state, checklist: put(state.checklist, made) }),
            words: "Not changed",
        });
    }

    async #remove(step) {
        const { ok } = await this.file.act({
            change: (state) => ({ ...state, checklist: without(state.checklist, step.id) }),
            ask: () => this.desk.api.remove(this.file.inCase(`checklist/${step.id}/`)),
            words: "Not removed",
        });
        if (ok) this.desk.toasts.undo("Step removed", () => this.#add(step.text));
    }
}
