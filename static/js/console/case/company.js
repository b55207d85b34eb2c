// Which company a customer belongs to: found by some letters, or made.

import { h, icon } from "../dom.js";
import { tiny } from "./section.js";

const PAUSE = 180;

export class CompanyField {
    #timer = null;
    #asked = 0;

    constructor(desk, company) {
        this.desk = desk;
        this.chosen = company ?? null;
        this.list = h("ul", { class: "company-choices", id: "company-choices", role: "list", "aria-label": "Companies", hidden: true });
        this.field = h("input", { class: "input input--small", id: "who-company", value: company?.name ?? "", placeholder: "Find or make one", autocomplete: "off", dir: "auto", maxlength: "200", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event) });
        this.none = tiny("close", "No company", () => this.#choose(null), { hidden: !company });
        this.root = h("div", { class: "company-field", onfocusout: (event) => {
            if (!this.root.contains(event.relatedTarget)) this.#leave();
        } }, h("div", { class: "line-form" }, this.field, this.none), this.list);
    }

    /** Letters that were never chosen are not a company. */
    #leave() {
        this.list.hidden = true;
        this.field.value = this.chosen?.name ?? "";
    }

    #choose(company) {
        this.chosen = company;
        this.field.value = company?.name ?? "";
        this.none.hidden = !company;
        this.list.hidden = true;
        this.field.focus();
    }

    #key(event) {
        const first = this.list.hidden ? null : this.list.querySelector("button");
        if (event.key === "Enter" && first) {
            event.preventDefault();
            first.click();
        } else if (event.key === "ArrowDown" && first) {
            event.preventDefault();
            first.focus();
        } else if (event.key === "Escape" && !this.list.hidden) {
            event.preventDefault();
            this.#leave();
        }
    }

    #typed() {
        clearTimeout(this.#timer);
        const letters = this.field.value.trim();
        if (!letters) this.list.hidden = true;
        else this.#timer = setTimeout(() => this.#find(letters), PAUSE);
    }

    async #find(letters) {
        const asked = (this.#asked += 1);
        let found = [];
        try {
            found = (await this.desk.api.get("companies/", { search: letters })).results;
        } catch (error) {
            this.desk.toasts.say(`Companies did not come: ${error.message}`, { bad: true });
        }
        if (asked !== this.#asked || this.field.value.trim() !== letters) return;
        const choice = (sign, words, hint, onclick) => h("li", {}, h("button", { class: "panel__choice", type: "button", onclick }, icon(sign), h("span", { dir: "auto" }, words), hint ? h("span", { class: "panel__hint" }, hint) : null));
        const exact = found.some((one) => one.name.toLocaleLowerCase() === letters.toLocaleLowerCase());
        this.list.replaceChildren(
            ...found.slice(0, 6).map((one) => choice("building", one.name, one.domain, () => this.#choose(one))),
            ...(exact || !this.desk.store.may("add_company") ? [] : [choice("plus", `Make “${letters}”`, "", () => this.#make(letters))]),
        );
        this.list.hidden = this.list.children.length === 0;
    }

    async #make(name) {
        try {
            const made = await this.desk.api.post("companies/", { name });
            this.#choose({ id: made.id, name: made.name, domain: made.domain });
        } catch (error) {
            this.desk.toasts.say(`Not made: ${error.message}`, { bad: true });
        }
    }
}
