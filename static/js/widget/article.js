// An article inside the widget. The server has cleaned its HTML; here it is rebuilt element by
// element from a short list, so that nothing else can come through even if the server erred.

import { fill, h, icon } from "./dom.js";
import { safeLink } from "./richtext.js";

const ALLOWED = new Set(
    "a abbr b blockquote br caption code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre s small span strong sub sup table tbody td tfoot th thead tr u ul".split(" "),
);
const DROPPED = new Set("script style template iframe object embed form input button select textarea svg math link meta base noscript title head".split(" "));
const KEPT_ATTRIBUTES = { td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"], ol: ["start"], "*": ["lang", "dir", "title"] };

/** What becomes of an element: "keep", "drop" with all inside, or "open" (only what is inside). */
export function fateOf(name) {
    if (ALLOWED.has(name)) return "keep";
    return DROPPED.has(name) ? "drop" : "open";
}

/** HTML → a fragment of allowed elements only. */
export function rebuild(html, { page = document, parser = new DOMParser() } = {}) {
    const source = parser.parseFromString(html, "text/html").body;
    const fragment = page.createDocumentFragment();
    copyInto(fragment, source, page);
    return fragment;
}

function copyInto(target, source, page) {
    for (const node of source.childNodes) {
        if (node.nodeType === 3) target.append(node.data);
        if (node.nodeType !== 1) continue;
        const name = node.localName;
        const fate = fateOf(name);
        if (fate === "drop") continue;
        if (fate === "open") {
            copyInto(target, node, page);
            continue;
        }
        const copy = page.createElement(name);
        if (!attributes(copy, node, name)) continue;
        copyInto(copy, node, page);
        target.append(copy);
    }
}

function attributes(copy, node, name) {
    for (const attribute of [...KEPT_ATTRIBUTES["*"], ...(KEPT_ATTRIBUTES[name] ?? [])]) {
        if (node.hasAttribute(attribute)) copy.setAttribute(attribute, node.getAttribute(attribute));
    }
    if (name === "a") link(copy, node);
    if (name === "img") return picture(copy, node);
    return true;
}

function link(copy, node) {
    const address = node.getAttribute("href") ?? "";
    const href = address.startsWith("/") ? safeLink(new URL(address, location.origin).href) : safeLink(address);
    if (!href) return;
    copy.href = href;
    copy.target = "_blank";
    copy.rel = "noopener nofollow noreferrer";
}

function picture(copy, node) {
    try {
        const url = new URL(node.getAttribute("src"), location.origin);
        if (url.origin !== location.origin) return false;
        copy.src = url.href;
    } catch {
        return false;
    }
    copy.alt = node.getAttribute("alt") ?? "";
    copy.loading = "lazy";
    return true;
}

export class ChatReader extends HTMLElement {
    #returnTo = null;
    #request = null;

    /** `known()` gives the session's token if there is one; reading makes none. */
    begin({ t, times, known = () => null }) {
        Object.assign(this, { t, times, known });
        this.hidden = true;
        this.setAttribute("role", "region");
        this.addEventListener("keydown", (event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            this.close();
        });
    }

    /** `source` is a citation: {article, title, url, quote}. */
    async open(source) {
        this.#returnTo ??= document.activeElement;
        this.#request?.abort();
        const request = (this.#request = new AbortController());
        this.hidden = false;
        this.setAttribute("aria-label", source.title);
        this.dispatchEvent(new CustomEvent("reading", { bubbles: true, detail: true }));
        const back = h("button", { class: "button button--icon", type: "button", "aria-label": this.t("back"), title: this.t("back"), onclick: () => this.close() }, icon("back"));
        const body = h("div", { class: "reader__body", tabindex: "-1", "aria-live": "polite", "aria-busy": "true" }, skeleton(this.t("readerLoading")));
        fill(this, h("header", { class: "reader__head" }, back, h("h2", { class: "truncate" }, source.title)), body);
        back.focus();
        try {
            const article = await this.#fetch(source, request.signal);
            fill(body, this.#drawn(article, source));
            markQuote(body.querySelector(".reader__text"), source.quote);
        } catch {
            if (request.signal.aborted) return;
            fill(body, this.#failed(source));
        }
        body.removeAttribute("aria-busy");
    }

    #headers() {
        const token = this.known();
        return token ? { Authorization: `Bearer ${token}` } : {};
    }

    async #fetch({ article: id, found }, signal) {
        const response = await fetch(`/api/v1/help/articles/${encodeURIComponent(id)}/${found ? "?found" : ""}`, { signal, credentials: "omit", headers: this.#headers() });
        if (!response.ok) throw new Error(String(response.status));
        return response.json();
    }

    #drawn(article, source) {
        const quote = source.quote && h("blockquote", { class: "reader__quote" }, h("p", { class: "reader__label" }, this.t("readerQuote")), h("p", { dir: "auto" }, source.quote));
        const address = safeLink(new URL(article.url ?? source.url ?? "", location.origin).href);
        const updated = Date.parse(article.updated_at);
        return [
            h("h1", { lang: article.language, dir: "auto" }, article.title),
            updated && h("p", { class: "reader__date" }, this.t("readerUpdated", { date: this.times.date.format(updated) })),
            quote,
            h("div", { class: "reader__text", lang: article.language, dir: "auto" }, rebuild(article.html)),
            address && h("p", {}, h("a", { class: "reader__open", href: address, target: "_blank", rel: "noopener" }, this.t("readerOpen"), icon("open"), h("span", { class: "visually-hidden" }, this.t("opensNewTab")))),
            article.version && this.#helped(article),
        ];
    }

    /** One vote for each version; it is shown at once, and taken back when it was not kept. */
    #helped(article) {
        let said = article.helpful ?? null;
        const words = h("p", { role: "status" });
        const buttons = [true, false].map((helpful) =>
            h("button", { class: "button", type: "button", onclick: () => vote(helpful) }, this.t(helpful ? "helpedYes" : "helpedNo")),
        );
        const show = (key) => {
            words.textContent = this.t(key ?? (said === null ? "helpedAsk" : said ? "helpedThanksYes" : "helpedThanksNo"));
            buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(said === (at === 0))));
        };
        const vote = async (helpful) => {
            const before = said;
            said = helpful;
            show();
            try {
                const response = await fetch(`/api/v1/help/articles/${encodeURIComponent(article.id)}/vote/`, {
                    method: "POST",
                    credentials: "omit",
                    headers: { ...this.#headers(), "Content-Type": "application/json" },
                    body: JSON.stringify({ version: article.version, helpful }),
                });
                if (!response.ok) throw new Error(String(response.status));
            } catch {
                said = before;
                show("helpedFailed");
            }
        };
        show();
        return h("div", { class: "reader__helped" }, words, h("div", { class: "reader__votes" }, buttons));
    }

    #failed(source) {
        return h("div", { class: "empty", role: "alert" }, h("p", {}, this.t("readerFailed")),
            h("button", { class: "button", type: "button", onclick: () => this.open(source) }, icon("retry"), this.t("retry")));
    }

    close() {
        if (this.hidden) return;
        this.#request?.abort();
        this.hidden = true;
        fill(this);
        this.dispatchEvent(new CustomEvent("reading", { bubbles: true, detail: false }));
        this.#returnTo?.focus?.();
        this.#returnTo = null;
    }
}

function skeleton(words) {
    const lines = ["", "short", "", "", "short"].map((kind) => h("span", { class: `skeleton skeleton--late skeleton--${kind}` }));
    return h("div", { class: "reader__wait" }, h("span", { class: "visually-hidden" }, words), lines);
}

/** Shows where the quoted words stand, when the browser can mark text without changing it. */
function markQuote(element, quote) {
    if (!element || !quote || !globalThis.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("quote");
    const wanted = quote.replace(/\s+/g, " ").trim().slice(0, 60).toLowerCase();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const at = walker.currentNode.data.replace(/\s/g, " ").toLowerCase().indexOf(wanted.slice(0, 40));
        if (at < 0 || wanted.length < 8) continue;
        const range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, Math.min(walker.currentNode.length, at + quote.length));
        CSS.highlights.set("quote", new globalThis.Highlight(range));
        return;
    }
}

customElements.define("chat-reader", ChatReader);
