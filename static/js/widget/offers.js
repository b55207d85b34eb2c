// What may be of use to this customer, under the last answer, with the reason: only where the inbox
// allows it, asked for once after an answer, and gone for good when it is put away.

import { fill, h, icon } from "./dom.js";

const ADDRESS = "/api/v1/recommendations";

/** Only pages of the host's own, or of the web. Pure. */
export function safeAddress(url, origin) {
    try {
        const address = new URL(url, origin);
        return ["http:", "https:"].includes(address.protocol) ? address.href : null;
    } catch {
        return null;
    }
}

export class Offers {
    #isOver = false;
    #isAsking = false;
    #seen = null; // the first of what was told to stand here

    constructor({ t, token, changed = () => {} }) {
        Object.assign(this, { t, token, changed });
        this.root = h("section", { class: "offers", "aria-label": t("offers"), hidden: true });
    }

    get isShown() {
        return !this.root.hidden;
    }

    async load() {
        if (this.#isOver || this.#isAsking) return;
        this.#isAsking = true;
        try {
            const response = await this.#ask("GET", ADDRESS);
            if (response.status === 404) this.#isOver = true; // never here: it is not asked again
            if (response.ok) this.#draw((await response.json()).items);
        } catch {
            // no connection: the talk is complete without it
        } finally {
            this.#isAsking = false;
        }
    }

    async #ask(method, address, body = null) {
        const headers = { Authorization: `Bearer ${await this.token()}`, "Content-Type": "application/json" };
        return fetch(address, { method, headers, credentials: "omit", body: body && JSON.stringify(body), keepalive: method === "POST" });
    }

    #tell(one, did) {
        this.#ask("POST", `${ADDRESS}/${one.id}`, { did }).catch(() => {});
    }

    #draw(items) {
        this.root.hidden = items.length === 0;
        if (items.length === 0) return;
        const close = h("button", { class: "button button--icon", type: "button", "aria-label": this.t("offersAway"), title: this.t("offersAway"), onclick: () => this.#away(items) }, icon("close"));
        fill(this.root, h("div", { class: "offers__head" }, h("h3", {}, this.t("offers")), close), h("ul", { class: "offers__list", role: "list" }, items.map((one) => h("li", {}, this.#one(one)))));
        this.changed();
        if (this.#seen !== items[0].id) this.#tell(items[0], "seen");
        this.#seen = items[0].id;
    }

    #one(one) {
        const address = one.url ? safeAddress(one.url, location.origin) : null;
        const words = [h("strong", { dir: "auto" }, one.name), one.price ? h("span", { class: "soft" }, `${one.price} ${one.currency}`) : null, one.because ? h("span", { class: "soft offers__why", dir: "auto" }, one.because) : null];
        if (!address) return h("div", { class: "offers__one" }, words);
        return h("a", { class: "offers__one", href: address, target: "_blank", rel: "noopener nofollow", "data-offer": one.id, onclick: () => this.#tell(one, "clicked") }, words);
    }

    #away(items) {
        this.#isOver = true;
        this.root.hidden = true;
        for (const one of items) this.#tell(one, "dismissed");
    }
}
