// The conversation. Draws rows by key so that what stands on the screen stays the same element:
// nothing flickers, selections survive, and a screen reader hears each message once.

import { append, fill, h, icon } from "./dom.js";
import { blocks, plain, toElements, withoutLooseEnds } from "./richtext.js";
import { layout } from "./transcript.js";
import { sizeInWords } from "./times.js";

const NEAR_THE_END = 48;

export class ChatThread extends HTMLElement {
    #rows = new Map();
    #drawn = new Map();
    #seen = 0;
    #unseen = 0;

    /** Hand over what the thread needs of the app: words, times, names. */
    begin({ t, times, language, nameOf, greeting }) {
        Object.assign(this, { t, times, language, nameOf });
        this.scroller = h("div", { class: "thread__scroller", tabindex: "0", "aria-label": t("messages"), role: "region" });
        this.log = h("ol", { class: "thread__log", role: "list" });
        const spoken = h("div", { role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": t("messages") }, this.log);
        this.writing = h("div", { class: "writing", hidden: true });
        this.replies = h("div", { class: "replies", role: "group", "aria-label": t("suggestions"), hidden: true });
        this.tail = h("div", { class: "thread__tail" });
        this.jump = h("button", { class: "jump", type: "button", hidden: true, onclick: () => this.toEnd({ smooth: true }) });
        this.welcome = greeting;
        append(this.scroller, [greeting, spoken, this.writing, this.replies, this.tail]);
        fill(this, this.scroller, this.jump);
        this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
        new ResizeObserver(() => this.#resized()).observe(this.scroller);
        setInterval(() => this.refreshTimes(), 30_000);
    }

    /** Something of the app's own under the last line. */
    beneath(element) {
        this.scroller.insertBefore(element, this.tail);
    }

    #atEnd = true;
    #height = 0;

    #resized() {
        this.#height = this.scroller.clientHeight;
        if (this.#atEnd) this.toEnd();
    }

    get isAtEnd() {
        return this.#atEnd;
    }

    /** Draw what is said now. `read` is the newest own number that the other side has seen. */
    show(transcript, { read = 0, now = Date.now() } = {}) {
        const rows = layout(transcript.list(), (at) => this.times.dayOf(at));
        const kept = new Set();
        let place = null;
        for (const row of rows) {
            const element = this.#row(row, now);
            kept.add(row.key);
            const next = place ? place.nextSibling : this.log.firstChild;
            if (next !== element) this.log.insertBefore(element, next);
            place = element;
        }
        for (const [key, element] of this.#rows) {
            if (kept.has(key)) continue;
            element.remove();
            this.#rows.delete(key);
        }
        this.#forgetAbsent(transcript);
        this.#status(transcript, read);
        this.#suggest(transcript.suggestions);
        this.#count(transcript);
        if (this.#atEnd) this.#follow();
    }

    /** To the end, but never past the first line of an answer that is longer than the window. */
    #follow() {
        const last = this.log.lastElementChild;
        const isTheirs = last?.classList.contains("group--theirs");
        const from = isTheirs ? last.offsetTop - this.scroller.offsetTop - 12 : Infinity;
        const end = this.scroller.scrollHeight - this.scroller.clientHeight;
        if (end <= from) this.toEnd();
        else if (this.scroller.scrollTop < from) this.scroller.scrollTo({ top: from, behavior: "instant" });
    }

    #row(row, now) {
        let element = this.#rows.get(row.key);
        if (!element) {
            element = this.#newRow(row, now);
            this.#rows.set(row.key, element);
        }
        if (row.kind === "group") this.#group(element, row);
        return element;
    }

    #newRow(row, now) {
        if (row.kind === "day") {
            const time = h("time", { datetime: new Date(row.at).toISOString(), "data-day": row.at }, this.times.day(row.at, now));
            return h("li", { class: "day" }, time);
        }
        if (row.kind === "divider") return h("li", { class: "day" }, this.t("newConversation"));
        const mine = row.author.kind === "customer";
        const system = row.author.kind === "system";
        const element = h("li", { class: `group group--${mine ? "mine" : system ? "system" : "theirs"}` });
        if (!mine && !system) element.append(avatar(row.author));
        const body = h("div", { class: "group__body" });
        const name = h("p", { class: mine || system ? "visually-hidden" : "group__name" }, this.nameOf(row.author));
        if (row.author.kind === "bot") name.append(h("span", { class: "group__mark" }, this.t("botMark")));
        body.append(name, h("div", { class: "group__messages" }), h("p", { class: "group__meta" }));
        element.append(body);
        return element;
    }

    #group(element, row) {
        const list = element.querySelector(".group__messages");
        const wanted = row.entries.map((entry) => this.#message(entry));
        wanted.forEach((child, at) => {
            if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
        });
        while (list.children.length > wanted.length) list.lastChild.remove();
        const last = row.entries.at(-1);
        const meta = element.querySelector(".group__meta");
        let time = meta.querySelector("time");
        if (!time) {
            time = h("time", {});
            meta.prepend(time);
        }
        const at = String(last.at);
        if (time.dataset.at !== at) {
            time.dataset.at = at;
            time.dateTime = new Date(last.at).toISOString();
            time.title = this.times.exact(last.at);
            time.textContent = this.times.relative(last.at, Date.now());
        }
        time.hidden = last.status === "draft" || last.status === "failed";
    }

    #message(entry) {
        const stamp = JSON.stringify([entry.text, entry.status, entry.attachments, entry.citations, entry.error]);
        const drawn = this.#drawn.get(entry.key);
        if (drawn?.stamp === stamp) return drawn.element;
        const element = drawn?.element ?? h("div", { class: "message" });
        element.className = `message message--${entry.status}`;
        if (entry.seq) element.dataset.seq = entry.seq;
        if (entry.status === "draft") element.setAttribute("aria-busy", "true");
        else element.removeAttribute("aria-busy");
        fill(element, this.#text(entry), this.#files(entry), this.#sources(entry), this.#failure(entry));
        this.#drawn.set(entry.key, { stamp, element });
        return element;
    }

    #text(entry) {
        if (!entry.text) return null;
        const words = entry.status === "draft" ? withoutLooseEnds(entry.text) : entry.text;
        const parsed = entry.author.kind === "customer" ? plain(words) : blocks(words);
        const cite = (number) => this.#mark(entry, number);
        return h("div", { class: "message__text", dir: "auto" }, toElements(parsed, { cite }));
    }

