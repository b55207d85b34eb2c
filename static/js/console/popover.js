// Panels that float beside the button that opened them. The browser closes them (Escape, a click
// elsewhere) and gives the focus back.

import { fill, h } from "./dom.js";

const GAP = 6;

/**
 * @param anchor  the button it belongs to
 * @param beside  another button to stand at where the anchor is not laid out
 * @param build   (close) => elements; called each time it opens
 * @param label   its name for screen readers
 */
export class Popover {
    constructor({ anchor, build, label, kind = "panel", align = "end", beside = null }) {
        Object.assign(this, { anchor, build, align, beside });
        this.panel = h("div", { class: `popover ${kind}`, popover: "auto", role: "dialog", "aria-label": label });
        document.body.append(this.panel);
        new ResizeObserver(() => this.isOpen && this.#place()).observe(this.panel); // what is loaded later needs room
        anchor.setAttribute("aria-expanded", "false");
        anchor.addEventListener("pointerdown", () => (this.wasOpen = this.isOpen));
        anchor.addEventListener("click", (event) => {
            if (event.detail > 0 && this.wasOpen) this.close();
            else this.toggle();
        });
        this.panel.addEventListener("toggle", (event) => {
            const open = event.newState === "open";
            anchor.setAttribute("aria-expanded", String(open));
            if (open) return;
            this.panel.replaceChildren();
            // Opened by a key, it has no place to give the focus back to
            if (document.activeElement === document.body) this.#near.focus();
        });
    }

    get isOpen() {
        return this.panel.matches(":popover-open");
    }

    toggle() {
        if (this.isOpen) this.close();
        else this.open();
    }

    open() {
        if (this.isOpen || this.anchor.disabled) return;
        fill(this.panel, this.build(() => this.close()));
        this.panel.showPopover();
        this.#place();
        (this.panel.querySelector("[autofocus]") ?? this.panel.querySelector("input, button, select, textarea"))?.focus();
    }

    close() {
        if (!this.isOpen) return;
        const inside = this.panel.contains(document.activeElement);
        this.panel.hidePopover();
        if (inside) this.#near.focus();
    }

    get #near() {
        return this.anchor.offsetParent ? this.anchor : this.beside ?? this.anchor;
    }

    #place() {
        const anchor = this.#near.getBoundingClientRect();
        const { offsetWidth: width, offsetHeight: height } = this.panel;
        const right = this.align === "end" ? anchor.right : anchor.left + width;
        const left = Math.max(GAP, Math.min(innerWidth - width - GAP, right - width));
        const below = anchor.bottom + GAP;
        const top = below + height <= innerHeight - GAP ? below : Math.max(GAP, anchor.top - GAP - height);
        this.panel.style.left = `${left}px`;
        this.panel.style.top = `${top}px`;
    }
}
