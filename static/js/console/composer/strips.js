// Lines above the words: a draft that is shared, words from another device, doubts about a canned
// reply. Each says what it is and what can be done, and never takes the focus.

import { fill, h, icon } from "../dom.js";
import { ago } from "../case/requests.js";

export class Strips {
    constructor() {
        this.shared = h("div", { class: "strip strip--shared", hidden: true });
        this.offered = h("div", { class: "strip", hidden: true });
        this.doubt = h("p", { class: "strip strip--doubt", role: "status", hidden: true });
        this.root = h("div", { class: "strips" }, this.shared, this.offered, this.doubt);
    }

    clear() {
        for (const one of this.root.children) one.hidden = true;
    }

    showDoubt(words) {
        this.doubt.hidden = !words;
        fill(this.doubt, words ? [icon("warning"), h("span", {}, words)] : []);
    }

    /** Words from another device of mine. */
    showOffered(draft, { use, leave }) {
        this.offered.hidden = !draft;
        if (!draft) {
            this.offered.replaceChildren();
            return;
        }
        fill(
            this.offered,
            icon("panel"),
            h("p", { class: "strip__words" }, h("strong", {}, "Written on another device: "), h("span", { dir: "auto" }, draft.text)),
            button("Use it", () => (this.showOffered(null, {}), use(draft.text))),
            button("Leave it", () => (this.showOffered(null, {}), leave?.())),
        );
    }

    /** @param draft of everybody here, or null; `mayUse`: is the reply mine to write? */
    showShared(draft, { me, mayUse, use, save }) {
        this.shared.hidden = !draft;
        if (!draft) {
            this.shared.replaceChildren();
            return;
        }
        const who = draft.by.id === me?.id ? "You" : draft.by.name;
        fill(
            this.shared,
            icon("share"),
            h("p", { class: "strip__words" }, h("strong", {}, `Shared draft, ${who} ${ago(draft.updated_at)}: `), h("span", { dir: "auto" }, draft.text)),
            mayUse ? button("Use it", () => use(draft.text)) : null,
            button("Edit", () => this.#edit(draft, { me, mayUse, use, save })),
            button("Remove", () => save("")),
        );
    }

    #edit(draft, how) {
        const words = h("textarea", { class: "input", rows: "3", maxlength: "4000", dir: "auto", "aria-label": "Shared draft", value: draft.text });
        const done = () => this.showShared(draft, how);
        const form = h("div", { class: "strip__form", onkeydown: (event) => event.key === "Escape" && done() }, words, h("div", { class: "pending__foot" }, h("button", { class: "button button--small button--primary", type: "button", onclick: () => how.save(words.value.trim()) }, "Save for everybody"), button("Leave it", done)));
        fill(this.shared, form);
        words.focus();
    }

    /** Somebody writes in it: a frame must not draw it away. */
    get isEdited() {
        return Boolean(this.shared.querySelector("textarea"));
    }
}

function button(word, onclick) {
    return h("button", { class: "button button--small button--quiet", type: "button", onclick }, word);
}
