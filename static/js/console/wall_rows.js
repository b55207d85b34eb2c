// The queues and the agents of the wall as rows, each with a bar that shows its state.

import { avatar, fill, h, icon, Rows, setText } from "./dom.js";
import { presenceDot, presenceWord } from "./people.js";
import { Popover } from "./popover.js";
import { cardName } from "./store.js";
import { duration } from "./times.js";
import { levelState } from "./wall_state.js";

const URGENT = { calm: "", long: "over the target", overlong: "far over the target" };
const LEVEL = { good: "", low: "below the goal", bad: "far below the goal", none: "" };
const STAGES = { on_hold: "on hold", wrap_up: "being written up", snoozed: "asleep" };
const SHOWN = 6;

export class QueueRows {
    constructor(root) {
        this.rows = new Rows(root, { key: (queue) => queue.id, create: () => this.#create(), update: (row, queue) => this.#update(row, queue) });
    }

    show(queues) {
        this.rows.show(queues);
    }

    #create() {
        const row = h("li", { class: "line line--queue" });
        row.name = h("h3", { class: "line__name", dir: "auto" });
        row.fillBar = h("span", { class: "bar__fill" });
        row.bar = h("div", { class: "bar", role: "img" }, row.fillBar, h("span", { class: "bar__target" }));
        row.facts = {};
        const fact = (name, label) => h("div", { class: `fact fact--${name}` }, h("dt", {}, label), (row.facts[name] = h("dd", {})));
        row.append(row.name, row.bar, h("dl", { class: "line__facts" }, fact("waiting", "Waiting"), fact("wait", "Longest"), fact("level", "Level"), fact("agents", "Online")));
        return row;
    }

    #update(row, queue) {
        setText(row.name, queue.name);
        const target = queue.target_seconds || 60;
        row.fillBar.style.setProperty("--share", String(Math.min(1, (queue.wait ?? 0) / (3 * target))));
        row.bar.dataset.urgency = queue.urgency;
        const said = queue.wait === null ? "nobody waits" : `longest wait ${duration(queue.wait)}, the target is ${duration(target)}`;
        if (row.bar.title !== said) {
            row.bar.title = said;
            row.bar.setAttribute("aria-label", said);
        }
        setText(row.facts.waiting, String(queue.waiting));
        tell(row.facts.wait, queue.wait === null ? "–" : duration(queue.wait), URGENT[queue.urgency], queue.urgency);
        const level = queue.service_level;
        tell(row.facts.level, level === null ? "–" : `${Math.round(level * 100)} %`, LEVEL[levelState(level)], levelState(level));
        setText(row.facts.agents, String(queue.agents_online));
    }
}

/** A value, and the word that its colour means. */
function tell(element, value, word, state) {
    const stamp = `${value} ${word}`;
    if (element.dataset.stamp === stamp) return;
    Object.assign(element.dataset, { stamp, state });
    fill(element, value, word ? h("small", {}, word) : null);
}

export class AgentRows {
    /** `acts`: setState(agent, status, reason), watch(card), and what there is to choose from. */
    constructor(root, acts) {
        this.acts = acts;
        this.rows = new Rows(root, { key: (agent) => agent.id, create: (agent) => this.#create(agent), update: (row, agent) => this.#update(row, agent) });
    }

    show(agents) {
        this.rows.show(agents);
    }

    #create(agent) {
        const row = h("li", { class: "line line--agent" });
        row.dot = h("span", {});
        row.state = h("span", { class: "line__word" });
        row.since = h("span", { class: "line__since" });
        row.set = h("button", { class: "line__state", type: "button", "aria-haspopup": "dialog", title: "Set their state" }, row.dot, row.state, row.since, icon("chevron"));
        new Popover({ anchor: row.set, label: `State of ${agent.name}`, align: "start", build: (close) => this.#choices(row.agent, close) });
        row.bar = h("div", { class: "bar bar--places", role: "img" });
        row.load = h("span", { class: "line__load" });
        row.talks = h("ul", { class: "line__talks", role: "list", "aria-label": `Conversations of ${agent.name}` });
        row.append(
            h("div", { class: "line__who" }, avatar(agent.name, { id: agent.id }), h("h3", { class: "line__name", dir: "auto" }, agent.name)),
            row.set,
            h("div", { class: "line__hands" }, row.bar, row.load),
            row.talks,
        );
        return row;
    }

    #update(row, agent) {
        row.agent = agent;
        row.dataset.status = agent.status;
        row.dot.className = presenceDot(agent.status);
        setText(row.state, agent.reason ? `${presenceWord(agent.status)}: ${agent.reason}` : presenceWord(agent.status));
        setText(row.since, agent.since ? duration((Date.now() - Date.parse(agent.since)) / 1000) : "");
        this.#hands(row, agent);
        const stamp = JSON.stringify(agent.talks.map((card) => [card.conversation, card.stage, card.waiting_since, card.customer]));
        if (row.talks.dataset.stamp === stamp) return;
        row.talks.dataset.stamp = stamp;
        const more = agent.talks.length - SHOWN;
        fill(row.talks, agent.talks.slice(0, SHOWN).map((card) => this.#talk(card)), more > 0 ? h("li", { class: "talk talk--more" }, `and ${more} more`) : null);
    }

    /** One place for each conversation they may have; filled ones are taken. */
    #hands(row, agent) {
        const said = `${agent.load} of ${agent.capacity}`;
        if (row.bar.dataset.stamp === said) return;
        row.bar.dataset.stamp = said;
        row.bar.setAttribute("aria-label", `has ${said} conversations`);
        row.bar.dataset.full = String(agent.load >= agent.capacity);
        const places = Math.max(agent.load, agent.capacity);
        fill(row.bar, Array.from({ length: Math.min(places, 20) }, (_, at) => h("span", { class: at < agent.load ? "place place--taken" : "place" })));
        setText(row.load, `${agent.load}/${agent.capacity}${agent.load >= agent.capacity && agent.capacity > 0 ? " full" : ""}`);
    }

    #talk(card) {
        const name = cardName(card);
        const waits = card.waiting_since && card.stage === "assigned" ? h("wait-clock", { since: card.waiting_since }) : null;
        return h(
            "li",
            { class: `talk talk--${card.stage}` },
            h("a", { class: "talk__open", href: `/console/#${card.conversation}`, title: card.last_message?.text ?? "" }, h("span", { dir: "auto" }, name), STAGES[card.stage] ? h("small", {}, STAGES[card.stage]) : waits),
            h("button", { class: "talk__watch", type: "button", "aria-label": `Watch the conversation with ${name}`, title: "Watch", onclick: () => this.acts.watch(card) }, icon("eye")),
        );
    }

    #choices(agent, close) {
        return [
            h("p", { class: "panel__me" }, h("strong", { dir: "auto" }, agent.name), h("span", { class: "panel__hint" }, "They see who set it.")),
            this.acts.choices().map(({ status, reason, word }) => {
                const chosen = status === agent.status && reason === (agent.reason ?? "");
                const choose = () => {
                    close();
                    this.acts.setState(agent, status, reason);
                };
                return h("button", { class: "panel__choice", type: "button", "aria-pressed": String(chosen), onclick: choose }, h("span", { class: presenceDot(status) }), word, chosen ? icon("check") : null);
            }),
        ];
    }
}
