// Who the customer is and what we know of them, beside the conversation.

import { avatar, Faces, fill, h, icon, iconButton } from "./dom.js";
import { title } from "./handover.js";
import { Knowledge } from "./knowledge.js";
import { customerName, languageName, PRIORITIES, stateWord } from "./people.js";
import { whyLines } from "./why.js";
import { dateOf, exact, relative } from "./times.js";

const LABEL_LENGTH = 40;

export class CustomerPanel {
    constructor(root, desk, { insert }) {
        this.desk = desk;
        this.root = root;
        this.close = iconButton("close", "Close", () => desk.tell("details"), { class: "button button--icon customer__close" });
        this.who = h("header", { class: "customer__who" });
        this.sections = h("div", { class: "customer__sections" });
        this.body = h("div", { class: "customer__body" }, this.who, this.sections);
        root.append(this.close, this.body);
        this.faces = new Faces(this.body, { empty: "Choose a conversation, and who it is with stands here.", rows: 6 });
        this.faces.empty();
        this.knowledge = new Knowledge(desk, { insert });
        this.orders = section("Orders");
        this.orders.hidden = true;
    }

    begin() {
        this.orders.hidden = true;
        if (this.desk.openId) this.faces.waiting();
        else this.faces.empty();
        this.knowledge.begin();
    }

    render() {
        const { detail, detailError } = this.desk;
        if (detailError) this.faces.failed(detailError, () => this.desk.loadDetail());
        if (!detail) return;
        const fresh = this.drawnFor !== detail.conversation || this.faces.face.dataset.face !== "full";
        this.#drawWho(detail);
        fill(
            this.sections,
            this.#attributes(detail),
            this.#order(detail),
            this.orders,
            this.#past(detail),
            this.knowledge.root,
            this.#rating(detail),
            this.#why(detail),
        );
        this.faces.full();
        if (fresh) this.#loadOrders(detail.customer?.id);
        this.drawnFor = detail.conversation;
    }

    #drawWho({ customer = {}, language }) {
        const name = customerName(customer);
        const since = customer.created_at ? h("span", { title: exact(customer.created_at) }, `First here ${dateOf(customer.created_at)}`) : null;
        const contact = [
            customer.email ? h("a", { class: "customer__contact", href: `mailto:${encodeURIComponent(customer.email)}` }, icon("mail"), h("span", {}, customer.email)) : null,
            customer.phone ? h("a", { class: "customer__contact", href: `tel:${customer.phone.replace(/[^\d+]/g, "")}` }, icon("phone"), h("span", {}, customer.phone)) : null,
        ];
        const spoken = languageName(customer.language || language);
        if (spoken) contact.push(h("span", { class: "customer__contact" }, icon("language"), spoken));
        fill(this.who, avatar(name, { id: customer.id }), h("div", {}, h("h2", { class: "customer__name", dir: "auto" }, name), h("p", { class: "customer__since" }, since)), h("div", { class: "customer__contacts" }, contact));
    }

    #attributes({ customer = {} }) {
        const known = Object.entries(customer.attributes ?? {});
        if (known.length === 0) return null;
        return section("Details", h("dl", { class: "facts" }, known.map(([name, value]) => h("div", {}, h("dt", {}, title(name)), h("dd", { dir: "auto" }, typeof value === "object" ? JSON.stringify(value) : String(value))))));
    }

    /** Priority and labels: changed at once, undone if the server refuses. */
    #order({ labels = [], priority = 0 }) {
        const card = this.desk.card ?? {};
        const now = { labels: card.labels ?? labels, priority: card.priority ?? priority };
        const choices = PRIORITIES.map(({ value, word }) => h("button", { class: "segments__one", type: "button", "aria-pressed": String(value === now.priority), onclick: () => this.#set({ priority: value }) }, word));
        const chips = now.labels.map((label) => h("li", {}, h("span", { class: "chip label" }, label, h("button", { class: "label__remove", type: "button", "aria-label": `Remove label ${label}`, onclick: () => this.#set({ labels: now.labels.filter((one) => one !== label) }) }, icon("close")))));
        const field = h("input", { class: "input input--small", placeholder: "Add a label", "aria-label": "Add a label", maxlength: LABEL_LENGTH, onkeydown: (event) => {
            const label = field.value.trim();
            if (event.key !== "Enter" || event.isComposing || !label || now.labels.includes(label)) return;
            event.preventDefault();
            this.#set({ labels: [...now.labels, label] }).then(() => this.sections.querySelector("[aria-label='Add a label']")?.focus());
        } });
        return section("Priority and labels", h("div", { class: "segments", role: "group", "aria-label": "Priority" }, choices), h("ul", { class: "labels", role: "list", "aria-label": "Labels" }, chips, h("li", { class: "labels__field" }, field)));
    }

    #set(fields) {
        Object.assign(this.desk.detail, fields);
        return this.desk.change(fields);
    }

    #past({ previous = [] }) {
        const rows = previous.map((one) => h("li", {}, h("button", { class: "past", type: "button", onclick: () => this.desk.open(one.id) }, h("span", { class: "past__text", dir: "auto" }, one.preview || "Nothing said"), h("span", { class: "past__facts" }, `${relative(one.opened_at, Date.now())} · ${stateWord(one.state)}`, one.rating ? ` · ${scoreOf(one.rating)} of 5` : ""))));
        return section("Past conversations", rows.length > 0 ? h("ul", { role: "list" }, rows) : h("p", { class: "customer__none" }, "This is the first one."));
    }

    #rating({ rating, callbacks = [] }) {
        if (!rating && callbacks.length === 0) return null;
        const stars = rating ? h("p", { class: "stars" }, h("span", { "aria-hidden": "true" }, "★".repeat(scoreOf(rating)), "☆".repeat(5 - scoreOf(rating))), ` ${scoreOf(rating)} of 5`) : null;
        const words = rating?.comment ? h("p", { class: "customer__comment", dir: "auto" }, rating.comment) : null;
        const calls = callbacks.map((call) => h("p", { class: "customer__call" }, icon("phone"), `Call ${call.phone}${call.at ? `, ${exact(call.at)}` : ", as soon as possible"}`));
        return section(rating ? "Rating" : "Call back", stars, words, calls);
    }

    #why({ why }) {
        const lines = whyLines(why, (id) => this.desk.store.nameOf(id));
        if (lines.length === 0) return null;
        return h("details", { class: "customer__section" }, h("summary", { class: "customer__title" }, "Why this agent", icon("chevron")), h("dl", { class: "facts" }, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
    }

    /** The shop draws its own part of the panel; we only show it. */
    async #loadOrders(customer) {
        const address = document.body.dataset.ordersUrl;
        this.orders.hidden = true;
        if (!address || !customer) return;
        try {
            const response = await fetch(`${address}${customer}/`, { credentials: "same-origin", signal: AbortSignal.timeout(10_000) });
            if (!response.ok || this.desk.detail?.customer?.id !== customer) return;
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            if (!page.body.textContent.trim()) return;
            this.orders.lastElementChild.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
            this.orders.hidden = false;
        } catch {
            // the shop is away: the panel is complete without it
        }
    }
}

function section(name, ...children) {
    return h("section", { class: "customer__section" }, h("h3", { class: "customer__title" }, name), h("div", { class: "customer__content" }, children));
}

function scoreOf(rating) {
    return Math.max(0, Math.min(5, Number(rating?.score ?? rating) || 0));
}
