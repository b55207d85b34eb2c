// The calls that are owed: mine, what is due now by the place in line, what has its time. One button dials.

import { deedsFor, OUTCOMES, placeOf, standing } from "./call_words.js";
import { Faces, fill, h, icon, Rows, setText } from "./dom.js";

const LOOK = 15_000; // ms, while nobody looks at the list
const WATCH = 2_000; // ms, while somebody does

const TITLES = { mine: "In my hand", due: "Due now", later: "At their time" };
const WORDS = { dial: "Call", give_back: "Give back", take: "Take", done: "Done" };

export class Calls {
    constructor(root, desk, { badge = null } = {}) {
        this.desk = desk;
        this.badge = badge;
        this.calls = [];
        this.parts = Object.entries(TITLES).map(([name, title]) => this.#part(name, title));
        this.list = h("div", {}, this.parts.map(({ section }) => section));
        this.root = h("div", { class: "lists__view", "data-list-view": "calls", hidden: true }, this.list);
        root.append(this.root);
        this.faces = new Faces(this.list, { empty: "Nobody is waiting to be called. Whoever asks for a call stands here at their time." });
        this.faces.waiting();
        this.#again();
    }

    #part(name, title) {
        const list = h("ol", { class: "queues", role: "list", "aria-labelledby": `title-calls-${name}` });
        const section = h("section", { class: "lists__section" }, h("h2", { class: "lists__title", id: `title-calls-${name}` }, title), list);
        const rows = new Rows(list, { key: (call) => call.id, create: (call) => this.#create(call), update: (row, call) => this.#draw(row, call) });
        return { name, section, rows };
    }

    enter() {
        this.#look();
    }

    render() {
        if (this.root.hidden || !this.loaded) return;
        for (const { name, section, rows } of this.parts) {
            const some = this.calls.filter((call) => placeOf(call) === name);
            rows.show(some);
            section.hidden = some.length === 0;
        }
        if (this.calls.length > 0) this.faces.full();
        else this.faces.empty();
    }

    #again() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.#look(), this.root.hidden ? LOOK : WATCH);
    }

    async #look() {
        clearTimeout(this.timer);
        try {
            const { results, due } = await this.desk.api.get("calls/");
            // One that rings is listened to, so that its agent knows at once.
            const ringing = results.find((call) => call.mine && call.state === "dialling");
            const heard = ringing ? await this.desk.api.get(`calls/${ringing.id}/`) : null;
            this.calls = results.map((call) => (call.id === heard?.id ? heard : call));
            this.loaded = true;
            if (this.badge) {
                setText(this.badge, String(due));
                this.badge.hidden = due === 0;
            }
            this.render();
        } catch (error) {
            if (!this.loaded && !this.root.hidden) this.faces.failed(error, () => this.#look());
        } finally {
            this.#again();
        }
    }

    #create(call) {
        const row = h("li", { class: "queue call", "data-call": call.id });
        row.parts = {
            name: h("h3", { class: "queue__name" }),
            phone: h("p", { class: "call__phone numeric" }),
            words: h("p", { class: "call__words", role: "status" }),
            deeds: h("div", { class: "row row--wrap" }),
        };
        const open = h("button", { class: "link", type: "button", onclick: () => this.desk.open(call.conversation) }, "Open the conversation");
        row.append(row.parts.name, row.parts.phone, row.parts.words, row.parts.deeds, open);
        return row;
    }

    #draw(row, call) {
        setText(row.parts.name, call.customer);
        setText(row.parts.phone, call.phone);
        setText(row.parts.words, standing(call, Date.now()));
        const deeds = deedsFor(call);
        if (row.dataset.deeds === deeds.join()) return;
        row.dataset.deeds = deeds.join();
        fill(row.parts.deeds, deeds.map((deed, place) => (deed === "missed" ? this.#missed(call) : this.#button(call, deed, place === 0))));
    }

    #button(call, deed, isFirst) {
        const say = deed === "done" ? { do: "finish", outcome: "done" } : { do: deed };
        const kind = isFirst ? "button button--small button--primary" : "button button--small";
        const sign = { dial: "phone", done: "check" }[deed];
        return h("button", { class: kind, type: "button", "data-deed": deed, onclick: () => this.#do(call, say) }, sign ? icon(sign) : null, WORDS[deed]);
    }

    #missed(call) {
        const choice = h(
            "select",
            { class: "input", "aria-label": `Why ${call.customer} was not reached`, onchange: () => this.#do(call, { do: "finish", outcome: choice.value }) },
            h("option", { value: "" }, "Not reached …"),
            OUTCOMES.map(([value, words]) => h("option", { value }, words)),
        );
        return choice;
    }

    async #do(call, say) {
        try {
            const now = await this.desk.api.post(`calls/${call.id}/`, say);
            this.calls = this.calls.map((one) => (one.id === now.id ? now : one));
            if (say.do === "dial") this.desk.open(now.conversation);
        } catch (error) {
            this.desk.toasts.say(error.message, { bad: true });
        }
        this.#look();
    }
}
