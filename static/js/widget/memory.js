// What is remembered of this customer: to be seen, corrected, erased, and switched off.

import { fill, h, icon } from "./dom.js";
import { nameOf } from "./catalogue.js";

const ADDRESS = "/api/v1/memory";

/** The words of one fact, as its customer reads them. Pure. */
export function wordsOf(fact, t) {
    const kind = t("memoryKinds")[fact.kind] ?? t("memoryKinds").other;
    const label = fact.about && fact.kind !== "device" ? `${kind} (${fact.about})` : kind;
    return { label, value: fact.kind === "language" ? nameOf(fact.value) : fact.value };
}

export class ChatMemory extends HTMLElement {
    #returnTo = null;
    #editing = null;
    #sure = false;
    #state = null; // {remembers, facts}

    /** `known()` gives the session's token if there is one; looking makes none. */
    begin({ t, language, known }) {
        Object.assign(this, { t, known });
        this.day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
        this.hidden = true;
        this.setAttribute("role", "region");
        this.setAttribute("aria-label", t("memory"));
        this.addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || event.isComposing) return;
            event.stopPropagation();
            if (this.#editing) this.#edit(null);
            else this.close();
        });
        this.back = h("button", { class: "button button--icon", type: "button", "aria-label": t("back"), title: t("back"), onclick: () => this.close() }, icon("back"));
        this.status = h("p", { class: "soft", role: "status" });
        this.body = h("div", { class: "memory" });
        fill(this, h("header", { class: "reader__head" }, this.back, h("h2", {}, t("memory"))), h("div", { class: "reader__body" }, this.status, this.body));
    }

    open() {
        if (this.hidden) this.#returnTo = document.activeElement;
        this.hidden = false;
        this.#editing = null;
        this.#sure = false;
        this.#tell(true);
        this.back.focus();
        this.#load();
    }

    close() {
        if (this.hidden) return;
        this.hidden = true;
        this.#tell(false);
        this.#returnTo?.focus?.();
        this.#returnTo = null;
    }

    #tell(isOn) {
        this.dispatchEvent(new CustomEvent("reading", { bubbles: true, detail: isOn }));
    }

    async #ask(method, path = "", body = null) {
        const answer = await fetch(ADDRESS + path, {
            method,
            credentials: "omit",
            headers: { Authorization: `Bearer ${this.known()}`, ...(body ? { "Content-Type": "application/json" } : {}) },
            body: body ? JSON.stringify(body) : undefined,
        });
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.status === 204 ? null : answer.json();
    }

    async #load() {
        if (!this.known()) {
            this.#state = { remembers: true, facts: [] };
            this.#draw();
            return;
        }
        this.status.textContent = this.t("memoryLoading");
        this.body.replaceChildren();
        try {
            this.#state = await this.#ask("GET");
            this.#draw();
        } catch {
            this.status.textContent = this.t("memoryFailed");
            fill(this.body, h("button", { class: "button", type: "button", onclick: () => this.#load() }, icon("retry"), this.t("retry")));
        }
    }

    /** Does it, and shows what the server says is remembered now. */
    async #change(method, path, body = null) {
        try {
            await this.#ask(method, path, body);
            this.#state = await this.#ask("GET");
            this.#editing = null;
            this.#sure = false;
            this.#draw();
            this.back.focus();
        } catch {
            this.status.textContent = this.t("memoryNotChanged");
        }
    }

    #draw() {
        const { remembers, facts } = this.#state;
        const { t } = this;
        this.status.textContent = !remembers ? t("memoryOff") : facts.length > 0 ? t("memoryWhy") : t("memoryNothing");
        const list = facts.length > 0 ? h("ul", { class: "memory__list", role: "list" }, facts.map((fact) => h("li", { class: `memory__one${fact.state === "asked" ? " memory__one--asked" : ""}` }, this.#fact(fact)))) : null;
        fill(this.body, list, this.known() ? this.#switch(remembers, facts.length > 0) : null);
    }

    #fact(fact) {
        const { t } = this;
        const { label, value } = wordsOf(fact, t);
        if (this.#editing === fact.id) return this.#form(fact, label);
        const asked = fact.state === "asked";
        const verb = (words, act, more = {}) => h("button", { class: "button button--quiet button--small", type: "button", onclick: act, ...more }, words);
        const keep = asked ? h("button", { class: "button button--small", type: "button", onclick: () => this.#change("PATCH", `/${fact.id}`, {}) }, icon("check"), t("memoryKeep")) : null;
        const correct = fact.kind === "language" ? null : verb(t("memoryCorrect"), () => this.#edit(fact.id), { "aria-label": `${t("memoryCorrect")}: ${label}` });
        return [
            h("p", { class: "memory__label" }, label),
            h("p", { class: "memory__value", dir: "auto" }, value),
            h("p", { class: "soft memory__source" }, asked ? t("memoryAsked") : t("memoryBy")[fact.by], " · ", this.day.format(new Date(fact.said_at))),
            h("div", { class: "memory__verbs" }, keep, correct, verb(t("memoryErase"), () => this.#change("DELETE", `/${fact.id}`), { "aria-label": `${t("memoryErase")}: ${label}` })),
        ];
    }

    #form(fact, label) {
        const field = h("input", { class: "input", maxlength: "200", value: fact.value, "aria-label": label, dir: "auto", required: true });
        const form = h("form", { class: "memory__form" }, h("p", { class: "memory__label" }, label), field, h("div", { class: "memory__verbs" }, h("button", { class: "button button--small", type: "submit" }, this.t("memorySave")), h("button", { class: "button button--quiet button--small", type: "button", onclick: () => this.#edit(null) }, this.t("memoryCancel"))));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const value = field.value.trim();
            if (value) this.#change("PATCH", `/${fact.id}`, { value });
        });
        return form;
    }

    #edit(id) {
        this.#editing = id;
        this.#draw();
        (this.body.querySelector(".memory__form .input") ?? this.back).focus();
    }

    #switch(remembers, hasFacts) {
        const { t } = this;
        if (!remembers) return h("button", { class: "button", type: "button", onclick: () => this.#change("PATCH", "", { remembers: true }) }, t("memoryTurnOn"));
        const off = () => this.#change("PATCH", "", { remembers: false });
        const ask = () => {
            this.#sure = true;
            this.#draw();
            this.body.querySelector(".memory__off .button")?.focus();
        };
        if (!this.#sure) return h("button", { class: "button button--quiet memory__switch", type: "button", onclick: hasFacts ? ask : off }, t(hasFacts ? "memoryTurnOff" : "memoryTurnOffEmpty"));
        const no = () => {
            this.#sure = false;
            this.#draw();
        };
        return h("div", { class: "memory__off", role: "group", "aria-label": t("memoryTurnOff") }, h("p", {}, t("memorySure")), h("div", { class: "memory__verbs" }, h("button", { class: "button button--small", type: "button", onclick: off }, t("memoryYes")), h("button", { class: "button button--quiet button--small", type: "button", onclick: no }, t("memoryCancel"))));
    }
}

customElements.define("chat-memory", ChatMemory);
