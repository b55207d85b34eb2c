// Search the knowledge base without leaving the conversation; put a sentence or a link into the reply.

import { Faces, fill, h, icon } from "./dom.js";
import { addressOf } from "./message.js";

const PAUSE = 250;
const SHOWN = 6;
const LONGEST = 2_000; // characters of an article that are put into a reply

/** The sentence of an article that has most of the words, to be put into a reply. Pure. */
export function bestSentence(text, query) {
    const words = query.toLocaleLowerCase().split(/\s+/).filter((word) => word.length > 2);
    const sentences = plainText(text)
        .split(/(?<=[.!?])\s+|(?<=[。！？])/u)
        .filter((one) => one.length > 1);
    let best = sentences[0] ?? "";
    let most = 0;
    for (const sentence of sentences) {
        const folded = sentence.toLocaleLowerCase();
        const score = words.filter((word) => folded.includes(word)).length;
        if (score > most) [best, most] = [sentence, score];
    }
    return best;
}

/** Markdown's signs are for pages, not for a chat. */
export function plainText(text) {
    return (text ?? "")
        .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
        .replace(/^#+\s.*$/gm, " ")
        .replace(/^\s*(?:[-*•]|\d{1,2}[.)])\s+/gm, "")
        .replace(/[*_`]{1,3}/g, "")
        .replace(/\s+/g, " ")
        .trim();
}

/** A word for an article that not every customer can open; null for the others. Pure. */
export function readersOf(article) {
    return { agents: "Agents only", customers: "Signed-in customers" }[article.visibility] ?? null;
}

export class Knowledge {
    #timer = null;
    #asked = 0;

    constructor(desk, { insert }) {
        Object.assign(this, { desk, insert });
        this.search = h("input", { class: "input input--small", type: "search", placeholder: "Search the articles", "aria-label": "Search the articles", maxlength: "200", oninput: () => this.#soon() });
        this.list = h("ul", { class: "articles", role: "list", "aria-label": "Articles" });
        this.root = h("section", { class: "customer__section" }, h("h3", { class: "customer__title" }, "Knowledge"), h("div", { class: "customer__content" }, this.search, this.list));
        this.faces = new Faces(this.list, { empty: "No article has these words.", rows: 3 });
        this.faces.face.hidden = true;
    }

    begin() {
        this.search.value = "";
        this.#hide();
    }

    #hide() {
        this.#asked += 1;
        this.list.replaceChildren();
        this.faces.face.hidden = true;
    }

    #soon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#load(), PAUSE);
    }

    async #load() {
        const query = this.search.value.trim();
        if (query.length < 2) {
            this.#hide();
            return;
        }
        const asked = (this.#asked += 1);
        this.faces.waiting();
        try {
            const page = await this.desk.api.get("articles/", { search: query, state: "published", language: this.desk.card?.language?.split("-")[0] });
            if (asked !== this.#asked) return;
            const found = (page.results ?? page).slice(0, SHOWN);
            fill(this.list, found.map((article) => this.#article(article, query)));
            if (found.length > 0) this.faces.full();
            else this.faces.empty();
        } catch (error) {
            if (asked === this.#asked) this.faces.failed(error, () => this.#load());
        }
    }

    #article(article, query) {
        const quote = plainText(article.quote) || bestSentence(article.body ?? article.excerpt ?? "", query);
        const link = addressOf(article);
        const readers = readersOf(article);
        const button = (word, sign, onclick) => h("button", { class: "button button--small button--quiet", type: "button", onclick }, icon(sign), word);
        const heading = link ? h("a", { href: link, target: "_blank", rel: "noopener", dir: "auto" }, article.title) : h("span", { dir: "auto" }, article.title);
        return h(
            "li",
            { class: "article" },
            h("h4", { class: "article__title" }, heading, readers ? h("span", { class: "article__readers" }, readers) : null),
            quote ? h("p", { class: "article__quote", dir: "auto" }, quote) : null,
            h(
                "div",
                { class: "article__verbs" },
                quote ? button("Sentence", "insert", () => this.insert(quote)) : null,
                // Whoever can't read it would be sent to a page that is not there for them.
                link && !readers ? button("Link", "insert", () => this.insert(new URL(link, location.origin).href)) : null,
                readers && article.body ? button("Words", "insert", () => this.insert(plainText(article.body).slice(0, LONGEST))) : null,
            ),
        );
    }
}
