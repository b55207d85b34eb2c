// One step of a macro: what is done, and with which words.

import { fill, h } from "../dom.js";
import { inUnits, UNIT_WORDS } from "../fields.js";
import { PRIORITIES } from "../people.js";
import { select } from "../value_field.js";
import { targets } from "../verbs.js";

export const VERBS = [
    ["add_labels", "Add labels"], ["remove_labels", "Remove labels"], ["set_priority", "Set the priority"],
    ["set_attribute", "Fill in a field"], ["assign", "Pass it on"], ["reply", "Reply to the customer"],
    ["note", "Write a private note"], ["snooze", "Snooze"], ["resolve", "Resolve"], ["mute", "Mute"], ["unmute", "Unmute"],
];

const FIRSTS = {
    add_labels: () => ({ labels: [] }), remove_labels: () => ({ labels: [] }), set_priority: () => ({ priority: 1 }),
    set_attribute: () => ({ key: "", value: "" }), assign: () => ({ to: { me: true } }), reply: () => ({ text: "" }),
    note: () => ({ text: "" }), snooze: () => ({ minutes: 60 }), resolve: () => ({ disposition: "" }),
};

/** A new step begins with what is most often meant. Pure. */
export function newStep(verb) {
    return { do: verb, ...(FIRSTS[verb]?.() ?? {}) };
}

/** The fields of a step's words; `step` is changed as they are written in. */
export function stepFields(step, { desk, replies, attributes }) {
    const line = (value, told, more) => {
        const field = h("input", { class: "input input--small", type: "text", value, dir: "auto", oninput: () => told(field.value), ...more });
        return field;
    };
    const area = (label) => {
        const field = h("textarea", { class: "input", rows: "3", maxlength: "4000", dir: "auto", value: step.text ?? "", "aria-label": label, oninput: () => (step.text = field.value) });
        return field;
    };
    switch (step.do) {
        case "add_labels":
        case "remove_labels": return line(step.labels.join(", "), (text) => (step.labels = text.split(",").map((one) => one.trim()).filter(Boolean)), { placeholder: "vip, refund", "aria-label": "Labels, with commas between them" });
        case "set_priority": return select("Priority", PRIORITIES.map(({ value, word }) => [value, word]), step.priority, (value) => (step.priority = value));
        case "set_attribute": return attribute(step, attributes, line);
        case "assign": return assignment(step, desk);
        case "reply": return reply(step, replies, area);
        case "note": return area("The note");
        case "snooze": return span(step);
        case "resolve": return select("As", [["", "Without a code"], ...desk.choices.codes.map(({ code, name }) => [code, name])], step.disposition ?? "", (code) => (step.disposition = code));
        default: return null;
    }
}

function assignment(step, desk) {
    const choices = [[{ me: true }, "Me"], ...targets(desk.store, null).map((one) => [one.to, one.name])];
    const same = (to) => JSON.stringify(to) === JSON.stringify(step.to);
    const now = choices.find(([to]) => same(to));
    if (!now) choices.push([step.to, "Somebody who is gone"]);
    return select("To whom", choices, (now ?? choices.at(-1))[0], (to) => (step.to = to));
}

/** Words of its own, or a canned reply as it stands then. */
function reply(step, replies, area) {
    const place = h("div");
    const draw = () => fill(place, step.reply ? null : area("The reply; {{customer.first_name}} is filled in"));
    const choices = [["", "Words of its own"], ...replies.map(({ id, title }) => [id, title])];
    const which = select("Words", choices, step.reply ?? "", (id) => {
        if (id) {
            delete step.text;
            step.reply = id;
        } else if (step.reply || step.text === undefined) {
            delete step.reply;
            step.text = "";
        }
        draw();
    });
    draw();
    return [which, place];
}

function attribute(step, attributes, line) {
    if (attributes.length === 0) return h("p", { class: "toolbox__hint" }, "No fields are defined for conversations.");
    const place = h("div");
    const draw = () => {
        const kind = attributes.find(({ key }) => key === step.key) ?? {};
        if (kind.kind === "checkbox") fill(place, select("Value", [[true, "yes"], [false, "no"]], step.value, (value) => (step.value = value)));
        else if (kind.kind === "list") fill(place, select("Value", kind.choices.map((one) => [one, one]), step.value, (value) => (step.value = value)));
        else fill(place, line(String(step.value ?? ""), (text) => (step.value = typed(text, kind.kind)), { "aria-label": "Value", type: { number: "number", integer: "number", date: "date" }[kind.kind] ?? "text" }));
    };
    const which = select("Field", attributes.map(({ key, label }) => [key, label]), step.key, (key) => {
        if (key !== step.key) Object.assign(step, { key, value: "" });
        draw();
    });
    draw();
    return [which, place];
}

function typed(text, kind) {
    return kind === "number" || kind === "integer" ? (text === "" ? null : Number(text)) : text;
}

function span(step) {
    let [count, size] = inUnits(step.minutes);
    const tell = () => (step.minutes = Math.max(1, Math.round(count * size)));
    const number = h("input", { class: "input input--small", type: "number", min: "1", max: "9999", value: String(count), "aria-label": "For how long", oninput: () => {
        count = Number(number.value) || 1;
        tell();
    } });
    const unit = select("Unit", UNIT_WORDS, size, (chosen) => {
        size = chosen;
        tell();
    });
    return h("div", { class: "builder__span" }, number, unit);
}
