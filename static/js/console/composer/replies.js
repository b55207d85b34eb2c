// Canned replies behind "/": found by a few letters, looked at with their variables filled in.

import { h, icon } from "../dom.js";
import { behind } from "./suggest.js";

const WRITE = Object.freeze({ id: "write" }); // the last of the list: to write one

/** {language, text} for a conversation: its language, else its first part, else English. Pure. */
export function textFor(texts, language) {
    const first = (code) => (code ?? "").split("-")[0].toLowerCase();
    const codes = Object.keys(texts);
    const code = codes.find((one) => one === language) ?? codes.find((one) => first(language) && first(one) === first(language)) ?? codes.find((one) => one === "en") ?? codes[0];
    return { language: code ?? "", text: texts[code] ?? "" };
}

/** What whoever sends it should look at, or null. Pure. */
export function doubts({ unknown = [], missing = [], too_long: long = false }) {
    const said = [];
    if (missing.length > 0) said.push(`Nothing is known for ${missing.join(", ")}`);
    if (unknown.length > 0) said.push(`Nothing is called ${unknown.join(", ")}`);
    if (long) said.push("It is too long to be sent");
    return said.length > 0 ? `${said.join(". ")}.` : null;
}

/** Placeholders that nobody filled in. Pure. */
export function unfilled(text) {
    return [...new Set(text.match(/\{\{[^{}]*\}\}/g) ?? [])];
}

export class Replies {
    #filled = new Map(); // what each looks like here

    /** @param put (text, place, doubt) => void */
    constructor(desk, { put, isReply }) {
        Object.assign(this, { desk, put, isReply, label: "Canned replies", none: "No canned reply has these letters." });
    }

    begin() {
        this.#filled.clear();
    }

    find(text, caret) {
        return this.isReply() ? behind("/", text, caret) : null;
    }

    async list(query) {
        try {
            const page = await this.desk.api.get(`replies/?q=${encodeURIComponent(query)}`, { conversation: this.desk.openId });
            return [...page.results, ...(query ? [] : [WRITE])];
        } catch (error) {
            this.desk.toasts.say(`Canned replies did not come: ${error.message}`, { bad: true });
            return [];
        }
    }

    draw(reply) {
        if (reply === WRITE) return [icon("edit"), h("span", { class: "suggest__word" }, "Write and change canned replies")];
        return [icon("canned"), h("span", { class: "suggest__word", dir: "auto" }, reply.title), h("kbd", {}, `/${reply.shortcut}`)];
    }

    async preview(reply) {
        if (reply === WRITE) return [];
        try {
            const filled = await this.#fill(reply);
            const doubt = doubts(filled);
            return [h("p", { class: "suggest__text", dir: "auto" }, filled.text), doubt ? h("p", { class: "suggest__doubt" }, icon("warning"), doubt) : null];
        } catch (error) {
            return [h("p", { class: "suggest__doubt" }, icon("warning"), error.message)];
        }
    }

    #fill(reply) {
        if (!this.#filled.has(reply.id)) {
            const { text } = textFor(reply.texts, this.desk.card?.language);
            const asked = this.desk.api.post("replies/preview/", { conversation: this.desk.openId, text });
            asked.catch(() => this.#filled.delete(reply.id));
            this.#filled.set(reply.id, asked);
        }
        return this.#filled.get(reply.id);
    }

    async choose(reply, place) {
        const { openId } = this.desk;
        if (reply === WRITE) {
            this.put("", place, null);
            this.desk.tell("toolbox", { kind: "replies" });
            return;
        }
        try {
            const filled = await this.desk.api.post(`replies/${reply.id}/render/`, { conversation: openId });
            if (openId === this.desk.openId) this.put(filled.text, place, doubts(filled));
        } catch (error) {
            this.desk.toasts.say(`Not put in: ${error.message}`, { bad: true });
        }
    }
}
