// What could be offered to this customer, and why; or why nothing should be. What is put into the
// reply, opened or put away is told, so that its worth can be counted.

import { h, icon } from "../dom.js";
import { moodOf } from "../mood.js";
import { Section, tiny } from "./section.js";

const PAUSE = 1500;

/** "349.00 EUR"; nothing where there is no price. Pure. */
export function priceOf({ price, currency }) {
    return price === null || price === undefined ? "" : `${price} ${currency}`.trim();
}

/** What is put into the reply: the name, and where to find it. Pure. */
export function asReply({ name, url }, origin) {
    return url ? `${name}: ${new URL(url, origin).href}` : name;
}

/** The reason that stands there when nothing does. Pure. */
export function reasonOf({ silent, says }) {
    return silent && silent !== "nothing" ? `Nothing now: ${says.charAt(0).toLowerCase()}${says.slice(1)}.` : "";
}

export class WorthOffering {
    #asked = 0;
    #told = new Set();
    #timer = null;
    #mood = null; // of the open conversation: it is read a few seconds after the words came

    constructor(desk, { insert }) {
        Object.assign(this, { desk, insert });
        this.section = new Section({ name: "offers", title: "Worth offering", settings: desk.settings });
        this.root.hidden = true;
        desk.live.on("message", (frame) => frame.conversation === desk.openId && frame.author.kind === "customer" && this.#soon());
        desk.live.on("conversation", (card) => card.conversation === desk.openId && this.#felt(card.sentiment));
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#asked += 1;
        clearTimeout(this.#timer);
        this.section.begin();
        this.root.hidden = true;
        this.#mood = this.desk.card?.sentiment ?? null;
        if (this.desk.openId) this.#load();
    }

    #felt(sentiment) {
        if (moodOf(sentiment) !== moodOf(this.#mood)) this.#soon();
        this.#mood = sentiment;
    }

    #soon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#load(), PAUSE);
    }

    async #load() {
        const { openId } = this.desk;
        const asked = (this.#asked += 1);
        try {
            const found = await this.desk.api.get(`conversations/${openId}/recommendations/`);
            if (asked === this.#asked && openId === this.desk.openId) this.#draw(found);
        } catch {
            // nothing is recommended here: the panel is complete without it
        }
    }

    #draw(found) {
        const reason = reasonOf(found);
        const hidden = found.items.length === 0 && !reason;
        this.section.show(found, () => this.#build(found, reason), { count: found.items.length, hidden });
        if (!this.desk.isMine || document.visibilityState !== "visible") return;
        for (const { id } of found.items) {
            if (this.#told.has(id)) continue;
            this.#told.add(id);
            this.#say(id, "seen").catch(() => {});
        }
    }

    #build({ items }, reason) {
        if (items.length === 0) return h("p", { class: "customer__none" }, reason);
        return h("ul", { class: "rows-list", role: "list" }, items.map((one) => h("li", { "data-offer": one.id }, this.#one(one))));
    }

    #one(one) {
        const name = one.url ? h("a", { href: one.url, target: "_blank", rel: "noopener", dir: "auto", onclick: () => this.#act(one, "clicked") }, one.name) : h("strong", { dir: "auto" }, one.name);
        const put = h("button", { class: "button button--small button--quiet", type: "button", "data-key": `offer ${one.id}`, onclick: () => this.#put(one) }, icon("insert"), "Put into the reply");
        return h(
            "div",
            { class: "fact" },
            h("div", { class: "fact__words" }, name, h("span", { class: "fact__label" }, [priceOf(one), `because: ${one.because}`].filter(Boolean).join(" · ")), h("div", { class: "verbs-row" }, put)),
            tiny("close", `Not for this customer: ${one.name}`, () => this.#act(one, "dismissed")),
        );
    }

    #put(one) {
        this.insert(asReply(one, location.origin));
        this.#act(one, "clicked");
    }

    #say(id, did) {
        return this.desk.api.post(`conversations/${this.desk.openId}/recommendations/${id}/`, { did });
    }

    async #act(one, did) {
        const { openId } = this.desk;
        try {
            const found = await this.#say(one.id, did);
            if (openId === this.desk.openId) this.#draw(found);
        } catch (error) {
            this.desk.toasts.say(`Not noted: ${error.message}`, { bad: true });
        }
    }
}
