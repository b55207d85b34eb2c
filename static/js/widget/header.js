// Who answers, how it stands, and the few things one may want from a menu.

import { fill, h, icon } from "./dom.js";
import { avatar } from "./thread.js";
import { nameOf } from "./catalogue.js";

export class ChatHeader extends HTMLElement {
    #shown = "";

    begin({ t, language, languages, logo, isFramed }) {
        Object.assign(this, { t, language, languages, logo });
        this.face = h("span", { class: "head__face" });
        this.name = h("h1", { class: "head__name truncate", id: "title" });
        this.state = h("p", { class: "head__state truncate", role: "status" });
        this.opener = h("button", { class: "button button--icon", type: "button", "aria-label": t("menu"), title: t("menu"), "aria-expanded": "false", "aria-controls": "menu", onclick: () => this.#toggle() }, icon("menu"));
        this.closer = h("button", { class: "button button--icon", type: "button", "aria-label": t("close"), title: t("close"), onclick: () => this.#tell("shut"), hidden: !isFramed }, icon("close"));
        this.menu = h("div", { class: "menu head__menu", id: "menu", hidden: true });
        fill(this, h("header", { class: "head" }, this.face, h("div", { class: "head__words" }, this.name, this.state), this.opener, this.closer), this.menu);
        this.menu.addEventListener("keydown", (event) => this.#move(event));
        document.addEventListener("pointerdown", (event) => {
            if (!this.menu.hidden && !this.contains(event.target)) this.closeMenu({ refocus: false });
        });
    }

    #tell(type, detail = null) {
        this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
    }

    show({ author, name, state, mark }) {
        const shown = JSON.stringify([author, name, state, mark]);
        if (shown === this.#shown) return;
        this.#shown = shown;
        const isHouse = author.kind !== "agent" && this.logo;
        fill(this.face, isHouse ? h("img", { class: "avatar", src: this.logo, alt: "" }) : avatar(author));
        this.name.textContent = name;
        fill(this.state, h("span", { class: `dot dot--${mark}`, "aria-hidden": "true" }), h("span", { class: "truncate" }, state));
    }

    // -- the menu

    #toggle() {
        if (!this.menu.hidden) {
            this.closeMenu();
            return;
        }
        this.#tell("menuopens");
        fill(this.menu, this.#items());
        this.menu.hidden = false;
        this.opener.setAttribute("aria-expanded", "true");
        this.menu.querySelector("button").focus();
    }

    closeMenu({ refocus = true } = {}) {
        if (this.menu.hidden) return;
        this.menu.hidden = true;
        fill(this.menu);
        this.opener.setAttribute("aria-expanded", "false");
        if (refocus) this.opener.focus();
    }

    #item(image, words, act, more = {}) {
        return h("button", { type: "button", onclick: act, ...more }, icon(image), h("span", {}, words));
    }

    #then(type, detail) {
        return () => {
            this.closeMenu();
            this.#tell(type, detail);
        };
    }

    #chose(kind, value) {
        return () => {
            // after theme.js, which hears the same click a little later
            setTimeout(() => this.closeMenu());
            if (kind === "language") this.#tell("languagechange", value);
        };
    }

    /** What the menu says about now; the app sets it before the menu opens. */
    now = { sound: true, canEnd: false, canSave: false };

    #items() {
        const { sound, canEnd, canSave } = this.now;
        const theme = document.documentElement.dataset.theme ?? "auto";
        const items = [
            this.#item(sound ? "sound" : "mute", this.t(sound ? "soundOn" : "soundOff"), this.#then("soundchange", !sound), { "aria-pressed": String(sound) }),
            canSave && this.#item("download", this.t("transcript"), this.#then("save")),
            this.#item("search", this.t("find"), this.#then("find")),
            this.#item("memory", this.t("memory"), this.#then("memory")),
            canEnd && this.#item("end", this.t("end"), this.#then("finish")),
            this.#choice("theme", this.t("theme"), [["auto", this.t("themeAuto")], ["light", this.t("themeLight")], ["dark", this.t("themeDark")]], theme, "theme"),
        ];
        if (this.languages.length > 1) {
            items.push(this.#choice("language", this.t("language"), this.languages.map((tag) => [tag, nameOf(tag)]), this.language, "language"));
        }
        return items;
    }

    #choice(image, words, options, current, kind) {
        const buttons = options.map(([value, label]) => {
            // theme.js listens for the attribute, here as on every page
            const about = kind === "theme" ? { "data-theme-choice": value } : { lang: value };
            return h("button", { class: "button button--quiet button--small", type: "button", "aria-pressed": String(value === current), onclick: this.#chose(kind, value), ...about }, label);
        });
        return h("div", { class: "head__choice", role: "group", "aria-label": words }, h("span", { class: "head__label" }, icon(image), words), h("div", { class: "head__options" }, buttons));
    }

    #move(event) {
        if (event.key === "Escape") {
            event.stopPropagation();
            this.closeMenu();
            return;
        }
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const buttons = [...this.menu.querySelectorAll("button")];
        const at = buttons.indexOf(document.activeElement);
        buttons[(at + step + buttons.length) % buttons.length].focus();
    }
}

customElements.define("chat-header", ChatHeader);
