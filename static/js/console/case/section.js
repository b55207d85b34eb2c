// One collapsible part of the column beside the conversation. It remembers whether it was open, is
// drawn only when what it shows has changed, and never under the hands of somebody who writes in it.

import { fill, h, icon, setText } from "../dom.js";

const KEPT = "sections";

export class Section {
    #stamp = null;
    #late = null;
    #pressed = false;

    constructor({ name, title, settings, open = true }) {
        this.settings = settings;
        this.name = name;
        this.count = h("span", { class: "customer__count" });
        this.content = h("div", { class: "customer__content" });
        this.root = h(
            "details",
            { class: "customer__section", "data-section": name, open: (settings.get(KEPT) ?? {})[name] ?? open },
            h("summary", { class: "customer__title" }, h("h3", {}, title), this.count, icon("chevron")),
            this.content,
        );
        this.root.addEventListener("toggle", () => this.#remember());
        this.content.addEventListener("input", ({ target }) => (target.dataset.dirty = ""));
        this.content.addEventListener("focusout", () => queueMicrotask(() => this.#catchUp()));
        this.content.addEventListener("pointerdown", () => this.#press());
    }

    /** What is pressed must still be there when it is let go. */
    #press() {
        this.#pressed = true;
        const letGo = () => setTimeout(() => {
            this.#pressed = false;
            this.#catchUp();
        });
        for (const type of ["pointerup", "pointercancel"]) addEventListener(type, letGo, { once: true });
    }

    #remember() {
        const kept = this.settings.get(KEPT) ?? {};
        if (kept[this.name] !== this.root.open) this.settings.set(KEPT, { ...kept, [this.name]: this.root.open });
    }

    /** Another conversation: what was drawn, and what was half written, belongs to the one before. */
    begin() {
        this.#stamp = null;
        this.#late = null;
        this.content.replaceChildren();
        setText(this.count, "");
    }

    /** `facts` is all that the drawing depends on; `build(facts)` makes the elements. */
    show(facts, build, { count = "", hidden = false } = {}) {
        this.root.hidden = hidden;
        setText(this.count, String(count || ""));
        const stamp = JSON.stringify(facts);
        if (stamp === this.#stamp) {
            this.#late = null;
            return;
        }
        if (this.#isWritten || this.#pressed) {
            this.#late = () => this.show(facts, build, { count, hidden });
            return;
        }
        this.#late = null;
        this.#stamp = stamp;
        const key = this.content.contains(document.activeElement) ? document.activeElement.dataset.key : null;
        fill(this.content, build(facts));
        if (key) this.content.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    }

    /** Draw again although nothing changed: a form was opened or closed. */
    redraw() {
        this.settle();
        this.#stamp = null;
    }

    /** What was written here is on its way, or given up. */
    settle() {
        for (const one of this.content.querySelectorAll("[data-dirty]")) delete one.dataset.dirty;
    }

    get #isWritten() {
        return [...this.content.querySelectorAll(":is(input:not([type=checkbox]), textarea)[data-dirty]")].some((one) => one.value !== "");
    }

    #catchUp() {
        if (this.#late && !this.#isWritten && !this.#pressed) this.#late();
    }
}

/** A field with a button: Enter or the button hands the words over, and the field is empty again. */
export function lineForm({ label, word = "Add", sign = "plus", key, max = 200, type = "text", list = null, onsubmit }) {
    const field = h("input", { class: "input input--small", type, placeholder: label, "aria-label": label, maxlength: max, "data-key": key, dir: "auto", list, autocomplete: "off" });
    const button = h("button", { class: "button button--small button--icon", type: "submit", "aria-label": word, title: word }, icon(sign));
    const form = h("form", { class: "line-form" }, field, button);
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        const words = field.value.trim();
        if (!words) return;
        field.value = "";
        delete field.dataset.dirty;
        onsubmit(words, (again) => (field.value ||= again));
    });
    return form;
}

export function quiet(word, sign, onclick, more = {}) {
    return h("button", { class: "button button--small button--quiet", type: "button", onclick, ...more }, sign ? icon(sign) : null, word);
}

export function tiny(sign, label, onclick, more = {}) {
    return h("button", { class: "button button--icon button--tiny", type: "button", "aria-label": label, title: label, onclick, ...more }, icon(sign));
}
