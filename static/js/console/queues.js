// How the queues stand, and which colleagues are here.

import { avatar, Faces, fill, h, Rows, setText } from "./dom.js";
import { presenceDot, presenceWord } from "./people.js";
import { duration, urgency, URGENCY_WORDS } from "./times.js";

const UNKNOWN = "–";

export class Queues {
    constructor(root, desk) {
        this.desk = desk;
        this.queues = h("ol", { class: "queues", role: "list", "aria-labelledby": "title-queues" });
        this.people = h("ol", { class: "people", role: "list", "aria-labelledby": "title-people" });
        this.root = h(
            "div",
            { class: "lists__view", "data-list-view": "queues", hidden: true },
            h("section", { class: "lists__section" }, h("h2", { class: "lists__title", id: "title-queues" }, "Queues"), this.queues),
            h("section", { class: "lists__section" }, h("h2", { class: "lists__title", id: "title-people" }, "Colleagues"), this.people),
        );
        root.append(this.root);
        this.queueFaces = new Faces(this.queues, { empty: "You serve no queue yet. Whoever looks after the accounts can add you to one." });
        this.peopleFaces = new Faces(this.people, { empty: "Nobody else works here yet." });
        this.queueRows = new Rows(this.queues, { key: (queue) => queue.id, create: () => newQueue(), update: drawQueue });
        this.peopleRows = new Rows(this.people, { key: (agent) => agent.id, create: newPerson, update: drawPerson });
        this.queueFaces.waiting();
        this.peopleFaces.waiting();
    }

    render() {
        const { store } = this.desk;
        if (!store.ready || this.root.hidden) return;
        this.#fill(this.queueRows, this.queueFaces, [...store.queues.values()]);
        const here = { online: 0, away: 1 };
        const people = [...store.agents.values()]
            .filter((agent) => agent.id !== store.me.id)
            .sort((a, b) => (here[a.status] ?? 2) - (here[b.status] ?? 2) || a.name.localeCompare(b.name));
        this.#fill(this.peopleRows, this.peopleFaces, people);
    }

    #fill(rows, faces, items) {
        rows.show(items);
        if (items.length > 0) faces.full();
        else faces.empty();
    }
}

function newQueue() {
    const row = h("li", { class: "queue" });
    row.parts = {
        name: h("h3", { class: "queue__name" }),
        waiting: h("dd", { class: "queue__number" }),
        longest: h("dd", { class: "queue__number" }),
        level: h("dd", { class: "queue__number" }),
        online: h("dd", { class: "queue__number" }),
    };
    const fact = (title, value) => h("div", { class: "queue__fact" }, h("dt", {}, title), value);
    const { name, waiting, longest, level, online } = row.parts;
    row.append(name, h("dl", { class: "queue__facts" }, fact("Waiting", waiting), fact("Longest", longest), fact("In time", level), fact("Agents", online)));
    return row;
}

function drawQueue(row, queue) {
    const { name, waiting, longest, level, online } = row.parts;
    const seconds = queue.longest_wait;
    const state = seconds === null || seconds === undefined ? "calm" : urgency(seconds);
    setText(name, queue.name ?? "");
    setText(waiting, String(queue.waiting ?? UNKNOWN));
    const word = URGENCY_WORDS[state];
    fill(longest, seconds === null || seconds === undefined ? UNKNOWN : duration(seconds), word ? h("small", {}, ` ${word}`) : null);
    longest.dataset.urgency = state;
    const share = queue.service_level;
    setText(level, share === null || share === undefined ? UNKNOWN : `${Math.round(share * 100)} %`);
    level.title = share === null || share === undefined ? "Nobody was served yet" : "Served within the queue's target";
    setText(online, String(queue.agents_online ?? UNKNOWN));
}

function newPerson(agent) {
    const row = h("li", { class: "person" });
    row.parts = { dot: h("span", { class: "dot" }), word: h("span", { class: "person__word" }), load: h("span", { class: "person__load numeric" }) };
    row.append(avatar(agent.name, { id: agent.id, small: true }), h("span", { class: "person__name" }, agent.name), row.parts.load, row.parts.dot, row.parts.word);
    return row;
}

function drawPerson(row, agent) {
    row.parts.dot.className = presenceDot(agent.status);
    setText(row.parts.word, presenceWord(agent.status));
    setText(row.parts.load, agent.capacity ? `${agent.load ?? 0}/${agent.capacity}` : "");
}
