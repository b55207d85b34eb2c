// Where an agent writes: to the customer, or a private note that looks like one.

import { Drafting } from "./composer/drafting.js";
import { Macros } from "./composer/macros.js";
import { Mentions } from "./composer/mentions.js";
import { sendMenu } from "./composer/later.js";
import { Replies, unfilled } from "./composer/replies.js";
import { Suggest } from "./composer/suggest.js";
import { Turn } from "./composer/turn.js";
import { Files } from "./files.js";
import { h, icon, iconButton, setText } from "./dom.js";
import { Popover } from "./popover.js";

export const TEXT_LIMIT = 4000;
const COUNTED_FROM = 3500;
const TYPING_EVERY = 3_000;

/** What a press of Enter means: "send", "resolve" (send and resolve), or null: a new line. Pure. */
export function meaningOf(event, { enterSends }) {
    if (event.key !== "Enter" || event.isComposing) return null;
    const command = event.ctrlKey || event.metaKey;
    if (enterSends) return command ? "resolve" : event.shiftKey ? null : "send";
    if (!command) return null;
    return event.shiftKey ? "resolve" : "send";
}

export class Composer {
    #mode = "reply";
    #typedAt = 0;

    constructor(root, desk, outgoing) {
        Object.assign(this, { desk, outgoing });
        this.files = new Files(desk, { changed: () => this.#refresh() });
        this.reply = this.#tab("reply", "Reply", "R", "reply");
        this.note = this.#tab("note", "Note", "N", "lock");
        this.words = h("textarea", { class: "composer__words", rows: "2", dir: "auto", "aria-describedby": "composer-hint", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onpaste: (event) => this.#paste(event), onblur: () => this.#stopTyping() });
        const put = (text, place, doubt) => this.#put(text, place, doubt);
        this.replies = new Replies(desk, { put, isReply: () => this.#mode === "reply" });
        this.suggest = new Suggest(this.words, [this.replies, new Mentions(desk, { put, isNote: () => this.#mode === "note" })]);
        this.drafting = new Drafting(desk, { show: (text) => this.#show(text), back: (files, at) => this.#returned(files, at), put: (text) => (this.focus("reply"), this.insert(text)) });
        this.strips = this.drafting.strips;
        this.#build(root);
        desk.settings.addEventListener("change", () => this.#refresh());
    }

    #build(root) {
        const { desk } = this;
        this.hint = h("span", { class: "composer__hint", id: "composer-hint" });
        this.count = h("span", { class: "composer__count numeric", role: "status" });
        this.send = h("button", { class: "button button--primary composer__send", type: "button", onclick: () => this.submit() }, icon("send"), h("span", {}, "Send"));
        this.more = h("button", { class: "button button--primary composer__more", type: "button", "aria-label": "More ways to send", title: "More ways to send" }, icon("chevron"));
        this.menu = new Popover({ anchor: this.more, label: "More ways to send", build: (close) => sendMenu({ desk, close, may: this.#problem === null, later: (at, unless) => this.#later(at, unless), resolve: () => this.submitAndResolve() }) });
        this.attach = iconButton("attach", "Attach a file", () => this.files.choose());
        this.canned = iconButton("canned", "Canned replies (write / )", () => this.#begin("/"));
        this.mention = iconButton("at", "Mention a colleague or team (write @ )", () => this.#begin("@"));
        const macros = new Macros(desk);
        this.macros = iconButton("bolt", "Macros", () => {});
        this.macroMenu = new Popover({ anchor: this.macros, label: "Macros", align: "start", build: (close) => macros.panel(close) });
        this.share = iconButton("share", "Show this draft to colleagues here", () => this.drafting.share(this.words.value.trim()));
        this.bar = h("div", { class: "composer__bar" }, this.attach, this.files.input, this.canned, this.mention, this.macros, this.share, this.hint, this.count, h("span", { class: "composer__sends" }, this.send, this.more));
        this.box = h("div", { class: "composer__box" }, this.suggest.root, this.words, this.files.list, this.bar);
        this.turn = new Turn(desk);
        this.tabs = h("div", { class: "composer__tabs", role: "group", "aria-label": "What to write" }, this.reply, this.note);
        this.root = h("section", { class: "composer", "aria-label": "Write" }, this.turn.root, this.strips.root, this.tabs, this.box);
        this.root.addEventListener("dragover", (event) => event.preventDefault());
        this.root.addEventListener("drop", (event) => this.#drop(event));
        root.append(this.root);
    }

    #tab(mode, word, key, sign) {
        return h("button", { class: "composer__tab", type: "button", "aria-pressed": "false", "aria-keyshortcuts": key, title: `${word} (${key})`, onclick: () => this.focus(mode) }, icon(sign), word);
    }

    // -- whose turn

    /** Another conversation: its own draft, no files. */
    begin() {
        this.files.clear();
        this.suggest.close();
        this.replies.begin();
        const draft = this.desk.drafts.of(this.desk.openId);
        this.setMode(draft.mode ?? "reply", { keep: false });
        this.drafting.begin();
        this.refresh();
    }

    /** The conversation changed hands: replies are for whoever holds it. */
    refresh() {
        const { card } = this.desk;
        if (!card) return;
        const mine = this.desk.isMine;
        this.reply.disabled = !mine;
        if (!mine && this.#mode === "reply") this.setMode("note");
        else if (mine && this.wasMine === false && !this.words.value) this.setMode("reply");
        this.wasMine = mine;
        this.turn.render(card, mine);
        this.#refresh();
    }

    // -- writing

    focus(mode = this.#mode) {
        if (mode === "reply" && this.reply.disabled) mode = "note";
        this.setMode(mode);
        this.words.focus();
    }

    setMode(mode, { keep = true } = {}) {
        if (keep) this.#keep();
        this.#mode = mode;
        this.words.value = this.desk.drafts.of(this.desk.openId)[mode] ?? "";
        this.root.dataset.mode = mode;
        this.reply.setAttribute("aria-pressed", String(mode === "reply"));
        this.note.setAttribute("aria-pressed", String(mode === "note"));
        const note = mode === "note";
        this.words.setAttribute("aria-label", note ? "Private note, only colleagues see it" : "Reply to the customer");
        this.words.placeholder = note ? "A note for colleagues. The customer never sees it. @ calls somebody." : "Write a reply, / for canned ones";
        this.strips.showDoubt(null);
        this.suggest.close();
        this.#refresh();
    }

    /** Put words where the cursor is (a sentence or a link from an article). */
    insert(text) {
        const { words } = this;
        const before = words.value.slice(0, words.selectionStart);
        const gap = before && !/\s$/.test(before) ? " " : "";
        words.setRangeText(gap + text, words.selectionStart, words.selectionEnd, "end");
        words.focus();
        this.#typed();
    }

    /** A choice takes the place of the letters that asked for it. */
    #put(text, { from, to }, doubt) {
        const { words } = this;
        words.setRangeText(text, from, Math.min(to, words.value.length), "end");
        words.focus();
        this.#typed();
        this.strips.showDoubt(doubt);
    }

    /** A sign is written as if it had been typed, and proposals come. */
    #begin(sign) {
        this.words.focus();
        this.insert(sign);
        this.suggest.look();
    }

    #typed() {
        this.#keep();
        this.#refresh();
        if (unfilled(this.words.value).length === 0) this.strips.showDoubt(null);
        if (this.#mode !== "reply" || !this.desk.isMine) return;
        this.drafting.synced.typed();
        if (!this.words.value) this.#stopTyping();
        else if (Date.now() - this.#typedAt > TYPING_EVERY) {
            this.#typedAt = Date.now();
            this.desk.live.tell({ type: "typing", conversation: this.desk.openId, on: true });
        }
    }

    #stopTyping() {
        if (this.#typedAt === 0) return;
        this.#typedAt = 0;
        this.desk.live.tell({ type: "typing", conversation: this.desk.openId, on: false });
    }

    #keep() {
        if (!this.desk.openId) return;
        const draft = this.desk.drafts.of(this.desk.openId);
        this.desk.drafts.keep(this.desk.openId, { ...draft, [this.#mode]: this.words.value, mode: this.#mode });
    }

    #key(event) {
        if (this.suggest.key(event)) return;
        if (event.key === "Escape") this.words.blur();
        if (event.key === "z" && (event.ctrlKey || event.metaKey) && !this.words.value && this.#undo()) event.preventDefault();
        const meaning = meaningOf(event, { enterSends: this.desk.settings.get("enterSends") });
        if (!meaning) return;
        event.preventDefault();
        if (meaning === "resolve" && this.#mode === "reply") this.submitAndResolve();
        else this.submit();
    }

    /** The last words that can still be taken back. */
    #undo() {
        const last = this.outgoing.undoable(this.desk.openId);
        if (last) this.outgoing.takeBack(last);
        return Boolean(last);
    }

    #paste(event) {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        this.files.add(files);
    }

    #drop(event) {
        event.preventDefault();
        this.files.add([...(event.dataTransfer?.files ?? [])]);
    }

    #show(text) {
        if (this.#mode === "reply") this.words.value = text;
        this.#refresh();
    }

    #returned(files, at) {
        this.files.restore(files);
        this.setMode("reply", { keep: false });
        this.words.focus();
        this.words.setSelectionRange(at, at);
    }

    // -- sending

    get #problem() {
        const length = this.words.value.trim().length;
        if (this.words.value.length > TEXT_LIMIT) return `Up to ${TEXT_LIMIT} letters`;
        if (this.files.busy) return "Files are on their way";
        return length === 0 && this.files.ready.length === 0 ? "" : null;
    }

    /** The words leave the field. */
    #taken() {
        const said = { text: this.words.value.trim(), files: this.files.ready };
        this.words.value = "";
        this.suggest.close();
        this.#stopTyping();
        this.#keep();
        this.files.clear();
        this.strips.showDoubt(null);
        this.strips.showOffered(null, {});
        if (this.#mode === "reply") {
            this.drafting.synced.typed();
            this.drafting.synced.flush();
        }
        return said;
    }

    /** Resolves to true once it is stored, or kept for the seconds in which it can be taken back. */
    async submit({ now = false } = {}) {
        if (this.#problem !== null) return false;
        const { desk } = this;
        const conversation = desk.openId;
        const note = this.#mode === "note";
        const said = this.#taken();
        if (note && desk.isMine) this.setMode("reply"); // the next words are for the customer again
        const seconds = desk.settings.get("undo");
        if (note || now || !seconds || desk.live.status !== "online") return desk.say({ ...said, note });
        return (await this.outgoing.hand({ conversation, ...said, seconds })) !== "refused";
    }

    async #later(at, unless) {
        if (this.#problem !== null) return;
        const conversation = this.desk.openId;
        await this.outgoing.hand({ conversation, ...this.#taken(), at, unless });
    }

    async submitAndResolve() {
        const id = this.desk.openId;
        if (!this.desk.isMine) return;
        await this.outgoing.flush(id);
        if (this.#problem === null && !(await this.submit({ now: true }))) return;
        if (id === this.desk.openId) await this.desk.resolve("solved");
    }

    #refresh() {
        const { settings } = this.desk;
        const problem = this.#problem;
        const note = this.#mode === "note";
        this.send.disabled = problem !== null;
        setText(this.send.lastChild, note ? "Add note" : "Send");
        this.more.hidden = note;
        this.canned.hidden = note;
        this.mention.hidden = !note;
        this.share.hidden = note || !this.words.value.trim();
        const [gap] = note ? [] : unfilled(this.words.value);
        if (gap) this.strips.showDoubt(`Nobody filled in ${gap}.`);
        setText(this.hint, problem || (settings.get("enterSends") ? "Enter sends" : "Ctrl+Enter sends"));
        const { length } = this.words.value;
        setText(this.count, length >= COUNTED_FROM ? `${TEXT_LIMIT - length} left` : "");
        if (!CSS.supports("field-sizing", "content")) this.#grow();
    }

    #grow() {
        this.words.style.height = "auto";
        this.words.style.height = `${this.words.scrollHeight}px`;
    }
}
