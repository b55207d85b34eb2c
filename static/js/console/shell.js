// The frame around: which view and which column is seen, the address, the keys, the palette.

import { setText } from "./dom.js";
import { KeysOverlay, listen } from "./keys.js";
import { Palette } from "./palette.js";

const ADDRESS = /^#([\da-f]{8}-[\da-f-]{27})(?:\/(\d{1,9}))?$/i;

const SLIDES_WITHIN = 60;

export class Shell {
    constructor(desk, { views, pane, bell, presence, viewbook }) {
        Object.assign(this, { desk, views, pane, bell, presence });
        this.page = document.body;
        this.overlay = new KeysOverlay({ settings: desk.settings });
        this.palette = new Palette(desk, { viewbook, actions: () => this.#actions(), rehearse: (macro) => this.#rehearse(macro) });
        this.badge = this.page.querySelector("[data-unread]");
        for (const button of this.page.querySelectorAll("[data-view-choice]")) button.addEventListener("click", () => this.show(button.dataset.viewChoice));
        this.page.querySelector("#keys").addEventListener("click", () => this.overlay.open());
        desk.addEventListener("view", ({ detail }) => this.show(detail.view, detail.filters));
        desk.addEventListener("opened", () => this.#opened());
        desk.addEventListener("back", () => this.#back());
        desk.addEventListener("details", () => this.#toggleDetails());
        desk.addEventListener("wanted", () => this.#fillIn());
        addEventListener("popstate", () => this.#follow());
        addEventListener("hashchange", () => this.#follow());
        this.#bindKeys();
        // The card may not be known yet: the first welcome brings most of them
        const off = desk.live.on("welcome", () => (off(), queueMicrotask(() => this.#follow())));
    }

    render() {
        const unread = this.desk.store.unread() + this.desk.store.offers.size;
        this.badge.hidden = unread === 0;
        setText(this.badge, String(Math.min(99, unread)));
    }

    // -- views and columns

    show(view, filters = {}) {
        this.page.dataset.view = view;
        this.page.dataset.pane = "lists";
        for (const button of this.page.querySelectorAll("[data-view-choice]")) {
            if (button.dataset.viewChoice === (view === "search" ? "all" : view)) button.setAttribute("aria-current", "page");
            else button.removeAttribute("aria-current");
        }
        for (const [name, one] of Object.entries(this.views)) one.root.hidden = name !== view;
        this.views[view].enter?.(filters);
        this.views[view].render();
    }

    #opened() {
        const { openId } = this.desk;
        this.page.dataset.pane = openId ? "conversation" : "lists";
        const address = openId ? `#${openId}` : location.pathname;
        if ((location.hash || location.pathname) !== address) history.pushState(null, "", address);
        for (const view of Object.values(this.views)) view.render();
    }

    #follow() {
        const [, id = null, line] = ADDRESS.exec(location.hash) ?? [];
        if (id !== this.desk.openId || line) this.desk.open(id, { line: line ? Number(line) : null });
    }

    #back() {
        const { openId } = this.desk;
        this.desk.open(null);
        this.page.querySelector(`.lists__view:not([hidden]) [data-conversation="${openId}"]`)?.focus();
    }

    #toggleDetails() {
        this.page.dataset.pane = this.page.dataset.pane === "customer" ? "conversation" : "customer";
        const shown = this.page.dataset.pane === "customer";
        this.#focusSoon(this.page.querySelector(shown ? ".customer__close" : ".conversation__details"));
    }

    /** To the first field that has to be filled in, wherever the column is. */
    #fillIn() {
        if (matchMedia("(max-width: 1279px)").matches) this.page.dataset.pane = "customer";
        const field = this.page.querySelector(".fields__row--missed :is(input, select)");
        field?.closest("details")?.setAttribute("open", "");
        this.#focusSoon(field);
    }

    /** A column that slides in can only be focused once it has begun to be seen. */
    #focusSoon(element) {
        setTimeout(() => element?.focus(), SLIDES_WITHIN);
    }

    // -- keys

    #bindKeys() {
        listen(
            {
                j: () => this.#move(1),
                k: () => this.#move(-1),
                a: () => this.#offer("accept"),
                d: () => this.#offer("decline"),
                r: () => this.#write("reply"),
                n: () => this.#write("note"),
                e: () => this.pane.header.press("resolve") || this.pane.header.wrapUp.focus(),
                t: () => this.pane.header.press("transfer"),
                h: () => this.#hold(),
                z: () => this.pane.header.press("snooze"),
                w: () => this.#why(),
                c: () => this.#claim(),
                x: (event) => this.views.all.root.hidden || !this.views.all.picking.pick({ through: event.shiftKey }) ? false : undefined,
                s: () => this.#search(),
                b: () => this.bell.open(),
                p: () => this.presence.open(),
                ...Object.fromEntries([1, 2, 3].map((n) => [n, () => this.pane.composer.help.choose(n)])),
                "/": () => this.#canned(),
                "?": () => this.overlay.open(),
                Escape: () => this.#escape(),
                search: () => this.show("search"),
                command: () => this.palette.toggle(),
            },
            { settings: this.desk.settings },
        );
    }

    #move(step) {
        const rows = [...this.page.querySelectorAll(".lists__view:not([hidden]) .row-card")].filter((row) => row.offsetParent);
        if (rows.length === 0) return;
        const here = rows.indexOf(document.activeElement);
        const from = here >= 0 ? here : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
        const next = from < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, from + step));
        rows[next].focus();
        rows[next].scrollIntoView({ block: "nearest" });
    }

    #offer(verb) {
        const [offer] = this.desk.store.offered();
        if (!offer) return false;
        this.desk[verb](offer);
    }

