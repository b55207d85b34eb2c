// Proposals while somebody writes: a list above the field, chosen with arrows and Enter, the focus
// stays in the words. Each source says when it is asked, what it has, and what a choice puts in.

import { fill, h } from "../dom.js";

const PAUSE = 60;

/** The letters behind a sign at the caret, {from, query}, or null. Pure. */
export function behind(sign, text, caret) {
    const match = new RegExp(`(?:^|[\\s(])${sign}([\\p{L}\\p{N}_.+-]*)$`, "u").exec(text.slice(0, caret));
    return match ? { from: caret - match[1].length - 1, query: match[1] } : null;
}

export class Suggest {
    #items = [];
    #at = 0;
    #asked = 0;
    #timer = null;
    #source = null;
    #place = null;
    #dismissed = null; // where Escape was pressed: not proposed again until the letters change

    /** @param sources [{find(text, caret), list(query), draw(item), choose(item, place), preview?(item), label, none?}] */
    constructor(words, sources) {
        Object.assign(this, { words, sources });
        this.list = h("ul", { class: "suggest__list", id: "suggest-list", role: "listbox", "aria-label": "Proposals" });
        this.preview = h("div", { class: "suggest__preview", "aria-live": "polite" });
        this.root = h("div", { class: "suggest", hidden: true }, this.list, this.preview);
        words.setAttribute("aria-autocomplete", "list");
        words.setAttribute("aria-controls", "suggest-list");
        for (const type of ["input", "click"]) words.addEventListener(type, () => this.look());
        words.addEventListener("blur", () => setTimeout(() => document.activeElement !== words && this.close(), 100));
        this.root.addEventListener("pointerdown", (event) => event.preventDefault());
    }

    get isOpen() {
        return !this.root.hidden;
    }

    look() {
        const { words } = this;
        const caret = words.selectionEnd;
        for (const source of this.sources) {
            const place = source.find(words.value, caret);
            if (!place) continue;
            if (this.#dismissed === place.from) return;
            this.#dismissed = null;
            this.#ask(source, { ...place, to: caret });
            return;
        }
        this.#dismissed = null;
        this.close();
    }

    #ask(source, place) {
        const asked = (this.#asked += 1);
        this.#source = source;
        this.#place = place;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(async () => {
            const items = await source.list(place.query);
            if (asked !== this.#asked) return;
            this.#items = items;
            this.#draw();
        }, this.isOpen || place.query ? PAUSE : 0);
    }

    #draw() {
        const source = this.#source;
        this.root.hidden = this.#items.length === 0 && !source.none;
        if (this.root.hidden) return;
        this.list.setAttribute("aria-label", source.label);
        this.root.classList.toggle("suggest--wide", Boolean(source.preview));
        fill(
            this.list,
            this.#items.map((item, at) => h("li", { class: "suggest__one", role: "option", id: `suggest-${at}`, "aria-selected": "false", onclick: () => this.#choose(item), onpointermove: () => at !== this.#at && this.#mark(at) }, source.draw(item))),
            this.#items.length === 0 ? h("li", { class: "suggest__none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, source.none) : null,
        );
        this.preview.hidden = !source.preview || this.#items.length === 0;
        this.#mark(0);
    }

    #mark(at) {
        this.#at = at;
        [...this.list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === at && this.#items.length > 0)));
        const row = this.list.children[at];
        if (row?.id) this.words.setAttribute("aria-activedescendant", row.id);
        row?.scrollIntoView({ block: "nearest" });
        const item = this.#items[at];
        if (!this.#source.preview || !item) return;
        fill(this.preview, h("p", { class: "suggest__waiting" }, "…"));
        Promise.resolve(this.#source.preview(item)).then((shown) => this.#items[this.#at] === item && fill(this.preview, shown));
    }

    #choose(item) {
        const source = this.#source;
        const place = this.#place;
        this.close();
        source.choose(item, place);
    }

    /** True when the key was meant for the list. */
    key(event) {
        if (!this.isOpen) return false;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const { length } = this.#items;
        if (step && length > 0) this.#mark((this.#at + step + length) % length);
        else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && !event.ctrlKey && !event.metaKey && length > 0) this.#choose(this.#items[this.#at]);
        else if (event.key === "Escape") {
            this.#dismissed = this.#place.from;
            this.close();
        } else return false;
        event.preventDefault();
        return true;
    }

    close() {
        this.#asked += 1;
        clearTimeout(this.#timer);
        this.root.hidden = true;
        this.#items = [];
        this.words.removeAttribute("aria-activedescendant");
    }
}
