// The bar below the words: what can be put in, and the ways to send.

import { h, icon, iconButton, setText } from "../dom.js";
import { Popover } from "../popover.js";
import { sendMenu } from "./later.js";
import { rewriteMenu } from "./rewrite.js";
import { TEXT_LIMIT } from "./sending.js";

const COUNTED_FROM = 3500;

export class Bar {
    /** @param begin (sign) => void: a sign is written that brings proposals; @param share () => void;
     * @param show (text) => void: the reply is now this */
    constructor(desk, { files, sending, begin, share, show }) {
        Object.assign(this, { desk, sending });
        this.hint = h("span", { class: "composer__hint", id: "composer-hint" });
        this.count = h("span", { class: "composer__count numeric", role: "status" });
        this.send = h("button", { class: "button button--primary composer__send", type: "button", onclick: () => sending.send() }, icon("send"), h("span", {}, "Send"));
        this.more = h("button", { class: "button button--primary composer__more", type: "button", "aria-label": "More ways to send", title: "More ways to send" }, icon("chevron"));
        const menu = (close) => sendMenu({ desk, close, words: sending.words().trim(), may: sending.problem === null, later: (at, unless) => sending.later(at, unless), resolve: () => sending.sendAndResolve() });
        new Popover({ anchor: this.more, label: "More ways to send", build: menu });
        const attach = iconButton("attach", "Attach a file", () => files.choose());
        this.canned = iconButton("canned", "Canned replies (write / )", () => begin("/"));
        this.mention = iconButton("at", "Mention a colleague or team (write @ )", () => begin("@"));
        this.macros = iconButton("bolt", "Macros", () => {});
        this.macroMenu = new Popover({ anchor: this.macros, label: "Macros", align: "start", build: (close) => desk.macros.panel(close) });
        this.rewrite = iconButton("spark", "Write it anew: correct, shorter, friendlier", () => {});
        new Popover({ anchor: this.rewrite, label: "Write it anew", align: "start", build: (close) => rewriteMenu({ desk, close, words: () => sending.words(), show }) });
        this.share = iconButton("share", "Show this draft to colleagues here", share);
        this.root = h("div", { class: "composer__bar" }, attach, files.input, this.canned, this.mention, this.macros, this.rewrite, this.share, this.hint, this.count, h("span", { class: "composer__sends" }, this.send, this.more));
    }

    /** A macro that was chosen elsewhere: what it would do is shown here first. */
    rehearse(macro) {
        this.desk.macros.wanted = macro;
        this.macroMenu.close();
        this.macroMenu.open();
    }

    show({ note, words }) {
        const { problem } = this.sending;
        this.send.disabled = problem !== null;
        setText(this.send.lastChild, note ? "Add note" : "Send");
        this.more.hidden = note;
        this.canned.hidden = note;
        this.mention.hidden = !note;
        this.share.hidden = note || !words.trim();
        this.rewrite.hidden = this.share.hidden;
        setText(this.hint, problem || (this.desk.settings.get("enterSends") ? "Enter sends" : "Ctrl+Enter sends"));
        setText(this.count, words.length >= COUNTED_FROM ? `${TEXT_LIMIT - words.length} left` : "");
    }
}
