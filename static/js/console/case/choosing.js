// Choosing lines of the thread: to copy them, to make a request of them, or to split them off into
// a conversation of their own.

import { h, icon, setText } from "../dom.js";
import { Popover } from "../popover.js";
import { timeOfDay } from "../times.js";

const MOST = 200;
const TITLE = 80;

/** Lines as text for a clipboard: who, when, and the words. Pure. */
export function asText(frames, { me = "You" } = {}) {
    return frames.map((frame) => `${nameOf(frame, me)}, ${timeOfDay(frame.created_at)}: ${frame.text || frame.attachments.map((file) => file.name).join(", ")}`).join("\n");
}

function nameOf({ author }, me) {
    return author.mine ? me : author.name || { customer: "Customer", bot: "Bot", agent: "Agent" }[author.kind] || "System";
}

/** What a request made of some lines is called: the customer's first words among them. Pure. */
export function titleFrom(frames) {
    const words = (frames.find((frame) => frame.author.kind === "customer") ?? frames[0])?.text.trim().replace(/\s+/g, " ") ?? "";
    const [first] = words.split(/(?<=[.!?。！？])\s*/u);
    return first.length <= TITLE ? first : `${first.slice(0, TITLE - 1).trimEnd()}…`;
}

export class Choosing {
    chosen = new Set();
    #last = null;

    constructor(desk, { root, draw, request }) {
        Object.assign(this, { desk, root, draw, request });
        this.count = h("span", { class: "choosing__count", role: "status" });
        const verb = (word, sign, run, kind = "") => h("button", { class: `button button--small ${kind}`, type: "button", onclick: run }, icon(sign), word);
        this.verbs = [verb("Copy", "copy", () => this.#copy()), verb("Make a request", "wish", () => this.#makeRequest())];
        this.splits = [verb("Split off", "split", () => this.#split(false)), verb("Split off to me", "person", () => this.#split(true))];
        this.bar = h("div", { class: "choosing", role: "toolbar", "aria-label": "What to do with the chosen messages", hidden: true }, this.count, this.verbs, this.splits, h("button", { class: "button button--small button--quiet", type: "button", onclick: () => this.end() }, "Done"));
        root.append(this.bar);
        // One menu for all messages: it opens beside whichever was asked
        this.menu = new Popover({ anchor: h("button", { type: "button" }), label: "This message", kind: "panel panel--narrow", build: (close) => this.#choices(close) });
        desk.addEventListener("choose-lines", () => this.begin());
        root.addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || !this.isOn) return;
            event.stopPropagation();
            this.end();
        });
    }

    get isOn() {
        return !this.bar.hidden;
    }

    begin(offset = null) {
        this.bar.hidden = false;
        this.root.classList.add("thread--choosing");
        if (offset !== null) this.chosen.add(offset);
        this.#last = offset;
        this.#drawBar();
        this.draw();
        if (offset === null) this.root.querySelector(".message__pick")?.focus();
    }

    end() {
        this.bar.hidden = true;
        this.root.classList.remove("thread--choosing");
        this.chosen.clear();
        this.draw();
    }

    /** A press on a box; with Shift, everything between. */
    pick(offset, on, { through = false } = {}) {
        const offsets = this.desk.transcript.log.filter((frame) => frame.type === "message").map((frame) => frame.offset);
        const [from, to] = through && this.#last !== null ? [this.#last, offset].sort((a, b) => a - b) : [offset, offset];
        for (const one of offsets) if (one >= from && one <= to) on ? this.chosen.add(one) : this.chosen.delete(one);
        this.#last = offset;
        this.#drawBar();
        if (through) this.draw();
    }

    get frames() {
        return this.desk.transcript?.log.filter((frame) => frame.type === "message" && this.chosen.has(frame.offset)) ?? [];
    }

    #drawBar() {
        const { size } = this.chosen;
        const none = size === 0;
        setText(this.count, none ? "Choose messages" : `${size} chosen`);
        for (const button of this.verbs) button.disabled = none;
        const mine = this.desk.isMine || this.desk.store.may("supervise_conversations");
        for (const button of this.splits) button.disabled = none || !mine || size > MOST;
    }

    // -- the menu of one message

    openMenu(button, frame) {
        this.menu.anchor = button;
        this.about = frame;
        this.menu.open();
    }

    #choices(close) {
        const frame = this.about;
        const choice = (word, sign, run) => h("button", { class: "panel__choice", type: "button", onclick: () => (close(), run()) }, icon(sign), word);
        const only = (run) => () => {
            this.chosen = new Set([frame.offset]);
            run();
        };
        return [
            choice("Copy the words", "copy", () => this.#toClipboard(frame.text)),
            choice("Copy a link to it", "link", () => this.#toClipboard(`${location.origin}${location.pathname}#${this.desk.openId}/${frame.offset}`)),
            choice("Make a request of it", "wish", only(() => this.#makeRequest())),
            choice("Choose more messages", "checks", () => this.begin(frame.offset)),
        ];
    }

    // -- what is done with them

    #copy() {
        this.#toClipboard(asText(this.frames, { me: this.desk.store.me?.name }));
        this.end();
    }

    async #toClipboard(text) {
        try {
            await navigator.clipboard.writeText(text);
            this.desk.toasts.say("Copied");
        } catch {
            this.desk.toasts.say("The browser did not let it be copied.", { bad: true });
        }
    }

    async #makeRequest() {
        const title = titleFrom(this.frames) || "A request";
        this.end();
        if (await this.request(title)) this.desk.toasts.say(`Request noted: ${title}`);
    }

    async #split(take) {
        const { desk } = this;
        const id = desk.openId;
        const offsets = [...this.chosen].sort((a, b) => a - b);
        for (const button of this.splits) button.disabled = true;
        try {
            const card = await desk.api.post(`conversations/${id}/split/`, { offsets, take });
            desk.store.card(card);
            this.end();
            desk.toasts.say(take ? "Split off: the new conversation is yours" : "Split off: the new conversation waits in its queue");
            if (take) desk.open(card.conversation);
        } catch (error) {
            desk.toasts.say(`Not split off: ${error.message}`, { bad: true });
            this.#drawBar();
        }
    }
}
