// Waiting in plain words, the way to a person, and the way out of waiting: a call.

import { CallForm } from "./call_form.js";
import { fill, h, icon } from "./dom.js";
import { placeInWords } from "./times.js";

export class ChatQueue extends HTMLElement {
    begin({ t, language }) {
        Object.assign(this, { t, language });
        this.words = h("p", { class: "place__words", role: "status" });
        this.kept = h("p", { class: "place__kept" }, t("queueKept"));
        this.place = h("div", { class: "place", hidden: true },
            h("span", { class: "place__pulse", "aria-hidden": "true" }),
            h("div", {}, this.words, this.kept,
                h("button", { class: "link", type: "button", onclick: () => this.openForm() }, icon("phone"), t("callInstead"))));
        this.person = h("button", { class: "person", type: "button", onclick: () => this.#ask() }, icon("person"), h("span", {}, t("person")));
        this.form = h("div", { hidden: true });
        fill(this, this.place, this.form, this.person);
    }

    #ask() {
        if (this.person.getAttribute("aria-disabled") === "true") return;
        this.dispatchEvent(new CustomEvent("human", { bubbles: true }));
    }

    /** `state` of the conversation; `asked` when the wish is on its way. */
    show({ state, queue, agent, asked }) {
        const isWaiting = state === "queued";
        this.place.hidden = !isWaiting || !this.form.hidden;
        if (isWaiting) {
            const words = placeInWords(queue, this.t);
            if (this.words.textContent !== words) this.words.textContent = words;
            this.kept.textContent = this.t(queue?.staffed === false ? "queueAnswered" : "queueKept");
        } else if (state === "assigned" || state === "resolved") this.closeForm();
        const isWithPerson = state === "assigned" && agent?.name;
        const key = isWithPerson ? "personHere" : isWaiting || asked ? "personAsked" : "person";
        const words = this.t(key, { name: agent?.name ?? "" });
        const isAsked = key !== "person";
        this.person.setAttribute("aria-disabled", String(isAsked));
        this.person.classList.toggle("person--asked", isAsked);
        if (this.person.textContent !== words) fill(this.person, icon(isAsked ? "check" : "person"), h("span", {}, words));
    }

    /** `token()` of the session, which the app gives once it has one. */
    openForm() {
        const wish = (detail) => {
            this.dispatchEvent(new CustomEvent("callback", { bubbles: true, detail }));
            this.closeForm();
        };
        const call = new CallForm({ t: this.t, language: this.language, token: this.token, wish, close: () => this.closeForm() });
        fill(this.form, call.root);
        this.form.hidden = false;
        this.place.hidden = true;
        call.focus();
        return call;
    }

    closeForm() {
        if (this.form.hidden) return;
        this.form.hidden = true;
        fill(this.form);
        this.dispatchEvent(new CustomEvent("formclosed", { bubbles: true }));
    }
}

customElements.define("chat-queue", ChatQueue);
