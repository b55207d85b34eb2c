/* Draws a form from its description (a small tree, see `agents/rules/forms.py`). Each drawing function
   takes the description, the value to begin with, what may be named, and whom to tell; it answers an
   element. `undefined` is "not said", and is left out of what is kept. */

import { el } from "./dom.js";

let counted = 0;

export function drawn(form, value, named, tell) {
    return (KINDS[form.kind] ?? text)(form, value, named, tell);
}

function labelled(label, control, optional) {
    const target = control.matches("input, select, textarea") ? control : control.querySelector("input, select, textarea");
    const group = !target || control.matches(".rule-list, .rule-texts, .rule-object");
    if (target && !group) target.id ||= `rule-field-${++counted}`;
    const words = el(group ? "span" : "label", {
        className: "rule-label",
        textContent: optional ? `${label} (optional)` : label,
    });
    if (target && !group) words.htmlFor = target.id;
    return el("div", { className: "rule-field" }, [words, control]);
}

function number(form, value, _named, tell) {
    const input = el("input", {
        type: "number", step: String(form.step ?? 1), min: "0", value: value ?? "", className: "rule-input",
    });
    input.addEventListener("input", () => tell(input.value === "" ? undefined : Number(input.value)));
    return el("span", { className: "rule-number" }, [
        input, el("span", { className: "rule-unit", textContent: form.unit ?? "" }),
    ]);
}

function text(_form, value, _named, tell) {
    const input = el("input", { type: "text", value: value ?? "", className: "rule-input" });
    input.addEventListener("input", () => tell(input.value || undefined));
    return input;
}

function select(options, value, tell, empty) {
    const choice = el("select", { className: "rule-input" });
    choice.append(el("option", { value: "", textContent: empty ?? "Choose" }));
    for (const option of options) choice.append(el("option", { value: option.value, textContent: option.label }));
    if (value && !options.some((option) => option.value === value)) {
        choice.append(el("option", { value, textContent: value }));
    }
    choice.value = value ?? "";
    choice.addEventListener("change", () => tell(choice.value || undefined));
    return choice;
}

const choice = (form, value, _named, tell) => select(form.options, value, tell);

function words(_form, value, _named, tell) {
    const input = el("input", { type: "text", value: (value ?? []).join(", "), className: "rule-input" });
    input.addEventListener("input", () => tell(input.value.split(",").map((word) => word.trim()).filter(Boolean)));
    return input;
}

function long(form, value, _named, tell) {
    const area = el("textarea", { rows: form.rows ?? 3, value: value ?? "", className: "rule-input" });
    if (form.most) area.maxLength = form.most;
    area.addEventListener("input", () => tell(area.value.trim() ? area.value : undefined));
    return area;
}

/** One of some values of any shape. What is on offer no more is shown as it was written. */
function pick(form, value, _named, tell) {
    const written = value === undefined || value === null ? "" : JSON.stringify(value);
    const options = form.options.map((option) => ({ value: JSON.stringify(option.value), label: option.label }));
    return select(options, written, (said) => tell(said === undefined ? undefined : JSON.parse(said)));
}

/** An object whose fields depend on one of them: `form.by` names it, each of `form.options` has its own. */
function variant(form, value, named, tell) {
    const box = el("div", { className: "rule-object" });
    const fields = el("div", { className: "rule-object" });
    let said = { ...(value ?? {}) };
    const draw = () => {
        const chosen = form.options.find((option) => option.value === said[form.by]);
        fields.replaceChildren();
        fields.hidden = !chosen?.fields.length;
        if (fields.hidden) return;
        const rest = { ...said };
        delete rest[form.by];
        fields.append(object(chosen, rest, named, (more) => {
            said = { [form.by]: said[form.by], ...(more ?? {}) };
            tell(said);
        }));
    };
    const first = select(form.options, said[form.by], (name) => {
        said = name === undefined ? {} : { [form.by]: name };
        tell(said);
        draw();
    });
    draw();
    box.append(labelled(form.label, first), fields);
    return box;
}
const oneOf = (names) => (_form, value, named, tell) =>
    select(named[names].map((name) => ({ value: name, label: name })), value, tell);

function toggle(_form, value, _named, tell) {
    const options = [{ value: "true", label: "Yes" }, { value: "false", label: "No" }];
    const asWord = value === undefined || value === null ? "" : String(value);
    return select(options, asWord, (said) => tell(said === undefined ? undefined : said === "true"));
}

