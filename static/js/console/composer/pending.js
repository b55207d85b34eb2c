// What is to be said later, at the end of the thread: a bar for the seconds in which it can be taken
// back; its hour, with the ways to change it, for what was put off.

import { h, icon, Rows } from "../dom.js";
import { exact, until } from "../times.js";
import { localMinute } from "../verbs.js";
import { isShort } from "./outgoing.js";

export class Pending {
    #editing = null;

    constructor(desk, outgoing) {
        Object.assign(this, { desk, outgoing });
        this.root = h("ol", { class: "pending", role: "list", "aria-label": "To be sent", hidden: true });
        this.rows = new Rows(this.root, { key: (entry) => `${entry.client_id} ${this.#stampOf(entry)}`, create: (entry) => this.#row(entry) });
        outgoing.addEventListener("change", () => this.draw());
    }

    begin() {
        this.#editing = null;
        this.rows.clear();
        this.draw();
    }

    draw() {
        const { openId, transcript } = this.desk;
        const entries = openId ? this.outgoing.of(openId).filter((entry) => !transcript?.has(entry.client_id)) : [];
        this.rows.show(entries);
        this.root.hidden = entries.length === 0;
        this.changed?.();
    }

    #stampOf(entry) {
        return JSON.stringify([entry.send_at.slice(0, 19), entry.text, entry.unless_customer_writes, Boolean(entry.id) && !isShort(entry), entry.leaving, entry.client_id === this.#editing]);
    }

    #row(entry) {
        const mine = entry.agent.id === this.desk.store.me?.id;
        if (entry.client_id === this.#editing) return h("li", { class: "pending__one" }, this.#form(entry));
        const files = entry.attachments.length > 0 ? h("span", { class: "pending__files" }, icon("file"), entry.attachments.map((file) => file.name).join(", ")) : null;
        const words = h("div", { class: "message__bubble" }, entry.text ? h("div", { class: "message__text typed", dir: "auto" }, entry.text) : null, files);
        return h("li", { class: `pending__one${isShort(entry) ? " pending__one--short" : ""}` }, words, isShort(entry) ? this.#bar(entry) : this.#foot(entry, mine));
    }

    #button(word, sign, onclick, more = {}) {
        return h("button", { class: "button button--small button--quiet", type: "button", onclick, ...more }, sign ? icon(sign) : null, word);
    }

    #bar(entry) {
        if (entry.leaving) return h("p", { class: "pending__foot" }, icon("clock"), "Sending");
        const bar = h("span", { class: "pending__bar", "aria-hidden": "true" });
        const left = Math.max(0, Date.parse(entry.send_at) - Date.now());
        bar.style.setProperty("--left", `${left}ms`);
        bar.style.setProperty("--share", String(Math.min(1, left / Math.max(1, Date.parse(entry.send_at) - Date.parse(entry.created_at)))));
        return [
            bar,
            h("p", { class: "pending__foot" }, h("span", {}, "Sending in ", h("count-down", { until: entry.send_at })), this.#button("Undo", "undo", () => this.outgoing.takeBack(entry), { class: "button button--small pending__undo", "aria-keyshortcuts": "Control+Z" }), this.#button("Send now", "send", () => this.outgoing.sendNow(entry))),
        ];
    }

    #foot(entry, mine) {
        const when = h("span", { class: "pending__when", title: exact(entry.send_at) }, icon("clock"), h("strong", {}, until(entry.send_at, Date.now())), entry.unless_customer_writes ? " unless they write first" : "", mine ? "" : ` · ${entry.agent.name}`);
        const verbs = mine && entry.id ? [this.#button("Edit", null, () => this.#edit(entry.client_id)), this.#button("Send now", null, () => this.outgoing.sendNow(entry)), this.#button("Cancel", null, () => this.outgoing.takeBack(entry))] : null;
        return h("p", { class: "pending__foot" }, when, verbs);
    }

    #edit(id) {
        this.#editing = id;
        this.draw();
        this.root.querySelector("textarea")?.focus();
    }

    #form(entry) {
        const words = h("textarea", { class: "input", rows: "3", maxlength: "4000", dir: "auto", "aria-label": "Words to be sent", value: entry.text });
        const when = h("input", { class: "input", type: "datetime-local", "aria-label": "When", value: localMinute(Date.parse(entry.send_at)), min: localMinute(Date.now()) });
        const unless = h("input", { type: "checkbox", checked: entry.unless_customer_writes });
        const save = async () => {
            const at = Date.parse(when.value);
            when.setAttribute("aria-invalid", String(!(at > Date.now())));
            if (!(at > Date.now()) || !(words.value.trim() || entry.attachments.length)) return;
            const fields = { text: words.value.trim(), send_at: new Date(at).toISOString(), unless_customer_writes: unless.checked };
            if (await this.outgoing.change(entry, fields)) this.#edit(null);
        };
        return h("div", { class: "pending__form", onkeydown: (event) => event.key === "Escape" && this.#edit(null) }, words, h("div", { class: "pending__foot" }, when, h("label", { class: "check" }, unless, "Not if the customer writes first")), h("div", { class: "pending__foot" }, h("button", { class: "button button--small button--primary", type: "button", onclick: save }, "Save"), this.#button("Leave it", null, () => this.#edit(null))));
    }
}
