// Who takes part besides whoever holds it: added, asked for advice, or reading along.

import { avatar, h } from "../dom.js";
import { presenceDot, presenceWord } from "../people.js";
import { exact } from "../times.js";
import { quiet, Section, tiny } from "./section.js";

const REASONS = { follows: "follows", added: "takes part", mentioned: "was mentioned", consulted: "was asked for advice" };

/** Colleagues who do not take part yet, those who are here first. Pure. */
export function candidates(agents, participants, me) {
    const here = { online: 0, away: 1 };
    const inside = new Set(participants.map((row) => row.agent.id));
    return [...agents].filter((one) => one.id !== me?.id && !inside.has(one.id)).sort((a, b) => (here[a.status] ?? 2) - (here[b.status] ?? 2) || a.name.localeCompare(b.name));
}

export class Participants {
    #asking = false;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "people", title: "Colleagues", settings: desk.settings });
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#asking = false;
        this.section.begin();
    }

    render() {
        const state = this.file.case;
        if (!state) return;
        const { card, store } = this.desk;
        const rows = state.participants.map((row) => ({ ...row, status: store.agents.get(row.agent.id)?.status ?? "offline" }));
        const facts = [rows, state.following, this.#asking, card?.assignee?.id];
        this.section.show(facts, () => this.#build(rows, state.following), { count: rows.length });
    }

    #build(rows, following) {
        return [
            h("div", { class: "verbs-row" }, quiet(following ? "You follow it" : "Follow", "eye", () => this.#follow(!following), { "aria-pressed": String(following), "data-key": "follow" }), quiet("Bring somebody in", "plus", () => this.#ask(!this.#asking), { "aria-expanded": String(this.#asking), "data-key": "ask" })),
            this.#asking ? this.#form(rows) : null,
            rows.length > 0 ? h("ul", { class: "rows-list", role: "list" }, rows.map((row) => this.#row(row))) : null,
        ];
    }

    #row(row) {
        const { me } = this.desk.store;
        const self = row.agent.id === me?.id;
        const may = self || this.desk.card?.assignee?.id === me?.id || this.desk.store.may("supervise_conversations");
        return h(
            "li",
            { class: "participant" },
            avatar(row.agent.name, { small: true }),
            h("span", { class: "participant__words" }, h("span", { class: "participant__name" }, self ? "You" : row.agent.name), h("span", { class: "todo__facts", title: exact(row.created_at) }, REASONS[row.reason] ?? row.reason)),
            self ? null : h("span", { class: presenceDot(row.status), title: presenceWord(row.status), role: "img", "aria-label": presenceWord(row.status) }),
            may ? tiny("close", self ? "Take part no longer" : `Remove ${row.agent.name}`, () => (self ? this.#follow(false) : this.#remove(row)), { "data-key": `out ${row.agent.id}` }) : null,
        );
    }

    #ask(on) {
        this.#asking = on;
        this.section.redraw();
        this.render();
        if (on) this.section.content.querySelector("select")?.focus();
    }

    #form(rows) {
        const { store } = this.desk;
        const found = candidates(store.agents.values(), rows, store.me);
        const who = h("select", { class: "input input--small", "aria-label": "Whom", "data-key": "whom" }, found.map((one) => h("option", { value: one.id }, `${one.name} (${presenceWord(one.status).toLowerCase()})`)));
        const question = h("textarea", { class: "input input--small", rows: "2", maxlength: "4000", dir: "auto", placeholder: "What do you want to ask? (optional)", "aria-label": "What do you want to ask?", "data-key": "question" });
        const go = h("button", { class: "button button--small button--primary", type: "submit", disabled: found.length === 0 }, "Bring in");
        const form = h("form", { class: "stack-form" }, who, question, h("p", { class: "customer__none" }, "They can read the conversation and write notes. A question becomes a private note."), h("div", { class: "verbs-row" }, go, quiet("Cancel", null, () => this.#ask(false))));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#add(store.agents.get(who.value), question.value.trim());
        });
        return form;
    }

    async #add(agent, question) {
        if (!agent) return;
        this.#ask(false);
        const row = { agent: { id: agent.id, name: agent.name }, reason: question ? "consulted" : "added", created_at: new Date().toISOString() };
        const { ok } = await this.file.act({
            change: (state) => ({ ...state, participants: [...others(state, agent.id), row] }),
            ask: () => this.desk.api.post(this.file.inCase("participants/"), { agent: agent.id, question }),
            settle: (state, made) => ({ ...state, participants: [...others(state, agent.id), made] }),
            words: "Not brought in",
        });
        if (ok) return;
        this.#ask(true);
        this.section.content.querySelector("textarea").value = question;
        this.section.content.querySelector("select").value = agent.id;
    }

    async #remove(row) {
        const { ok } = await this.file.act({
            change: (state) => ({ ...state, participants: others(state, row.agent.id) }),
            ask: () => this.desk.api.remove(this.file.inCase(`participants/${row.agent.id}/`)),
            words: "Not removed",
        });
        if (ok) this.desk.toasts.undo(`${row.agent.name} no longer takes part`, () => this.#add(this.desk.store.agents.get(row.agent.id) ?? row.agent, ""));
    }

    #follow(on) {
        const { me } = this.desk.store;
        const row = { agent: { id: me.id, name: me.name }, reason: "follows", created_at: new Date().toISOString() };
        return this.file.act({
            change: (state) => ({ ...state, following: on, participants: on ? [...others(state, me.id), row] : others(state, me.id) }),
            ask: () => (on ? this.desk.api.post(this.file.inCase("follow/")) : this.desk.api.remove(this.file.inCase("follow/"))),
            settle: on ? (state, answer) => ({ ...state, following: answer.following, participants: answer.participants }) : null,
            words: "Not changed",
        });
    }
}

function others(state, id) {
    return state.participants.filter((row) => row.agent.id !== id);
}
