// Priority and labels: changed at once, undone if the server refuses.

import { h, icon } from "../dom.js";
import { PRIORITIES } from "../people.js";
import { Hints } from "./hints.js";
import { Section } from "./section.js";

const LENGTH = 40;

/** The labels with one more; of an exclusive group only the new one stays. Pure. */
export function withLabel(labels, name, known) {
    const fold = (word) => word.toLocaleLowerCase();
    if (labels.some((one) => fold(one) === fold(name))) return labels;
    const entry = known.find((one) => fold(one.name) === fold(name));
    const rivals = new Set(entry?.is_exclusive ? known.filter((one) => one.is_exclusive && one.group === entry.group).map((one) => fold(one.name)) : []);
    return [...labels.filter((one) => !rivals.has(fold(one))), entry?.name ?? name];
}

/** What may be chosen for some letters: [[group, labels], …], without those that are there. Pure. */
export function proposals(known, labels, letters = "") {
    const taken = new Set(labels.map((one) => one.toLocaleLowerCase()));
    const wanted = letters.trim().toLocaleLowerCase();
    const fits = known.filter((one) => one.is_active && !taken.has(one.name.toLocaleLowerCase()) && one.name.toLocaleLowerCase().includes(wanted));
    const groups = new Map();
    for (const one of fits) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
    return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

export class Labels {
    #known = null;

    constructor(desk) {
        this.desk = desk;
        this.section = new Section({ name: "labels", title: "Priority and labels", settings: desk.settings });
        this.hints = new Hints(desk);
    }

    begin() {
        this.section.begin();
        this.hints.begin();
    }

    get root() {
        return this.section.root;
    }

    async load() {
        if (this.#known) return;
        this.#known = [];
        try {
            this.#known = await this.desk.api.get("labels/");
            this.render();
        } catch {
            this.#known = null; // asked again with the next conversation; a label can be typed meanwhile
        }
    }

    render() {
        const { card } = this.desk;
        if (!card) return;
        const facts = { id: card.conversation, labels: card.labels ?? [], priority: card.priority ?? 0, known: this.#known ?? [] };
        this.section.show(facts, () => this.#build(facts), { count: facts.labels.length });
    }

    #set(fields) {
        if (this.desk.detail) Object.assign(this.desk.detail, fields);
        return this.desk.change(fields);
    }

    #build({ labels, priority, known }) {
        const choices = PRIORITIES.map(({ value, word }) => h("button", { class: "segments__one", type: "button", "data-key": `priority ${value}`, "aria-pressed": String(value === priority), onclick: () => this.#set({ priority: value }) }, word));
        const chips = labels.map((label) => h("li", {}, this.#chip(label, known, labels)));
        return [
            h("div", { class: "segments", role: "group", "aria-label": "Priority" }, choices),
            h("ul", { class: "labels", role: "list", "aria-label": "Labels" }, chips),
            this.hints.list,
            this.#adder(labels, known),
        ];
    }

    #chip(label, known, labels) {
        const entry = known.find((one) => one.name === label);
        const remove = h("button", { class: "label__remove", type: "button", "aria-label": `Remove label ${label}`, onclick: () => this.#set({ labels: labels.filter((one) => one !== label) }) }, icon("close"));
        return h("span", { class: "chip label", title: [entry?.group, entry?.description].filter(Boolean).join(": ") || null }, swatch(entry), h("span", { class: "label__name", dir: "auto" }, label), remove);
    }

    #adder(labels, known) {
        const list = h("div", { class: "label-choices", hidden: true });
        const add = (name) => this.#set({ labels: withLabel(this.desk.card.labels ?? labels, name, known) });
        const draw = () => {
            const groups = proposals(known, labels, field.value);
            list.replaceChildren(...groups.map(([group, entries]) => h("div", { role: "group", "aria-label": group || "Labels" }, group ? h("p", { class: "label-choices__group" }, group, entries[0].is_exclusive ? h("span", {}, "one of") : null) : null, h("div", { class: "labels" }, entries.slice(0, 20).map((entry) => h("button", { class: "chip chip--button", type: "button", title: entry.description || null, onclick: () => add(entry.name) }, swatch(entry), entry.name))))));
            list.hidden = groups.length === 0;
        };
        const field = h("input", { class: "input input--small", placeholder: "Add a label", "aria-label": "Add a label", maxlength: LENGTH, "data-key": "add label", autocomplete: "off", dir: "auto", onfocus: draw, oninput: draw, onkeydown: (event) => {
            if (event.key === "Escape") list.hidden = true;
            if (event.key !== "Enter" || event.isComposing || !field.value.trim()) return;
            event.preventDefault();
            const exact = field.value.trim();
            const first = proposals(known, labels, exact)[0]?.[1][0];
            const name = first && first.name.toLocaleLowerCase().startsWith(exact.toLocaleLowerCase()) ? first.name : exact;
            field.value = "";
            delete field.dataset.dirty;
            add(name);
        } });
        const wrap = h("div", { class: "label-adder", onfocusout: (event) => {
            if (!wrap.contains(event.relatedTarget)) list.hidden = true;
        } }, field, list);
        // A press on a choice must not close it before it is heard
        list.addEventListener("pointerdown", (event) => event.preventDefault());
        return wrap;
    }
}

function swatch(entry) {
    const dot = h("span", { class: "swatch", "aria-hidden": "true" });
    if (entry?.colour) dot.style.setProperty("--swatch", entry.colour);
    return dot;
}