function object(form, value, named, tell) {
    const kept = { ...(value ?? {}) };
    const fields = form.fields.map((field) => {
        const change = (said) => {
            if (said === undefined) delete kept[field.name];
            else kept[field.name] = said;
            tell(Object.keys(kept).length ? { ...kept } : undefined);
        };
        return labelled(field.label, drawn(field, kept[field.name], named, change), field.optional);
    });
    return el("div", { className: "rule-object" }, fields);
}

/** Rows that can be added and taken away. */
function rows(start, { draw, fresh, noun, tell, empty, line }) {
    const kept = start.map((value) => ({ value }));
    const list = el("div", { className: "rule-rows" });
    const add = el("button", { type: "button", className: "rule-add", textContent: `Add a ${noun}` });
    const say = () => tell(kept.map((one) => one.value).filter((value) => value !== undefined));
    const put = (one) => {
        const away = el("button", { type: "button", className: "rule-away", textContent: `Remove${line ? ` this ${noun}` : ""}` });
        const shown = el("div", { className: "rule-row" }, [
            draw(one.value, (value) => {
                one.value = value;
                say();
            }),
            away,
        ]);
        away.addEventListener("click", () => {
            kept.splice(kept.indexOf(one), 1);
            shown.remove();
            say();
        });
        list.append(shown);
        return shown;
    };
    kept.forEach(put);
    add.addEventListener("click", () => {
        const one = { value: fresh() };
        kept.push(one);
        put(one).querySelector("input, select, textarea")?.focus();
        if (empty) say();
    });
    return el("div", { className: "rule-list" }, [list, add]);
}

function list(form, value, named, tell) {
    return rows(Array.isArray(value) ? value : [], {
        noun: form.noun,
        tell,
        empty: true,
        line: true,
        fresh: () => ({}),
        draw: (one, change) => drawn(form.each, one, named, (said) => change(said ?? {})),
    });
}

/** Pairs of a word and something: texts by language, numbers by channel. */
function pairs(value, { noun, first, second, tell }) {
    const start = Object.entries(value ?? {});
    return rows(start, {
        noun,
        fresh: () => ["", undefined],
        tell: (all) => {
            const whole = all.filter(([key, said]) => key !== "" && said !== undefined);
            tell(whole.length ? Object.fromEntries(whole) : undefined);
        },
        draw: ([key, said], change) => {
            const pair = [key, said];
            const named = first(key, (word) => {
                pair[0] = word ?? "";
                change([...pair]);
            });
            const valued = second(said, (word) => {
                pair[1] = word;
                change([...pair]);
            });
            return el("div", { className: "rule-pair" }, [named, valued]);
        },
    });
}

function texts(form, value, _named, tell) {
    const start = typeof value === "string" ? { en: value } : (value ?? {});
    const box = pairs(Object.keys(start).length ? start : { en: undefined }, {
        noun: "language",
        tell,
        first: (key, change) => {
            const input = el("input", {
                type: "text", value: key, size: 5, maxLength: 16, className: "rule-input rule-code",
                ariaLabel: "Language, such as en",
            });
            input.addEventListener("input", () => change(input.value.trim()));
            return input;
        },
        second: (said, change) => {
            const area = el("textarea", {
                rows: form.rows ?? 2, maxLength: form.most ?? 500, value: said ?? "", className: "rule-input", ariaLabel: "Text",
            });
            area.addEventListener("input", () => change(area.value.trim() ? area.value : undefined));
            return area;
        },
    });
    box.classList.add("rule-texts");
    return box;
}

function map(form, value, named, tell) {
    return pairs(value, {
        noun: "channel",
        tell: (all) => tell(all ?? {}),
        first: (key, change) => select(named.channels.map((name) => ({ value: name, label: name })), key, change),
        second: (said, change) => number(form, said, named, change),
    });
}

/** Several out of some, in order: the earlier counts more. */
function ranking(form, value, _named, tell) {
    return rows(Array.isArray(value) ? value : [], {
        noun: "comparison",
        tell: (all) => tell(all.length ? all : undefined),
        fresh: () => undefined,
        draw: (one, change) => select(form.options, one, change),
    });
}

const KINDS = {
    number, text, long, words, choice, pick, object, variant, list, texts, map, ranking,
    switch: toggle,
    queue: oneOf("queues"),
    schedule: oneOf("schedules"),
    skill: oneOf("skills"),
};
