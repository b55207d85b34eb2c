// What a machine read in the pictures and voice notes of a conversation: shown below each, and marked so.

import { h, icon } from "./dom.js";

const said = new Map(); // attachment → {text, by}

/** Changes when something was read in one of these files. Pure but for what is known. */
export function stampOf(attachments) {
    return (attachments ?? []).map((file) => (said.has(file.id) ? "1" : "0")).join("");
}

/** A few words are seen at a glance; a page of them is folded away. */
const AT_A_GLANCE = 280;

export function wordsIn(file) {
    const found = said.get(file.id);
    if (!found) return null;
    const isSpeech = (file.content_type ?? "").startsWith("audio/");
    return h("details", { class: "file__said", open: found.text.length <= AT_A_GLANCE }, h("summary", {}, icon("spark"), isSpeech ? "Written out by a machine" : "Read by a machine"), h("p", { dir: "auto", title: found.by }, found.text));
}

export class ReadFiles {
    #asked = new Set();

    /** @param changed () => void: something was read, draw again */
    constructor(desk, changed) {
        Object.assign(this, { desk, changed });
        desk.live.on("file_read", ({ upload, text, by }) => this.#take([{ id: upload, text, by }]));
    }

    /** There are files on the screen: asked once for each conversation, frames bring the rest. */
    async load(conversation) {
        if (this.#asked.has(conversation)) return;
        this.#asked.add(conversation);
        try {
            this.#take((await this.desk.api.get(`conversations/${conversation}/read-files/`)).files);
        } catch {
            this.#asked.delete(conversation);
        }
    }

    #take(files) {
        for (const { id, text, by } of files) said.set(id, { text, by });
        if (files.length > 0) this.changed();
    }
}
