/* A segment's conditions as rows of plain sentences. The text area below stays the truth: what is drawn
   here only writes into it, and what is nested deeper than one list is written there by hand. */

import { ask, parsed, tell } from "./checked.js";
import { el } from "./dom.js";
import { drawn } from "./fields.js";

const PAUSE = 300;
const ATTRIBUTE = "attributes.";

const isLeaf = (tree) => typeof tree === "object" && tree !== null && "field" in tree;

function asRow({ field, op, value }) {
    return field.startsWith(ATTRIBUTE)
        ? { what: `attributes ${op}`, name: field.slice(ATTRIBUTE.length), value }
        : { what: `${field} ${op}`, value };
}

/** What the form shows of a tree; null where it is more than the form can say. */
function asForm(tree) {
    if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return null;
    if (!Object.keys(tree).length) return { match: "all", conditions: [] };
    if (isLeaf(tree)) return { match: "all", conditions: [asRow(tree)] };
    const several = tree.all ?? tree.any ?? tree.not?.any;
    if (!Array.isArray(several) || !several.every(isLeaf)) return null;
    const match = tree.all ? "all" : tree.any ? "any" : "none";
    return { match, conditions: several.map(asRow) };
}

function asTree({ match, conditions }) {
    const leaves = (conditions ?? []).filter((row) => row.what).map(({ what, name, value }) => {
        const [field, op] = what.split(" ");
        return { field: field === "attributes" ? ATTRIBUTE + (name ?? "") : field, op, value: value ?? null };
    });
    if (!leaves.length) return {};
    if (match === "none") return { not: { any: leaves } };
    return { [match ?? "all"]: leaves };
}

function start(area) {
    const description = JSON.parse(area.dataset.form);
    const form = el("div", { className: "rule-form" });
    const says = el("p", { className: "rule-says", role: "status" });
    const raw = el("button", { type: "button", className: "rule-raw" });
    let asJson = false;
    let timer;
    let asked = 0;

    function check() {
        clearTimeout(timer);
        timer = setTimeout(async () => {
            const mine = ++asked;
            const said = await ask(area);
            if (mine === asked) tell(says, said);
        }, PAUSE);
    }

    function draw() {
        const read = parsed(area.value.trim() || "{}");
        const shown = read.broken ? null : asForm(read.value);
        const fits = shown !== null && !asJson;
        form.replaceChildren();
        form.hidden = !fits;
        area.hidden = fits;
        raw.hidden = !fits && shown === null;
        raw.textContent = fits ? "Write it as JSON" : "Back to the form";
        if (fits) {
            form.append(drawn(description, shown, {}, (said) => {
                area.value = JSON.stringify(asTree(said ?? {}), null, 1);
                check();
            }));
        }
        check();
    }

    raw.addEventListener("click", () => {
        asJson = !asJson;
        draw();
        (asJson ? area : form.querySelector("input, select, button"))?.focus();
    });
    area.addEventListener("input", () => {
        raw.hidden = parsed(area.value).broken || asForm(parsed(area.value).value) === null;
        check();
    });
    area.before(form);
    area.after(says, raw);
    draw();
}

for (const area of document.querySelectorAll("textarea.segment-conditions")) start(area);
