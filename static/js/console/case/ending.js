// What the conversation itself tells: how it was rated, calls that were asked for, and
// whether it is muted.

import { h, icon } from "../dom.js";
import { exact } from "../times.js";
import { quiet, Section } from "./section.js";

export function scoreOf(rating) {
    return Math.max(0, Math.min(5, Number(rating?.score ?? rating) || 0));
}

export class Ending {
    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.rating = new Section({ name: "rating", title: "Rating and calls", settings: desk.settings });
    }

    get root() {
        return this.rating.root;
    }

    begin() {
        this.rating.begin();
    }

    render() {
        const { detail } = this.desk;
        if (!detail) return;
        const { rating, callbacks = [] } = detail;
        const score = rating ? scoreOf(rating) : 0;
        this.rating.show([rating, callbacks], () => this.#rated(rating, callbacks), { count: score ? `${score} of 5` : "", hidden: !rating && callbacks.length === 0 });
    }

    #rated(rating, callbacks) {
        const score = scoreOf(rating);
        return [
            rating ? h("p", { class: "stars" }, h("span", { "aria-hidden": "true" }, "★".repeat(score), "☆".repeat(5 - score)), ` ${score} of 5`) : null,
            rating?.comment ? h("p", { class: "customer__comment", dir: "auto" }, rating.comment) : null,
            callbacks.map((call) => h("p", { class: "customer__call" }, icon("phone"), `Call ${call.phone}${call.at ? `, ${exact(call.at)}` : ", as soon as possible"}`)),
        ];
    }
}

/** A muted conversation notifies nobody; everything else goes on. */
export class Mute {
    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.root = h("div", { class: "customer__mute" });
    }

    render() {
        const state = this.file.case;
        if (!state) return;
        const muted = Boolean(state.muted_at);
        if (this.drawn === muted && this.root.firstChild) return;
        this.drawn = muted;
        const focused = this.root.contains(document.activeElement);
        this.root.replaceChildren(quiet(muted ? "Muted: notifies nobody. Unmute" : "Mute notifications", muted ? "bell" : "mute", () => this.#set(!muted), { "aria-pressed": String(muted) }));
        if (focused) this.root.firstChild.focus();
    }

    #set(on) {
        return this.file.act({
            change: (state) => ({ ...state, muted_at: on ? new Date().toISOString() : null }),
            ask: () => (on ? this.desk.api.post(this.file.inCase("mute/")) : this.desk.api.remove(this.file.inCase("mute/"))),
            words: "Not changed",
        });
    }
}
