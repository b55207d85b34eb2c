// The field in which a condition's value is given, by the kind of value it wants.

import { h } from "./dom.js";
import { inUnits, UNIT_WORDS } from "./fields.js";
import { localMinute } from "./verbs.js";

const LONGEST = 200;

/** `told(value)` is called with every change. */
export function valueField(fields, { field, op, value }, told) {
    const label = `${fields.fieldWord(field)} ${fields.opWord(op)}`;
    const kind = fields.kindOf(field, op);
    const input = (type, shown, read, more = {}) => {
        const element = h("input", { class: "input input--small", type, value: shown, "aria-label": label, oninput: () => told(read(element.value)), ...more });
        return element;
    };
    switch (kind) {
        case "flag": return select(label, [[true, op === "is_set" ? "known" : "yes"], [false, op === "is_set" ? "unknown" : "no"]], value, told);
        case "choice": return select(label, fields.choicesOf(field), value, told);
        case "choices": return boxes(label, fields.choicesOf(field), value ?? [], told);
        case "words": return input("text", (value ?? []).join(", "), (text) => text.split(",").map((word) => word.trim()).filter(Boolean), { placeholder: "One, two, …", dir: "auto" });
        case "minutes": return span(label, value, told);
        case "moment": return input("datetime-local", localMinute(Date.parse(value) || Date.now()), (text) => (text ? new Date(text).toISOString() : ""));
        case "number": return input("number", String(value), (text) => (text === "" ? Number.NaN : Number(text)), { step: "any" });
        default: return input("text", String(value ?? ""), (text) => text.trim(), { maxlength: LONGEST, dir: "auto" });
    }
}

/** A choice whose values need not be texts. */
export function select(label, choices, value, told) {
    const element = h("select", { class: "input input--small", "aria-label": label, onchange: () => told(choices[element.selectedIndex][0]) }, choices.map(([, words]) => h("option", {}, words)));
    const at = choices.findIndex(([known]) => known === value);
    element.selectedIndex = Math.max(0, at);
    if (at < 0 && choices.length > 0) told(choices[0][0]);
    return element;
}

function boxes(label, choices, value, told) {
    let chosen = [...value];
    const words = () => choices.filter(([one]) => chosen.includes(one)).map(([, name]) => name).join(", ") || "Choose …";
    const summary = h("summary", { class: "input input--small builder__chosen" }, words());
    const box = ([one, name]) => {
        const field = h("input", { type: "checkbox", checked: chosen.includes(one), onchange: () => {
            chosen = field.checked ? [...chosen, one] : chosen.filter((other) => other !== one);
            summary.textContent = words();
            told(chosen);
        } });
        return h("label", { class: "check" }, field, name);
    };
    return h("details", { class: "builder__boxes" }, summary, h("div", { class: "builder__choices", role: "group", "aria-label": label }, choices.map(box)));
}

function span(label, minutes, told) {
    let [count, size] = inUnits(minutes);
    const tell = () => told(Math.round(count * size));
    const number = h("input", { class: "input input--small", type: "number", min: "1", max: "9999", value: String(count), "aria-label": label, oninput: () => {
        count = Number(number.value) || Number.NaN;
        tell();
    } });
    const unit = select("Unit", UNIT_WORDS, size, (chosen) => {
        size = chosen;
        tell();
    });
    return h("div", { class: "builder__span" }, number, unit);
}
