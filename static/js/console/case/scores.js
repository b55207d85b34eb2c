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

/** The forecast in one line. Pure. */
export function forecastWords({ chance, low, high }) {
    const [said, from, to] = [chance, low, high].map((one) => Math.round(one * 100));
    return `Probably satisfied: ${said} % (${from} to ${to} %)`;
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
            const [{ scores }, { forecast }] = await Promise.all([this.desk.api.get(`conversations/${of}/scores/`), this.#forecast(of)]);
            if (this.#of !== of) return;
            this.section.show([scores, forecast], () => [scores.length > 0 ? h("ul", { class: "rows-list", role: "list" }, scores.map((one) => this.#line(one))) : null, forecast ? this.#expected(forecast) : null], { hidden: scores.length === 0 && !forecast });
            if (scores.length === 0 && tried < WAITS.length) this.#timer = setTimeout(() => this.#load(of, tried + 1), WAITS[tried]);
        } catch {
            // the panel is complete without it
        }
    }

    /** Of supervisors only; without it the scores stand alone. */
    async #forecast(of) {
        if (!this.desk.store.may("see_all_conversations") || !this.desk.store.may("satisfaction.view_forecast")) return { forecast: null };
        return this.desk.api.get(`conversations/${of}/expected-satisfaction/`).catch(() => ({ forecast: null }));
    }

    #expected(forecast) {
        return h("details", { class: "call__forecast" }, h("summary", {}, forecastWords(forecast)), h("ul", {}, forecast.reasons.map((reason) => h("li", {}, reason)), h("li", {}, "An estimate, made without knowing a rating.")));
    }

    #line(one) {
        return h("li", {}, h("a", { class: "past past--score", href: one.page, "data-level": levelOf(one.total) }, h("span", { class: "past__text", dir: "auto" }, one.whose), h("span", { class: "past__facts" }, h("strong", {}, scoreWords(one)), ` · ${one.card}`)));
    }
}
