// The bell in the rail: what asked for my attention, and how I want to be told of what.

import { avatar, fill, h, icon, iconButton, setText } from "./dom.js";
import { KINDS, words } from "./notices.js";
import { Popover } from "./popover.js";
import { cardName } from "./store.js";

export class Bell {
    #page = "list";

    constructor(button, desk, { notices, alerts }) {
        Object.assign(this, { button, desk, notices, alerts });
        this.badge = button.querySelector("[data-notices]");
        this.popover = new Popover({ anchor: button, label: "Notices", kind: "bell", align: "start", build: (close) => this.#build(close) });
        notices.addEventListener("change", () => this.render());
    }

    open() {
        this.popover.open();
    }

    render() {
        const { unread } = this.notices;
        this.badge.hidden = unread === 0;
        setText(this.badge, String(Math.min(99, unread)));
        this.button.setAttribute("aria-label", unread > 0 ? `Notices, ${unread} unread` : "Notices");
        if (this.popover.isOpen && this.#page === "list") this.#drawList();
    }

    #build(close) {
        this.#page = "list";
        this.close = close;
        this.body = h("div", { class: "bell__body", tabindex: "-1", autofocus: true });
        this.#showList();
        return [this.body];
    }

    // -- the list

    async #showList() {
        this.#page = "list";
        this.drawn = null;
        this.list = h("ol", { class: "notices", role: "list", "aria-label": "Notices" });
        this.all = h("button", { class: "button button--quiet button--small", type: "button", onclick: () => this.#do(this.notices.readAll()) }, icon("checks"), "Mark all as read");
        this.older = h("button", { class: "button button--quiet button--small", type: "button", hidden: true, onclick: () => this.#do(this.notices.more()) }, "Show earlier ones");
        fill(this.body, h("header", { class: "bell__head" }, h("h2", {}, "Notices"), this.all, iconButton("sliders", "How I am told", () => this.#showRules())), this.list, this.older);
        if (!this.notices.loaded) fill(this.list, h("li", { class: "skeleton skeleton--late face__row" }));
        else this.#drawList();
        try {
            if (!this.notices.loaded) await this.notices.load();
        } catch (error) {
            fill(this.list, h("li", { class: "face__words", role: "alert" }, error.message, " ", h("button", { class: "button button--small", type: "button", onclick: () => this.#showList() }, "Try again")));
        }
    }

    #drawList() {
        const { list, unread, next } = this.notices;
        this.all.hidden = unread === 0;
        this.older.hidden = !next;
        if (this.drawn === list) return;
        const at = [...this.list.children].findIndex((row) => row.contains(document.activeElement));
        this.drawn = list;
        fill(this.list, list.length > 0 ? list.map((one) => this.#row(one)) : h("li", { class: "face__words" }, "Nothing yet. Offers, mentions and news of your customers stand here."));
        if (at >= 0) this.list.children[at]?.querySelector("button")?.focus();
    }

    #row(one) {
        const { title, text, ...told } = words(one);
        const card = this.desk.store.cards.get(one.conversation);
        const name = card ? cardName(card) : told.name;
        const open = () => {
            this.close();
            this.notices.read([one.id]).catch(() => {});
            if (one.conversation) this.desk.open(one.conversation, { focus: true, line: one.data?.offset ?? null });
        };
        return h(
            "li",
            {},
            h(
                "button",
                { class: `notice-row${one.read_at ? "" : " notice-row--new"}`, type: "button", onclick: open },
                avatar(name, { id: one.conversation ?? name, small: true }),
                h("span", { class: "notice-row__top" }, h("span", { class: "notice-row__title", dir: "auto" }, title), h("time-ago", { at: one.created_at })),
                h("span", { class: "notice-row__text", dir: "auto" }, h("strong", {}, name), text ? `: ${text}` : ""),
                one.read_at ? null : h("span", { class: "visually-hidden" }, "unread"),
            ),
        );
    }

    async #do(promise) {
        try {
            await promise;
        } catch (error) {
            this.desk.toasts.say(error.message, { bad: true });
        }
    }

    // -- the rules

    async #showRules() {
        this.#page = "rules";
        const back = iconButton("back", "Back to the notices", () => this.#showList());
        const place = h("div", { class: "bell__rules" }, h("span", { class: "skeleton skeleton--late face__row" }));
        fill(this.body, h("header", { class: "bell__head" }, back, h("h2", {}, "How I am told")), this.#desktop(), place);
        back.focus();
        try {
            if (this.notices.rules.size === 0) await this.notices.loadRules();
            fill(place, this.#rules(), this.#email());
        } catch (error) {
            fill(place, h("p", { class: "face__words", role: "alert" }, error.message));
        }
    }

    #desktop() {
        const state = this.alerts.permission;
        if (state === "unsupported") return h("p", { class: "panel__words" }, "This browser shows no desktop notifications.");
        if (state === "denied") return h("p", { class: "panel__words" }, "This browser does not allow desktop notifications here. Its site settings can change that.");
        if (state === "granted") return [h("p", { class: "panel__words" }, icon("check"), " Desktop notifications come while you are elsewhere."), this.#closed()];
        const ask = async () => {
            await this.alerts.ask();
            this.#showRules();
        };
        return h("div", { class: "bell__ask" }, h("p", { class: "panel__words" }, "Desktop notifications are off on this browser."), h("button", { class: "button button--small", type: "button", onclick: ask }, "Allow them"));
    }

    /** Whether this browser is told while no console is open. */
    #closed() {
        const { browser } = this.alerts;
        if (!browser.isPossible) return null;
        const field = h("input", { type: "checkbox", disabled: true, onchange: async () => {
            field.disabled = true;
            await this.#do(field.checked ? browser.on() : browser.off());
            show();
        } });
        const show = () => browser.isOn().then((on) => {
            field.checked = on;
            field.disabled = false;
        }, () => {});
        show();
        return h("label", { class: "panel__choice check" }, field, "Also on this browser while the console is closed");
    }

    #rules() {
        const ways = [["desktop", "Desktop"], ["sound", "Sound"], ...(this.notices.email.possible ? [["email", "E-mail"]] : [])];
        const box = (kind, way, label) => {
            const field = h("input", {
                type: "checkbox",
                "aria-label": label,
                checked: this.notices.rules.get(kind)?.[way] ?? false,
                disabled: way === "email" && !this.notices.email.address,
                onchange: async () => {
                    const on = field.checked;
                    await this.#do(this.notices.setRule(kind, way, on));
                    field.checked = this.notices.rules.get(kind)?.[way] ?? on;
                },
            });
            return h("td", {}, field);
        };
        return h(
            "table",
            { class: "rules" },
            h("thead", {}, h("tr", {}, ["When", ...ways.map(([, word]) => word)].map((word) => h("th", { scope: "col" }, word)))),
            h("tbody", {}, KINDS.map(([kind, what]) => h("tr", {}, h("th", { scope: "row" }, what), ways.map(([way, word]) => box(kind, way, `${word}: ${what}`))))),
        );
    }

    /** Where letters go, or why none come. */
    #email() {
        const { possible, address } = this.notices.email;
        if (!possible) return null;
        const words = address ? ["An e-mail goes to ", h("strong", { dir: "ltr" }, address), " when nobody has read it for two minutes. It says what happened, not what was written."] : "You have no e-mail address here: whoever looks after the accounts can add one.";
        return h("p", { class: "panel__words" }, h("span", {}, words));
    }
}
