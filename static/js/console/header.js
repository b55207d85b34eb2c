// The line above the thread: who, where, since when, and what can be done with it.

import { avatar, fill, h, icon, iconButton, setText } from "./dom.js";
import { stateWord } from "./people.js";
import { Popover } from "./popover.js";
import { cardName } from "./store.js";
import { until } from "./times.js";
import { resolvePanel, snoozePanel, transferPanel } from "./verbs.js";

export class Header {
    constructor(root, desk) {
        this.desk = desk;
        this.back = iconButton("back", "Back to the lists", () => desk.tell("back"), { class: "button button--icon conversation__back" });
        this.face = h("span", { class: "conversation__face" });
        this.name = h("h2", { class: "conversation__name", dir: "auto" });
        this.facts = h("p", { class: "conversation__facts" });
        this.transfer = this.#verb("transfer", "Transfer", "T");
        this.snooze = this.#verb("snooze", "Snooze", "H");
        this.resolve = this.#verb("check", "Resolve", "E", "button--primary");
        this.claim = h("button", { class: "button button--primary", type: "button", onclick: () => desk.claim() }, "Take it");
        this.reopen = h("button", { class: "button", type: "button", onclick: () => desk.reopen() }, icon("retry"), h("span", { class: "verb__word" }, "Open again"));
        this.details = iconButton("panel", "Customer", () => desk.tell("details"), { class: "button button--icon conversation__details", "aria-controls": "customer" });
        this.verbs = h("div", { class: "conversation__verbs", role: "group", "aria-label": "Actions" }, this.transfer, this.snooze, this.resolve, this.claim, this.reopen, this.details);
        this.root = h("header", { class: "conversation__header" }, this.back, this.face, h("div", { class: "conversation__who" }, this.name, this.facts), this.verbs);
        root.append(this.root);
        this.panels = {
            transfer: new Popover({ anchor: this.transfer, label: "Pass it on", build: (close) => transferPanel(desk, close) }),
            snooze: new Popover({ anchor: this.snooze, label: "Snooze", build: (close) => snoozePanel(desk, close) }),
            resolve: new Popover({ anchor: this.resolve, label: "Resolve", build: (close) => resolvePanel(desk, close) }),
        };
    }

    #verb(sign, word, key, kind = "") {
        return h("button", { class: `button verb ${kind}`, type: "button", "aria-haspopup": "dialog", "aria-keyshortcuts": key, title: `${word} (${key})` }, icon(sign), h("span", { class: "verb__word" }, word));
    }

    /** From the keyboard. False when it is not possible now. */
    press(name) {
        const panel = this.panels[name];
        if (panel.anchor.hidden) return false;
        panel.open();
        return true;
    }

    render() {
        const { card } = this.desk;
        if (!card) return;
        const name = cardName(card);
        if (this.drawnFor !== card.conversation || this.name.textContent !== name) {
            fill(this.face, avatar(name, { id: card.customer?.id }));
            setText(this.name, name);
            this.drawnFor = card.conversation;
        }
        this.#showFacts(card);
        const mine = this.desk.isMine;
        const closed = card.state === "resolved";
        this.transfer.hidden = !mine;
        this.snooze.hidden = !mine || card.state === "snoozed";
        this.resolve.hidden = !mine;
        this.claim.hidden = card.state !== "queued" || this.desk.store.offers.has(card.conversation);
        this.reopen.hidden = !closed;
    }

    #showFacts(card) {
        const stamp = JSON.stringify([card.state, card.waiting_since, card.assignee, card.queue, card.snoozed_until, card.inbox?.name]);
        if (this.facts.dataset.stamp === stamp) return;
        this.facts.dataset.stamp = stamp;
        const parts = [h("span", { class: `mark mark--${card.state}` }, whose(card, this.desk.isMine))];
        if (card.waiting_since && card.state !== "resolved" && card.state !== "bot") {
            parts.push(h("span", { class: "conversation__wait" }, h("span", { class: "conversation__waiting" }, "waiting "), h("wait-clock", { since: card.waiting_since })));
        }
        for (const word of [card.inbox?.name, card.queue?.name]) if (word) parts.push(h("span", {}, word));
        fill(this.facts, parts);
    }
}

function whose(card, mine) {
    if (card.state === "snoozed" && card.snoozed_until) return `Snoozed until ${until(card.snoozed_until, Date.now())}`;
    if (card.state === "assigned") return mine ? "Yours" : card.assignee?.name ?? stateWord(card.state);
    return stateWord(card.state);
}
