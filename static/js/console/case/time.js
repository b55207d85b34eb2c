// Time spent on the case: a timer of one's own, and what was written down by hand.

import { h, icon } from "../dom.js";
import { duration, exact } from "../times.js";
import { quiet, Section } from "./section.js";

/** "1:30" hours, "45" or "45 min" minutes, "1h 20", "1.5 h" → seconds; null when it is none of these. Pure. */
export function secondsOf(text) {
    const words = text.trim().toLowerCase().replace(",", ".");
    let match = /^(\d{1,3}):([0-5]\d)$/.exec(words);
    if (match) return (Number(match[1]) * 60 + Number(match[2])) * 60 || null;
    match = /^(?:(\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*(?:(\d+(?:\.\d+)?)\s*(?:m|min|minutes?)?)?$/.exec(words);
    if (!match || (match[1] === undefined && match[2] === undefined)) return null;
    return Math.round(Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60) || null;
}

/** 45 s, 12 min, 1 h 05 min. Pure. */
export function inWords(seconds) {
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

export class TimeSpent {
    #tick = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "time", title: "Time", settings: desk.settings, open: false });
    }

    get root() {
        return this.section.root;
    }

    begin() {
        clearInterval(this.#tick);
        this.section.begin();
    }

    render() {
        const time = this.file.case?.time;
        if (!time) return;
        const here = time.running?.conversation === this.file.id;
        const sum = time.total_seconds > 0 ? inWords(time.total_seconds) : "";
        this.section.show([time, here], () => this.#build(time, here), { count: [here ? "running" : "", sum].filter(Boolean).join(" · ") });
    }

    #build(time, here) {
        clearInterval(this.#tick);
        const clock = h("span", { class: "timer__clock numeric" }, here ? "" : inWords(time.total_seconds));
        if (here) {
            const draw = () => (clock.textContent = duration((Date.now() - Date.parse(time.running.started_at)) / 1000));
            draw();
            this.#tick = setInterval(draw, 1000);
        }
        const note = h("input", { class: "input input--small", maxlength: "200", placeholder: "What for? (optional)", "aria-label": "What the time was for", "data-key": "time note", dir: "auto" });
        const button = here
            ? h("button", { class: "button button--small", type: "button", "data-key": "timer", onclick: () => this.#stop(note.value.trim()) }, icon("stop"), "Stop")
            : h("button", { class: "button button--small", type: "button", "data-key": "timer", onclick: () => this.#start() }, icon("timer"), "Start the timer");
        const elsewhere = time.running && !here ? h("p", { class: "customer__none" }, "Your timer runs in another conversation; starting here stops it there. ", quiet("Go there", null, () => this.desk.open(time.running.conversation))) : null;
        return [
            h("div", { class: "timer" }, h("span", { class: "timer__label" }, here ? "This time" : "In all"), clock, button),
            here ? note : null,
            elsewhere,
            here ? null : this.#byHand(),
            h("ul", { class: "rows-list", role: "list" }, time.entries.filter((entry) => entry.ended_at).map((entry) => h("li", { class: "time-entry", title: exact(entry.started_at) }, h("span", { class: "numeric" }, inWords(entry.seconds)), h("span", { class: "time-entry__note", dir: "auto" }, entry.note || "–"), h("span", { class: "todo__facts" }, entry.agent.name)))),
        ];
    }

    #byHand() {
        const much = h("input", { class: "input input--small", placeholder: "20 min", "aria-label": "Time spent, such as 20 min", "data-key": "much", size: "10", autocomplete: "off" });
        const note = h("input", { class: "input input--small", placeholder: "What for?", "aria-label": "What for?", maxlength: "200", "data-key": "much note", dir: "auto" });
        const form = h("form", { class: "line-form" }, much, note, h("button", { class: "button button--small button--icon", type: "submit", "aria-label": "Write it down", title: "Write it down" }, icon("plus")));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const seconds = secondsOf(much.value);
            much.setAttribute("aria-invalid", String(!seconds));
            if (!seconds) {
                much.focus();
                return;
            }
            this.section.settle();
            this.#write(seconds, note.value.trim());
        });
        return form;
    }

    #start() {
        const running = { conversation: this.file.id, started_at: new Date().toISOString() };
        return this.#act((time) => ({ ...time, running }), () => this.desk.api.post(this.file.inCase("timer/")), "The timer did not start");
    }

    #stop(note) {
        this.section.settle();
        return this.#act((time) => ({ ...time, running: null }), () => this.desk.api.patch(this.file.inCase("timer/"), { note }), "The timer did not stop");
    }

    #write(seconds, note) {
        const now = new Date().toISOString();
        const entry = { id: `new ${now}`, agent: this.desk.store.me, seconds, note, started_at: now, ended_at: now };
        const add = (row) => (time) => ({ ...time, total_seconds: time.total_seconds + row.seconds, entries: [row, ...time.entries] });
        return this.#act(add(entry), () => this.desk.api.post(this.file.inCase("time/"), { seconds, note }), "Not written down", (time, made) => add(made)(time));
    }

    #act(change, ask, words, settle = (time, answer) => answer) {
        return this.file.act({
            change: (state) => ({ ...state, time: change(state.time) }),
            ask,
            settle: (state, answer) => ({ ...state, time: settle(state.time, answer) }),
            words,
        });
    }
}
