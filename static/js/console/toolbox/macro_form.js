// A macro: its name, its steps in order, and whether it is mine or everybody's.

import { fill, h, icon, iconButton } from "../dom.js";
import { select } from "../value_field.js";
import { firstWords, Form, labelled } from "./form.js";
import { newStep, stepFields, VERBS } from "./step.js";

const MOST = 20;

export class MacroForm extends Form {
    static wordsOf({ name, actions, personal }) {
        return { name, actions, personal };
    }

    constructor(desk, macro, { known, begin, ...how }) {
        const words = { name: "", actions: [newStep("add_labels")], personal: true, ...(macro ? MacroForm.wordsOf(macro) : begin) };
        const supervises = desk.store.may("supervise_conversations");
        super({ id: macro?.id ?? null, mayChange: supervises || words.personal, ...how });
        this.known = { ...known, desk };
        this.steps = structuredClone(words.actions);
        this.name = h("input", { class: "input", type: "text", maxlength: "80", value: words.name, dir: "auto", placeholder: "Start a return" });
        this.list = h("ol", { class: "steps-list" });
        this.problem = h("p", { class: "error toolbox__problem", role: "alert", hidden: true });
        this.shared = h("input", { type: "checkbox", checked: !words.personal, disabled: !supervises });
        this.fields = { name: labelled("Name", this.name), actions: this.#actionsRow() };
        this.build(this.fields.name, this.fields.actions, supervises || !words.personal ? h("label", { class: "check" }, this.shared, "For everybody") : null);
        this.#draw();
    }

    focus() {
        this.name.focus();
    }

    #actionsRow() {
        const add = h("button", { class: "button button--small button--quiet", type: "button", onclick: () => this.#add() }, icon("plus"), "Step");
        const row = h("div", { class: "field", role: "group", "aria-label": "Steps" }, h("p", { class: "toolbox__label" }, "Steps, in this order: all or nothing"), this.list, h("div", {}, add), this.problem);
        // A refusal names the step by its place
        row.problem = (words) => this.#refused(words);
        return row;
    }

    #draw(focus = -1) {
        fill(this.list, this.steps.map((step, at) => this.#row(step, at)));
        this.list.children[focus]?.querySelector("select")?.focus();
    }

    #row(step, at) {
        const verb = select("What is done", VERBS, step.do, (chosen) => {
            if (chosen === step.do) return;
            this.steps[at] = newStep(chosen);
            this.#draw(at);
        });
        const tools = [
            iconButton("back", "Move up", () => this.#move(at, -1), { disabled: at === 0, class: "button button--icon steps-list__up" }),
            iconButton("back", "Move down", () => this.#move(at, 1), { disabled: at === this.steps.length - 1, class: "button button--icon steps-list__down" }),
            iconButton("trash", "Remove this step", () => this.#drop(at)),
        ];
        for (const tool of tools) tool.classList.add("button--tiny");
        return h("li", { class: "steps-list__one" }, h("div", { class: "steps-list__head" }, verb, tools), stepFields(step, this.known));
    }

    #add() {
        if (this.steps.length >= MOST) return;
        this.steps.push(newStep("add_labels"));
        this.#draw(this.steps.length - 1);
    }

    #move(at, by) {
        const [step] = this.steps.splice(at, 1);
        this.steps.splice(at + by, 0, step);
        this.#draw(at + by);
    }

    #drop(at) {
        this.steps.splice(at, 1);
        this.#draw(Math.min(at, this.steps.length - 1));
    }

    #refused(words) {
        this.problem.hidden = !words;
        for (const row of this.list.children) row.classList.remove("steps-list__one--bad");
        if (!words) return;
        const [place] = Array.isArray(words) ? [] : Object.keys(words);
        this.list.children[Number(place)]?.classList.add("steps-list__one--bad");
        const where = place === undefined ? "" : `Step ${Number(place) + 1}: `;
        fill(this.problem, icon("warning"), `${where}${firstWords(words)}`);
    }

    get words() {
        return { name: this.name.value.trim(), actions: this.steps, personal: !this.shared.checked };
    }
}
