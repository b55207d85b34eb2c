// All conversations that I may see: search and filters, page after page by HTTP, kept fresh by cards.

import { Faces, h, Rows, rove } from "./dom.js";
import { drawRow, newRow } from "./row.js";

const STATES = [
    ["", "Any state"],
    ["bot", "With the bot"],
    ["queued", "Waiting"],
    ["assigned", "With an agent"],
    ["snoozed", "Snoozed"],
    ["resolved", "Resolved"],
];
const PAUSE = 250; // after the last key of a search

export class Browse {
    #asked = 0;
    #timer = null;
    #next = null;
    #ids = [];
    #phase = "idle";

    constructor(root, desk) {
        this.desk = desk;
        this.search = h("input", { class: "input", type: "search", placeholder: "Name, address or words", "aria-label": "Search conversations", maxlength: "200", oninput: () => this.#soon() });
        this.state = select("State", STATES, () => this.load());
        this.assignee = select("Assignee", [["", "Anybody"], ["me", "Me"], ["none", "Nobody"]], () => this.load());
        this.list = h("ol", { class: "rows", role: "list", "aria-label": "All conversations" });
        this.end = h("div", { class: "lists__end", "aria-hidden": "true" });
        this.root = h(
            "div",
            { class: "lists__view", "data-list-view": "all", hidden: true },
            h("search", { class: "filters" }, this.search, h("div", { class: "filters__row" }, this.state, this.assignee)),
            this.list,
            this.end,
        );
        root.append(this.root);
        this.faces = new Faces(this.list, { empty: "No conversation fits. Change the search or the filters.", rows: 8 });
        this.rows = new Rows(this.list, {
            key: (id) => id,
            create: (id) => newRow(desk.store.cards.get(id), { open: (conversation) => desk.open(conversation) }),
            update: (row, id) => {
                const card = desk.store.cards.get(id);
                drawRow(row, card, { chosen: id === desk.openId, context: "all", mine: desk.store.isMine(card) });
            },
        });
        this.settle = rove(this.list, ".row-card");
        new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#more(), { root, rootMargin: "400px" }).observe(this.end);
    }

    /** Come here, with filters if somebody sends us. */
    enter({ state, search } = {}) {
        if (state !== undefined) this.state.value = state;
        if (search !== undefined) this.search.value = search;
        if (this.#phase === "idle" || state !== undefined || search !== undefined) this.load();
    }

    #soon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.load(), PAUSE);
    }

    async load() {
        clearTimeout(this.#timer);
        this.#phase = "waiting";
        this.faces.waiting();
        this.#ids = [];
        await this.#page("conversations/", {
            state: this.state.value,
            assignee: this.assignee.value,
            search: this.search.value.trim(),
        });
        this.root.parentElement.scrollTop = 0;
    }

    async #more() {
        if (!this.#next || this.root.hidden) return;
        const next = this.#next;
        this.#next = null;
        await this.#page(next);
    }

    async #page(path, query = {}) {
        const asked = (this.#asked += 1);
        this.#next = null;
        try {
            const page = await this.desk.api.get(path, query);
            if (asked !== this.#asked) return;
            for (const card of page.results) this.desk.store.learn(card);
            this.#ids = [...new Set([...this.#ids, ...page.results.map((card) => card.conversation)])];
            this.#next = page.next;
            this.#phase = "done";
            this.render();
        } catch (error) {
            if (asked !== this.#asked) return;
            this.#phase = "failed";
            this.faces.failed(error, () => this.load());
        }
    }

    render() {
        if (this.#phase !== "done" || this.root.hidden) return;
        this.rows.show(this.#ids);
        if (this.#ids.length > 0) this.faces.full();
        else this.faces.empty();
        this.settle();
    }
}

function select(label, options, onchange) {
    return h("select", { class: "input", "aria-label": label, onchange }, options.map(([value, text]) => h("option", { value }, text)));
}
