// The log of the open conversation on the screen. Keeps the reader's place: it follows what is new
// only when the end is in sight.

import { Choosing } from "./case/choosing.js";
import { avatar, fill, h, icon, Rows, setText } from "./dom.js";
import { iconOf, sentence } from "./events.js";
import { drawMessage, newMessage } from "./message.js";
import { customerName } from "./people.js";
import { day, exact, timeOfDay } from "./times.js";
import { ReadFiles } from "./read_files.js";
import { Viewers } from "./viewers.js";

const NEAR_THE_END = 80;
const TYPING_FOR = 8_000;

export class Thread {
    #atEnd = true;
    #top = 0;
    #unseen = 0;
    #typing = null;
    #frame = null;
    #closed = new Set(); // parts from other conversations that are folded up

    /** @param pending what is to be sent later; @param request (title) => promise of whether it was noted */
    constructor(root, desk, { pending, request }) {
        Object.assign(this, { desk, pending });
        this.log = h("ol", { class: "thread__log", role: "list", "aria-label": "Messages" });
        this.earlier = h("button", { class: "button button--small thread__earlier", type: "button", hidden: true, onclick: () => this.#loadEarlier() }, "Show earlier messages");
        this.writing = h("div", { class: "message message--bot thread__writing", hidden: true, "aria-hidden": "true" });
        this.typing = h("p", { class: "thread__typing", hidden: true });
        this.jump = h("button", { class: "button button--small thread__jump", type: "button", hidden: true, onclick: () => this.toEnd() });
        this.scroller = h(
            "div",
            { class: "thread__scroller", tabindex: "0", role: "region", "aria-label": "Messages" },
            h("div", { class: "thread__inside" }, this.earlier, this.log, this.writing, pending.root, this.typing),
        );
        this.root = h("div", { class: "thread" }, this.scroller, this.jump);
        root.append(this.root);
        this.viewers = new Viewers(this.root, desk);
        this.read = new ReadFiles(desk, () => this.draw());
        this.choosing = new Choosing(desk, { root: this.root, request, draw: () => this.draw() });
        this.rows = new Rows(this.log, { key: (line) => line.key, create: (line) => this.#create(line), update: (row, line) => this.#update(row, line) });
        this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
        const follow = new ResizeObserver(() => this.#atEnd && this.toEnd());
        for (const element of [this.scroller, this.scroller.firstChild]) follow.observe(element);
    }

    /** Another conversation: from its end. */
    begin() {
        this.rows.clear();
        this.#closed.clear();
        this.viewers.begin();
        if (this.choosing.isOn) this.choosing.end();
        this.#unseen = 0;
        this.#atEnd = true;
        this.#hush();
        this.draw();
    }

    draw({ fresh = 0 } = {}) {
        const { transcript, store, card } = this.desk;
        if (!transcript) return;
        const now = Date.now();
        this.rows.show(transcript.lines({ tell: (event) => sentence(event, { nameOf: (id) => store.nameOf(id), now }), closed: this.#closed }));
        this.pending.draw();
        if (this.log.querySelector(".message__files")) this.read.load(this.desk.openId);
        this.earlier.hidden = transcript.floor === 0;
        this.#drawWriting(transcript, card);
        if (this.#atEnd) this.toEnd();
        else this.#unseen += fresh;
        this.#showJump();
    }

    #create(line) {
        if (line.kind === "day") return h("li", { class: "thread__day" }, h("span", {}, day(line.at, Date.now())));
        if (line.kind === "message") {
            const row = newMessage();
            row.customerId = this.desk.card?.customer?.id;
            return row;
        }
        const { event } = line;
        const time = h("time", { datetime: event.created_at, title: exact(event.created_at) }, timeOfDay(event.created_at));
        const words = h("span", { dir: "auto" });
        const row = h("li", { class: `thread__event thread__event--${event.kind}`, "data-offset": event.offset }, icon(iconOf(event.kind)), words, time);
        row.words = words;
        if (line.part) row.append((row.fold = h("button", { class: "button button--small button--quiet thread__fold", type: "button", onclick: () => this.#fold(line.part.key) })));
        return row;
    }

    /** What came along from another conversation is shown or put away. */
    #fold(key) {
        if (!this.#closed.delete(key)) this.#closed.add(key);
        this.draw();
    }

    /** A line that somebody wants to see must not be folded away. */
    unfold() {
        if (this.#closed.size === 0) return;
        this.#closed.clear();
        this.draw();
    }

    #update(row, line) {
        if (line.kind === "event") setText(row.words, line.times > 1 ? `${line.sentence}, ${line.times} times` : line.sentence);
        if (row.fold) {
            const closed = this.#closed.has(line.part.key);
            row.fold.hidden = line.part.count === 0;
            row.fold.setAttribute("aria-expanded", String(!closed));
            setText(row.fold, closed ? `Show ${line.part.count}` : "Hide");
        }
        if (line.kind !== "message") return;
        drawMessage(row, line, {
            me: this.desk.store.me,
            customer: customerName(this.desk.card?.customer),
            retry: (id) => this.desk.retry(id),
            edit: (id) => this.desk.tell("edit", { frame: this.desk.discard(id) }),
            discard: (id) => this.desk.discard(id),
            choosing: this.choosing,
        });
    }

    // -- what is being written

    /** A piece of the bot's answer came: at most one drawing for each picture of the screen. */
    drawSoon() {
        this.#frame ??= requestAnimationFrame(() => {
            this.#frame = null;
            if (!this.desk.transcript) return;
            this.#drawWriting(this.desk.transcript, this.desk.card);
            if (this.#atEnd) this.toEnd();
        });
    }

    #drawWriting(transcript, card) {
        if (card && card.state !== "bot") transcript.stopWriting();
        const text = [...transcript.writing.values()].at(-1);
        this.writing.hidden = text === undefined;
        if (text === undefined) {
            this.writing.replaceChildren();
            return;
        }
        if (!this.writing.firstChild) {
            const bubble = h("div", { class: "message__bubble" }, h("div", { class: "message__text", dir: "auto" }));
            const head = h("p", { class: "message__head" }, h("strong", {}, "Bot"), " is writing");
            fill(this.writing, avatar("Bot", { bot: true, small: true }), h("div", { class: "message__body" }, head, bubble));
        }
        setText(this.writing.querySelector(".message__text"), text);
    }

    /** `text` is what they have written so far, where their page tells it. */
    showTyping({ author, on, text = "" }) {
        clearTimeout(this.#typing);
        if (!on) {
            this.#hush();
            return;
        }
        fill(this.typing, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: text ? "visually-hidden" : null }, `${author.name || "The customer"} is typing`), text ? h("span", { class: "thread__preview", dir: "auto", "aria-hidden": "true" }, text) : null);
        this.typing.hidden = false;
        this.#typing = setTimeout(() => this.#hush(), TYPING_FOR);
        if (this.#atEnd) this.toEnd();
    }

    #hush() {
        clearTimeout(this.#typing);
        this.typing.hidden = true;
        this.typing.replaceChildren();
    }

    // -- the reader's place

    get isAtEnd() {
        return this.#atEnd;
    }

    toEnd() {
        this.scroller.scrollTop = this.scroller.scrollHeight;
        this.#atEnd = true;
        this.#unseen = 0;
        this.#showJump();
    }

    #scrolled() {
        const { scrollTop, clientHeight, scrollHeight } = this.scroller;
        // Only who scrolls up leaves the end; a picture that arrives late does not
        if (scrollHeight - scrollTop - clientHeight < NEAR_THE_END) this.#atEnd = true;
        else if (scrollTop < this.#top) this.#atEnd = false;
        this.#top = scrollTop;
        if (this.#atEnd) {
            this.#unseen = 0;
            this.desk.tell("seen");
        }
        this.#showJump();
    }

    #showJump() {
        this.jump.hidden = this.#atEnd;
        const words = this.#unseen > 0 ? `${this.#unseen} new` : "Newest";
        if (this.jump.dataset.words === words) return;
        this.jump.dataset.words = words;
        fill(this.jump, icon("down"), words);
    }

    async #loadEarlier() {
        const { scrollHeight, scrollTop } = this.scroller;
        this.earlier.setAttribute("aria-busy", "true");
        try {
            await this.desk.loadEarlier();
            this.draw();
            this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
        } catch (error) {
            this.desk.toasts.say(`Earlier messages did not come: ${error.message}`, { bad: true });
        } finally {
            this.earlier.removeAttribute("aria-busy");
        }
    }
}
