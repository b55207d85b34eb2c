// "Why this agent, why still waiting": what routing decided about the open conversation.

import { fill, h, icon } from "./dom.js";
import { Popover } from "./popover.js";
import { answer, blockedWord, decisionLines, howWord, outcomeWord, placeLines } from "./routing_words.js";
import { duration, exact, timeOfDay } from "./times.js";

const AGAIN = 5_000; // while somebody looks at a line that moves

export class WhyPanel {
    #timer = null;

    constructor({ anchor, beside, desk }) {
        this.desk = desk;
        this.popover = new Popover({ anchor, beside, label: "Why this agent, why still waiting", kind: "panel why", build: () => this.#build() });
        this.popover.panel.addEventListener("toggle", (event) => event.newState === "closed" && clearTimeout(this.#timer));
    }

    #build() {
        this.body = h("div", { class: "why__body", "aria-live": "polite", tabindex: "-1", autofocus: true }, h("span", { class: "skeleton skeleton--late face__row" }));
        this.#load();
        return [h("h2", { class: "panel__title" }, "Why this agent, why still waiting"), this.body];
    }

    async #load() {
        clearTimeout(this.#timer);
        const id = this.desk.openId;
        try {
            const routing = await this.desk.api.get(`conversations/${id}/routing/`);
            if (id !== this.desk.openId || !this.popover.isOpen) return;
            const stamp = JSON.stringify({ ...routing, waiting: { ...routing.waiting, waited_seconds: 0 } });
            if (stamp !== this.drawn || !this.body.querySelector(".why__answer")) fill(this.body, drawn(routing));
            this.drawn = stamp;
            if (routing.place) this.#timer = setTimeout(() => this.#load(), AGAIN);
        } catch (error) {
            const again = h("button", { class: "button button--small", type: "button", onclick: () => this.#load() }, icon("retry"), "Try again");
            fill(this.body, h("p", { class: "face__words", role: "alert" }, error.message), again);
        }
    }
}

function drawn(routing) {
    const latest = routing.waiting ?? routing.assignments.find((one) => decisionLines(one.why).length > 0)?.why;
    return [
        h("p", { class: "why__answer" }, answer(routing)),
        facts([...placeLines(routing), ...decisionLines(latest)]),
        candidates(latest?.candidates ?? []),
        history("Asked", routing.offers, (one) => outcomeWord(one.outcome), (one) => one.created_at),
        history("Held", routing.assignments, (one) => `${howWord(one.how)}${held(one)}`, (one) => one.started_at),
    ];
}

function facts(lines) {
    if (lines.length === 0) return null;
    return h("dl", { class: "facts why__facts" }, lines.map(([name, words]) => h("div", {}, h("dt", {}, name), h("dd", {}, words))));
}

function candidates(people) {
    if (people.length === 0) return null;
    const cell = (text, kind = "") => h("td", { class: kind }, text);
    const row = (one) => h("tr", { class: one.blocked ? "why__blocked" : "" }, h("th", { scope: "row" }, one.name), cell(`${one.load}/${one.capacity}`, "numeric"), cell(duration(one.idle_seconds), "numeric"), cell(blockedWord(one.blocked) || "can be asked"));
    return h(
        "div",
        { class: "why__table" },
        h("table", {}, h("caption", {}, "Candidates"), h("thead", {}, h("tr", {}, ["Name", "Load", "Idle", ""].map((word) => h("th", { scope: "col" }, word || h("span", { class: "visually-hidden" }, "Why not"))))), h("tbody", {}, people.map(row))),
    );
}

function history(title, rows, words, at) {
    if (rows.length === 0) return null;
    return h(
        "section",
        {},
        h("h3", { class: "why__title" }, title),
        h("ol", { class: "why__history", role: "list" }, rows.map((one) => h("li", {}, h("time", { class: "numeric", datetime: at(one), title: exact(at(one)) }, timeOfDay(at(one))), h("span", {}, h("strong", {}, one.agent.name), ` ${words(one)}`)))),
    );
}

function held({ started_at: from, ended_at: to }) {
    return to ? `, for ${duration((Date.parse(to) - Date.parse(from)) / 1000)}` : ", has it now";
}
