// How each message of the customer reads, with its chance, and a way to say that it is wrong.

import { fill, h, setText } from "./dom.js";
import { appealWords, isClear, moodOf, moodTitle, moodWords, readAs, signed, trendWords } from "./mood.js";
import { Popover } from "./popover.js";

const SAYS = ["negative", "neutral", "positive"];
const SHOWN = 12;

export class MoodPanel {
    constructor({ desk }) {
        this.desk = desk;
        this.button = h("button", { class: "mark mood", type: "button", "aria-haspopup": "dialog" });
        this.popover = new Popover({ anchor: this.button, label: "How the messages read", kind: "panel mood__card", build: () => this.#build() });
    }

    /** Fills the button of this conversation; false where nothing was read yet. */
    shown(card) {
        const mood = moodOf(card.sentiment);
        if (!mood) return false;
        this.button.dataset.mood = mood;
        this.button.title = moodTitle(card.sentiment);
        setText(this.button, moodWords(card.sentiment));
        return true;
    }

    #build() {
        const id = this.desk.openId;
        const body = h("div", { class: "mood__panel", "aria-live": "polite" }, h("p", { class: "panel__hint" }, "Reading …"));
        this.#load(id, body);
        return [h("h2", { class: "panel__title" }, "How the messages read"), body];
    }

    async #load(id, body) {
        try {
            const mood = await this.desk.api.get(`conversations/${id}/feelings/`);
            const texts = new Map((this.desk.transcript?.log ?? []).map((frame) => [frame.offset, frame.text]));
            fill(body, this.#shownMood(id, mood, body, texts));
        } catch (error) {
            fill(body, h("p", { class: "panel__hint" }, error.message || "It could not be read."), h("button", { class: "button button--small", type: "button", onclick: () => this.#load(id, body) }, "Try again"));
        }
    }

    #shownMood(id, mood, body, texts) {
        if (!mood.messages.length) return h("p", { class: "panel__hint" }, "Nothing was read yet.");
        const trend = trendWords(mood.trend);
        return [
            h("p", { class: "mood__score" }, h("strong", {}, signed(mood.score)), ` of −1 … 1${trend ? `, ${trend}` : ""}`),
            h("p", { class: "panel__hint" }, "An estimate of how the customer's words read, the last ones weighing most. It says nothing about an agent."),
            h("ol", { class: "mood__list", role: "list" }, mood.messages.slice(-SHOWN).map((one) => this.#line(id, one, body, texts))),
        ];
    }

    #line(id, one, body, texts) {
        const said = texts.get(one.offset);
        return h(
            "li",
            { class: "mood__line" },
            said ? h("p", { class: "mood__text", dir: "auto", lang: one.language }, said.slice(0, 120)) : null,
            h("p", { class: "mood__read", "data-label": isClear(one) ? one.label : "unclear" }, `Message ${one.seq}: ${readAs(one)}${one.measured ? "" : " (doubtful in this language)"}`),
            one.appeal ? h("p", { class: "panel__hint" }, appealWords(one.appeal)) : this.#appeal(id, one, body),
        );
    }

    #appeal(id, one, body) {
        const buttons = SAYS.filter((says) => says !== one.label || !isClear(one)).map((says) =>
            h("button", { class: "button button--small", type: "button", "aria-label": `Message ${one.seq} reads as ${says}`, onclick: () => this.#say(id, one, says, body) }, says),
        );
        return h("p", { class: "mood__appeal" }, h("span", {}, isClear(one) ? "Wrong? It is " : "It is "), ...buttons);
    }

    async #say(id, one, says, body) {
        for (const button of body.querySelectorAll("button")) button.disabled = true;
        try {
            await this.desk.api.post(`conversations/${id}/feelings/appeal/`, { offset: one.offset, says });
        } finally {
            await this.#load(id, body);
        }
    }
}
