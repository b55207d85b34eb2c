// Customers whose last messages read as unhappy, whoever has them: an estimate, and never a figure of an agent.

import { h, icon, Rows, setText } from "./dom.js";
import { moodTitle, signed } from "./mood.js";
import { cardName } from "./store.js";

const SHOWN = 8;

/** Who has them now. Pure. */
export function withWhom(card) {
    if (card.stage === "bot") return "with the bot";
    if (card.stage === "queued" || card.stage === "offered") return card.queue ? `waits in ${card.queue.name}` : "waits";
    return card.assignee ? `with ${card.assignee.name}` : "with nobody";
}

export class MoodRows {
    constructor(root, { watch }) {
        this.watch = watch;
        this.part = root.closest("section");
        this.more = this.part.querySelector("[data-more]");
        this.rows = new Rows(root, { key: (card) => card.conversation, create: () => this.#create(), update: (row, card) => this.#update(row, card) });
    }

    show(cards) {
        this.part.hidden = cards.length === 0;
        this.rows.show(cards.slice(0, SHOWN));
        this.more.hidden = cards.length <= SHOWN;
        setText(this.more, `and ${cards.length - SHOWN} more`);
    }

    #create() {
        const row = h("li", { class: "line line--mood" });
        row.name = h("span", { dir: "auto" });
        row.open = h("a", { class: "line__name line__name--link" }, row.name);
        row.score = h("span", { class: "mark mark--warn numeric" });
        row.whom = h("span", { class: "line__word", dir: "auto" });
        row.eye = h("button", { class: "talk__watch", type: "button", title: "Watch", onclick: () => this.watch(row.card) }, icon("eye"));
        row.append(row.open, row.score, row.whom, row.eye);
        return row;
    }

    #update(row, card) {
        row.card = card;
        const name = cardName(card);
        setText(row.name, name);
        row.open.href = `/console/#${card.conversation}`;
        row.open.title = card.last_message?.text ?? ""; // never in large letters on a wall
        setText(row.score, `Unhappy? ${signed(card.sentiment)}`);
        row.score.title = moodTitle(card.sentiment);
        setText(row.whom, withWhom(card));
        row.eye.hidden = card.stage !== "assigned" && card.stage !== "on_hold";
        row.eye.setAttribute("aria-label", `Watch the conversation with ${name}`);
    }
}
