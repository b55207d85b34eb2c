// My presence: what I am, since when, why, who said so, and the way out.

import { h, icon, setText } from "./dom.js";
import { initials, presenceDot, presenceWord, tone } from "./people.js";
import { Popover } from "./popover.js";

const SIGN_OUT_WITHIN = 2_000;
export const MISSED = "missed an offer";
const ALWAYS = ["Break", "Lunch", "Meeting", "Training"].map((name) => ({ name, status: "away" }));

/** Everything that I may be, for the menu and for the palette: `reasons` as the house has them. Pure. */
export function presenceChoices(reasons) {
    const known = reasons.length > 0 ? reasons : ALWAYS;
    return [
        { status: "online", reason: "", word: "Online" },
        { status: "away", reason: "", word: "Away" },
        ...known.map(({ name, status }) => ({ status, reason: name, word: `${presenceWord(status)}: ${name.toLowerCase()}`, short: name })),
        { status: "offline", reason: "", word: "Offline" },
    ];
}

/** Why nothing is offered to me, and who said so; empty when I am online. Pure. */
export function whyNothingComes({ status, reason, set_by: by }) {
    if (status === "online") return "";
    if (reason === MISSED) return "You missed an offer, so you were set away. Nothing is offered to you.";
    const state = status === "away" ? "away" : "offline";
    const why = reason ? ` (${reason.toLowerCase()})` : "";
    return by ? `${by} set you ${state}${why}: nothing is offered to you.` : `You are ${state}${why}: nothing is offered to you.`;
}

export class Presence {
    constructor(button, desk) {
        this.desk = desk;
        this.button = button;
        this.face = button.querySelector("[data-initials]");
        this.dot = button.querySelector("[data-dot]");
        this.word = button.querySelector("[data-word]");
        this.popover = new Popover({ anchor: button, label: "Presence and account", align: "start", build: (close) => this.#build(close) });
    }

    open() {
        this.popover.open();
    }

    #build(close) {
        const { store, settings, choices } = this.desk;
        const account = document.querySelector("#account").content.cloneNode(true);
        const theme = document.documentElement.dataset.theme ?? "auto";
        for (const choice of account.querySelectorAll("[data-theme-choice]")) choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === theme));
        account.querySelector("form").addEventListener("submit", (event) => this.#leave(event));
        const sound = h("input", { type: "checkbox", checked: settings.get("sound"), onchange: () => settings.set("sound", sound.checked) });
        return [
            h("p", { class: "panel__me" }, h("strong", { dir: "auto" }, store.me?.name ?? ""), h("span", { class: "panel__hint" }, (store.me?.roles ?? []).join(", "))),
            this.#now(store.presence),
            presenceChoices(choices.reasons).map((choice) => this.#choice(choice, close)),
            h("hr"),
            h("label", { class: "panel__choice check" }, sound, "Sounds"),
            account,
        ];
    }

    /** Whoever signs out is not told here any more, also not while the console is closed. */
    async #leave(event) {
        event.preventDefault();
        const form = event.target;
        await Promise.race([this.desk.browser?.off().catch(() => {}), new Promise((done) => setTimeout(done, SIGN_OUT_WITHIN))]);
        form.submit();
    }

    #now({ status, reason, since, set_by: by }) {
        const words = [presenceWord(status), reason && reason !== MISSED ? reason.toLowerCase() : null, reason === MISSED ? MISSED : null, by ? `set by ${by}` : null].filter(Boolean).join(", ");
        return h("p", { class: "panel__words panel__now" }, words, since ? [" for ", h("time-in", { since })] : null);
    }

    #choice(choice, close) {
        const now = this.desk.store.presence;
        const chosen = choice.status === now.status && choice.reason === now.reason;
        const choose = () => {
            close();
            this.desk.presence(choice.status, choice.reason);
        };
        const deeper = choice.reason ? "panel__choice panel__choice--deeper" : "panel__choice";
        return h("button", { class: deeper, type: "button", "aria-pressed": String(chosen), onclick: choose }, h("span", { class: presenceDot(choice.status) }), choice.reason ? choice.short : choice.word, chosen ? icon("check") : null);
    }

    render() {
        const { me, presence } = this.desk.store;
        if (!me) return;
        setText(this.face, initials(me.name));
        this.face.dataset.tone = tone(me.id);
        this.dot.className = presenceDot(presence.status);
        setText(this.word, presenceWord(presence.status));
        const by = presence.set_by ? `, set by ${presence.set_by}` : "";
        this.button.title = `${me.name}, ${presenceWord(presence.status)}${presence.reason ? ` (${presence.reason})` : ""}${by}`;
    }
}
