// The panel behind "Resolve": how it ended, a last note, and whether there is more to write up.

import { afterwards, mayAsk } from "./choices.js";
import { h, icon } from "./dom.js";
import { summaryButton } from "./summary.js";

const SIGNS = { solved: "check", not_solved: "close", spam: "warning" };
const ALWAYS = [{ code: "", name: "Resolve" }]; // nobody made any codes

export function resolvePanel(desk, close) {
    const { choices, card } = desk;
    const rules = choices.rulesFor(card?.queue);
    const codes = choices.codesFor(card?.queue);
    const note = h("textarea", { class: "input panel__note", rows: "2", maxlength: "2000", dir: "auto", placeholder: "A last note for colleagues (optional)", "aria-label": "A last note for colleagues" });
    const later = h("input", { type: "checkbox" });
    const end = (code) => {
        const words = note.value.trim();
        const wrapUp = later.checked;
        close();
        desk.resolve(code, words, { wrapUp });
    };
    const shown = codes.length > 0 || rules.required ? codes : ALWAYS;
    return [
        h("h2", { class: "panel__title" }, "Resolve as"),
        wantedFirst(desk, close),
        shown.map(({ code, name }, at) => h("button", { class: "panel__choice", type: "button", autofocus: at === 0 && !desk.wanted?.().length, onclick: () => end(code) }, icon(SIGNS[code] ?? "flag"), name)),
        note,
        summaryButton(desk, note),
        mayAsk(rules) ? h("label", { class: "panel__choice check" }, later, "Give me time to write it up") : null,
        rules.mode.startsWith("time_boxed") || rules.mode === "discretionary" ? h("button", { class: "panel__choice", type: "button", onclick: () => end("") }, icon("clock"), "Write it up first") : null,
        h("p", { class: "panel__words" }, afterwards(rules)),
    ];
}

/** Fields that are still empty: it can't be resolved without them, so the way there comes first. */
function wantedFirst(desk, close) {
    const wanted = desk.wanted?.() ?? [];
    if (wanted.length === 0) return null;
    const go = () => {
        close();
        desk.tell("wanted");
    };
    return h("button", { class: "panel__choice panel__choice--wanted", type: "button", autofocus: true, onclick: go }, icon("warning"), h("span", {}, "Wanted first: ", h("strong", {}, wanted.join(", "))));
}
