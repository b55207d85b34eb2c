// Short words at the lower edge: what failed, and what can be undone for ten seconds.

import { h, icon } from "./dom.js";

const SHOWN_FOR = 6_000;
const UNDO_FOR = 10_000;

export class Toasts {
    constructor(root, alarm) {
        this.root = root;
        this.alarm = alarm;
    }

    say(words, { bad = false } = {}) {
        if (bad) this.alarm.textContent = words; // assertive: it is an error
        const toast = this.#show(h("span", {}, words), bad ? "toast--bad" : "", SHOWN_FOR);
        if (bad) toast.prepend(icon("warning"));
        if (bad) toast.setAttribute("aria-hidden", "true"); // said already
    }

    undo(words, back) {
        const ends = new Date(Date.now() + UNDO_FOR).toISOString();
        const button = h("button", { class: "toast__undo", type: "button", onclick: () => (toast.remove(), back()) }, "Undo ", h("count-down", { until: ends, "aria-hidden": "true" }));
        const toast = this.#show(h("span", {}, words), "", UNDO_FOR, button);
    }

    #show(words, kind, time, ...more) {
        const toast = h("div", { class: `toast ${kind}` }, words, more);
        this.root.append(toast);
        while (this.root.children.length > 3) this.root.firstChild.remove();
        let timer = setTimeout(() => toast.remove(), time);
        // Who is about to press it, may
        toast.addEventListener("focusin", () => clearTimeout(timer));
        toast.addEventListener("focusout", () => (timer = setTimeout(() => toast.remove(), time / 2)));
        return toast;
    }
}
