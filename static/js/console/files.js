// Files that go with a message: sent while the words are still being written. They stay with their
// conversation while another one is open.

import { ApiError } from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { size } from "./times.js";

export const MOST_FILES = 10;
export const MOST_BYTES = 10_485_760;

/** A sentence when the file cannot be taken, else null. The server looks again. */
export function objection(file, { count, mostBytes = MOST_BYTES }) {
    if (count >= MOST_FILES) return `A message takes up to ${MOST_FILES} files.`;
    if (file.size === 0) return `“${file.name}” is empty.`;
    if (file.size > mostBytes) return `“${file.name}” is larger than ${size(mostBytes)}.`;
    return null;
}

export class Files {
    #all = new Map(); // conversation → its files

    constructor(desk, { changed }) {
        this.desk = desk;
        this.changed = changed;
        this.input = h("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => this.#chosen() });
        this.list = h("ul", { class: "files", role: "list", "aria-label": "Files to send", hidden: true });
    }

    get #entries() {
        return this.#all.get(this.desk.openId) ?? [];
    }

    set #entries(entries) {
        if (entries.length > 0) this.#all.set(this.desk.openId, entries);
        else this.#all.delete(this.desk.openId);
    }

    /** Another conversation is open: its own files. */
    begin() {
        this.#draw();
    }

    get busy() {
        return this.#entries.some((entry) => entry.state === "sending");
    }

    get ready() {
        return this.#entries.filter((entry) => entry.state === "ready").map((entry) => entry.upload);
    }

    get count() {
        return this.#entries.length;
    }

    choose() {
        this.input.click();
    }

    #chosen() {
        this.add([...this.input.files]);
        this.input.value = "";
    }

    add(files) {
        for (const file of files) {
            const problem = objection(file, { count: this.count });
            if (problem) this.desk.toasts.say(problem, { bad: true });
            else this.#begin({ file, conversation: this.desk.openId, state: "sending" });
        }
    }

    /** Uploads that were on their way with words that came back. */
    restore(uploads) {
        const back = uploads.map((upload) => ({ file: upload, conversation: this.desk.openId, state: "ready", upload }));
        this.#entries = [...this.#entries, ...back];
        if (uploads.length > 0) this.#draw();
    }

    clear() {
        for (const entry of this.#entries) entry.request?.abort();
        this.#entries = [];
        this.#draw();
    }

    #begin(entry) {
        this.#entries = [...this.#entries, entry];
        this.#send(entry);
    }

    async #send(entry) {
        entry.state = "sending";
        this.#draw();
        try {
            entry.upload = await this.#transmit(entry);
            entry.state = "ready";
        } catch (error) {
            if (error === "aborted") return;
            entry.state = "failed";
            entry.words = error.message;
        }
        this.#draw();
    }

    #transmit(entry) {
        const { api } = this.desk;
        const request = (entry.request = new XMLHttpRequest());
        return new Promise((resolve, reject) => {
            request.upload.addEventListener("progress", (event) => {
                if (!event.lengthComputable) return;
                entry.share = event.loaded / event.total;
                if (entry.bar) entry.bar.value = entry.share;
            });
            request.addEventListener("load", () => {
                if (request.status < 300 && request.response?.id) resolve(request.response);
                else reject(api.refusal(request.status, request.response));
            });
            for (const name of ["error", "timeout"]) request.addEventListener(name, () => reject(new ApiError("No connection.")));
            request.addEventListener("abort", () => reject("aborted"));
            request.open("POST", `${api.root}conversations/${entry.conversation}/uploads/`);
            request.responseType = "json";
            request.timeout = 120_000;
            request.setRequestHeader("X-CSRFToken", api.csrf());
            const form = new FormData();
            form.append("file", entry.file, entry.file.name || "file");
            request.send(form);
        });
    }

    #remove(entry) {
        entry.request?.abort();
        this.#entries = this.#entries.filter((one) => one !== entry);
        this.#draw();
    }

    #draw() {
        this.list.hidden = this.#entries.length === 0;
        this.list.replaceChildren(...this.#entries.map((entry) => this.#drawOne(entry)));
        this.changed();
    }

    #drawOne(entry) {
        const { file, state } = entry;
        entry.bar = state === "sending" ? h("progress", { class: "file__bar", max: "1", value: entry.share ?? 0, "aria-label": `Sending ${file.name}` }) : null;
        const words = { sending: "", ready: size(file.size), failed: entry.words }[state];
        return h(
            "li",
            { class: `file file--${state}` },
            icon(state === "failed" ? "warning" : "file"),
            h("span", { class: "file__name", dir: "auto" }, file.name),
            h("span", { class: "file__size" }, words),
            entry.bar,
            state === "failed" ? iconButton("retry", `Send ${file.name} again`, () => this.#send(entry)) : null,
            iconButton("close", `Remove ${file.name}`, () => this.#remove(entry)),
        );
    }
}
