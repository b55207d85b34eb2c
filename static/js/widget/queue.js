// Waiting in plain words, the way to a person, and the way out of waiting: a call.

import { fill, h, icon } from "./dom.js";
import { placeInWords } from "./times.js";

const DIALABLE = /^\+?[0-9][0-9 ()./-]{4,30}$/;

/** A number that somebody could dial. */
export function isDialable(phone) {
    return DIALABLE.test(phone.trim());
}

export class ChatQueue extends HTMLElement {
    begin({ t }) {
        this.t = t;
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

    openForm() {
        const phone = h("input", { class: "input", id: "call-phone", type: "tel", name: "phone", autocomplete: "tel", inputmode: "tel", "aria-describedby": "call-hint", maxlength: "32" });
        const time = h("input", { class: "input", id: "call-time", type: "datetime-local", name: "at", min: localMinute(new Date()) });
        const later = h("div", { class: "field", hidden: true }, h("label", { for: "call-time" }, this.t("callTime")), time);
        const when = (value, key, checked) => h("label", { class: "check" }, h("input", { type: "radio", name: "when", value, checked, onchange: () => { later.hidden = value === "now"; } }), this.t(key));
        const error = h("p", { class: "error", role: "alert", id: "call-error", hidden: true });
        const form = h("form", { class: "call", novalidate: true },
            h("h2", {}, this.t("callTitle")),
            h("div", { class: "field" }, h("label", { for: "call-phone" }, this.t("callPhone")), phone, h("p", { class: "hint", id: "call-hint" }, this.t("callPhoneHint"))),
            h("fieldset", {}, h("legend", { class: "label" }, this.t("callWhen")), h("div", { class: "row row--wrap" }, when("now", "callNow", true), when("later", "callLater", false))),
            later,
            error,
            h("div", { class: "row" }, h("button", { class: "button button--primary", type: "submit" }, this.t("callSend")), h("button", { class: "button button--quiet", type: "button", onclick: () => this.closeForm() }, this.t("cancel"))));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const at = later.hidden ? null : new Date(time.value);
            const problem = !isDialable(phone.value) ? ["callPhoneWrong", phone] : at && !(at > Date.now()) ? ["callTimeWrong", time] : null;
            error.hidden = !problem;
            phone.setAttribute("aria-invalid", String(problem?.[1] === phone));
            time.setAttribute("aria-invalid", String(problem?.[1] === time));
            if (problem) {
                error.textContent = this.t(problem[0]);
                problem[1].focus();
                return;
            }
            this.dispatchEvent(new CustomEvent("callback", { bubbles: true, detail: { phone: phone.value.trim(), at: at?.toISOString() ?? null } }));
            this.closeForm();
        });
        form.addEventListener("keydown", (event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            this.closeForm();
        });
        fill(this.form, form);
        this.form.hidden = false;
        this.place.hidden = true;
        phone.focus();
    }

    closeForm() {
        if (this.form.hidden) return;
        this.form.hidden = true;
        fill(this.form);
        this.dispatchEvent(new CustomEvent("formclosed", { bubbles: true }));
    }
}

/** The form that `datetime-local` understands, in local time. */
export function localMinute(date) {
    const two = (value) => String(value).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

customElements.define("chat-queue", ChatQueue);
