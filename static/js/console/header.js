// The line above the thread: who, where, since when, and what can be done with it.

import { avatar, fill, h, icon, iconButton, setText } from "./dom.js";
import { MoodPanel } from "./mood_panel.js";
import { stageOf, stateWord } from "./people.js";
import { Popover } from "./popover.js";
import { resolvePanel } from "./resolve_panel.js";
import { cardName } from "./store.js";
import { until } from "./times.js";
import { snoozePanel, transferPanel } from "./verbs.js";
import { WhyPanel } from "./why_panel.js";
import { WrapUp } from "./wrapup.js";

const WAITS = new Set(["queued", "offered", "assigned"]);

export class Header {
    constructor(root, desk) {
        this.desk = desk;
        this.back = iconButton("back", "Back to the lists", () => desk.tell("back"), { class: "button button--icon conversation__back" });
        this.face = h("span", { class: "conversation__face" });
        this.name = h("h2", { class: "conversation__name", dir: "auto" });
        this.facts = h("p", { class: "conversation__facts" });
        this.hold = h("button", { class: "button verb", type: "button", "aria-keyshortcuts": "H", onclick: () => this.toggleHold() });
        this.transfer = this.#verb("transfer", "Transfer", "T");
        this.snooze = this.#verb("snooze", "Snooze", "Z");
        this.resolve = this.#verb("check", "Resolve", "E", "button--primary");
        this.claim = h("button", { class: "button button--primary", type: "button", onclick: () => desk.claim() }, "Take it");
        this.reopen = h("button", { class: "button conversation__reopen", type: "button", title: "Open again", onclick: () => desk.reopen() }, icon("retry"), h("span", { class: "verb__word" }, "Open again"));
        this.why = iconButton("why", "Why this agent, why still waiting", null, { key: "W", "aria-haspopup": "dialog" });
        this.details = iconButton("panel", "Customer", () => desk.tell("details"), { class: "button button--icon conversation__details", "aria-controls": "customer" });
        this.more = iconButton("more", "More", null, { class: "button button--icon conversation__more", "aria-haspopup": "dialog" });
        this.verbs = h("div", { class: "conversation__verbs", role: "group", "aria-label": "Actions" }, this.hold, this.transfer, this.snooze, this.resolve, this.claim, this.reopen, this.why, this.more, this.details);
        this.root = h("header", { class: "conversation__header" }, this.back, this.face, h("div", { class: "conversation__who" }, this.name, this.facts), this.verbs);
        root.append(this.root);
        this.wrapUp = new WrapUp(root, desk);
        const beside = this.more; // on a phone they stand in its menu
        this.panels = {
            transfer: new Popover({ anchor: this.transfer, beside, label: "Pass it on", build: (close) => transferPanel(desk, close) }),
            snooze: new Popover({ anchor: this.snooze, beside, label: "Snooze", build: (close) => snoozePanel(desk, close) }),
            resolve: new Popover({ anchor: this.resolve, label: "Resolve", build: (close) => resolvePanel(desk, close) }),
            why: new WhyPanel({ anchor: this.why, beside, desk }).popover,
        };
        this.mood = new MoodPanel({ desk });
        new Popover({ anchor: this.more, label: "More", build: (close) => this.#menu(close) });
        desk.addEventListener("busy", () => this.#showBusy());
    }

    #verb(sign, word, key, kind = "") {
        return h("button", { class: `button verb ${kind}`, type: "button", "aria-haspopup": "dialog", "aria-keyshortcuts": key, title: `${word} (${key})` }, icon(sign), h("span", { class: "verb__word" }, word));
    }

    /** What a narrow header has no room for. */
    #menu(close) {
        const entry = (sign, word, run) => h("button", { class: "panel__choice", type: "button", onclick: () => (close(), run()) }, icon(sign), word);
        const held = this.hold.dataset.held === "true";
        return [
            this.hold.hidden ? null : entry(held ? "play" : "pause", held ? "Go on" : "Hold", () => this.toggleHold()),
            this.transfer.hidden ? null : entry("transfer", "Transfer", () => this.press("transfer")),
            this.snooze.hidden ? null : entry("snooze", "Snooze", () => this.press("snooze")),
            entry("why", "Why this agent", () => this.press("why")),
        ];
    }

    /** From the keyboard. False when it is not possible now. */
    press(name) {
        const panel = this.panels[name];
        if (panel.anchor.hidden) return false;
        panel.open();
        return true;
    }

    toggleHold() {
        if (this.hold.hidden) return false;
        return this.desk.hold(stageOf(this.desk.card) !== "on_hold");
    }

    render() {
        const { card } = this.desk;
        this.verbs.hidden = !card; // opened by its address, it is not known for a moment
        if (!card) return;
        const name = cardName(card);
        if (this.drawnFor !== card.conversation || this.name.textContent !== name) {
            fill(this.face, avatar(name, { id: card.customer?.id }));
            setText(this.name, name);
            this.drawnFor = card.conversation;
        }
        this.#showFacts(card);
        this.#showVerbs(card);
        this.wrapUp.render();
    }

    #showVerbs(card) {
        const mine = this.desk.isMine;
        const held = stageOf(card) === "on_hold";
        this.hold.hidden = !mine || card.state === "snoozed";
        if (this.hold.dataset.held !== String(held)) {
            this.hold.dataset.held = String(held);
            this.hold.title = held ? "Go on (H)" : "Hold (H): the clocks stop, and the customer is told";
            this.hold.setAttribute("aria-pressed", String(held));
            fill(this.hold, icon(held ? "play" : "pause"), h("span", { class: "verb__word" }, held ? "Go on" : "Hold"));
        }
        this.transfer.hidden = !mine;
        this.snooze.hidden = !mine || card.state === "snoozed";
        this.resolve.hidden = !mine;
        this.claim.hidden = card.state !== "queued" || this.desk.store.offers.has(card.conversation);
        this.reopen.hidden = card.state !== "resolved";
    }

