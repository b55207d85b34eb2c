// The call that this customer is promised, and the way to promise one: now in line, or at a time with room.

import { byDay, momentInWords } from "../../widget/call_times.js";
import { isDialable } from "../../widget/call_form.js";
import { fill, h, icon } from "../dom.js";
import { exact } from "../times.js";
import { quiet, Section } from "./section.js";

const OVER = new Set(["resolved", "abandoned"]);
const BECAME = { done: "they were reached", dropped: "called off" };
const KEPT = 3; // of the calls that are over

/** "as soon as possible", or the day and the time. Pure. */
export function whenOf(call, language, timeZone) {
    return call.at ? momentInWords(call.at, language, timeZone) : "as soon as possible";
}

/** The one that is still owed, and the newest of the others. Pure. */
export function parted(callbacks) {
    const open = callbacks.find(({ state }) => state === "open") ?? null;
    return { open, over: callbacks.filter((one) => one !== open && one.state !== "open").slice(0, KEPT) };
}

export class CallBack {
    #form = false;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "call", title: "Call back", settings: desk.settings });
        this.root.hidden = true;
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#form = false;
        this.section.begin();
        this.root.hidden = true;
    }

    render() {
        const { detail, card } = this.desk;
        if (!detail) return;
        const { open, over } = parted(detail.callbacks ?? []);
        const may = !OVER.has(card?.state ?? detail.state);
        if (this.#form && this.section.content.querySelector("form")) return; // nobody's number is drawn away under their hands
        this.section.show([open, over, may], () => this.#build(open, over, may), { count: open ? "promised" : "", hidden: !may && !open && over.length === 0 });
    }

    #build(open, over, may) {
        return [
            open ? h("p", { class: "customer__call" }, icon("phone"), h("span", {}, h("span", { class: "numeric" }, open.phone), ", ", h("time", { datetime: open.at, title: open.at ? exact(open.at) : null }, whenOf(open)))) : null,
            may || open ? h("div", { class: "verbs-row" }, may ? quiet(open ? "Another time or number" : "Book a call", "phone", () => this.#show(true), { "data-key": "book" }) : null, open ? quiet("Call it off", null, (event) => this.#callOff(event.currentTarget), { "data-key": "off" }) : null) : null,
            over.length > 0 ? h("ul", { role: "list" }, over.map((one) => h("li", { class: "past__facts" }, `${one.phone}, ${whenOf(one)}: ${BECAME[one.state] ?? one.state}`))) : null,
        ];
    }

    #show(form) {
        this.#form = form;
        this.section.redraw();
        if (form) {
            this.#draw();
            return;
        }
        this.render();
        this.section.content.querySelector("[data-key=book]")?.focus();
    }

    async #draw() {
        const { openId, detail } = this.desk;
        const promised = parted(detail.callbacks ?? []).open;
        const phone = h("input", { class: "input input--small", id: "call-back-phone", type: "tel", maxlength: "32", value: promised?.phone ?? this.file.customer?.phone ?? detail.customer?.phone ?? "", "aria-describedby": "call-back-error", autocomplete: "off" });
        const when = h("select", { class: "input input--small", id: "call-back-when" }, h("option", { value: "" }, "As soon as possible"));
        const error = h("p", { class: "fields__error", id: "call-back-error", role: "alert", hidden: true });
        const hint = h("p", { class: "customer__none", role: "status" }, "Looking for free times …");
        const send = h("button", { class: "button button--small button--primary", type: "submit" }, promised ? "Change" : "Book");
        const row = (label, field) => h("div", { class: "fields__row" }, h("label", { class: "fields__label", for: field.id }, label), field);
        const form = h("form", { class: "who-form", novalidate: true, "aria-label": "Book a call" }, row("Number", phone), row("When", when), hint, error, h("div", { class: "verbs-row" }, send, quiet("Cancel", null, () => this.#show(false))));
        form.addEventListener("keydown", (event) => event.key === "Escape" && this.#show(false));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#book({ phone, when, error, send });
        });
        fill(this.section.content, form);
        phone.focus();
        try {
            const { slots } = await this.desk.api.get(`conversations/${openId}/call/`);
            for (const { day, slots: some } of byDay(slots)) when.append(h("optgroup", { label: day }, some.map(({ at, words }) => h("option", { value: at }, words))));
            hint.hidden = slots.length > 0;
            fill(hint, "No time with room in the next days: nobody serves here then, or all is promised.");
        } catch (problem) {
            fill(hint, problem.message);
        }
    }

    async #book({ phone, when, error, send }) {
        const number = phone.value.trim();
        const complain = (words) => {
            error.hidden = !words;
            fill(error, words ? [icon("warning"), words] : []);
        };
        phone.setAttribute("aria-invalid", String(!isDialable(number)));
        if (!isDialable(number)) {
            complain("Write a telephone number, such as +49 30 1234567.");
            phone.focus();
            return;
        }
        complain("");
        send.disabled = true;
        const { openId } = this.desk;
        try {
            await this.desk.api.post(`conversations/${openId}/call/`, { phone: number, at: when.value || null });
        } catch (problem) {
            send.disabled = false;
            complain(Object.values(problem.fields ?? {}).flat()[0] ?? problem.message);
            return;
        }
        if (openId !== this.desk.openId) return;
        await this.desk.loadDetail();
        this.#show(false);
    }

    async #callOff(button) {
        const { openId } = this.desk;
        button.disabled = true;
        try {
            const { call } = await this.desk.api.get(`conversations/${openId}/call/`);
            if (call) await this.desk.api.post(`calls/${call.id}/`, { do: "cancel" });
            if (openId === this.desk.openId) await this.desk.loadDetail();
        } catch (problem) {
            button.disabled = false;
            this.desk.toasts.say(`Not called off: ${problem.message}`, { bad: true });
        }
    }
}
