// How the score cards read this conversation once it is over: a supervisor finds everybody's, an agent their own.

import { h } from "../dom.js";
import { Section } from "./section.js";

const WAITS = [40_000, 60_000, 120_000]; // ms: cards are filled half a minute after the end, later where much ended

/** "good", "fair", "low", or "none" where nothing counts. Pure. */
export function levelOf(total) {
    if (total === null || total === undefined) return "none";
    if (total < 60) return "low";
    return total < 80 ? "fair" : "good";
}

/** What stands beside the link. Pure. */
export function scoreWords({ total, is_fatal: fatal, to_score: drawn }) {
    if (drawn) return "to be scored by you";
    if (total === null) return "nothing counts here";
    return `${Math.round(total)} of 100${fatal ? ", a fatal no" : ""}`;
}

export class Scores {
    #of = null;
    #timer = null;

    constructor(desk) {
        this.desk = desk;
        this.section = new Section({ name: "scores", title: "Score card", settings: desk.settings });
        this.root.hidden = true;
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#of = null;
        clearTimeout(this.#timer);
        this.section.begin();
        this.root.hidden = true;
    }

    render() {
        const { card, openId } = this.desk;
        const of = card?.state === "resolved" ? openId : null;
        if (of === this.#of) return;
        this.begin();
        this.#of = of;
        if (of) this.#load(of, 0);
    }

    async #load(of, tried) {
        try {
            const { scores } = await this.desk.api.get(`conversations/${of}/scores/`);
            if (this.#of !== of) return;
            this.section.show(scores, () => h("ul", { class: "rows-list", role: "list" }, scores.map((one) => this.#line(one))), { hidden: scores.length === 0 });
            if (scores.length === 0 && tried < WAITS.length) this.#timer = setTimeout(() => this.#load(of, tried + 1), WAITS[tried]);
        } catch {
            // the panel is complete without it
        }
    }

    #line(one) {
        return h("li", {}, h("a", { class: "past past--score", href: one.page, "data-level": levelOf(one.total) }, h("span", { class: "past__text", dir: "auto" }, one.whose), h("span", { class: "past__facts" }, h("strong", {}, scoreWords(one)), ` · ${one.card}`)));
    }
}
