// Rows that can be picked: a box before each, a button that shows all boxes, and the key.

import { h, icon } from "./dom.js";
import { drawRow, newRow } from "./row.js";

export class Picking {
    /** `ids()`: what is listed, in its order. */
    constructor(desk, { list, selection, ids }) {
        Object.assign(this, { desk, list, selection, ids });
        this.button = h("button", { class: "button button--quiet button--small filters__pick", type: "button", "aria-pressed": "false", title: "Pick several (X)", onclick: () => this.#toggle() }, icon("checks"), h("span", { class: "visually-hidden" }, "Pick several"));
        selection.addEventListener("change", () => list.classList.toggle("rows--picked", selection.size > 0));
    }

    row(id) {
        const { desk, selection } = this;
        const row = newRow(desk.store.cards.get(id), { open: (conversation) => desk.open(conversation) });
        row.pick = h("input", { type: "checkbox", class: "rows__pick", tabindex: "-1", onclick: (event) => selection.toggle(id, { list: this.ids(), through: event.shiftKey }) });
        row.prepend(row.pick);
        return row;
    }

    draw(row, id) {
        const { desk, selection } = this;
        const card = desk.store.cards.get(id);
        drawRow(row, card, { chosen: id === desk.openId, context: "all", mine: desk.store.isMine(card), me: desk.store.me });
        const label = `Pick ${row.parts.name.textContent}`;
        if (row.pick.getAttribute("aria-label") !== label) row.pick.setAttribute("aria-label", label);
        row.pick.checked = selection.has(id);
        row.classList.toggle("rows__row--picked", selection.has(id));
    }

    /** From the keyboard: the row that has the focus, or the open one. False when it is not listed. */
    pick({ through = false } = {}) {
        const here = document.activeElement?.closest?.(".row-card")?.dataset.conversation ?? this.desk.openId;
        if (!this.ids().includes(here)) return false;
        this.selection.toggle(here, { list: this.ids(), through });
        return true;
    }

    #toggle() {
        const on = !this.list.classList.contains("rows--picking");
        this.list.classList.toggle("rows--picking", on);
        this.button.setAttribute("aria-pressed", String(on));
        if (!on) this.selection.clear();
    }
}
