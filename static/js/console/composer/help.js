// What the bot would say, for the agent to take, change and send. Nothing is sent by itself, and the
// focus is never taken: cards stand above the words until they are used or the talk goes on.

import { fill, h, icon, iconButton } from "../dom.js";
import { addressOf } from "../message.js";

const BY = { quote: "Article's words", model: "Written from articles", fixed: "Fixed answer" };

/** How likely it answers the question, in words. Pure. */
export function chanceInWords(confidence) {
    return `${Math.round(Math.min(Math.max(confidence ?? 0, 0), 1) * 100)} % likely`;
}

/** The frames and answers of one conversation → what is shown of it. Pure but for its memory. */
export class Helping {
    #of = new Map(); // conversation → {seq, replies}

    take({ conversation, seq, replies }) {
        const known = this.#of.get(conversation);
        if (known && seq !== null && known.seq > seq) return; // a slower way than its successor
        if (replies.length > 0) this.#of.set(conversation, { seq, replies });
        else this.#of.delete(conversation);
    }

    of(conversation) {
        return this.#of.get(conversation)?.replies ?? [];
    }

    drop(conversation, id = null) {
        const known = this.#of.get(conversation);
        const replies = id ? (known?.replies ?? []).filter((one) => one.id !== id) : [];
        if (replies.length > 0) this.#of.set(conversation, { ...known, replies });
        else this.#of.delete(conversation);
    }
}

export class Help {
    #told = new Set();

    /**
     * @param put     (text) => void: words for the reply
     * @param isReply () => boolean: is it the reply that is being written?
     */
    constructor(desk, { put, isReply }) {
        Object.assign(this, { desk, put, isReply });
        this.helping = new Helping();
        this.list = h("ol", { class: "help__list", role: "list" });
        this.root = h("details", { class: "help", hidden: true, open: desk.settings.get("help"), "aria-label": "Suggested replies", ontoggle: () => this.#toggled() });
        this.count = h("span", { class: "help__count numeric" });
        this.root.append(h("summary", { class: "help__title" }, icon("spark"), h("span", {}, "Suggested replies"), this.count, icon("chevron")), this.list);
        desk.live.on("suggestions", (frame) => this.told(frame));
        document.addEventListener("visibilitychange", () => this.#seen());
    }

    /** Another conversation is open. */
    begin() {
        this.draw();
        if (this.desk.openId && this.desk.isMine) this.#load(this.desk.openId);
    }

    async #load(conversation) {
        try {
            const found = await this.desk.api.get(`conversations/${conversation}/suggestions/`);
            this.told({ conversation, ...found });
        } catch {
            // frames bring the next ones
        }
    }

    told(frame) {
        this.helping.take(frame);
        if (frame.conversation === this.desk.openId) this.draw();
    }

    draw() {
        const replies = this.desk.isMine && this.isReply() ? this.helping.of(this.desk.openId) : [];
        const drawn = replies.map((one) => one.id).join();
        this.root.hidden = replies.length === 0;
        if (drawn !== this.drawn) {
            this.drawn = drawn;
            this.count.textContent = String(replies.length);
            fill(this.list, replies.map((one, at) => this.#card(one, at + 1)));
        }
        this.#seen();
    }

    #card(one, number) {
        const sources = (one.citations ?? []).map((source) => {
            const link = addressOf(source);
            const attributes = { class: "chip", title: source.quote ?? "" };
            const inside = [icon("book"), h("span", { dir: "auto" }, source.title)];
            return link ? h("a", { ...attributes, href: link, target: "_blank", rel: "noopener" }, inside) : h("span", attributes, inside);
        });
        return h(
            "li",
            { class: "help__one" },
            h(
                "button",
                { class: "help__take", type: "button", "aria-keyshortcuts": String(number), title: `Put it into the reply (${number})`, onclick: () => this.insert(one) },
                h("kbd", { "aria-hidden": "true" }, String(number)),
                h("span", { class: "help__words", dir: "auto", lang: one.language || null }, one.text),
            ),
            h(
                "div",
                { class: "help__foot" },
                sources,
                h("span", { class: "help__by" }, `${BY[one.by] ?? one.by}, ${chanceInWords(one.confidence)}`),
                iconButton("close", `Put suggestion ${number} away`, () => this.dismiss(one), { class: "button button--icon help__away" }),
            ),
        );
    }

    /** Key 1 to 3. False when there is no such suggestion to take now. */
    choose(number) {
        const one = this.root.hidden || !this.root.open ? null : this.helping.of(this.desk.openId)[number - 1];
        if (!one) return false;
        this.insert(one);
        return true;
    }

    insert(one) {
        const { openId } = this.desk;
        this.#tell(one.id, "inserted");
        this.helping.drop(openId);
        this.draw();
        this.put(one.text);
    }

    dismiss(one) {
        this.#tell(one.id, "dismissed");
        this.helping.drop(this.desk.openId, one.id);
        this.draw();
    }

    #toggled() {
        if (this.root.open !== this.desk.settings.get("help")) this.desk.settings.set("help", this.root.open);
        this.#seen();
    }

    /** Seen is what stands open on a screen. */
    #seen() {
        if (this.root.hidden || !this.root.open || document.visibilityState !== "visible") return;
        for (const { id } of this.helping.of(this.desk.openId)) {
            if (this.#told.has(id)) continue;
            this.#told.add(id);
            this.#tell(id, "shown");
        }
    }

    /** It is only for the log: a lost word costs nobody anything. */
    #tell(id, did) {
        this.desk.api.post(`conversations/${this.desk.openId}/suggestions/${id}/`, { did }).catch(() => {});
    }
}
