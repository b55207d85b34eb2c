// Builds the conditions of a view: groups of all, any and none, with leaves of field, operator and
// value. Whoever holds it is told of every change, so that the list below shows what it finds.

import { DEEPEST, fromTree, group, isGroup, toTree, unfinished } from "./conditions.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { select, valueField } from "./value_field.js";

const GROUPS = [["all", "All of these"], ["any", "Any of these"], ["none", "None of these"]];
const FIRST = "state";

export class Builder {
    constructor({ fields, changed }) {
        Object.assign(this, { fields, changed });
        this.root = h("div", { class: "builder" });
    }

    begin(tree) {
        this.tree = fromTree(tree);
        if (this.tree.parts.length === 0) this.tree.parts.push(this.fields.begin(FIRST, "is"));
        this.draw();
    }

    get conditions() {
        return toTree(this.tree);
    }

    /** The leaf that still wants a value, or null. */
    get unfinished() {
        return unfinished(this.tree);
    }

    draw(focus = null) {
        fill(this.root, this.#group(this.tree, null, 1));
        if (focus) this.root.querySelector(focus)?.focus();
    }

    #told() {
        this.changed();
    }

    #group(node, parent, depth) {
        const kind = select("How these belong together", GROUPS, node.kind, (chosen) => {
            node.kind = chosen;
            this.#told();
        });
        const remove = parent ? iconButton("trash", "Remove this group", () => this.#remove(parent, node)) : null;
        const more = h("button", { class: "button button--quiet button--small", type: "button", onclick: () => this.#add(node, this.fields.begin(FIRST, "is")) }, icon("plus"), "Condition");
        const deeper = depth < DEEPEST ? h("button", { class: "button button--quiet button--small", type: "button", onclick: () => this.#add(node, group(node.kind === "all" ? "any" : "all", [this.fields.begin(FIRST, "is")])) }, icon("plus"), "Group") : null;
        return h(
            "fieldset",
            { class: "builder__group", "data-kind": node.kind },
            h("legend", { class: "visually-hidden" }, depth === 1 ? "Conditions" : "A group of conditions"),
            h("div", { class: "builder__head" }, kind, remove),
            h("ul", { class: "builder__parts", role: "list" }, node.parts.map((part) => h("li", {}, isGroup(part) ? this.#group(part, node, depth + 1) : this.#leaf(part, node)))),
            h("div", { class: "builder__add" }, more, deeper),
        );
    }

    #leaf(node, parent) {
        const { fields } = this;
        const row = h("div", { class: "builder__leaf" });
        const draw = () => {
            const names = fields.all.map((field) => [field, fields.fieldWord(field)]).sort(([, a], [, b]) => a.localeCompare(b));
            const field = select("Field", names, node.field, (chosen) => {
                if (chosen === node.field) return;
                Object.assign(node, fields.begin(chosen));
                draw();
                row.querySelector("select").focus();
                this.#told();
            });
            const op = select("Comparison", fields.opsOf(node.field).map((one) => [one, fields.opWord(one)]), node.op, (chosen) => {
                if (chosen === node.op) return;
                const same = fields.kindOf(node.field, chosen) === fields.kindOf(node.field, node.op);
                Object.assign(node, same ? { op: chosen } : fields.begin(node.field, chosen));
                draw();
                row.querySelectorAll("select")[1].focus();
                this.#told();
            });
            const value = valueField(fields, node, (given) => {
                node.value = given;
                this.#told();
            });
            fill(row, field, iconButton("close", "Remove this condition", () => this.#remove(parent, node)), op, value);
        };
        draw();
        return row;
    }

    #add(parent, node) {
        parent.parts.push(node);
        this.draw();
        const leaves = this.root.querySelectorAll(".builder__leaf");
        leaves[leaves.length - 1]?.querySelector("select")?.focus();
        this.#told();
    }

    #remove(parent, node) {
        parent.parts.splice(parent.parts.indexOf(node), 1);
        this.draw(".builder__add button");
        this.#told();
    }
}
