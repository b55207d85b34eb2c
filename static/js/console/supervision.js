// What a supervisor can do at a conversation that a colleague has: watch, whisper, barge in, take
// over. The colleague sees here, as far as the rules let them, who listens.

import { append, fill, h, icon, setText } from "./dom.js";
import { stageOf } from "./people.js";

const OPEN = new Set(["bot", "queued", "offered", "assigned", "on_hold", "snoozed"]);
const HELD = new Set(["assigned", "on_hold", "snoozed"]);
const LIMIT = 4000;

/** What the strip offers: nothing, "told" (somebody listens to me), or a supervisor's "verbs". Pure. */
export function offered({ card, mine, may, sessions }) {
    if (!card || !OPEN.has(stageOf(card))) return "nothing";
    if (mine) return sessions.length > 0 ? "told" : "nothing";
    return may ? "verbs" : "nothing";
}

/** "Mareike is watching", as the colleague reads it. Pure. */
export function listenersInWords(sessions) {
    const does = { silent: "is watching", whisper: "is coaching you", barge: "is in this conversation with you" };
    return sessions.map(({ supervisor, mode }) => `${supervisor.name} ${does[mode] ?? does.silent}`).join("; ");
}

/** What my watching means to the colleague. Pure. */
export function watchInWords(session, name) {
    if (!session) return "";
    if (session.mode === "barge") return `You are in; ${name} and the customer read what you say`;
    if (session.mode === "whisper") return `${name} knows that you are here; the customer does not`;
    return session.visible ? `You are watching; ${name} can see it` : `You are watching; ${name} does not see it`;
}

export class Supervision {
    #sessions = new Map(); // conversation → who listens
    #wanted = null; // what I watch: taken up again after the line was down

    /** `place` is the element that the strip stands before. */
    constructor(place, desk) {
        this.desk = desk;
        this.words = h("p", { class: "supervise__words" });
        this.watch = this.#verb("eye", "Watch", () => this.#toggleWatch());
        this.whisper = this.#verb("lock", "Whisper", () => this.#write("whisper"));
        this.barge = this.#verb("reply", "Barge in", () => this.#write("barge"));
        this.take = this.#verb("person", "Take over", () => this.#takeOver());
        this.verbs = h("div", { class: "supervise__verbs", role: "group", "aria-label": "Supervise" }, this.watch, this.whisper, this.barge, this.take);
        this.text = h("textarea", { class: "supervise__text", rows: "2", maxlength: String(LIMIT), dir: "auto", onkeydown: (event) => this.#key(event) });
        this.label = h("label", { class: "supervise__label", for: "supervise-text" });
        this.text.id = "supervise-text";
        this.send = h("button", { class: "button button--primary button--small", type: "submit" }, "Send");
        const cancel = h("button", { class: "button button--small", type: "button", onclick: () => this.#write(null) }, "Cancel");
        this.form = h("form", { class: "supervise__form", hidden: true }, this.label, this.text, h("div", { class: "supervise__sends" }, this.send, cancel));
        this.form.addEventListener("submit", (event) => (event.preventDefault(), this.#say()));
        this.root = h("section", { class: "supervise", "aria-label": "Supervision", hidden: true });
        append(this.root, [icon("eye"), this.words, this.verbs, this.form]);
        place.before(this.root);
        this.#listen();
    }

    #verb(sign, word, onclick) {
        return h("button", { class: "button button--small", type: "button", onclick }, icon(sign), h("span", {}, word));
    }

    #listen() {
        const { desk } = this;
        desk.live.on("supervision", (frame) => {
            this.#sessions.set(frame.conversation, frame.sessions);
            if (frame.conversation === desk.openId) this.render();
        });
        desk.live.on("welcome", () => {
            // Whatever I watched ended with the line
            if (this.#wanted && this.#wanted === desk.openId) queueMicrotask(() => this.#act("watch"));
        });
        desk.addEventListener("opened", ({ detail }) => {
            if (detail.again) return;
            this.#wanted = null;
            this.#write(null);
            this.render();
        });
        desk.store.addEventListener("change", () => this.render());
    }

    get #here() {
        return this.#sessions.get(this.desk.openId) ?? [];
    }

    get #mine() {
        return this.#here.find(({ supervisor }) => supervisor.id === this.desk.store.me?.id) ?? null;
    }

    render() {
        const { card, store, isMine } = this.desk;
        const what = offered({ card, mine: isMine, may: store.may("supervise_conversations"), sessions: this.#here });
        this.root.hidden = what === "nothing";
        this.root.dataset.what = what;
        this.verbs.hidden = what !== "verbs";
        if (what !== "verbs") this.form.hidden = true;
        if (what === "told") setText(this.words, listenersInWords(this.#here));
        if (what === "verbs") this.#showVerbs(card);
    }

    #showVerbs(card) {
        const held = HELD.has(stageOf(card)) && card.assignee;
        const name = card.assignee?.name ?? "the bot";
        const session = this.#mine;
        if (session) this.#wanted = card.conversation;
        this.root.dataset.watching = String(Boolean(session));
        const others = this.#here.filter((one) => one !== session).map(({ supervisor }) => supervisor.name);
        const also = others.length > 0 ? ` · also ${others.join(", ")}` : "";
        setText(this.words, (session ? watchInWords(session, name) : `${held ? name : "Nobody"} has this conversation`) + also);
        setText(this.watch.lastChild, session ? "Stop watching" : "Watch");
        this.watch.setAttribute("aria-pressed", String(Boolean(session)));
        this.whisper.hidden = this.barge.hidden = !held;
        this.take.hidden = card.state === "queued"; // there is "Take it" for that
    }

    // -- verbs

    async #act(step, words = {}) {
        const { desk } = this;
        const id = desk.openId;
        try {
            const answer = await desk.api.post(`conversations/${id}/supervise/${step}/`, words);
            if (answer?.sessions) this.#sessions.set(id, answer.sessions);
            if (answer?.state) desk.store.card(answer);
            this.render();
            return true;
        } catch (error) {
            desk.toasts.say(error.message, { bad: true });
            return false;
        }
    }

    #toggleWatch() {
        const stops = Boolean(this.#mine);
        if (stops) this.#wanted = null;
        return this.#act(stops ? "stop" : "watch");
    }

    async #takeOver() {
        this.#wanted = null;
        if (await this.#act("take-over")) this.desk.tell("claimed");
    }

    /** Opens the form for one of two readers; null closes it. The words stay until they are sent. */
    #write(step) {
        this.step = step;
        this.form.hidden = !step;
        this.root.dataset.step = step ?? "";
        for (const [name, button] of [["whisper", this.whisper], ["barge", this.barge]]) button.setAttribute("aria-expanded", String(step === name));
        if (!step) {
            this.text.value = "";
            return;
        }
        const name = this.desk.card?.assignee?.name ?? "the agent";
        fill(this.label, step === "whisper" ? `To ${name} only; the customer never sees it` : `To the customer, in your own name; ${name} keeps the conversation`);
        this.text.focus();
    }

    #key(event) {
        if (event.key === "Escape") this.#write(null);
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#say();
    }

    async #say() {
        const text = this.text.value.trim();
        const { step } = this;
        if (!text || !step || this.send.disabled) return;
        this.send.disabled = true;
        // The same id until it is stored: a second press cannot say it twice
        this.id ??= crypto.randomUUID();
        const done = await this.#act(step, { id: this.id, text });
        this.send.disabled = false;
        if (!done) return;
        this.id = null;
        this.#write(null);
        this.text.value = "";
    }
}
