// Help beside the conversation: articles and past cases for what the customer wrote, brought by
// themselves, and answers to what the agent asks on the side. The customer hears nothing of it.

import { fill, h, icon } from "./dom.js";
import { ago } from "./case/requests.js";
import { lineForm, quiet, Section } from "./case/section.js";
import { addressOf } from "./message.js";

const SOON = 700;
const REMEMBERED = 6; // questions of a conversation that the next one may lean on

/** What stands over an answer. Pure. */
export function wordFor({ decision, confidence = 0 }) {
    if (decision === "answer") return `An article says it, ${Math.round(confidence * 100)} % likely`;
    return decision === "near" ? "Nothing says it outright; these come near" : "No article that you may read answers this.";
}

/** Words without placeholders for somebody's name or number: only these are for another customer. Pure. */
export function isWhole(text) {
    return !/\[[A-Z]+(?: \d+)?\]/.test(text);
}

export class Copilot {
    #timer = null;
    #asked = 0;
    #talks = new Map(); // conversation → [{question, answer}]

    constructor(desk, { insert }) {
        Object.assign(this, { desk, insert });
        this.section = new Section({ name: "copilot", title: "Copilot", settings: desk.settings });
        this.found = h("div", { class: "copilot__found" });
        this.talk = h("ul", { class: "copilot__talk", role: "list", "aria-live": "polite" });
        this.form = lineForm({ label: "Ask the articles and past cases", word: "Ask", sign: "search", key: "copilot", max: 500, onsubmit: (words, again) => this.#ask(words, again) });
        this.section.content.append(this.form, this.talk, this.found);
        desk.live.on("message", (frame) => frame.conversation === desk.openId && frame.author.kind === "customer" && this.#soon());
        this.section.root.addEventListener("toggle", () => this.section.root.open && this.#soon(0));
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#asked += 1;
        this.found.replaceChildren();
        this.#drawTalk();
        if (this.desk.openId) this.#soon(150);
    }

    #soon(wait = SOON) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#load(), wait);
    }

    async #load() {
        const { openId } = this.desk;
        if (!openId || !this.section.root.open) return;
        const asked = (this.#asked += 1);
        try {
            const { cards, cases } = await this.desk.api.get(`conversations/${openId}/helpful/`);
            if (asked !== this.#asked || openId !== this.desk.openId) return;
            fill(this.found, this.#cards(cards), this.#cases(cases));
        } catch {
            // it is brought again with the customer's next words
        }
    }

    #cards(cards) {
        if (cards.length === 0) return null;
        return h("section", { "aria-label": "Articles for what the customer wrote" }, h("h4", { class: "copilot__title" }, "Articles for this"), h("ul", { class: "articles", role: "list" }, cards.map((card) => this.#card(card))));
    }

    #card(card) {
        const link = addressOf(card);
        const isOurs = ["agents", "audience"].includes(card.visibility);
        const heading = link ? h("a", { href: link, target: "_blank", rel: "noopener", dir: "auto" }, card.title) : h("span", { dir: "auto" }, card.title);
        return h(
            "li",
            { class: "article" },
            h("h5", { class: "article__title" }, heading, isOurs ? h("span", { class: "article__readers" }, "Agents only") : null),
            h("p", { class: "article__quote", dir: "auto", lang: card.language || null }, card.quote),
            h("div", { class: "article__verbs" }, isOurs ? null : quiet("Sentence", "insert", () => this.insert(card.quote))),
        );
    }

    #cases(cases) {
        if (cases.length === 0) return null;
        return h("section", { "aria-label": "Past cases like this one" }, h("h4", { class: "copilot__title" }, "Cases like this"), h("ul", { class: "articles", role: "list" }, cases.map((one) => this.#case(one))));
    }

    #case(one) {
        const facts = [ago(one.at), one.score ? `rated ${one.score} of 5` : "", one.disposition, ...one.labels].filter(Boolean).join(" · ");
        return h(
            "li",
            { class: "article" },
            h("p", { class: "article__title", dir: "auto" }, one.question),
            h("p", { class: "article__quote", dir: "auto" }, one.answer),
            h("p", { class: "copilot__facts" }, facts),
            h("div", { class: "article__verbs" }, isWhole(one.answer) ? quiet("Answer", "insert", () => this.insert(one.answer)) : null, quiet("Open", "open", () => this.desk.open(one.conversation))),
        );
    }

    async #ask(question, again) {
        const { openId } = this.desk;
        const talk = this.#talks.get(openId) ?? [];
        const entry = { question, answer: "", waiting: true };
        this.#talks.set(openId, [...talk, entry].slice(-REMEMBERED));
        this.#drawTalk();
        try {
            const history = talk.filter((one) => one.found).map((one) => ({ question: one.question, answer: one.answer }));
            entry.found = await this.desk.api.post(`conversations/${openId}/copilot/`, { question, history });
            entry.answer = entry.found.text;
        } catch (error) {
            this.#talks.set(openId, talk);
            again(question);
            this.desk.toasts.say(`Not asked: ${error.message}`, { bad: true });
        }
        entry.waiting = false;
        if (openId === this.desk.openId) this.#drawTalk();
    }

    #drawTalk() {
        const { openId } = this.desk;
        fill(this.talk, (this.#talks.get(openId) ?? []).map((one) => this.#entry(one, openId)));
    }

    #entry({ question, found, waiting }, conversation) {
        const said = h("p", { class: "copilot__question", dir: "auto" }, question);
        if (waiting || !found) return h("li", { class: "copilot__one" }, said, h("p", { class: "copilot__facts" }, "Looking…"));
        const copy = () => {
            this.desk.api.post(`conversations/${conversation}/suggestions/${found.id}/`, { did: "inserted" }).catch(() => {});
            this.insert(found.text);
        };
        const sources = found.citations.map((source) => {
            const link = addressOf(source);
            const inside = [icon("book"), h("span", { dir: "auto" }, source.title)];
            return link ? h("a", { class: "chip", href: link, target: "_blank", rel: "noopener" }, inside) : h("span", { class: "chip" }, inside);
        });
        return h(
            "li",
            { class: "copilot__one" },
            said,
            h("p", { class: "copilot__facts" }, wordFor(found)),
            found.text ? h("p", { class: "copilot__answer", dir: "auto" }, found.text) : null,
            h("div", { class: "article__verbs" }, sources, found.text && !found.internal ? quiet("Insert", "insert", copy) : null, found.internal ? h("span", { class: "article__readers" }, "Not for this customer") : null),
            found.cases.length > 0 ? h("details", { class: "copilot__cases" }, h("summary", {}, `${found.cases.length} past ${found.cases.length === 1 ? "case" : "cases"}`), h("ul", { class: "articles", role: "list" }, found.cases.map((one) => this.#case(one)))) : null,
        );
    }
}