    #write(mode) {
        if (!this.desk.openId) return false;
        if (mode === "reply" && !this.desk.isMine) {
            this.desk.toasts.say("It is not yours to answer; a private note (N) is possible.");
            return;
        }
        this.page.dataset.pane = "conversation";
        this.pane.composer.focus(mode);
    }

    #rehearse(macro) {
        this.page.dataset.pane = "conversation";
        this.pane.composer.bar.rehearse(macro);
    }

    /** The sign itself is typed into the field, and opens the replies there. */
    #canned() {
        if (this.desk.isMine) this.#write("reply");
        return false;
    }

    #hold() {
        if (!this.desk.openId || this.pane.header.hold.hidden) return false;
        this.pane.header.toggleHold();
    }

    #why() {
        return this.desk.openId ? this.pane.header.press("why") : false;
    }

    #claim() {
        if (!this.desk.openId || this.pane.header.claim.hidden) return false;
        this.desk.claim();
    }

    #search() {
        this.show("all");
        this.views.all.search.focus();
    }

    #escape() {
        const { selection } = this.views.all;
        if (selection.size > 0 && !this.views.all.root.hidden) selection.clear();
        else if (this.page.dataset.pane === "customer") this.#toggleDetails();
        else if (this.page.dataset.pane === "conversation" && matchMedia("(max-width: 899px)").matches) this.#back();
        else return false;
    }

    #actions() {
        const { desk, pane } = this;
        const { header } = pane;
        const open = Boolean(desk.openId);
        const verb = (word, sign, key, name) => ({ word, sign, key, hint: "This conversation", possible: open && !header[name].hidden, run: () => header.press(name) });
        return [
            { word: "Reply", sign: "reply", key: "R", possible: open && desk.isMine, run: () => this.#write("reply") },
            { word: "Private note", sign: "lock", key: "N", possible: open, run: () => this.#write("note") },
            verb("Resolve", "check", "E", "resolve"),
            verb("Transfer", "transfer", "T", "transfer"),
            { word: this.pane.header.hold.dataset.held === "true" ? "Go on (off hold)" : "Put on hold", sign: "pause", key: "H", possible: open && !header.hold.hidden, run: () => header.toggleHold() },
            verb("Snooze", "snooze", "Z", "snooze"),
            { word: "Why this agent, why still waiting", sign: "why", key: "W", possible: open, run: () => header.press("why") },
            { word: "Take it", sign: "person", key: "C", possible: open && !header.claim.hidden, run: () => desk.claim() },
            { word: "Open again", sign: "retry", hint: "This conversation", possible: open && !header.reopen.hidden, run: () => desk.reopen() },
            { word: "Go to inbox", sign: "inbox", hint: "View", run: () => this.show("inbox") },
            { word: "Go to queues and colleagues", sign: "queue", hint: "View", run: () => this.show("queues") },
            { word: "Search and filter conversations", sign: "all", key: "S", run: () => this.#search() },
            { word: "Search all messages", sign: "search", key: "Ctrl Shift F", run: () => this.show("search") },
            { word: "Make a view", sign: "filter", hint: "View", run: () => (this.show("all"), this.views.all.edit()) },
            { word: "Write and change canned replies", sign: "canned", run: () => desk.tell("toolbox", { kind: "replies" }) },
            { word: "Write and change macros", sign: "bolt", run: () => desk.tell("toolbox", { kind: "macros" }) },
            { word: "Notices", sign: "bell", key: "B", run: () => this.bell.open() },
            { word: "Show all keys", sign: "keyboard", key: "?", run: () => this.overlay.open() },
        ];
    }
}
