// The calls that are owed: mine, what is due now by the place in line, what has its time. One button dials.

import { momentInWords } from "../widget/call_times.js";
import { deedsFor, factsOf, forecastOf, OUTCOMES, placeOf, standing } from "./call_words.js";
import { Faces, fill, h, icon, Rows, setText } from "./dom.js";

const SAFE = 60_000; // ms: a frame may get lost
const SOON = 150; // ms: several frames are one look
const UNSEEN = 2_000; // ms, while nobody looks at the list: only its number is shown
const LATER = 5_000; // ms at most in between, so that forty consoles don't ask at once

const TITLES = { mine: "In my hand", due: "Due now", later: "At their time" };
const WORDS = { dial: "Call", give_back: "Give back", take: "Take", done: "Done" };
const WHAT = { offered: "in hand", dialling: "ringing", reached: "talking", due: "due" };

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
        desk.live.on("call", () => this.#soon());
        desk.live.on("welcome", () => this.#soon());
        this.clock = setInterval(() => this.render(), 1000);
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
        this.timer = setTimeout(() => this.#look(), SAFE);
    }

    /** Something changed: one look for all that comes within a moment. */
    #soon() {
        if (this.isComing) return;
        this.isComing = true;
        setTimeout(() => {
            this.isComing = false;
            this.#look();
        }, this.root.hidden ? UNSEEN + Math.random() * LATER : SOON);
    }

    async #look() {
        clearTimeout(this.timer);
        try {
            const { results, due } = await this.desk.api.get("calls/");
            this.calls = results;
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
        const row = h("li", { class: "call", "data-call": call.id });
        row.parts = {
            name: h("button", { class: "call__name", type: "button", title: "Open the conversation", onclick: () => this.desk.open(call.conversation) }),
            phone: h("p", { class: "call__phone" }),
            words: h("p", { class: "call__words" }),
            facts: h("p", { class: "call__facts" }),
            forecast: h("details", { class: "call__forecast", hidden: true }, h("summary", {}), h("ul", {})),
            deeds: h("div", { class: "call__deeds" }),
            times: h("div", { class: "call__times", hidden: true }),
        };
        row.append(h("h3", { class: "call__head" }, row.parts.name), row.parts.phone, row.parts.words, row.parts.facts, row.parts.forecast, row.parts.deeds, row.parts.times);
        return row;
    }

    #draw(row, call) {
        const now = Date.now();
        setText(row.parts.name, call.customer);
        setText(row.parts.phone, call.phone);
        setText(row.parts.words, standing(call, now));
        setText(row.parts.facts, factsOf(call, now));
        this.#foretell(row.parts.forecast, forecastOf(call));
        row.dataset.state = WHAT[call.state] ?? "later";
        const deeds = deedsFor(call);
        if (row.dataset.deeds === deeds.join()) return;
        row.dataset.deeds = deeds.join();
        row.parts.times.hidden = true;
        fill(row.parts.deeds, deeds.map((deed, place) => this.#control(row, call, deed, place === 0)));
    }

    #foretell(part, said) {
        part.hidden = said === null;
        if (said === null || part.dataset.said === said.words) return;
        part.dataset.said = said.words;
        fill(part.firstElementChild, said.words);
        fill(part.lastElementChild, said.reasons.map((reason) => h("li", {}, reason)));
    }

    #control(row, call, deed, isFirst) {
        if (deed === "missed") return this.#missed(call);
        if (deed === "move") return h("button", { class: "button button--small button--quiet", type: "button", "data-deed": deed, "aria-expanded": "false", onclick: (event) => this.#times(row, call, event.currentTarget) }, icon("clock"), "Another time");
        return this.#button(call, deed, isFirst);
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
            { class: "input call__missed", "aria-label": `Why ${call.customer} was not reached`, onchange: () => this.#do(call, { do: "finish", outcome: choice.value }) },
            h("option", { value: "" }, "Not reached …"),
            OUTCOMES.map(([value, words]) => h("option", { value }, words)),
        );
        return choice;
    }

    /** The times with room, in the agent's clock; night where the customer is never stands among them. */
    async #times(row, call, opener) {
        const { times } = row.parts;
        times.hidden = !times.hidden;
        opener.setAttribute("aria-expanded", String(!times.hidden));
        if (times.hidden) return;
        fill(times, h("p", { class: "call__facts", role: "status" }, "Looking for free times …"));
        try {
            const { slots } = await this.desk.api.get(`conversations/${call.conversation}/call/`);
            if (slots.length === 0) {
                fill(times, h("p", { class: "call__facts" }, "No time with room in the next days: nobody serves here then, or all is promised."));
                return;
            }
            const choice = h("select", { class: "input", "aria-label": `Time to call ${call.customer}` }, slots.map(({ at }) => h("option", { value: at }, momentInWords(at))));
            fill(times, choice, h("button", { class: "button button--small button--primary", type: "button", onclick: () => this.#do(call, { do: "move", at: choice.value }) }, "Set"));
            choice.focus();
        } catch (error) {
            fill(times, h("p", { class: "call__facts", role: "alert" }, error.message));
        }
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
