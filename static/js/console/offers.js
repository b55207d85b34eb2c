// An offered conversation: a card with a ring that empties. Accept or decline before it is gone.

import { avatar, h, icon, Rows } from "./dom.js";
import { customerName } from "./people.js";
import { reasonInWords } from "./events.js";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 17;
const ROUND = 2 * Math.PI * RADIUS;

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
                ring(offer),
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

/** The time that is left, as a ring and as a number. */
function ring(offer) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 40 40");
    svg.setAttribute("aria-hidden", "true");
    const [track, left] = ["ring__track", "ring__left"].map((name) => circle(name));
    left.setAttribute("stroke-dasharray", String(ROUND));
    svg.append(track, left);
    const number = h("count-down", { until: offer.expires_at });
    const element = h("div", { class: "ring", role: "timer", "aria-label": "Seconds left" }, svg, number);
    run(left, offer);
    return element;
}

function circle(name) {
    const element = document.createElementNS(SVG, "circle");
    for (const [attribute, value] of [["class", name], ["cx", 20], ["cy", 20], ["r", RADIUS]]) element.setAttribute(attribute, value);
    return element;
}

function run(element, offer) {
    const ends = Date.parse(offer.expires_at);
    const began = Date.parse(offer.created_at) || ends - 20_000;
    const whole = Math.max(1000, ends - began);
    const steps = Math.round(whole / 1000);
    const easing = matchMedia("(prefers-reduced-motion: reduce)").matches ? `steps(${steps})` : "linear";
    const motion = element.animate([{ strokeDashoffset: 0 }, { strokeDashoffset: ROUND }], { duration: whole, fill: "forwards", easing });
    motion.currentTime = Math.max(0, Date.now() - began);
    // Whoever presses now would be too late: the next one is being asked
    motion.finished.then(() => {
        const card = element.closest(".offer");
        card?.classList.add("offer--over");
        for (const button of card?.querySelectorAll("button") ?? []) button.disabled = true;
    }, () => {});
}
