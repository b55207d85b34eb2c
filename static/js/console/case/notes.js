// What colleagues should know of this customer, in every conversation.

import { avatar, h } from "../dom.js";
import { exact } from "../times.js";
import { patched, put, without } from "./file.js";
import { ago } from "./requests.js";
import { quiet, Section, tiny } from "./section.js";
import { soon, Undone } from "./soon.js";

const LIMIT = 4000;

/** Pinned ones first, the newest of each first. Pure. */
export function inOrder(notes) {
    return [...notes].sort((a, b) => b.is_pinned - a.is_pinned || Date.parse(b.created_at) - Date.parse(a.created_at));
}

export class Notes {
    #editing = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.section = new Section({ name: "notes", title: "Notes on the customer", settings: desk.settings });
    }

    get root() {
        return this.section.root;
    }

    begin() {
        this.#editing = null;
        this.section.begin();
    }

    render() {
        const notes = this.file.customer?.notes;
        if (!notes) return;
        this.section.show([notes, this.#editing], () => this.#build(inOrder(notes)), { count: notes.length });
    }

    #build(notes) {
        return [
            this.#form({ label: "Add a note for colleagues", word: "Add note", key: "new note", save: (text, again) => this.#add(text, again) }),
            h("ul", { class: "rows-list", role: "list" }, notes.map((note) => h("li", {}, note.id === this.#editing ? this.#edit(note) : this.#one(note)))),
        ];
    }

    #form({ label, word, key, text = "", save, cancel = null }) {
        const field = h("textarea", { class: "input input--small", rows: text ? "3" : "1", maxlength: LIMIT, dir: "auto", placeholder: label, "aria-label": label, "data-key": key, value: text });
        const submit = () => {
            const words = field.value.trim();
            if (!words) return;
            field.value = "";
            this.section.settle();
            save(words, (again) => (field.value ||= again));
        };
        field.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
                event.preventDefault();
                submit();
            }
            if (event.key === "Escape" && cancel) cancel();
        });
        return h("div", { class: "note-form" }, field, h("div", { class: "note-form__verbs" }, h("button", { class: "button button--small", type: "button", onclick: submit }, word), cancel ? quiet("Cancel", null, cancel) : null));
    }

    #one(note) {
        const mine = note.agent?.id === this.desk.store.me?.id;
        const away = mine || this.desk.store.may("supervise_conversations");
        const fresh = note.id === "new";
        const pin = tiny("pin", note.is_pinned ? "Take the pin off" : "Pin on top", () => this.#pin(note), { "aria-pressed": String(note.is_pinned), "data-key": `pin ${note.id}`, disabled: fresh });
        return h(
            "article",
            { class: `customer-note${note.is_pinned ? " customer-note--pinned" : ""}` },
            h("header", { class: "customer-note__head" }, avatar(note.agent?.name ?? "?", { small: true }), h("strong", {}, note.agent?.name ?? "Somebody"), h("time", { datetime: note.created_at, title: exact(note.created_at) }, ago(note.created_at), note.edited_at ? ", edited" : ""), h("span", { class: "customer-note__verbs" }, pin, mine ? tiny("edit", "Edit this note", () => this.#open(note.id), { disabled: fresh }) : null, away ? tiny("trash", "Remove this note", () => this.#remove(note), { disabled: fresh }) : null)),
            h("p", { class: "customer-note__text", dir: "auto" }, note.text),
        );
    }

    #open(id) {
        this.#editing = id;
        this.section.redraw();
        this.render();
        this.section.content.querySelector(`[data-key="note ${id}"]`)?.focus();
    }

    #edit(note) {
        return this.#form({ label: "Note", word: "Save", key: `note ${note.id}`, text: note.text, cancel: () => this.#open(null), save: (text) => {
            this.#open(null);
            this.#change(note, { text }, { text, edited_at: new Date().toISOString() });
        } });
    }

    async #add(text, again) {
        const row = { id: "new", agent: this.desk.store.me, text, is_pinned: false, created_at: new Date().toISOString(), edited_at: null };
        const { ok } = await this.file.act({
            part: "customer",
            change: (state) => ({ ...state, notes: [row, ...state.notes] }),
            ask: () => this.desk.api.post(this.file.ofCustomer("notes/"), { text }),
            settle: (state, made) => ({ ...state, notes: [made, ...state.notes] }),
            words: "Not noted",
        });
        if (!ok) again(text);
    }

    #pin(note) {
        return this.#change(note, { is_pinned: !note.is_pinned });
    }

    #change(note, fields, shown = fields) {
        return this.file.act({
            part: "customer",
            change: (state) => ({ ...state, notes: patched(state.notes, note.id, shown) }),
            ask: () => this.desk.api.patch(this.file.ofCustomer(`notes/${note.id}/`), fields),
            settle: (state, made) => ({ ...state, notes: put(state.notes, made) }),
            words: "Not changed",
        });
    }

    /** Its author and moment cannot be made again: it goes when nobody undid it. */
    async #remove(note) {
        const path = this.file.ofCustomer(`notes/${note.id}/`);
        const { error } = await this.file.act({
            part: "customer",
            change: (state) => ({ ...state, notes: without(state.notes, note.id) }),
            ask: async () => {
                if (!(await soon(this.desk.toasts, "Note removed"))) throw new Undone();
                return this.desk.api.remove(path);
            },
            words: null,
        });
        if (error && !(error instanceof Undone)) this.desk.toasts.say(`Not removed: ${error.message}`, { bad: true });
    }
}
