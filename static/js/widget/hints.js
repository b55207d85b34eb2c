// Articles that may say it already, while the customer still writes. What is asked for them is not kept; addresses
// and long numbers stay in the browser.

import { fill, h, icon } from "./dom.js";

const ADDRESS = "/api/v1/help/search/";
const MOST = 3;
const LONGEST = 300;
const ASKS_IN = ["new", "bot", "queued"]; // a person who is there answers

/** What may be asked of words that are not sent yet; "" while they say too little. Pure. */
export function askable(text) {
    const plain = text
        .replace(/\S+@\S+|\+?\d(?:[\s()/.-]?\d){3,}/g, " ")
        .replace(/\s+/g, " ")
        .trim()
        .slice(0, LONGEST);
    const says = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}/.test(plain) || plain.split(" ").filter((word) => word.length > 1).length >= 3;
    return says ? plain : "";
}

export class Hints {
    #asked = 0;
    #words = "";
    #isAway = false;

    /** `known()` gives the session's token if there is one; asking makes none. */
    constructor({ t, language, known }) {
        Object.assign(this, { t, language, known });
        this.root = h("section", { class: "hints", "aria-label": t("hints"), hidden: true });
        this.list = h("ul", { class: "hints__list", role: "list" });
        const away = h("button", { class: "button button--icon", type: "button", "aria-label": t("hintsAway"), title: t("hintsAway"), onclick: () => this.#putAway() }, icon("close"));
        fill(this.root, h("div", { class: "hints__head" }, h("p", { role: "status" }, t("hints")), away), this.list);
    }

    /** The words in the composer as they stand, in a talk of this state. */
    async look(text, state) {
        const words = ASKS_IN.includes(state) ? askable(text) : "";
        if (words === this.#words || this.#isAway) return;
        this.#words = words;
        const asked = (this.#asked += 1);
        const found = words ? await this.#found(words) : [];
        if (asked !== this.#asked) return;
        fill(this.list, found.slice(0, MOST).map((one) => this.#one(one)));
        this.root.hidden = found.length === 0;
    }

    /** They are sent: the answer comes from elsewhere now. */
    over() {
        this.#asked += 1;
        this.#words = "";
        this.#isAway = false;
        this.root.hidden = true;
    }

    #putAway() {
        this.over();
        this.#isAway = true; // until something is sent
    }

    async #found(words) {
        const address = new URL(ADDRESS, location.origin);
        address.search = new URLSearchParams({ q: words, lang: this.language });
        const token = this.known();
        try {
            const answer = await fetch(address, { credentials: "omit", headers: token ? { Authorization: `Bearer ${token}` } : {} });
            return answer.ok ? (await answer.json()).results : [];
        } catch {
            return []; // they can be sent all the same
        }
    }

    #one({ id, title, url, language }) {
        const open = () => this.root.dispatchEvent(new CustomEvent("article", { bubbles: true, detail: { article: id, title, url, found: true } }));
        return h("li", { lang: language }, h("button", { class: "hints__one", type: "button", onclick: open }, h("span", { dir: "auto" }, title)));
    }
}
