// What the company's own systems know of the customer. They draw it; we only show it.

import { h } from "../dom.js";
import { Section } from "./section.js";

export class Orders {
    constructor(desk) {
        this.section = new Section({ name: "orders", title: "With the business", settings: desk.settings });
        this.root.hidden = true;
        this.of = null;
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.of = null;
        this.root.hidden = true;
    }

    /** `email` is how the shop knows them: another one, other orders. */
    async load(customer, email = "") {
        const address = document.body.dataset.ordersUrl;
        const of = `${customer} ${email}`;
        if (!address || !customer || this.of === of) return;
        this.of = of;
        try {
            const response = await fetch(`${address}${customer}/`, { credentials: "same-origin", signal: AbortSignal.timeout(10_000) });
            if (!response.ok || this.of !== of) return;
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            if (!page.body.textContent.trim()) return;
            this.section.content.replaceChildren(h("div", {}, [...page.body.childNodes].map((node) => document.importNode(node, true))));
            this.root.hidden = false;
        } catch {
            // the shop is away: the panel is complete without it
        }
    }
}
