// An offered conversation: a card with a ring that empties. Accept or decline before it is gone.

import { avatar, h, icon, Rows } from "./dom.js";
import { reasonInWords } from "./events.js";
import { customerName } from "./people.js";
import { ring } from "./ring.js";

export class Offers {
    constructor(root, desk) {
        this.desk = desk;
        this.list = h("ol", { class: "offers", role: "list", "aria-label": "Offers" });
        this.rows = new Rows(this.list, { key: (offer) => offer.conversation, create: (offer) => this.#card(offer) });
        this.title = h("h2", { class: "visually-hidden" }, "Offers");
        root.append(this.title, this.list);
    }

    show(offers) {
        this.rows.show(offers);
        this.list.hidden = this.title.hidden = offers.length === 0;
    }

    #card(offer) {
        const name = customerName(offer.customer);
        const last = offer.last_message?.text ?? offer.last_message;
        const accept = h("button", { class: "button button--primary offer__accept", type: "button", "aria-keyshortcuts": "A", onclick: () => this.#answer(offer, "accept", card) }, "Accept", h("kbd", { "aria-hidden": "true" }, "A"));
        const decline = h("button", { class: "button", type: "button", "aria-keyshortcuts": "D", onclick: () => this.#answer(offer, "decline", card) }, "Decline", h("kbd", { "aria-hidden": "true" }, "D"));
        const card = h(
            "li",
            { class: "offer", "data-conversation": offer.conversation },
            h(
                "div",
                { class: "offer__head" },
                avatar(name, { id: offer.customer?.id }),
                h(
                    "div",
                    { class: "offer__who" },
                    h("h3", { class: "offer__name", dir: "auto" }, name),
                    h("p", { class: "offer__facts" }, nameOfQueue(offer.queue), " · waiting ", h("wait-clock", { since: offer.waiting_since ?? offer.created_at })),
                ),
                ring({ began: offer.created_at, until: offer.expires_at, over: close }),
            ),
            offer.reason ? h("p", { class: "offer__reason" }, icon("person"), reasonInWords(offer.reason)) : null,
            h("p", { class: "offer__summary", dir: "auto" }, offer.summary || last || "No summary yet."),
            h("div", { class: "offer__answers" }, accept, decline),
        );
        return card;
    }

    async #answer(offer, verb, card) {
        for (const button of card.querySelectorAll("button")) button.disabled = true;
        const done = await this.desk[verb](offer);
        if (!done) for (const button of card.querySelectorAll("button")) button.disabled = false;
    }
}

function nameOfQueue(queue) {
    return typeof queue === "string" ? queue : queue?.name ?? "Queue";
}

/** Whoever presses now would be too late: the next one is being asked. */
function close(element) {
    const card = element.closest(".offer");
    card?.classList.add("offer--over");
    for (const button of card?.querySelectorAll("button") ?? []) button.disabled = true;
}
