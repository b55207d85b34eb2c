// One conversation in a list: who, the last line, how long they wait.

import { avatar, h, icon, setClass, setText } from "./dom.js";
import { PATIENCE, until } from "./times.js";
import { priorityWord, stageOf, stateWord } from "./people.js";
import { moodOf, moodTitle } from "./mood.js";
import { cardName, lastLine } from "./store.js";

const STAGES = new Set(["on_hold", "wrap_up", "offered"]); // that a list of its own does not tell already

/** An <li> with one button; `drawRow` fills it and may be called again with every new card. */
export function newRow(card, { open }) {
    const parts = {
        name: h("span", { class: "row-card__name", dir: "auto" }),
        time: h("span", { class: "row-card__time" }),
        who: h("span", { class: "row-card__who" }),
        text: h("span", { class: "row-card__text", dir: "auto" }),
        marks: h("span", { class: "row-card__marks" }),
    };
    const button = h(
        "button",
        { class: "row-card", type: "button", tabindex: "-1", "data-conversation": card.conversation, onclick: () => open(card.conversation) },
        avatar(cardName(card), { id: card.customer?.id }),
        h("span", { class: "row-card__top" }, parts.name, parts.time),
        h("span", { class: "row-card__bottom" }, h("span", { class: "row-card__line" }, parts.who, parts.text), parts.marks),
    );
    const row = h("li", { class: "rows__row" }, button);
    row.parts = { ...parts, button };
    return row;
}

/** `chosen`: it is the open one. `context`: mine, waiting or all. `mine`: unread is for me to read. */
export function drawRow(row, card, { chosen, context, mine = context === "mine", me = null, draft = false }) {
    if (row.drawn === card && row.chosen === chosen && row.draft === draft) return;
    Object.assign(row, { drawn: card, chosen, draft });
    const { button, name, time, who, text, marks } = row.parts;
    const line = lastLine(card, { mine, me });
    setText(name, cardName(card));
    setText(who, draft ? "Draft · " : line.who);
    setText(text, line.text);
    setClass(button, "row-card--unread", mine && card.unread > 0);
    setClass(button, "row-card--asleep", card.state === "snoozed");
    if (chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    showTime(time, card, context);
    marks.replaceChildren(...marksOf(card, context, mine));
}

function showTime(slot, card, context) {
    const since = context === "waiting" ? card.queued_at ?? card.waiting_since : card.waiting_since;
    const waits = since && card.stage !== "on_hold" && (card.state === "queued" || card.state === "assigned");
    const tag = waits ? "wait-clock" : "time-ago";
    let clock = slot.firstElementChild;
    if (clock?.localName !== tag) {
        clock = h(tag, waits ? { patience: PATIENCE } : {});
        slot.replaceChildren(...(waits ? [h("span", { class: "visually-hidden" }, "waiting "), clock] : [clock]));
        if (waits) clock = slot.lastElementChild;
    }
    if (waits) slot.lastElementChild.setAttribute("since", since);
    else clock.setAttribute("at", card.last_message_at ?? card.opened_at);
}

function marksOf(card, context, mine) {
    const marks = [];
    const mark = (text, kind = "") => marks.push(h("span", { class: `mark ${kind}` }, text));
    const sign = (name, words, text = null) => marks.push(h("span", { class: "mark", title: words }, icon(name), h("span", { class: "visually-hidden" }, words), text));
    const mood = moodOf(card.sentiment);
    if (mood === "unhappy") marks.push(h("span", { class: "mark mark--warn", title: moodTitle(card.sentiment) }, "Unhappy?"));
    if (card.priority > 0) mark(priorityWord(card.priority), card.priority > 1 ? "mark--bad" : "mark--warn");
    const asleep = card.state === "snoozed";
    if (asleep && !card.snoozed_until) sign("snooze", "Snoozed until the customer writes");
    else if (asleep) sign("snooze", `Snoozed until ${until(card.snoozed_until, Date.now())}`, h("span", { "aria-hidden": "true" }, until(card.snoozed_until, Date.now())));
    const stage = stageOf(card);
    if (context !== "all" && STAGES.has(stage)) mark(stateWord(stage), `mark--${stage}`);
    if (context === "waiting" && card.queue) mark(card.queue.name);
    if (context === "all") {
        if (stage === "on_hold") mark(stateWord(stage), "mark--on_hold");
        if (!asleep) mark(card.state === "assigned" && card.assignee ? card.assignee.name : stateWord(stage), `mark--${stage}`);
    }
    if (card.muted) sign("mute", "Muted");
    if (mine && card.unread > 0) {
        const label = `${card.unread} unread`;
        marks.push(h("span", { class: "badge badge--accent" }, h("span", { "aria-hidden": "true" }, String(Math.min(99, card.unread))), h("span", { class: "visually-hidden" }, label)));
    }
    return marks;
}
