// After the talk: a strip under the header in which the agent says how it ended, with the time left.

import { fill, h, icon } from "./dom.js";
import { ring } from "./ring.js";
import { summaryButton } from "./summary.js";

export class WrapUp {
    #drawn = null;

    constructor(root, desk) {
        this.desk = desk;
        this.root = h("form", { class: "wrapup", hidden: true, "aria-label": "Write it up", onsubmit: (event) => this.#send(event) });
        root.append(this.root);
    }

    render() {
        const { desk } = this;
        const { card } = desk;
        const mine = Boolean(card && desk.store.isWritingUp(card));
        this.root.hidden = !mine;
        if (!mine) {
            this.#drawn = null;
            return;
        }
        const stamp = JSON.stringify([card.conversation, card.wrap_up_until, card.disposition, desk.choices.ready]);
        if (this.#drawn === stamp) return;
        const again = this.#drawn !== null && this.conversation === card.conversation;
        const words = again ? this.note.value : "";
        this.#drawn = stamp;
        this.conversation = card.conversation;
        this.#draw(card, words);
        // The composer is closed now: this is what is left to do
        if (!again && document.activeElement === document.body) this.focus();
    }

    /** False when there is nothing to write up. */
    focus() {
        if (this.root.hidden) return false;
        (this.root.querySelector("input:checked") ?? this.root.querySelector("input"))?.focus();
        return true;
    }

    #draw(card, words) {
        const { choices } = this.desk;
        const rules = choices.rulesFor(card.queue);
        const strict = rules.mode === "time_boxed_no_early_exit";
        this.note = h("input", { class: "input", type: "text", maxlength: "2000", dir: "auto", placeholder: "A note for colleagues (optional)", "aria-label": "A note for colleagues", value: words });
        this.done = h("button", { class: "button button--primary", type: "submit" }, strict ? "Keep" : "Done");
        const codes = choices.codesFor(card.queue).map(({ code, name }) => {
            const field = h("input", { type: "radio", name: "wrapup-code", value: code, checked: code === card.disposition, required: rules.required });
            return h("label", { class: "wrapup__code" }, field, h("span", {}, name));
        });
        fill(
            this.root,
            h("div", { class: "wrapup__head" }, this.#clock(card, rules), h("div", {}, h("h3", { class: "wrapup__title" }, "Write it up"), h("p", { class: "wrapup__words" }, sentence(card, rules, choices)))),
            h("fieldset", { class: "wrapup__codes" }, h("legend", { class: "visually-hidden" }, "How did it end?"), codes),
            h("div", { class: "wrapup__end" }, this.note, summaryButton(this.desk, this.note), this.done),
        );
    }

    #clock(card, rules) {
        if (!card.wrap_up_until) return h("span", { class: "wrapup__sign" }, icon("edit"));
        const began = new Date(Date.parse(card.wrap_up_until) - rules.seconds * 1000).toISOString();
        return ring({ began, until: card.wrap_up_until, label: "Seconds left to write it up" });
    }

    async #send(event) {
        event.preventDefault();
        const code = new FormData(this.root).get("wrapup-code") ?? "";
        this.done.disabled = true;
        const done = await this.desk.wrapUp(code, this.note.value.trim());
        this.done.disabled = false;
        if (!done) return;
        this.note.value = "";
        this.render();
    }
}

function sentence(card, rules, choices) {
    const kept = card.disposition ? `Kept: ${choices.nameOf(card.disposition)}. ` : "";
    if (!card.wrap_up_until) return `${kept}Take the time you need.`;
    if (rules.mode === "time_boxed_no_early_exit") return `${kept}It ends by itself when the time is over, not before.`;
    const otherwise = choices.codes.find((code) => code.is_default)?.name;
    const default_ = otherwise && !card.disposition ? ` as “${otherwise}”` : "";
    return `${kept}When the time is over it ends by itself${default_}.`;
}
