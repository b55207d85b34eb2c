/* A rule's value as a form that fits it, with what the rule means, an example, and the sentence that
   the value says. The text area below stays the truth: what is drawn here only writes into it. */

import { ask, parsed, tell } from "./checked.js";
import { el } from "./dom.js";
import { filled } from "./example.js";
import { drawn } from "./fields.js";

const PLACES = ["channel", "inbox", "team", "queue", "agent"];
const PAUSE = 250;

const areas = () => document.querySelectorAll("textarea.rule-value:not([data-ready])");
let known;

async function facts(address) {
    known ??= fetch(address, { headers: { Accept: "application/json" } }).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
    });
    return known;
}

function row(scope, name) {
    return scope.querySelector(`.field-${name}`)?.closest(".field-row") ?? null;
}

/** Below a queue there are several rules, each in its own group; on a page of its own there is one. */
function start(area) {
    area.dataset.ready = "1";
    const scope = area.closest(".form-group") ?? area.closest("form");
    const select = scope.querySelector("select[name$='rule']");
    if (!select || select.name.includes("__prefix__")) {
        delete area.dataset.ready;
        return;
    }
    const place = scope.querySelector("select[name='place']");
    const note = el("div", { className: "rule-note" });
    const form = el("div", { className: "rule-form" });
    const says = el("p", { className: "rule-says", role: "status" });
    const raw = el("button", { type: "button", className: "rule-raw", textContent: "Write it as JSON" });
    area.before(note, form);
    area.after(says, raw);

    facts(area.dataset.rules).then(
        (all) => run({ area, select, place, scope, note, form, says, raw }, all),
        () => {
            says.textContent = "The rules could not be read; write the value as JSON.";
        },
    );
}

function run(parts, all) {
    const { area, select, place, scope, form, says, raw } = parts;
    const rules = new Map(all.rules.map((rule) => [rule.rule, rule]));
    let asJson = false;
    let timer;

    function check() {
        clearTimeout(timer);
        if (!select.value || !area.value.trim()) {
            says.textContent = "";
            return;
        }
        timer = setTimeout(() => ask(area, { rule: select.value }).then((said) => tell(says, said)), PAUSE);
    }

    function write(value) {
        area.value = value === undefined ? "" : JSON.stringify(value, null, 1);
        check();
    }

    function draw() {
        const rule = rules.get(select.value);
        form.replaceChildren();
        explain(parts.note, rule, (value) => {
            write(value);
            draw();
        });
        if (place) narrow(place, rule);
        const value = parsed(area.value);
        const fits = rule && !asJson && !(value.broken && area.value.trim());
        form.hidden = !fits;
        area.hidden = Boolean(fits);
        area.closest(".field-line")?.classList.toggle("is-json", !fits);
        raw.hidden = !rule;
        raw.textContent = fits ? "Write it as JSON" : "Back to the form";
        if (fits) {
            const start = area.value.trim() ? value.value : structuredClone(rule.default);
            form.append(drawn(rule.form, start, all, write));
            if (!area.value.trim() && start !== null) write(start);
        }
        check();
    }

    raw.addEventListener("click", () => {
        asJson = !asJson;
        draw();
        (asJson ? area : form.querySelector("input, select, textarea"))?.focus();
    });
    area.addEventListener("input", check);
    select.addEventListener("change", () => {
        area.value = "";
        asJson = false;
        draw();
    });
    place?.addEventListener("change", () => show(scope, place.value));
    draw();
    if (place) show(scope, place.value);
}

/** Only the field of the chosen kind of place is there. */
function show(scope, place) {
    for (const name of PLACES) {
        const line = row(scope, name);
        if (line) line.hidden = name !== place;
    }
}

/** Kinds of places where this rule can't be set are not on offer. */
function narrow(place, rule) {
    for (const option of place.options) {
        option.disabled = Boolean(rule) && !rule.scopes.includes(option.value);
        option.hidden = option.disabled;
    }
    if (place.selectedOptions[0]?.disabled) {
        place.value = [...place.options].find((option) => !option.disabled)?.value ?? "everything";
        place.dispatchEvent(new Event("change"));
    }
}

function explain(note, rule, use) {
    note.replaceChildren();
    if (!rule) return;
    const example = el("button", { type: "button", textContent: "Use it" });
    example.addEventListener("click", () => use(filled(rule.example)));
    note.append(
        el("p", { textContent: rule.help }),
        el("p", {}, [
            el("span", { className: "rule-word", textContent: "By default: " }),
            rule.default_says,
        ]),
        el("p", {}, [
            el("span", { className: "rule-word", textContent: "Example: " }),
            el("code", { textContent: JSON.stringify(rule.example) }),
            " ",
            example,
        ]),
    );
}

function startAll() {
    for (const area of areas()) start(area);
}

document.addEventListener("formset:added", startAll);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
else startAll();