    #mark(entry, number) {
        const source = entry.citations[number - 1];
        if (!source) return entry.status === "draft" ? "" : null;
        const label = `${this.t("source")} ${number} ${source.title}`;
        return h("button", { class: "cite", type: "button", "aria-label": label, title: source.title, onclick: () => this.#open(source) }, String(number));
    }

    #files(entry) {
        if (entry.attachments.length === 0) return null;
        return h("div", { class: "message__files" }, entry.attachments.map((file) => this.#file(file)));
    }

    #file(file) {
        const url = sameSite(file.url) ?? file.preview;
        const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.content_type ?? "");
        if (isPicture && url) {
            const picture = h("img", { src: file.preview ?? url, alt: this.t("picture", { name: file.name }), loading: "lazy" });
            picture.addEventListener("load", () => this.#atEnd && this.toEnd());
            return h("a", { class: "picture", href: url, target: "_blank", rel: "noopener" }, picture);
        }
        const size = file.size ? sizeInWords(file.size, this.language) : "";
        const words = [icon("file"), h("span", { class: "truncate" }, file.name ?? ""), h("span", { class: "file__size" }, size)];
        if (!url) return h("span", { class: "file" }, words);
        return h("a", { class: "file", href: url, download: file.name, rel: "noopener", target: "_blank" }, words);
    }

    #sources(entry) {
        if (entry.citations.length === 0) return null;
        const chips = entry.citations.map((source, at) =>
            h(
                "li",
                {},
                h(
                    "button",
                    { class: "source", type: "button", title: source.title, onclick: () => this.#open(source) },
                    h("span", { class: "visually-hidden" }, `${this.t("source")} `),
                    h("span", { class: "source__number" }, String(at + 1)),
                    h("span", { class: "truncate", dir: "auto" }, source.title),
                ),
            ),
        );
        return h("ul", { class: "sources", role: "list", "aria-label": this.t("sources") }, chips);
    }

    #open(source) {
        this.dispatchEvent(new CustomEvent("article", { bubbles: true, detail: source }));
    }

