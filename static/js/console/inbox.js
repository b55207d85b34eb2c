// The agent's own work: what is offered, what is mine, who waits.

import { Faces, h, Rows, rove, setText } from "./dom.js";
import { Offers } from "./offers.js";
import { whyNothingComes } from "./presence.js";
import { drawRow, newRow } from "./row.js";

export class Inbox {
    constructor(root, desk) {
        this.desk = desk;
        this.root = h("div", { class: "lists__view", "data-list-view": "inbox" });
        this.awayWords = h("span");
        this.away = h("div", { class: "lists__away notice notice--warn", hidden: true }, this.awayWords, h("button", { class: "button button--small", type: "button", onclick: () => desk.presence("online") }, "Go online"));
        this.root.append(this.away);
        this.offers = new Offers(this.root, desk);
        this.mine = this.#section("Mine", "mine", "Nothing here yet. What you accept or take stands here.");
        this.waiting = this.#section("Waiting", "waiting", "Nobody waits. New customers appear here by themselves.");
        this.more = h("button", { class: "button button--quiet button--small lists__more", type: "button", hidden: true, onclick: () => desk.show("all", { state: "queued" }) });
        this.root.append(this.more);
        root.append(this.root);
        this.mine.faces.waiting();
        this.waiting.faces.waiting();
    }

    #section(title, context, empty) {
        const count = h("span", { class: "lists__count" });
        const list = h("ol", { class: "rows", role: "list", "aria-labelledby": `title-${context}` });
        const section = h("section", { class: "lists__section" }, h("h2", { class: "lists__title", id: `title-${context}` }, title, " ", count), list);
        this.root.append(section);
        const faces = new Faces(list, { empty, rows: context === "mine" ? 3 : 2 });
        const rows = new Rows(list, {
            key: (card) => card.conversation,
            create: (card) => newRow(card, { open: (id) => this.desk.open(id) }),
            update: (row, card) => {
                const chosen = card.conversation === this.desk.openId;
                drawRow(row, card, { chosen, context, me: this.desk.store.me, draft: !chosen && this.desk.drafts.has(card.conversation) });
            },
        });
        const settle = rove(list, ".row-card");
        return { count, list, faces, rows, settle };
    }

    render() {
        const { store } = this.desk;
        if (!store.ready) return;
        const waiting = store.waiting();
        this.away.hidden = store.presence.status === "online";
        setText(this.awayWords, whyNothingComes(store.presence));
        this.offers.show(store.offered());
        this.#fill(this.mine, store.mine());
        this.#fill(this.waiting, waiting);
        setText(this.mine.count, `${store.load()}/${store.me.capacity ?? "–"}`);
        this.mine.count.title = "Conversations that you hold, of those you can hold at once";
        const all = Math.max(waiting.length, store.waitingCount() - store.offers.size); // those stand above
        setText(this.waiting.count, String(all));
        this.more.hidden = all <= waiting.length;
        setText(this.more, `Show all ${all} who wait`);
    }

    #fill(section, cards) {
        section.rows.show(cards);
        if (cards.length > 0) section.faces.full();
        else section.faces.empty();
        section.settle();
    }
}
