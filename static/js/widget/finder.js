// Search in the help centre without leaving the chat; what is found opens in the reader above it.

import { fill, h, icon } from "./dom.js";

const PAUSE = 200; // ms without a key before we ask
const SETTLED = 1_500; // ms: then these words were a search, and are counted once
const ADDRESS = "/api/v1/help/search/";

export class ChatFinder extends HTMLElement {
    #asked = 0;
    #pause = null;
    #settled = null;
    #returnTo = null;

    /** `known()` gives the session's token if there is one; searching makes none. */
    begin({ t, language, known = () => null }) {
        Object.assign(this, { t, language, known });
        this.hidden = true;
        this.setAttribute("role", "region");
        this.setAttribute("aria-label", t("find"));
        this.addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || event.isComposing) return;
            event.stopPropagation();
            this.close();
        });
        this.field = h("input", { class: "input", type: "search", maxlength: "300", autocomplete: "off", placeholder: t("findHere"), "aria-label": t("find"), oninput: () => this.#typed() });
        this.status = h("p", { class: "finder__status soft", role: "status" });
        this.list = h("ul", { class: "finder__list", role: "list" });
        const back = h("button", { class: "button button--icon", type: "button", "aria-label": t("back"), title: t("back"), onclick: () => this.close() }, icon("back"));
        fill(this, h("header", { class: "reader__head" }, back, this.field), h("div", { class: "reader__body" }, this.status, this.list));
    }

    open() {
        if (this.hidden) this.#returnTo = document.activeElement;
        this.hidden = false;
        this.#tell(true);
        this.field.focus();
        this.field.select();
    }

    close() {
        if (this.hidden) return;
        clearTimeout(this.#settled);
        this.hidden = true;
        this.#tell(false);
        this.#returnTo?.focus?.();
        this.#returnTo = null;
    }

    #tell(isOn) {
        this.dispatchEvent(new CustomEvent("reading", { bubbles: true, detail: isOn }));
    }

    get #words() {
        return this.field.value.trim().replace(/\s+/g, " ");
    }

    #typed() {
        clearTimeout(this.#pause);
        clearTimeout(this.#settled);
        this.#pause = setTimeout(() => this.#search(), PAUSE);
        if (this.#words.length > 1) this.#settled = setTimeout(() => this.#count(), SETTLED);
    }

    #headers() {
        const token = this.known();
        return token ? { Authorization: `Bearer ${token}` } : {};
    }

    async #search() {
        const asked = (this.#asked += 1);
        if (this.#words === "") {
            this.list.replaceChildren();
            this.status.textContent = "";
            return;
        }
        const address = new URL(ADDRESS, location.origin);
        address.searchParams.set("q", this.#words);
        address.searchParams.set("lang", this.language);
        try {
            const answer = await fetch(address, { credentials: "omit", headers: this.#headers() });
            if (!answer.ok) throw new Error(String(answer.status));
            const { results } = await answer.json();
            if (asked !== this.#asked) return;
            this.status.textContent = results.length > 0 ? this.t("findCount", { count: results.length }) : this.t("findNothing");
            fill(this.list, results.map((one) => this.#result(one)));
        } catch {
            if (asked !== this.#asked) return;
            this.status.textContent = this.t("findFailed");
            fill(this.list, h("li", {}, h("button", { class: "button", type: "button", onclick: () => this.#search() }, icon("retry"), this.t("retry"))));
        }
    }

    #result(one) {
        const open = () => this.dispatchEvent(new CustomEvent("article", { bubbles: true, detail: { article: one.id, title: one.title, url: one.url, found: true } }));
        return h("li", { lang: one.language }, h("button", { class: "finder__one", type: "button", onclick: open }, h("b", { dir: "auto" }, one.title), h("span", { class: "soft", dir: "auto" }, one.excerpt)));
    }

    #count() {
        const body = JSON.stringify({ q: this.#words, lang: this.language, place: "widget" });
        fetch(ADDRESS, { method: "POST", credentials: "omit", headers: { ...this.#headers(), "Content-Type": "application/json" }, body }).catch(() => {});
    }
}

customElements.define("chat-finder", ChatFinder);
