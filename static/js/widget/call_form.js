// Asking for a call: the number, and now or a time at which there is room for it.

import { byDay, momentInWords, ZONE } from "./call_times.js";
import { fill, h } from "./dom.js";

const ADDRESS = "/api/v1/call";
const DIALABLE = /^\+?[0-9][0-9 ()./-]{4,30}$/;

/** A number that somebody could dial. */
export function isDialable(phone) {
    return DIALABLE.test(phone.trim());
}

export class CallForm {
    #days = [];

    /** `wish({phone, at, slot})` when it is sent; `close()` when it is put away. */
    constructor({ t, language, token, wish, close }) {
        Object.assign(this, { t, language, token, wish, close });
        this.phone = h("input", { class: "input", id: "call-phone", type: "tel", name: "phone", autocomplete: "tel", inputmode: "tel", "aria-describedby": "call-hint", maxlength: "32" });
        this.error = h("p", { class: "error", role: "alert", id: "call-error", hidden: true });
        this.promised = h("p", { class: "call__promised", hidden: true });
        this.day = h("select", { class: "input", id: "call-day", onchange: () => this.#showTimes() });
        this.times = h("div", { class: "call__times", role: "radiogroup", "aria-label": t("callTime") });
        this.later = h("div", { class: "field", hidden: true }, h("label", { for: "call-day" }, t("callDay")), this.day, this.times);
        this.none = h("p", { class: "hint", role: "status" }, t("callTimesLoading"));
        const when = (value, key, checked) => h("label", { class: "check" }, h("input", { type: "radio", name: "when", value, checked, onchange: () => this.#choose(value) }), t(key));
        this.off = h("button", { class: "button button--quiet", type: "button", hidden: true, onclick: () => this.#cancel() }, t("callOff"));
        this.root = h("form", { class: "call", novalidate: true },
            h("h2", {}, t("callTitle")),
            this.promised,
            h("div", { class: "field" }, h("label", { for: "call-phone" }, t("callPhone")), this.phone, h("p", { class: "hint", id: "call-hint" }, t("callPhoneHint"))),
            h("fieldset", {}, h("legend", { class: "label" }, t("callWhen")), h("div", { class: "row row--wrap" }, when("now", "callNow", true), when("later", "callLater", false))),
            this.later,
            this.error,
            h("div", { class: "row row--wrap" }, h("button", { class: "button button--primary", type: "submit" }, t("callSend")), h("button", { class: "button button--quiet", type: "button", onclick: close }, t("cancel")), this.off));
        this.root.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#send();
        });
        this.root.addEventListener("keydown", (event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            close();
        });
        this.#load();
    }

    focus() {
        this.phone.focus();
    }

    async #ask(method) {
        const address = `${ADDRESS}?time_zone=${encodeURIComponent(ZONE)}`;
        return fetch(address, { method, headers: { Authorization: `Bearer ${await this.token()}` }, credentials: "omit" });
    }

    async #load() {
        try {
            const response = await this.#ask("GET");
            if (!response.ok) throw new Error(String(response.status));
            const { call, slots } = await response.json();
            this.#days = byDay(slots, this.language);
            if (call) this.#showPromise(call);
            this.#showDays();
        } catch {
            fill(this.none, this.t("callTimesFailed"));
        }
    }

    #showPromise({ phone, at }) {
        if (!this.phone.value) this.phone.value = phone;
        this.promised.textContent = at ? this.t("callPromised", { phone, when: momentInWords(at, this.language) }) : this.t("callPromisedSoon", { phone });
        this.promised.hidden = false;
        this.off.hidden = false;
    }

    #showDays() {
        fill(this.day, this.#days.map(({ day }, place) => h("option", { value: String(place) }, day)));
        this.day.disabled = this.#days.length === 0;
        if (this.#days.length === 0) fill(this.none, this.t("callTimesNone"));
        this.#showTimes();
    }

    #showTimes() {
        const slots = this.#days[Number(this.day.value)]?.slots ?? [];
        const some = slots.map(({ at, words }, place) => h("label", { class: "call__time" }, h("input", { type: "radio", name: "slot", value: at, checked: place === 0 }), h("span", {}, words)));
        fill(this.times, some.length > 0 ? some : this.none);
    }

    #choose(value) {
        this.later.hidden = value === "now";
        if (!this.later.hidden && !this.times.hasChildNodes()) fill(this.times, this.none);
    }

    #send() {
        const slot = this.later.hidden ? null : this.times.querySelector("input:checked");
        const problem = !isDialable(this.phone.value) ? ["callPhoneWrong", this.phone] : !this.later.hidden && !slot ? ["callTimeWrong", this.day] : null;
        this.phone.setAttribute("aria-invalid", String(problem?.[1] === this.phone));
        this.complain(problem ? this.t(problem[0]) : "");
        if (problem) {
            problem[1].focus();
            return;
        }
        this.wish({ phone: this.phone.value.trim(), at: slot?.value ?? null, slot: slot !== null });
    }

    complain(words) {
        this.error.hidden = !words;
        this.error.textContent = words;
    }

    async #cancel() {
        const response = await this.#ask("DELETE").catch(() => null);
        if (response?.ok) this.close();
        else this.complain(this.t("callTimesFailed"));
    }
}
