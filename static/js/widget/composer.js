// Where the customer writes. Words typed here are never thrown away by anything but sending.

import { emojiPicker } from "./emoji.js";
import { fill, h, icon } from "./dom.js";
import { sizeInWords } from "./times.js";
import { MOST_FILES, objection, upload } from "./uploads.js";

export const TEXT_LIMIT = 4000;
const WARN_FROM = 3600;
const MOST_LINES = 5;
const TYPING_EVERY = 3000;
const TYPING_OVER = 5000;
const PREVIEW_AFTER = 400; // of silence; who writes on is shown now and then
const PREVIEW_AT_LATEST = 1500;

export class ChatComposer extends HTMLElement {
    #files = new Map();
    #typingSaid = 0;
    #typingOver = null;
    #previewSoon = null;
    #previewFrom = null;
    #picker = null;
    #isBusy = false;

    /** `token()` gives the session's token for uploads; `mostBytes` the limit of one file. */
    begin({ t, language, token, mostBytes, notebook }) {
        Object.assign(this, { t, language, token, mostBytes, notebook });
        this.text = h("textarea", {
            class: "composer__text", rows: "1", id: "message", placeholder: t("writeHere"), dir: "auto",
            "aria-label": t("writeHere"), "aria-describedby": "composer-status", autocomplete: "off", enterkeyhint: "send",
        });
        this.input = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-hidden": "true" });
        this.chips = h("ul", { class: "composer__files", role: "list", hidden: true });
        this.status = h("p", { class: "composer__status", id: "composer-status", role: "status", hidden: true });
        this.error = h("p", { class: "composer__error", role: "alert", hidden: true });
        this.emojiButton = h("button", { class: "button button--icon", type: "button", "aria-label": t("emoji"), title: t("emoji"), "aria-expanded": "false", onclick: () => this.#togglePicker() }, icon("emoji"));
        const attach = h("button", { class: "button button--icon", type: "button", "aria-label": t("attach"), title: t("attach"), onclick: () => this.input.click() }, icon("attach"));
        this.sendButton = h("button", { class: "composer__send", type: "submit", "aria-label": t("send"), title: t("send"), disabled: true }, icon("send"));
        const form = h("form", { class: "composer" },
            this.error,
            this.chips,
            h("div", { class: "composer__box" }, h("div", { class: "composer__tools" }, attach, this.emojiButton), this.text, this.sendButton),
            this.status,
        );
        fill(this, form, this.input);
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#send();
        });
        this.#listen();
        this.text.value = this.notebook.get("draft", "");
        this.#changed();
    }

