// ⌘K: find a conversation or do anything, from one field.

import { conversations, macros, moves, presences, views } from "./commands.js";
import { fill, h, icon } from "./dom.js";

const MOST = 12;
const PAUSE = 200;

/** How well a text fits a search, 0 = not: all words at the beginning of words, in any order. Pure. */
export function fit(text, search) {
    const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const folded = text.toLocaleLowerCase();
    let score = 1;
    for (const word of words) {
        const at = folded.indexOf(word);
        if (at < 0) return 0;
        const begins = at === 0 || /[\s:,.@-]/.test(folded[at - 1]);
        score += begins ? 2 : 0.5;
        if (at === 0) score += 1;
    }
    return score;
}

export class Palette {
    #at = 0;
    #shown = [];
    #timer = null;
    #found = [];

    /** @param rehearse (macro) => void: shows what it would do here, and does it when that is wanted */
    constructor(desk, { actions, viewbook, rehearse }) {
        Object.assign(this, { desk, actions, viewbook, rehearse });
        this.field = h("input", { class: "palette__field", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-label": "Do or find anything", placeholder: "Do or find anything", autocomplete: "off", spellcheck: "false", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event) });
        this.list = h("ul", { class: "palette__list", id: "palette-list", role: "listbox", "aria-label": "Results" });
        this.dialog = h("dialog", { class: "palette", "aria-label": "Do or find anything" }, this.field, this.list);
        this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
        document.body.append(this.dialog);
    }

    toggle() {
        if (this.dialog.open) {
            this.dialog.close();
            return;
        }
        this.field.value = "";
        this.#found = [];
        this.dialog.showModal();
        this.#draw();
        // Without an answer those that are known stand here
        this.desk.macros.load().then(() => this.dialog.open && this.#draw(), () => {});
    }

    #typed() {
        this.#draw();
        clearTimeout(this.#timer);
        const search = this.field.value.trim();
        if (search.length < 2) this.#found = [];
        else this.#timer = setTimeout(() => this.#search(search), PAUSE);
    }

    async #search(search) {
        try {
            const page = await this.desk.api.get("conversations/", { search });
            if (this.field.value.trim() !== search) return;
            for (const card of page.results) this.desk.store.learn(card);
            this.#found = page.results;
            this.#draw();
        } catch {
            // what is known here is shown all the same
        }
    }

    #items(search) {
        const { desk, viewbook } = this;
        const words = { word: `Search all messages for “${search}”`, sign: "search", certain: true, run: () => desk.show("search", { words: search }) };
        const items = [
            ...this.actions().filter((action) => action.possible !== false),
            ...conversations(desk, this.#found),
            ...views(desk, viewbook),
            ...presences(desk),
            ...macros(desk, this.rehearse),
            ...moves(desk),
        ];
        return search.length > 1 ? [...items, words] : items.filter((item) => !item.later);
    }

    #draw() {
        const search = this.field.value.trim();
        const scored = this.#items(search).map((item) => ({ item, score: fit(`${item.word} ${item.hint ?? ""}`, search) || (item.certain ? 0.1 : 0) }));
        this.#shown = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).slice(0, MOST).map(({ item }) => item);
        this.#at = 0;
        fill(
            this.list,
            this.#shown.map((item, at) => h("li", { class: "palette__one", role: "option", id: `palette-${at}`, onclick: () => this.#run(item), onpointermove: () => this.#choose(at) }, item.face?.() ?? icon(item.sign ?? "chevron"), h("span", { class: "palette__word", dir: "auto" }, item.word), h("span", { class: "palette__hint" }, item.key ? item.key.split(" ").map((key) => h("kbd", {}, key)) : item.hint))),
            this.#shown.length === 0 ? h("li", { class: "face__words", role: "presentation" }, "Nothing of that name.") : null,
        );
        this.#choose(0);
    }

    #choose(at) {
        this.#at = at;
        [...this.list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === at)));
        const row = this.list.children[at];
        if (row?.id) this.field.setAttribute("aria-activedescendant", row.id);
        else this.field.removeAttribute("aria-activedescendant");
        row?.scrollIntoView({ block: "nearest" });
    }

    #key(event) {
        if (event.isComposing) return;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && this.#shown.length > 0) {
            event.preventDefault();
            this.#choose((this.#at + step + this.#shown.length) % this.#shown.length);
        } else if (event.key === "Enter" && this.#shown[this.#at]) {
            event.preventDefault();
            this.#run(this.#shown[this.#at]);
        }
    }

    #run(item) {
        this.dialog.close();
        item.run();
    }
}
