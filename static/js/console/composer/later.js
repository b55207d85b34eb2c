// The menu beside "Send": send and resolve, send later, and how sending goes here.

import { h, icon } from "../dom.js";
import { until } from "../times.js";
import { localMinute } from "../verbs.js";
import { UNDO_CHOICES } from "./outgoing.js";

const HOUR = 3_600_000;

/** When a message may be put off to: [{label, at}], none of them in the past. Pure. */
export function laterChoices(now) {
    const morning = (days) => {
        const date = new Date(now);
        date.setDate(date.getDate() + days);
        date.setHours(9, 0, 0, 0);
        return date.getTime();
    };
    const choices = [{ label: "In 1 hour", at: now + HOUR }];
    if (morning(0) - now > HOUR) choices.push({ label: "This morning", at: morning(0) });
    choices.push({ label: "Tomorrow at 9:00", at: morning(1) });
    const toMonday = ((8 - new Date(now).getDay()) % 7) || 7;
    if (toMonday > 1) choices.push({ label: "Monday at 9:00", at: morning(toMonday) });
    return choices;
}

/**
 * @param may     may the words be sent now?
 * @param later   (at, unless) => void
 * @param resolve () => void
 * @param words   what stands in the field, to be kept as a canned reply
 */
export function sendMenu({ desk, close, may, later, resolve, words }) {
    const now = Date.now();
    const unless = h("input", { type: "checkbox", checked: true });
    const send = (at) => (close(), later(at, unless.checked));
    const exact = h("input", { class: "input", type: "datetime-local", "aria-label": "Another time", min: localMinute(now), value: localMinute(now + 2 * HOUR) });
    const other = h("button", { class: "button", type: "button", disabled: !may, onclick: () => {
        const at = Date.parse(exact.value);
        if (at > Date.now()) send(at);
        else exact.setAttribute("aria-invalid", "true");
    } }, "Set");
    return [
        h("button", { class: "panel__choice", type: "button", disabled: !desk.isMine, onclick: () => (close(), resolve()) }, icon("check"), "Send and resolve", h("span", { class: "panel__hint" }, h("kbd", {}, "Ctrl"), " ", h("kbd", {}, "Enter"))),
        h("hr"),
        h("h2", { class: "panel__title" }, "Send later"),
        laterChoices(now).map(({ label, at }) => h("button", { class: "panel__choice", type: "button", disabled: !may, onclick: () => send(at) }, icon("clock"), label, h("span", { class: "panel__hint numeric" }, until(at, now)))),
        h("div", { class: "panel__row" }, exact, other),
        h("label", { class: "panel__choice check" }, unless, "Not if the customer writes first"),
        h("hr"),
        h("button", { class: "panel__choice", type: "button", disabled: !words, onclick: () => (close(), desk.tell("toolbox", { kind: "replies", begin: { texts: { [desk.card?.language || "en"]: words } } })) }, icon("canned"), "Keep as a canned reply"),
        habits(desk.settings),
    ];
}

function habits(settings) {
    const enter = h("input", { type: "checkbox", checked: settings.get("enterSends"), onchange: () => settings.set("enterSends", enter.checked) });
    const undo = h("select", { class: "input input--small", id: "undo-seconds", onchange: () => settings.set("undo", Number(undo.value)) }, UNDO_CHOICES.map((seconds) => h("option", { value: String(seconds) }, seconds ? `${seconds} seconds` : "no time")));
    undo.value = String(settings.get("undo"));
    return [
        h("label", { class: "panel__choice check" }, enter, "Enter sends, Shift+Enter makes a line"),
        h("div", { class: "panel__choice panel__habit" }, h("label", { for: "undo-seconds" }, "Undo sending for"), undo),
    ];
}
