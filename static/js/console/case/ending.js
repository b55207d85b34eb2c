// What the conversation itself tells: how it was rated, and whether it is muted.

import { h } from "../dom.js";
import { quiet, Section } from "./section.js";

export function scoreOf(rating) {
    return Math.max(0, Math.min(5, Number(rating?.score ?? rating) || 0));
}

export class Ending {
    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.rating = new Section({ name: "rating", title: "Rating", settings: desk.settings });
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
        const { rating } = detail;
        const score = rating ? scoreOf(rating) : 0;
        this.rating.show([rating], () => (rating ? this.#rated(rating) : []), { count: score ? `${score} of 5` : "", hidden: !rating });
    }

    #rated(rating) {
        const score = scoreOf(rating);
        return [
            h("p", { class: "stars" }, h("span", { "aria-hidden": "true" }, "★".repeat(score), "☆".repeat(5 - score)), ` ${score} of 5`),
            rating.comment ? h("p", { class: "customer__comment", dir: "auto" }, rating.comment) : null,
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