    #failure(entry) {
        if (entry.status !== "failed") return null;
        const act = (type) => () => this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: entry.id }));
        return h(
            "div",
            { class: "failure", role: "alert" },
            h("span", { class: "failure__why" }, icon("warning"), `${this.t("notSent")}. ${entry.error ?? ""}`),
            h("span", { class: "failure__acts" }, [
                h("button", { class: "link", type: "button", onclick: act("retry") }, this.t("retry")),
                h("button", { class: "link", type: "button", onclick: act("discard") }, this.t("discard")),
            ]),
        );
    }

    /** "Sending…", "Sent", "Seen" under the last of the own words. */
    #status(transcript, read) {
        this.log.querySelector(".group__status")?.remove();
        const last = transcript.list().findLast((entry) => !entry.divider && entry.author.kind === "customer");
        if (!last || last.status === "failed") return;
        const words = { sending: "sending", waiting: "waitingToSend", stored: last.seq <= read ? "seen" : "sent" };
        const place = this.#drawn.get(last.key)?.element.closest(".group")?.querySelector(".group__meta");
        place?.append(h("span", { class: "group__status" }, this.t(words[last.status])));
    }

    #suggest(suggestions) {
        const shown = JSON.stringify(suggestions);
        if (this.replies.dataset.shown === shown) return;
        this.replies.dataset.shown = shown;
        this.replies.hidden = suggestions.length === 0;
        fill(this.replies, suggestions.map((text) => this.reply(text)));
    }

    /** A quick reply as a button. */
    reply(text) {
        const say = () => this.dispatchEvent(new CustomEvent("suggestion", { bubbles: true, detail: text }));
        return h("button", { class: "reply", type: "button", onclick: say, dir: "auto" }, text);
    }

    /** Somebody writes, or nobody (null). */
    showWriting(words) {
        if ((words ?? "") === (this.writing.dataset.words ?? "")) return;
        this.writing.dataset.words = words ?? "";
        this.writing.hidden = !words;
        if (words) fill(this.writing, h("span", { class: "writing__dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: "writing__words" }, words));
        else fill(this.writing);
        if (this.#atEnd) this.toEnd();
    }

    #forgetAbsent(transcript) {
        const keys = new Set(transcript.list().map((entry) => entry.key));
        for (const key of this.#drawn.keys()) if (!keys.has(key)) this.#drawn.delete(key);
    }

    #count(transcript) {
        if (this.#atEnd) this.#seen = transcript.newest;
        this.#unseen = transcript.unreadAfter(this.#seen).length;
        this.#showJump();
    }

    #scrolled() {
        const { scrollTop, scrollHeight, clientHeight } = this.scroller;
        if (clientHeight !== this.#height) return; // the window changed, not the customer's mind
        this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
        if (this.#atEnd) {
            this.#seen = Number.MAX_SAFE_INTEGER;
            this.#unseen = 0;
            this.dispatchEvent(new CustomEvent("atend", { bubbles: true }));
        } else if (this.#seen === Number.MAX_SAFE_INTEGER) {
            this.#seen = Math.max(0, ...[...this.log.querySelectorAll("[data-seq]")].map((m) => Number(m.dataset.seq)));
        }
        this.#showJump();
    }

    #showJump() {
        this.jump.hidden = this.#atEnd;
        const words = this.#unseen ? this.t("newMessages", { count: this.#unseen }) : "";
        this.jump.setAttribute("aria-label", words || this.t("jumpDown"));
        fill(this.jump, icon("down"), words);
    }

    toEnd({ smooth = false } = {}) {
        this.#atEnd = true;
        this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
        this.#showJump();
    }

    refreshTimes(now = Date.now()) {
        for (const time of this.log.querySelectorAll("time[data-at]")) {
            time.textContent = this.times.relative(Number(time.dataset.at), now);
        }
        for (const time of this.log.querySelectorAll("time[data-day]")) {
            time.textContent = this.times.day(Number(time.dataset.day), now);
        }
    }
}

/** Initials of a person; the bot is drawn as a bot. */
export function avatar(author) {
    if (author.kind === "bot") return h("span", { class: "avatar avatar--bot", "aria-hidden": "true" }, icon("bot"));
    const tone = ([...(author.name || "?")].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6) + 1;
    return h("span", { class: "avatar", "data-tone": tone, "aria-hidden": "true" }, initials(author.name));
}

export function initials(name) {
    const words = (name ?? "").trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return "?";
    const letters = words.length === 1 ? [...words[0]].slice(0, 1) : [[...words[0]][0], [...words.at(-1)][0]];
    return letters.join("").toLocaleUpperCase();
}

/** Only our own server's files are shown. */
function sameSite(address) {
    if (!address) return null;
    try {
        const url = new URL(address, location.href);
        return url.origin === location.origin ? url.href : null;
    } catch {
        return null;
    }
}

customElements.define("chat-thread", ChatThread);
