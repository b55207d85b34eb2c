// Small parts that every room of the console uses. Elements are made of values, never of strings.

import { append, fill, h } from "../widget/dom.js";
import { initials, tone } from "./people.js";

export { append, fill, h };

const SVG = "http://www.w3.org/2000/svg";

/** A drawing of the sprite, hidden from screen readers. */
export function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
    svg.append(use);
    return svg;
}

/** Initials in a quiet colour; the bot has its own shape. */
export function avatar(name, { id = name, bot = false, small = false } = {}) {
    const kind = `avatar${small ? " avatar--small" : ""}${bot ? " avatar--bot" : ""}`;
    const sign = bot ? icon("bot") : initials(name);
    return h("span", { class: kind, "data-tone": bot ? null : tone(id), "aria-hidden": "true" }, sign);
}

/** A button with an icon alone has its name as label and tip; `key` is told too. */
export function iconButton(name, label, onclick, { key = null, ...more } = {}) {
    return h(
        "button",
        { class: "button button--icon", type: "button", "aria-label": label, title: key ? `${label} (${key})` : label, "aria-keyshortcuts": key, onclick, ...more },
        icon(name),
    );
}

/**
 * A list whose elements stay the same while their key does: nothing flickers, focus survives.
 * `create(item)` makes an element, `update(element, item, at)` brings it up to date.
 */
export class Rows {
    #elements = new Map();

    constructor(root, { key, create, update = () => {} }) {
        Object.assign(this, { root, key, create, update });
    }

    show(items) {
        const kept = new Set();
        let place = this.root.firstElementChild;
        items.forEach((item, at) => {
            const key = this.key(item);
            kept.add(key);
            let element = this.#elements.get(key);
            if (!element) {
                element = this.create(item);
                this.#elements.set(key, element);
            }
            this.update(element, item, at);
            if (element === place) place = place.nextElementSibling;
            else this.root.insertBefore(element, place);
        });
        for (const [key, element] of this.#elements) {
            if (kept.has(key)) continue;
            element.remove();
            this.#elements.delete(key);
        }
    }

    get(key) {
        return this.#elements.get(key) ?? null;
    }

    clear() {
        this.#elements.clear();
        this.root.replaceChildren();
    }
}

/** Set a text only when it differs: screen readers and layout have nothing to do otherwise. */
export function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

export function setClass(element, name, on) {
    element.classList.toggle(name, Boolean(on));
}

/**
 * The four faces of a list: "waiting" (a skeleton, seen after 300 ms), "empty", "failed", "full".
 * Puts the right one before the list and hides the others.
 */
export class Faces {
    constructor(list, { empty, rows = 4 }) {
        this.list = list;
        this.emptyWords = empty;
        this.rows = rows;
        this.face = h("div", { class: "face", hidden: true });
        list.before(this.face);
    }

    waiting() {
        const rows = Array.from({ length: this.rows }, () => h("span", { class: "skeleton skeleton--late face__row" }));
        fill(this.face, h("p", { class: "visually-hidden" }, "Loading"), rows);
        this.#show("waiting", false);
    }

    empty(words = this.emptyWords) {
        fill(this.face, h("p", { class: "face__words" }, words));
        this.#show("empty", false);
    }

    failed(error, retry) {
        const again = h("button", { class: "button button--small", type: "button", onclick: retry }, icon("retry"), "Try again");
        fill(this.face, h("p", { class: "face__words", role: "alert" }, icon("warning"), error.message), again);
        this.#show("failed", false);
    }

    full() {
        this.#show("full", true);
    }

    #show(name, full) {
        this.face.dataset.face = name;
        this.face.hidden = full;
        this.list.hidden = !full;
    }
}

/** Remember the place in the tab order: one stop for a whole list, arrows inside. */
export function rove(root, selector) {
    const all = () => [...root.querySelectorAll(selector)];
    const mark = (chosen) => {
        for (const one of all()) one.tabIndex = one === chosen ? 0 : -1;
    };
    root.addEventListener("focusin", (event) => {
        const row = event.target.closest(selector);
        if (row) mark(row);
    });
    root.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
        const row = event.target.closest(selector);
        if (!step || !row || event.target !== row) return;
        const rows = all();
        const next = Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + step));
        event.preventDefault();
        rows[next].focus();
    });
    return () => {
        const rows = all();
        if (rows.length > 0 && !rows.some((row) => row.tabIndex === 0)) rows[0].tabIndex = 0;
    };
}
