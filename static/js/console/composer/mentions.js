// "@" in a private note: colleagues and teams, by what they are called in one.

import { avatar, h, icon } from "../dom.js";
import { presenceDot, presenceWord } from "../people.js";
import { behind } from "./suggest.js";

const SHOWN = 8;

/** How a name is written after an @: small, with hyphens for spaces. Pure. */
export function handleOf(name) {
    return name.trim().toLowerCase().replace(/[^\p{L}\p{N}_.+-]+/gu, "-").replace(/^-+|-+$/g, "");
}

/** Who fits the letters: those whose name or handle begins with them first. Pure. */
export function fitting(people, letters) {
    const wanted = letters.toLocaleLowerCase();
    const score = ({ name, handle }) => {
        const words = [handle.toLocaleLowerCase(), ...name.toLocaleLowerCase().split(/\s+/)];
        if (words.some((word) => word.startsWith(wanted))) return 2;
        return words.some((word) => word.includes(wanted)) ? 1 : 0;
    };
    return people.map((one) => ({ one, fits: score(one) })).filter(({ fits }) => fits > 0).sort((a, b) => b.fits - a.fits || a.one.name.localeCompare(b.one.name)).map(({ one }) => one);
}

export class Mentions {
    #people = null;

    constructor(desk, { put, isNote }) {
        Object.assign(this, { desk, put, isNote, label: "Colleagues and teams" });
    }

    find(text, caret) {
        return this.isNote() ? behind("@", text, caret) : null;
    }

    async list(letters) {
        const { store } = this.desk;
        this.#people ??= this.desk.api.get("agents/").catch(() => ((this.#people = null), []));
        const people = (await this.#people).filter((one) => one.id !== store.me?.id && one.username).map((one) => ({ name: one.name, handle: one.username, status: store.agents.get(one.id)?.status ?? one.status }));
        const teams = store.teams.map((team) => ({ name: team.name, handle: handleOf(team.name), team: true }));
        return fitting([...people, ...teams], letters).slice(0, SHOWN);
    }

    draw({ name, handle, status, team }) {
        const face = team ? icon("team") : avatar(name, { small: true });
        const dot = team ? null : h("span", { class: presenceDot(status), role: "img", "aria-label": presenceWord(status) });
        return [face, h("span", { class: "suggest__word", dir: "auto" }, name), dot, h("span", { class: "suggest__hint" }, `@${handle}`)];
    }

    choose({ handle }, place) {
        this.put(`@${handle} `, place, null);
    }
}
