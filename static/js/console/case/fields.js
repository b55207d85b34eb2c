// Typed fields: each kind has its own input, saved when it is left, with its error beside it.

import { fill, h, icon } from "../dom.js";
import { localMinute } from "../verbs.js";

const TYPES = { number: "number", integer: "number", date: "date", datetime: "datetime-local", link: "url", email: "email", phone: "tel" };

/** What stands in the input for a kept value. Pure. */
export function shownValue(kind, value) {
    if (value === null || value === undefined) return "";
    if (kind === "datetime") return Number.isNaN(Date.parse(value)) ? "" : localMinute(Date.parse(value));
    return String(value);
}

/** What is sent for what stands in the input; null takes the value away. Pure. */
export function sentValue(kind, text) {
    const words = text.trim();
    if (words === "") return null;
    if (kind === "number" || kind === "integer") return Number.isNaN(Number(words)) ? words : Number(words);
    if (kind === "datetime") return Number.isNaN(Date.parse(words)) ? words : new Date(words).toISOString();
    return words;
}

/** Values that no definition names: shown, not changed. Pure. */
export function loose(fields, values) {
    const known = new Set(fields.map((field) => field.key));
    return Object.entries(values ?? {}).filter(([key, value]) => !known.has(key) && value !== null && value !== "");
}

/** Required fields that are still empty, by their labels. Pure. */
export function missing(fields, values) {
    return fields.filter((field) => field.required_on_resolve && [undefined, null, ""].includes(values?.[field.key])).map((field) => field.label);
}

/**
 * @param save  ({key: value}) => {ok, error}
 */
export function fieldList({ scope, fields, values, save }) {
    return h("div", { class: "fields" }, fields.map((field) => fieldRow({ scope, field, value: values?.[field.key], save })));
}

function fieldRow({ scope, field, value, save }) {
    const id = `field-${scope}-${field.key}`;
    const error = h("p", { class: "fields__error", id: `${id}-error`, hidden: true });
    const missed = field.required_on_resolve && [undefined, null, ""].includes(value);
    const label = h("label", { class: "fields__label", for: id }, field.label, field.required_on_resolve ? h("span", { class: "fields__required", title: "Wanted before it is resolved" }, "*", h("span", { class: "visually-hidden" }, " wanted before it is resolved")) : null);
    const input = inputOf(field, value, { id, "data-key": id, "aria-describedby": `${id}-error`, title: field.help || null });
    input.addEventListener("change", async () => {
        delete input.dataset.dirty;
        const sent = field.kind === "checkbox" ? input.checked : sentValue(field.kind, input.value);
        if (input.validity?.badInput) {
            tell("This can't be read.");
            return;
        }
        input.setAttribute("aria-busy", "true");
        const { ok, error: refusal } = await save({ [field.key]: sent });
        input.removeAttribute("aria-busy");
        tell(ok ? null : refusal.fields?.[field.key]?.[0] ?? refusal.fields?.attributes?.[field.key]?.[0] ?? refusal.message);
    });
    input.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.isComposing) input.blur();
        if (event.key !== "Escape") return;
        input.value = shownValue(field.kind, value);
        delete input.dataset.dirty;
        input.blur();
    });
    const tell = (words) => {
        error.hidden = !words;
        if (words) {
            fill(error, icon("warning"), words);
            input.setAttribute("aria-invalid", "true");
            input.dataset.dirty = ""; // the words stay until they are right
        } else input.removeAttribute("aria-invalid");
    };
    return h("div", { class: `fields__row${missed ? " fields__row--missed" : ""}` }, label, input, error);
}

function inputOf(field, value, attributes) {
    if (field.kind === "checkbox") return h("input", { type: "checkbox", class: "fields__check", checked: value === true, ...attributes });
    if (field.kind === "list") {
        const choices = ["", ...field.choices];
        if (value && !choices.includes(value)) choices.push(value);
        const select = h("select", { class: "input input--small fields__input", ...attributes }, choices.map((choice) => h("option", { value: choice }, choice || "–")));
        select.value = value ?? "";
        return select;
    }
    return h("input", {
        class: "input input--small fields__input",
        type: TYPES[field.kind] ?? "text",
        step: { number: "any", integer: "1" }[field.kind],
        value: shownValue(field.kind, value),
        placeholder: "–",
        dir: "auto",
        maxlength: field.kind === "text" ? "1000" : null,
        autocomplete: "off",
        ...attributes,
    });
}
