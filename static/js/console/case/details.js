// Fields of the conversation and of its customer, and what their site said that has no definition.

import { h } from "../dom.js";
import { title } from "../handover.js";
import { fieldList, loose, missing } from "./fields.js";
import { Section } from "./section.js";

class Fields {
    constructor(desk, file, { name, title: words, part }) {
        Object.assign(this, { desk, file, part });
        this.section = new Section({ name, title: words, settings: desk.settings });
    }

    get root() {
        return this.section.root;
    }

    render() {
        const state = this.file[this.part];
        if (!state) return;
        const { fields, attributes } = state;
        const rest = loose(fields, attributes);
        const wanted = missing(fields, attributes).length;
        this.section.show([fields, attributes], () => this.#build(fields, attributes, rest), { count: wanted ? `${wanted} wanted` : "", hidden: fields.length + rest.length === 0 });
        this.section.root.classList.toggle("customer__section--wanted", wanted > 0);
    }

    #build(fields, attributes, rest) {
        const read = rest.map(([name, value]) => h("div", {}, h("dt", {}, title(name)), h("dd", { dir: "auto" }, typeof value === "object" ? JSON.stringify(value) : String(value))));
        return [
            fieldList({ scope: this.part, fields, values: attributes, save: (given) => this.#save(given) }),
            read.length > 0 ? h("dl", { class: "facts" }, read) : null,
        ];
    }

    /** What stands in the input is what was typed; it is only confirmed, or explained beside it. */
    #save(attributes) {
        const ofCase = this.part === "case";
        return this.file.act({
            part: this.part,
            ask: () => (ofCase ? this.desk.api.patch(this.file.inCase("attributes/"), { attributes }) : this.desk.api.patch(this.file.ofCustomer(), { attributes })),
            settle: (state, answer) => ({ ...state, attributes: answer.attributes }),
            words: null,
        });
    }
}

export class CaseFields extends Fields {
    constructor(desk, file) {
        super(desk, file, { name: "fields", title: "This conversation", part: "case" });
    }
}

export class CustomerFields extends Fields {
    constructor(desk, file) {
        super(desk, file, { name: "details", title: "Details", part: "customer" });
    }
}
