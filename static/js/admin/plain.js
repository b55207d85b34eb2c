/* Fields that hold JSON and need no rule to be drawn: texts by language, a list of words, what a macro does.
   The text area stays the truth: without scripts it is the form. */

import { el } from "./dom.js";
import { drawn } from "./fields.js";

function parsed(text) {
    try {
        return { value: JSON.parse(text || "null") };
    } catch {
        return { broken: true };
    }
}

function start(area) {
    const form = JSON.parse(area.dataset.form);
    const { value, broken } = parsed(area.value);
    if (broken) return; // what somebody wrote by hand stays as it was written
    const tell = (said) => (area.value = JSON.stringify(said ?? form.empty, null, 1));
    const shown = drawn(form, value ?? undefined, {}, tell);
    const label = document.querySelector(`label[for="${area.id}"]`);
    const field = shown.matches("input") ? shown : null;
    if (field && label) {
        field.id = `${area.id}-drawn`;
        label.htmlFor = field.id;
    }
    area.hidden = true;
    area.required = false; // the browser can't ask for what nobody sees; the server does
    area.before(el("div", { className: "rule-form" }, [shown]));
}

for (const area of document.querySelectorAll("textarea[data-form]")) start(area);
