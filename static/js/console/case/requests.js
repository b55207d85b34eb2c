// Several things that one customer wants, each with its own end.

import { h } from "../dom.js";
import { exact, relative } from "../times.js";
import { patched, put, without } from "./file.js";
import { lineForm, Section, tiny } from "./section.js";

/** Its `add` is also called from the thread. */
export class Requests {
    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "requests", title: "Requests", settings: desk.settings });
    }

    get root() {
        return this.section.root;
    }

    render() {
        const rows = this.file.case?.requests;
        if (!rows) return;
        const open = rows.filter((row) => row.state === "open").length;
        this.section.show(rows, () => this.#build(rows), { count: rows.length ? `${open} open` : "" });
    }

    #build(rows) {
        return [
            rows.length === 0 ? h("p", { class: "customer__none" }, "Does the customer want more than one thing? Note each here, so that none is forgotten.") : null,
            h("ul", { class: "rows-list", role: "list" }, rows.map((row) => this.#row(row))),
            lineForm({ label: "What else do they want?", word: "Add a request", key: "request", onsubmit: (title, again) => this.add(title).then((ok) => ok || again(title)) }),
        ];
    }

    #row(row) {
        const done = row.state === "done";
        const toggle = h("input", { type: "checkbox", checked: done, disabled: row.id.startsWith("new"), "aria-label": `${row.title}: done`, "data-key": `request ${row.id}`, onchange: () => this.#finish(row, !done) });
        const where = tiny("reply", "Where it began", () => this.desk.open(this.file.id, { line: row.opened_offset }), { "data-key": `where ${row.id}` });
        const facts = done ? `${row.disposition ? `${row.disposition} · ` : ""}done ${ago(row.done_at)}${row.done_by ? ` by ${row.done_by.name}` : ""}` : [row.topic, row.opened_by?.name].filter(Boolean).join(" · ");
        return h("li", { class: `todo${done ? " todo--done" : ""}` }, toggle, h("span", { class: "todo__words" }, h("span", { class: "todo__text", dir: "auto" }, row.title), facts ? h("span", { class: "todo__facts", title: done ? exact(row.done_at) : null }, facts) : null), row.opened_offset ? where : null);
    }

    async add(title, topic = "") {
        const id = `new ${title}`;
        const row = { id, title, topic, disposition: "", state: "open", opened_offset: 0, opened_by: this.desk.store.me, opened_at: new Date().toISOString(), done_by: null, done_at: null };
        const { ok } = await this.file.act({
            change: (state) => ({ ...state, requests: put(state.requests, row) }),
            ask: () => this.desk.api.post(this.file.inCase("requests/"), { title, topic }),
            settle: (state, made) => ({ ...state, requests: put(without(state.requests, id), made) }),
            words: "Not noted",
        });
        return ok;
    }

    #finish(row, done) {
        const fields = done ? { state: "done", done_at: new Date().toISOString(), done_by: this.desk.store.me } : { state: "open", done_at: null, done_by: null, disposition: "" };
        return this.file.act({
            change: (state) => ({ ...state, requests: patched(state.requests, row.id, fields) }),
            ask: () => this.desk.api.patch(this.file.inCase(`requests/${row.id}/`), { state: done ? "done" : "open", ...(done ? { disposition: "solved" } : {}) }),
            settle: (state, made) => ({ ...state, requests: put(state.requests, made) }),
            words: "Not changed",
        });
    }
}

export function ago(moment) {
    const words = relative(moment, Date.now());
    return words === "now" ? "now" : /\d (min|h)$/.test(words) ? `${words} ago` : words;
}
