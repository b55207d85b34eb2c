// My presence: what I am, why, and the way out.

import { h, icon, setText } from "./dom.js";
import { initials, presenceDot, presenceWord, tone } from "./people.js";
import { Popover } from "./popover.js";

const REASONS = ["Break", "Lunch", "Meeting", "Training"];

/** Everything that I may be: for the menu and for the palette. */
export const CHOICES = [
    { status: "online", reason: "", word: "Online" },
    ...REASONS.map((reason) => ({ status: "away", reason, word: `Away: ${reason.toLowerCase()}` })),
    { status: "offline", reason: "", word: "Offline" },
];

export class Presence {
    constructor(button, desk) {
        this.desk = desk;
        this.button = button;
        this.face = button.querySelector("[data-initials]");
        this.dot = button.querySelector("[data-dot]");
        this.word = button.querySelector("[data-word]");
        this.popover = new Popover({ anchor: button, label: "Presence and account", align: "start", build: (close) => this.#build(close) });
    }

    #build(close) {
        const { store, settings } = this.desk;
        const now = store.presence;
        const account = document.querySelector("#account").content.cloneNode(true);
        const theme = document.documentElement.dataset.theme ?? "auto";
        for (const choice of account.querySelectorAll("[data-theme-choice]")) choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === theme));
        const sound = h("input", { type: "checkbox", checked: settings.get("sound"), onchange: () => settings.set("sound", sound.checked) });
        return [
            h("p", { class: "panel__me" }, h("strong", { dir: "auto" }, store.me?.name ?? ""), h("span", { class: "panel__hint" }, (store.me?.roles ?? []).join(", "))),
            CHOICES.map((choice) => {
                const chosen = choice.status === now.status && (choice.status !== "away" || choice.reason === now.reason);
                const choose = () => {
                    close();
                    this.desk.presence(choice.status, choice.reason);
                };
                return h("button", { class: "panel__choice", type: "button", "aria-pressed": String(chosen), onclick: choose }, h("span", { class: presenceDot(choice.status) }), choice.word, chosen ? icon("check") : null);
            }),
            h("hr"),
            h("label", { class: "panel__choice check" }, sound, "Sound for offers and messages"),
            account,
        ];
    }

    render() {
        const { me, presence } = this.desk.store;
        if (!me) return;
        setText(this.face, initials(me.name));
        this.face.dataset.tone = tone(me.id);
        this.dot.className = presenceDot(presence.status);
        setText(this.word, presenceWord(presence.status));
        this.button.title = `${me.name}, ${presenceWord(presence.status)}${presence.reason ? ` (${presence.reason})` : ""}`;
    }
}
