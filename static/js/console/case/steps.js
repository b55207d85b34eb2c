// The checklist of a case: steps of a template, or one's own.

import { h } from "../dom.js";
import { exact } from "../times.js";
import { patched, put, without } from "./file.js";
import { lineForm, quiet, Section, tiny } from "./section.js";

const SOON = 1_000;

/** Is there a procedure some of whose steps are not on the checklist? Pure. */
export function left(guide, steps) {
    const known = new Set(steps.map((step) => step.text));
    return Boolean(guide?.steps.some((step) => !known.has(step.line)));
}

export class Steps {
    #templates = null;
    #guide = null; // the procedure that this conversation is for
    #timer = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "steps", title: "Checklist", settings: desk.settings, open: false });
        desk.live.on("message", (frame) => {
            if (frame.conversation !== desk.openId || frame.author.kind !== "customer") return;
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => this.#guided(), SOON);
        });
    }

    get root() {
        return this.section.root;
    }

    begin() {
        clearTimeout(this.#timer);
        this.#guide = null;
        this.section.begin();
    }

    async load() {
        this.#guided();
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
        this.section.show([steps, this.#templates, this.#guide], () => this.#build(steps, done), { count: steps.length ? `${done} of ${steps.length}` : this.#guide?.name });
    }

    #build(steps, done) {
        const templates = this.#templates ?? [];
        const choose = h("select", { class: "input input--small", "aria-label": "Put a checklist on the case", "data-key": "template", onchange: () => choose.value && this.#apply(templates.find((one) => one.id === choose.value)) }, h("option", { value: "" }, "Use a checklist…"), templates.map((one) => h("option", { value: one.id }, `${one.name} (${one.items.length})`)));
        const guide = left(this.#guide, steps) ? this.#proposal(this.#guide) : null;
        return [
            guide,
            guide && steps.length === 0 ? null : steps.length > 0 ? h("progress", { class: "todo__bar", max: steps.length, value: done, "aria-label": "Steps done" }) : h("p", { class: "customer__none" }, "No steps yet. Use a checklist, or write one down."),
            h("ul", { class: "rows-list", role: "list" }, steps.map((step) => this.#row(step))),
            lineForm({ label: "Add a step", key: "step", onsubmit: (text, again) => this.#add(text).then(({ ok }) => ok || again(text)) }),
            templates.length > 0 ? choose : null,
        ];
    }

    async #guided() {
        const { id } = this.file;
        try {
            const { guide } = await this.desk.api.get(this.file.inCase("guide/"));
            if (id !== this.file.id) return;
            this.#guide = guide;
            this.render();
        } catch {
            // it is only a proposal
        }
    }

    /** What is left to do by a procedure. A tick, or the button, puts all of it on the case. */
    #proposal(guide) {
        const gathered = guide.steps.filter((step) => step.done).length;
        const why = guide.how === "run" ? guide.reason || "The bot began it" : "What the customer wrote is for this";
        const row = (step, at) => h("li", { class: `todo${step.done ? " todo--done" : ""}` }, h("input", { type: "checkbox", checked: step.done, disabled: step.done, "aria-label": step.text, "data-key": `guide ${at}`, onchange: () => this.#take([at]) }), h("span", { class: "todo__words" }, h("span", { class: "todo__text", dir: "auto" }, step.text), step.value || step.final ? h("span", { class: "todo__facts", dir: "auto" }, step.value || "can't be undone") : null));
        return h("section", { class: "guide", "aria-label": `Steps of ${guide.name}` }, h("p", { class: "guide__title" }, h("strong", { dir: "auto" }, guide.name), h("span", { class: "todo__facts" }, `${gathered} of ${guide.steps.length} known. ${why}`)), h("ul", { class: "rows-list", role: "list" }, guide.steps.map(row)), quiet("Use as checklist", "check", () => this.#take([]), { "data-key": "guide" }));
    }

    #take(ticks) {
        const lines = this.#guide.steps.map((step, at) => ({ id: `new ${at} ${step.line}`, text: step.line, done_at: step.done || ticks.includes(at) ? new Date().toISOString() : null, done_by: null }));
        this.file.act({
            change: (state) => ({ ...state, checklist: [...state.checklist, ...lines] }),
            ask: () => this.desk.api.post(this.file.inCase("guide/"), { ticks }),
            settle: (state, checklist) => ({ ...state, checklist }),
            words: "Not put on the case",
        });
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
