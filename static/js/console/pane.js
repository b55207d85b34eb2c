// The open conversation: header, handover, thread, composer, and the customer beside it.

import { Composer } from "./composer.js";
import { Macros } from "./composer/macros.js";
import { Outgoing } from "./composer/outgoing.js";
import { Pending } from "./composer/pending.js";
import { CustomerPanel } from "./customer.js";
import { h, icon } from "./dom.js";
import { Handover } from "./handover.js";
import { Header } from "./header.js";
import { customerName } from "./people.js";
import { Thread } from "./thread.js";

const READ_AFTER = 150; // so that a log that is just coming in is told once
const FROM_DETAIL = new Set(["handoff", "rated", "callback", "called", "assigned", "offered"]);

export class Pane {
    #detailTimer = null;
    #readTimer = null;

    constructor(desk, { conversation, customer, announcer }) {
        Object.assign(this, { desk, announcer, main: conversation });
        this.none = h(
            "div",
            { class: "conversation__none" },
            icon("inbox"),
            h("p", { class: "conversation__words" }, "Choose a conversation, or wait for an offer."),
            h("p", { class: "conversation__keys" }, h("kbd", {}, "J"), h("kbd", {}, "K"), " move ", h("kbd", {}, "Enter"), " opens ", h("kbd", {}, "?"), " all keys"),
        );
        this.body = h("div", { class: "conversation__body", hidden: true });
        conversation.append(this.none, this.body);
        this.header = new Header(this.body, desk);
        this.handover = new Handover(this.body, desk);
        this.outgoing = desk.outgoing = new Outgoing(desk, { back: (id, text, files) => this.composer.drafting.back(id, text, files) });
        desk.macros = new Macros(desk);
        const pending = new Pending(desk, this.outgoing);
        this.thread = new Thread(this.body, desk, { pending, request: (title) => this.customer.requests.add(title) });
        pending.changed = () => this.thread.isAtEnd && this.thread.toEnd();
        this.composer = new Composer(this.body, desk, this.outgoing);
        this.customer = new CustomerPanel(customer, desk, { insert: (text) => this.#insert(text) });
        desk.live.on("scheduled", (frame) => this.outgoing.told(frame));
        desk.live.on("draft", (frame) => this.composer.drafting.synced.told(frame));
        desk.live.on("viewers", (frame) => frame.conversation === desk.openId && this.thread.viewers.show(frame.agents));
        desk.addEventListener("opened", ({ detail }) => this.#open(detail));
        desk.addEventListener("detail", () => this.#drawDetail());
        desk.addEventListener("log", () => this.thread.draw());
        desk.addEventListener("sent", () => {
            this.thread.toEnd();
            this.thread.draw();
        });
        desk.addEventListener("seen", () => this.#read());
        desk.addEventListener("edit", ({ detail }) => this.#edit(detail.frame));
        desk.addEventListener("ending", () => this.header.press("resolve"));
        desk.addEventListener("claimed", () => this.composer.focus("reply"));
        desk.addEventListener("gone", () => this.#gone());
        for (const type of ["focus", "visibilitychange"]) addEventListener(type, () => this.#read());
    }

    #open({ focus, line, again }) {
        if (line) this.thread.unfold();
        if (again) {
            if (focus) this.composer.focus();
            return;
        }
        const { openId } = this.desk;
        this.none.hidden = Boolean(openId);
        this.body.hidden = !openId;
        this.customer.begin();
        if (!openId) return;
        this.handover.begin();
        this.header.render();
        this.composer.begin();
        this.thread.begin();
        this.outgoing.load(openId);
        this.#read();
        if (focus) this.composer.focus();
    }

    #gone() {
        this.desk.open(null);
        this.desk.toasts.say("This conversation is not there, or not yours to see.", { bad: true });
    }

    #drawDetail() {
        if (this.desk.detailError?.status === 404) {
            this.#gone();
            return;
        }
        this.handover.render();
        this.render();
        this.thread.draw();
    }

    render() {
        if (!this.desk.openId || !this.desk.card) return;
        this.header.render();
        this.composer.refresh();
        this.customer.render();
        this.#read();
    }

    // -- frames of the open conversation

    message(frame) {
        if (frame.conversation !== this.desk.openId) return;
        const fresh = this.desk.transcript.take(frame);
        if (!fresh) return;
        this.thread.draw({ fresh: 1 });
        if (frame.author.kind === "customer") this.thread.showTyping({ on: false });
        if (this.#isLive(frame)) this.#announce(frame);
        this.#read();
    }

    /** The log that is read on opening is old news. */
    #isLive(frame) {
        return this.#isNews(frame) && frame.author.name !== this.desk.store.me?.name;
    }

    /** Told to screen readers wherever they are. */
    say(words) {
        this.announcer.append(h("p", {}, words));
        while (this.announcer.children.length > 5) this.announcer.firstChild.remove();
    }

    #announce(frame) {
        const who = frame.author.kind === "customer" ? customerName(this.desk.card?.customer) : frame.author.name || frame.author.kind;
        const words = frame.note ? `${frame.whisper ? "Whisper" : "Private note"}, ${who}: ${frame.text}` : `${who}: ${frame.text || "sent a file"}`;
        this.say(words);
    }

    event(frame) {
        if (frame.conversation !== this.desk.openId || !this.desk.transcript.take(frame)) return;
        this.thread.draw({ fresh: 0 });
        if (this.#isNews(frame)) this.customer.event(frame);
        if (!FROM_DETAIL.has(frame.kind)) return;
        clearTimeout(this.#detailTimer);
        this.#detailTimer = setTimeout(() => this.desk.loadDetail(), 300);
    }

    #isNews(frame) {
        return Date.now() - Date.parse(frame.created_at) < 30_000;
    }

    delta(frame) {
        if (frame.conversation !== this.desk.openId) return;
        // Pieces may still be on their way when the talk has left the bot.
        if (this.desk.card && this.desk.card.state !== "bot") return;
        this.desk.transcript.delta(frame);
        this.thread.drawSoon();
    }

    typing(frame) {
        if (frame.conversation === this.desk.openId && frame.author?.kind === "customer") {
            this.thread.showTyping({ ...frame, author: { name: customerName(this.desk.card?.customer) } });
        }
    }

    read(frame) {
        const transcript = this.desk.transcripts.get(frame.conversation);
        if (!transcript || frame.seq <= transcript.readTo) return;
        transcript.readTo = frame.seq;
        if (frame.conversation === this.desk.openId) this.thread.draw();
    }

    /** Seen is what stands on a screen that somebody looks at. */
    #read() {
        clearTimeout(this.#readTimer);
        this.#readTimer = setTimeout(() => {
            const looking = document.visibilityState === "visible" && document.hasFocus();
            if (this.desk.openId && looking && this.thread.isAtEnd) this.desk.read();
        }, READ_AFTER);
    }

    #insert(text) {
        this.composer.focus();
        this.composer.insert(text);
    }

    #edit(frame) {
        if (!frame) return;
        this.composer.setMode(frame.note ? "note" : "reply");
        this.composer.insert(frame.text);
    }
}