    #listen() {
        this.text.addEventListener("input", () => {
            this.#changed();
            this.#typing();
            this.notebook.set("draft", this.text.value);
        });
        this.text.addEventListener("keydown", (event) => {
            // While an input method composes, Enter picks a word and must not send
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            this.#send();
        });
        this.text.addEventListener("paste", (event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length === 0) return;
            event.preventDefault();
            this.addFiles(files);
        });
        this.input.addEventListener("change", () => {
            this.addFiles([...this.input.files]);
            this.input.value = "";
        });
    }

    focusText() {
        this.text.focus({ preventScroll: true });
    }

    /** Words taken back from a message that could not be sent. */
    putBack(text) {
        this.text.value = this.text.value ? `${text}\n${this.text.value}` : text;
        this.notebook.set("draft", this.text.value);
        this.#changed();
        this.focusText();
    }

    say(words) {
        this.error.textContent = words;
        this.error.hidden = !words;
    }

    // -- text

    #changed() {
        const { text } = this;
        text.style.setProperty("height", "auto");
        const line = parseFloat(getComputedStyle(text).lineHeight) || 21;
        const room = text.offsetHeight - text.clientHeight + 20;
        text.style.setProperty("height", `${Math.min(text.scrollHeight, line * MOST_LINES + room)}px`);
        const length = [...text.value].length;
        const left = TEXT_LIMIT - length;
        const words = left < 0 ? this.t("tooLong") : this.t("charactersLeft", { count: left });
        this.status.hidden = length < WARN_FROM;
        this.status.classList.toggle("is-over", left < 0);
        if (!this.status.hidden) this.status.textContent = left < 0 ? `${words} (${-left})` : words;
        const uploading = [...this.#files.values()].some((file) => !file.id);
        const something = text.value.trim() !== "" || this.#files.size > 0;
        this.sendButton.disabled = !something || left < 0 || uploading;
        this.#isBusy = uploading;
    }

    #typing() {
        const now = Date.now();
        if (this.text.value && now - this.#typingSaid > TYPING_EVERY) {
            this.#typingSaid = now;
            this.#tell("typing", true);
        }
        clearTimeout(this.#typingOver);
        this.#typingOver = setTimeout(() => this.#typingEnds(), TYPING_OVER);
        clearTimeout(this.#previewSoon);
        this.#previewFrom ??= now;
        const wait = Math.max(0, Math.min(PREVIEW_AFTER, this.#previewFrom + PREVIEW_AT_LATEST - now));
        this.#previewSoon = setTimeout(() => this.#preview(), wait);
    }

    /** Where the inbox shows agents what is being written; the page around decides. */
    #preview() {
        this.#previewFrom = null;
        this.#tell("preview", this.text.value);
    }

    #typingEnds() {
        clearTimeout(this.#typingOver);
        clearTimeout(this.#previewSoon);
        this.#previewFrom = null;
        if (this.#typingSaid) this.#tell("typing", false);
        this.#typingSaid = 0;
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
    }

    #send() {
        if (this.sendButton.disabled) return;
        const text = this.text.value.trim();
        const attachments = [...this.#files.values()].map(({ id, name, size, content_type, url, preview }) => ({ id, name, size, content_type, url, preview }));
        this.text.value = "";
        this.notebook.remove("draft");
        this.#files.clear();
        this.#drawFiles();
        this.say("");
        this.#typingEnds();
        this.#changed();
        this.#tell("say", { text, attachments });
        this.focusText();
    }

    // -- emoji

    #togglePicker() {
        if (this.#picker) {
            this.#closePicker();
            return;
        }
        this.#picker = emojiPicker({ t: this.t, language: this.language, choose: (emoji) => this.#insert(emoji) });
        this.querySelector(".composer__box").before(this.#picker);
        this.emojiButton.setAttribute("aria-expanded", "true");
        this.#picker.querySelector("button").focus();
    }

    #closePicker() {
        this.#picker?.remove();
        this.#picker = null;
        this.emojiButton.setAttribute("aria-expanded", "false");
        this.emojiButton.focus();
    }

    #insert(emoji) {
        this.#closePicker();
        if (!emoji) return;
        const { selectionStart, selectionEnd } = this.text;
        this.text.setRangeText(emoji, selectionStart, selectionEnd, "end");
        this.text.dispatchEvent(new Event("input", { bubbles: true }));
        this.focusText();
    }

    // -- files

    addFiles(files) {
        this.say("");
        for (const file of files) {
            if (this.#files.size >= MOST_FILES) {
                this.say(this.t("uploadTooMany"));
                break;
            }
            const problem = objection(file, { mostBytes: this.mostBytes });
            if (problem) this.#complain(problem, file.name);
            else this.#upload(file);
        }
        this.#drawFiles();
        this.#changed();
    }

    #complain(key, name) {
        this.say(this.t(key, { name, size: sizeInWords(this.mostBytes, this.language) }));
    }

    async #upload(file) {
        const key = crypto.randomUUID();
        const entry = { key, name: file.name || "image.png", size: file.size, content_type: file.type, progress: 0, id: null };
        if (file.type.startsWith("image/")) entry.preview = URL.createObjectURL(file);
        this.#files.set(key, entry);
        try {
            const token = await this.token();
            if (!this.#files.has(key)) return;
            const sending = upload(file, { token, onprogress: (share) => this.#progress(entry, share) });
            entry.stop = sending.stop;
            Object.assign(entry, await sending.done);
        } catch (error) {
            this.#files.delete(key);
            if (error?.key !== null) this.#complain(error?.key ?? "uploadFailed", entry.name);
        }
        this.#drawFiles();
        this.#changed();
    }

    #progress(entry, share) {
        entry.progress = share;
        const bar = this.chips.querySelector(`[data-key="${entry.key}"] progress`);
        if (bar) bar.value = share;
    }

    #drawFiles() {
        this.chips.hidden = this.#files.size === 0;
        fill(this.chips, [...this.#files.values()].map((entry) => this.#chip(entry)));
    }

    #chip(entry) {
        const remove = () => {
            this.#files.delete(entry.key);
            entry.stop?.();
            this.#drawFiles();
            this.#changed();
            this.focusText();
        };
        return h(
            "li",
            { class: "attached", "data-key": entry.key },
            entry.preview ? h("img", { src: entry.preview, alt: "" }) : icon("file"),
            h("span", { class: "attached__words" }, h("span", { class: "truncate" }, entry.name),
                entry.id
                    ? h("span", { class: "faint" }, sizeInWords(entry.size, this.language))
                    : h("progress", { max: "1", value: entry.progress, "aria-label": this.t("uploading", { name: entry.name }) })),
            h("button", { class: "button button--icon attached__remove", type: "button", "aria-label": this.t("remove", { name: entry.name }), onclick: remove }, icon("close")),
        );
    }
}

customElements.define("chat-composer", ChatComposer);