    #showFacts(card) {
        const { busy } = this.desk;
        const doing = busy?.id === card.conversation ? busy.words : null;
        const stage = stageOf(card);
        const stamp = JSON.stringify([doing, stage, card.waiting_since, card.assignee, card.queue, card.snoozed_until, card.inbox?.name, card.muted, card.sentiment]);
        if (this.facts.dataset.stamp === stamp) return;
        this.facts.dataset.stamp = stamp;
        const parts = [h("span", { class: `mark mark--${stage}` }, doing ?? whose(card, this.desk.isMine))];
        if (card.muted) parts.push(h("span", { class: "mark" }, icon("mute"), "Muted"));
        if (card.waiting_since && WAITS.has(stage)) {
            parts.push(h("span", { class: "conversation__wait" }, h("span", { class: "conversation__waiting" }, "waiting "), h("wait-clock", { since: card.waiting_since })));
        }
        if (this.mood.shown(card)) parts.push(this.mood.button);
        const places = [card.inbox?.name, card.queue?.name].filter(Boolean);
        this.facts.title = places.join(" · ");
        for (const word of places) parts.push(h("span", {}, word));
        fill(this.facts, parts);
    }

    #showBusy() {
        const { busy, card, openId } = this.desk;
        for (const button of this.verbs.querySelectorAll("button")) button.disabled = Boolean(busy && busy.id === openId);
        if (card) this.#showFacts(card);
    }
}

function whose(card, mine) {
    if (card.state === "snoozed") return card.snoozed_until ? `Snoozed until ${until(card.snoozed_until, Date.now())}` : "Snoozed until the customer writes";
    if (card.state === "assigned") {
        const held = card.stage === "on_hold";
        if (mine) return held ? "Yours, on hold" : "Yours";
        return `${card.assignee?.name ?? stateWord(card.state)}${held ? ", on hold" : ""}`;
    }
    if (card.stage === "wrap_up" && card.assignee && !mine) return stateWord("wrap_up");
    return stateWord(stageOf(card));
}
