// Labels, a priority or a queue, as cases like this one had them: one click, and it is done.

import { fill, h, icon } from "../dom.js";
import { tiny } from "./section.js";

const WORDS = { label: "Label", priority: "Priority", queue: "Queue" };

/** "Label returns, right in 8 of 10 cases like it" → its parts. Pure. */
export function wordsOf({ kind, says, confidence }) {
    return { what: `${WORDS[kind] ?? kind}: ${says}`, why: `right in ${Math.round(confidence * 100)} % of past cases` };
}

export class Hints {
    #told = new Set();
    #asked = 0;

    constructor(desk) {
        this.desk = desk;
        this.list = h("ul", { class: "hints", role: "list", "aria-label": "As cases like it had it", hidden: true });
        desk.live.on("hints", ({ conversation }) => conversation === desk.openId && this.load());
    }

    begin() {
        this.#asked += 1;
        this.#draw([]);
        if (this.desk.openId) this.load();
    }

    async load() {
        const { openId } = this.desk;
        const asked = (this.#asked += 1);
        try {
            const { hints } = await this.desk.api.get(`conversations/${openId}/hints/`);
            if (asked === this.#asked && openId === this.desk.openId) this.#draw(hints);
        } catch {
            // frames bring the next ones
        }
    }

    #draw(hints) {
        const { openId } = this.desk;
        this.list.hidden = hints.length === 0;
        fill(this.list, hints.map((one) => this.#one(one)));
        if (!this.desk.isMine || document.visibilityState !== "visible") return;
        for (const { id } of hints) {
            if (this.#told.has(id)) continue;
            this.#told.add(id);
            this.#say(openId, id, "shown").catch(() => {});
        }
    }

    #one(one) {
        const { what, why } = wordsOf(one);
        const take = h("button", { class: "chip chip--button hints__take", type: "button", title: `${what}, ${why}`, onclick: () => this.#decide(one, "taken") }, icon("spark"), h("span", { dir: "auto" }, what));
        return h("li", { class: "hints__one" }, take, tiny("close", `Put away: ${what}`, () => this.#decide(one, "dismissed")));
    }

    #say(conversation, id, did) {
        return this.desk.api.post(`conversations/${conversation}/hints/${id}/`, { did });
    }

    async #decide(one, did) {
        const { openId } = this.desk;
        for (const button of this.list.querySelectorAll("button")) button.disabled = true;
        try {
            const { hints } = await this.#say(openId, one.id, did);
            if (openId === this.desk.openId) this.#draw(hints);
        } catch (error) {
            this.desk.toasts.say(`Not done: ${error.message}`, { bad: true });
            this.load();
        }
    }
}
