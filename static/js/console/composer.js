// Where an agent writes: to the customer, or a private note that looks like one.

import { Bar } from "./composer/bar.js";
import { Drafting } from "./composer/drafting.js";
import { Help } from "./composer/help.js";
import { Mentions } from "./composer/mentions.js";
import { Outgo } from "./composer/outgo.js";
import { Replies, unfilled } from "./composer/replies.js";
import { meaningOf, Sending } from "./composer/sending.js";
import { Suggest } from "./composer/suggest.js";
import { Turn } from "./composer/turn.js";
import { Typing } from "./composer/typing.js";
import { Files } from "./files.js";
import { h, icon } from "./dom.js";

const PLACEHOLDERS = {
    reply: ["Reply to the customer", "Write a reply, / for canned ones"],
    note: ["Private note, only colleagues see it", "A note for colleagues. The customer never sees it. @ calls somebody."],
};

export class Composer {
    #mode = "reply";

    constructor(root, desk, outgoing) {
        this.desk = desk;
        this.files = new Files(desk, { changed: () => this.#refresh() });
        this.typing = new Typing(desk);
        this.reply = this.#tab("reply", "Reply", "R", "reply");
        this.note = this.#tab("note", "Note", "N", "lock");
        this.words = h("textarea", { class: "composer__words", rows: "2", dir: "auto", "aria-describedby": "composer-hint", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onpaste: (event) => this.#paste(event), onblur: () => this.typing.stop() });
        const isNote = () => this.#mode === "note";
        const put = (text, place, doubt) => this.#put(text, place, doubt);
        this.replies = new Replies(desk, { put, isReply: () => !isNote() });
        this.suggest = new Suggest(this.words, [this.replies, new Mentions(desk, { put, isNote })]);
        this.drafting = new Drafting(desk, { show: (text) => this.#show(text), back: (files, at) => this.#returned(files, at), put: (text) => (this.focus("reply"), this.insert(text)) });
        this.strips = this.drafting.strips;
        this.outgo = new Outgo(desk, { words: () => this.words.value, isReply: () => !isNote(), changed: () => this.bar && this.#refresh() });
        this.sending = new Sending(desk, { outgoing, outgo: this.outgo, files: this.files, words: () => this.words.value, isNote, take: () => this.#taken(), after: () => this.setMode("reply") });
        this.bar = new Bar(desk, { files: this.files, sending: this.sending, begin: (sign) => this.#begin(sign), share: () => this.drafting.share(this.words.value.trim()), show: (text) => this.#rewritten(text) });
        this.turn = new Turn(desk);
        this.help = new Help(desk, { put: (text) => this.#helped(text), isReply: () => !isNote() });
        const box = h("div", { class: "composer__box" }, this.suggest.root, this.words, this.files.list, this.bar.root);
        const tabs = h("div", { class: "composer__tabs", role: "group", "aria-label": "What to write" }, this.reply, this.note);
        this.root = h("section", { class: "composer", "aria-label": "Write" }, this.turn.root, this.help.root, this.strips.root, this.outgo.root, tabs, box);
        this.root.addEventListener("dragover", (event) => event.preventDefault());
        this.root.addEventListener("drop", (event) => this.#drop(event));
        root.append(this.root);
        desk.settings.addEventListener("change", () => this.#refresh());
    }

    #tab(mode, word, key, sign) {
        return h("button", { class: "composer__tab", type: "button", "aria-pressed": "false", "aria-keyshortcuts": key, title: `${word} (${key})`, onclick: () => this.focus(mode) }, icon(sign), word);
    }

    // -- whose turn

    /** Another conversation: its own draft and files. */
    begin() {
        this.files.begin();
        this.suggest.close();
        this.replies.begin();
        const draft = this.desk.drafts.of(this.desk.openId);
        this.setMode(draft.mode ?? "reply", { keep: false });
        this.drafting.begin();
        this.refresh();
        this.help.begin();
        this.outgo.begin();
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
        if (mine && this.helpedIn !== this.desk.openId) this.help.begin();
        this.helpedIn = mine ? this.desk.openId : null;
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
        const [label, placeholder] = PLACEHOLDERS[mode];
        this.words.setAttribute("aria-label", label);
        this.words.placeholder = placeholder;
        this.strips.showDoubt(null);
        this.suggest.close();
        this.help?.draw();
        this.outgo?.look();
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

    /** A suggestion: it is the reply, or comes behind what was begun. */
    #helped(text) {
        this.focus("reply");
        const { words } = this;
        words.setSelectionRange(words.value.length, words.value.length);
        this.insert(text);
    }

    #rewritten(text) {
        this.words.value = text;
        this.words.focus();
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
        this.outgo.look();
        if (unfilled(this.words.value).length === 0) this.strips.showDoubt(null);
        if (this.#mode !== "reply" || !this.desk.isMine) return;
        this.drafting.synced.typed();
        this.typing.wrote(this.words.value);
    }

    #keep() {
        if (!this.desk.openId) return;
        const draft = this.desk.drafts.of(this.desk.openId);
        this.desk.drafts.keep(this.desk.openId, { ...draft, [this.#mode]: this.words.value, mode: this.#mode });
    }

    #key(event) {
        if (this.suggest.key(event)) return;
        if (event.key === "Escape") this.words.blur();
        if (event.key === "z" && (event.ctrlKey || event.metaKey) && !this.words.value && this.sending.undo()) event.preventDefault();
        const meaning = meaningOf(event, { enterSends: this.desk.settings.get("enterSends") });
        if (!meaning) return;
        event.preventDefault();
        if (meaning === "resolve" && this.#mode === "reply") this.sending.sendAndResolve();
        else this.sending.send();
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

    /** The words leave the field. */
    #taken() {
        const said = { text: this.words.value.trim(), files: this.files.ready };
        this.words.value = "";
        this.suggest.close();
        this.typing.stop();
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

    #refresh() {
        const note = this.#mode === "note";
        const { value } = this.words;
        this.bar?.show({ note, words: value });
        const [gap] = note ? [] : unfilled(value);
        if (gap) this.strips.showDoubt(`Nobody filled in ${gap}.`);
        if (!CSS.supports("field-sizing", "content")) this.#grow();
    }

    #grow() {
        this.words.style.height = "auto";
        this.words.style.height = `${this.words.scrollHeight}px`;
    }
}
