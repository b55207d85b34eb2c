// Search over everything that was said: messages and notes that I may see, and customers.

import { avatar, Faces, fill, h, icon, iconButton, rove } from "./dom.js";
import { pieces } from "./highlight.js";
import { customerName, stateWord } from "./people.js";

const PAUSE = 250;
const PERIODS = [["", "Any time"], ["1", "Last 24 hours"], ["7", "Last 7 days"], ["30", "Last 30 days"], ["365", "Last year"]];
const DAY = 86_400_000;
const WHO = { bot: "Bot", system: "System", customer: "" };

export class Search {
    #timer = null;
    #asked = 0;
    #next = null;

    constructor(root, desk) {
        this.desk = desk;
        this.field = h("input", { class: "input", type: "search", placeholder: "Words that were said", "aria-label": "Search all messages", maxlength: "200", dir: "auto", oninput: () => this.#soon(), onkeydown: (event) => this.#key(event) });
        this.period = select("When", PERIODS, () => this.load());
        this.author = h("select", { class: "input input--small", "aria-label": "Written by", onchange: () => this.load() });
        this.here = h("input", { type: "checkbox", onchange: () => this.load() });
        this.hereRow = h("label", { class: "check filters__here" }, this.here, "Only in the open conversation");
        this.hint = h("p", { class: "panel__words search__hint" }, "“Quoted words” stand together; a * ends the start of a word: refund*.");
        this.customers = h("ul", { class: "found-people", role: "list", "aria-label": "Customers", hidden: true });
        this.list = h("ol", { class: "rows found", role: "list", "aria-label": "Messages found" });
        this.end = h("div", { class: "lists__end", "aria-hidden": "true" });
        this.root = h(
            "div",
            { class: "lists__view", "data-list-view": "search", hidden: true },
            h("search", { class: "filters" }, h("div", { class: "filters__row filters__row--search" }, this.field, iconButton("close", "Close the search", () => desk.show("all"))), h("div", { class: "filters__row" }, this.period, this.author), this.hereRow, this.hint),
            this.customers,
            this.list,
            this.end,
        );
        root.append(this.root);
        this.faces = new Faces(this.list, { empty: "Nothing was said like that. Try fewer or other words.", rows: 5 });
        this.faces.empty("Type what you are looking for: every message and note that you may see is searched.");
        this.settle = rove(this.list, ".found__one");
        new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#more(), { root, rootMargin: "300px" }).observe(this.end);
    }

    enter({ words } = {}) {
        const { store, openId } = this.desk;
        const chosen = this.author.value;
        fill(this.author, h("option", { value: "" }, "By anybody"), [...store.agents.values()].map((agent) => h("option", { value: agent.id }, agent.name)));
        this.author.value = chosen;
        this.hereRow.hidden = !openId;
        if (!openId) this.here.checked = false;
        if (words) this.field.value = words;
        if (words) this.load();
        this.field.focus();
        this.field.select();
    }

    #soon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.load(), PAUSE);
    }

    #key(event) {
        if (event.key === "Enter") this.load();
        else if (event.key === "ArrowDown") {
            event.preventDefault();
            this.list.querySelector(".found__one")?.focus();
        } else if (event.key === "Escape" && !this.field.value) this.desk.show("all");
    }

    get #query() {
        const days = Number(this.period.value);
        return {
            q: this.field.value.trim(),
            agent: this.author.value,
            conversation: this.here.checked ? this.desk.openId : "",
            since: days ? new Date(Date.now() - days * DAY).toISOString() : "",
        };
    }

    async load() {
        clearTimeout(this.#timer);
        const query = this.#query;
        this.#next = null;
        this.customers.hidden = true;
        this.hint.hidden = Boolean(query.q);
        if (query.q.length < 2) {
            this.#asked += 1;
            this.faces.empty("Type what you are looking for: every message and note that you may see is searched.");
            return;
        }
        this.faces.waiting();
        await this.#page(query, "");
    }

    async #more() {
        if (!this.#next || this.root.hidden) return;
        const cursor = this.#next;
        this.#next = null;
        await this.#page(this.asked, cursor);
    }

    async #page(query, cursor) {
        const asked = (this.#asked += 1);
        this.asked = query;
        try {
            const page = await this.desk.api.get("search/", { ...query, cursor });
            if (asked !== this.#asked) return;
            if (!cursor) {
                this.list.replaceChildren();
                this.#drawCustomers(page.customers);
            }
            this.list.append(...page.results.map((hit) => this.#row(hit)));
            this.#next = page.next;
            if (this.list.children.length > 0) this.faces.full();
            else this.faces.empty();
            this.settle();
        } catch (error) {
            if (asked === this.#asked) this.faces.failed(error, () => this.load());
        }
    }

    #drawCustomers(customers) {
        this.customers.hidden = customers.length === 0;
        fill(this.customers, customers.map((one) => {
            const name = customerName(one);
            const [latest] = one.conversations;
            return h("li", {}, h("button", { class: "found-people__one", type: "button", disabled: !latest, onclick: () => this.desk.open(latest.conversation) }, avatar(name, { id: one.id, small: true }), h("span", { class: "truncate", dir: "auto" }, name), one.name && one.email ? h("span", { class: "panel__hint truncate" }, one.email) : null));
        }));
    }

    #row(hit) {
        const name = customerName(hit.customer);
        const who = hit.note ? `Note by ${hit.author.name || "an agent"}` : WHO[hit.author.kind] ?? hit.author.name;
        const words = pieces(hit.text, hit.highlights).map(([text, found]) => (found ? h("mark", {}, text) : text));
        return h(
            "li",
            {},
            h(
                "button",
                { class: "found__one", type: "button", "data-conversation": hit.conversation, onclick: () => this.desk.open(hit.conversation, { line: hit.offset }) },
                avatar(name, { id: hit.customer.id, small: true }),
                h("span", { class: "found__top" }, h("span", { class: "found__name truncate", dir: "auto" }, name), h("time-ago", { at: hit.created_at })),
                h("span", { class: "found__text", dir: "auto" }, who ? h("span", { class: "found__who" }, hit.note ? icon("lock") : null, `${who}: `) : null, words),
                h("span", { class: "found__facts" }, `${hit.inbox.name} · ${stateWord(hit.state)}`),
            ),
        );
    }

    render() {}
}

function select(label, options, onchange) {
    return h("select", { class: "input input--small", "aria-label": label, onchange }, options.map(([value, text]) => h("option", { value }, text)));
}
