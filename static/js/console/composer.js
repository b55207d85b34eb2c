// Where an agent writes: to the customer, or a private note that looks like one.

import { Files } from "./files.js";
import { h, icon, iconButton, setText } from "./dom.js";
import { Popover } from "./popover.js";

export const TEXT_LIMIT = 4000;
const COUNTED_FROM = 3500;
const TYPING_EVERY = 3_000;

export class Composer {
    #mode = "reply";
    #typedAt = 0;

    constructor(root, desk) {
        this.desk = desk;
        this.files = new Files(desk, { changed: () => this.#refresh() });
        this.reply = this.#tab("reply", "Reply", "R", "reply");
        this.note = this.#tab("note", "Note", "N", "lock");
        this.words = h("textarea", { class: "composer__words", rows: "2", dir: "auto", "aria-describedby": "composer-hint", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onpaste: (event) => this.#paste(event), onblur: () => this.#stopTyping() });
        this.hint = h("span", { class: "composer__hint", id: "composer-hint" });
        this.count = h("span", { class: "composer__count numeric", role: "status" });
        this.send = h("button", { class: "button button--primary composer__send", type: "button", onclick: () => this.submit() }, icon("send"), h("span", {}, "Send"));
        this.more = h("button", { class: "button button--primary composer__more", type: "button", "aria-label": "More ways to send", title: "More ways to send" }, icon("chevron"));
        this.menu = new Popover({ anchor: this.more, label: "More ways to send", kind: "panel panel--narrow", build: (close) => this.#choices(close) });
        this.attach = iconButton("attach", "Attach a file", () => this.files.choose());
        this.bar = h("div", { class: "composer__bar" }, this.attach, this.files.input, this.hint, this.count, h("span", { class: "composer__sends" }, this.send, this.more));
        this.box = h("div", { class: "composer__box" }, this.words, this.files.list, this.bar);
        this.notMine = h("div", { class: "composer__not-mine", hidden: true });
        this.tabs = h("div", { class: "composer__tabs", role: "group", "aria-label": "What to write" }, this.reply, this.note);
        this.root = h("section", { class: "composer", "aria-label": "Write" }, this.notMine, this.tabs, this.box);
        this.root.addEventListener("dragover", (event) => event.preventDefault());
        this.root.addEventListener("drop", (event) => this.#drop(event));
        root.append(this.root);
        desk.settings.addEventListener("change", () => this.#refresh());
    }

    #tab(mode, word, key, sign) {
        return h("button", { class: "composer__tab", type: "button", "aria-pressed": "false", "aria-keyshortcuts": key, title: `${word} (${key})`, onclick: () => this.focus(mode) }, icon(sign), word);
    }

    // -- whose turn

    /** Another conversation: its own draft, no files. */
    begin() {
        this.files.clear();
        const draft = this.desk.drafts.of(this.desk.openId);
        this.setMode(draft.mode ?? "reply", { keep: false });
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
        this.notMine.hidden = mine;
        const words = whoHasIt(card);
        if (!mine && this.notMine.dataset.words !== words) {
            this.notMine.dataset.words = words;
            this.notMine.replaceChildren(h("span", {}, words), this.#takeButton(card) ?? "");
        }
        this.#refresh();
    }

    #takeButton(card) {
        const { desk } = this;
        const button = (word, onclick) => h("button", { class: "button button--small button--primary", type: "button", onclick }, word);
        if (card.state === "resolved") return button("Open again", () => desk.reopen());
        if (card.state === "queued") return button("Take it", () => desk.claim());
        return null;
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
        this.words.placeholder = note ? "A note for colleagues. The customer never sees it." : "Write a reply";
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

    #typed() {
        this.#keep();
        this.#refresh();
        if (this.#mode !== "reply" || !this.desk.isMine) return;
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
        if (event.key === "Escape") this.words.blur();
        if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
        const always = event.ctrlKey || event.metaKey;
        if (!always && !this.desk.settings.get("enterSends")) return;
        event.preventDefault();
        this.submit();
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

    // -- sending

    get #problem() {
        const length = this.words.value.trim().length;
        if (this.words.value.length > TEXT_LIMIT) return `Up to ${TEXT_LIMIT} letters`;
        if (this.files.busy) return "Files are on their way";
        return length === 0 && this.files.ready.length === 0 ? "" : null;
    }

    /** Resolves to true once it is stored. */
    async submit() {
        if (this.#problem !== null) return false;
        const note = this.#mode === "note";
        const stored = this.desk.say({ text: this.words.value.trim(), note, files: this.files.ready });
        this.words.value = "";
        this.#stopTyping();
        this.#keep();
        this.files.clear();
        if (note && this.desk.isMine) this.setMode("reply"); // the next words are for the customer again
        return stored;
    }

    async submitAndResolve() {
        const id = this.desk.openId;
        if (this.#problem === null && !(await this.submit())) return;
        if (id === this.desk.openId) await this.desk.resolve("solved");
    }

    #choices(close) {
        const { settings } = this.desk;
        const toggle = h("input", { type: "checkbox", checked: settings.get("enterSends"), onchange: () => settings.set("enterSends", toggle.checked) });
        return [
            h("button", { class: "panel__choice", type: "button", disabled: !this.desk.isMine, onclick: () => (close(), this.submitAndResolve()) }, icon("check"), "Send and resolve"),
            h("label", { class: "panel__choice check" }, toggle, "Enter sends, Shift+Enter makes a line"),
        ];
    }

    #refresh() {
        const { settings } = this.desk;
        const problem = this.#problem;
        this.send.disabled = problem !== null;
        setText(this.send.lastChild, this.#mode === "note" ? "Add note" : "Send");
        this.more.hidden = this.#mode === "note";
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

function whoHasIt(card) {
    if (card.state === "bot") return "The bot is answering. You can leave a note.";
    if (card.state === "queued") return "Waiting for a person. Take it to reply.";
    if (card.state === "resolved") return "Resolved. Open it again to reply.";
    return card.assignee ? `${card.assignee.name} has it. You can leave a note.` : "You can leave a note.";
}
