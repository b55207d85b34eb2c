// What the customer did with our products and services, and the segments they belong to.

import { h } from "../dom.js";
import { exact } from "../times.js";
import { ago } from "./requests.js";
import { Section } from "./section.js";

const SHOWN = 8;

export class Insight {
    #of = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "insight", title: "Bought and looked at", settings: desk.settings });
        this.root.hidden = true;
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#of = null;
        this.section.begin();
        this.root.hidden = true;
    }

    async render() {
        const of = this.file.customerId;
        if (!of || this.#of === of) return;
        this.#of = of;
        try {
            const found = await this.desk.api.get(`customers/${of}/insight/`);
            if (this.#of !== of) return;
            const { segments, events, bought } = found;
            this.section.show(found, () => this.#build(found), { count: bought, hidden: segments.length + events.length === 0 });
        } catch {
            // the panel is complete without it
        }
    }

    #build({ segments, events }) {
        return [
            segments.length > 0 ? h("p", {}, segments.map(({ name }) => h("span", { class: "chip", dir: "auto" }, name))) : null,
            events.length > 0 ? h("ul", { class: "rows-list", role: "list" }, events.slice(0, SHOWN).map((one) => h("li", { class: "fact" }, h("div", { class: "fact__words" }, h("span", { dir: "auto" }, one.name), h("span", { class: "fact__label" }, one.says, " ", h("time", { datetime: one.at, title: exact(one.at) }, ago(one.at))))))) : null,
        ];
    }
}
