// A thin bar that says when the line is down, and that nothing is lost.

import { fill, h } from "./dom.js";

const PATIENCE = 1_200; // a line that comes back sooner is not worth a word

export class Connection {
    #timer = null;
    #wasDown = false;

    constructor(root, live, { login }) {
        this.root = root;
        this.live = live;
        this.login = login;
        live.on("status", ({ status }) => this.show(status));
        live.on("queued", () => this.#count());
    }

    show(status) {
        clearTimeout(this.#timer);
        if (status === "online" || status === "idle") this.#hide();
        else if (status === "expired") this.signedOut();
        else if (status === "refused") this.#say("bad", "This address may not use the console.");
        else this.#timer = setTimeout(() => this.#down(), this.#wasDown ? 0 : PATIENCE);
    }

    #down() {
        this.#wasDown = true;
        if (this.root.dataset.kind === "warn" && !this.root.hidden) return;
        this.kept = h("span", { class: "connection__kept" });
        const again = h("button", { class: "connection__button", type: "button", onclick: () => this.live.wake() }, "Try now");
        this.#say("warn", h("span", { class: "spinner", "aria-hidden": "true" }), h("span", {}, "Reconnecting, your words are kept", this.kept), again);
        this.#count();
    }

    /** How many messages wait for the line. */
    #count() {
        const { size } = this.live.outbox;
        if (this.kept) this.kept.textContent = size > 0 ? `: ${size === 1 ? "1 message waits" : `${size} messages wait`}` : "";
    }

    signedOut() {
        const next = encodeURIComponent(location.pathname + location.hash);
        this.#say("bad", "You are signed out; your words are kept.", h("a", { class: "connection__button", href: `${this.login}?next=${next}` }, "Sign in again"));
    }

    #say(kind, ...words) {
        if (this.root.dataset.kind === kind && !this.root.hidden) return;
        this.root.dataset.kind = kind;
        fill(this.root, words);
        this.root.hidden = false;
        document.body.classList.toggle("console--down", true);
    }

    #hide() {
        this.#wasDown = false;
        this.root.hidden = true;
        this.root.replaceChildren();
        document.body.classList.remove("console--down");
    }
}
