// A canned reply: what is typed after the slash, its words in each language, and who may use it.

import { fill, h, icon, iconButton } from "../dom.js";
import { languageName } from "../people.js";
import { localMinute } from "../verbs.js";
import { doubts } from "../composer/replies.js";
import { Form, labelled } from "./form.js";

const LANGUAGES = ["en", "zh", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ar", "ja", "ko", "ru", "uk"];
const NAMES = ["customer.first_name", "customer.name", "customer.email", "customer.phone", "agent.name", "agent.first_name", "conversation.id", "inbox.name", "queue.name"];
const PAUSE = 500;

/** Whom it may be for: [[scope, place, words], …]. Pure. */
export function scopes({ supervises, teams, inboxes, now = null }) {
    const mine = [["personal", null, "Only me"]];
    const shared = [...teams.map(({ id, name }) => ["team", id, `Team ${name}`]), ...inboxes.map(({ key, name }) => ["inbox", key, `Conversations of ${name}`]), ["everybody", null, "Everybody"]];
    if (supervises) return [...mine, ...shared];
    // A team's are its members' to write; the server knows who they are
    return [...mine, ...shared.filter(([scope, place]) => scope === "team" || (now && scope === now.scope && place === now.place))];
}

export class ReplyForm extends Form {
    #timer = null;
    #asked = 0;

    static wordsOf({ shortcut, title, texts, scope, team, inbox, tags, active_from: from, active_until: until }) {
        return { shortcut, title, texts, scope, team: team?.id ?? null, inbox: inbox?.key ?? null, tags, active_from: from, active_until: until };
    }

    constructor(desk, reply, { known, begin, ...how }) {
        const words = { shortcut: "", title: "", texts: {}, scope: "personal", team: null, inbox: null, tags: [], active_from: null, active_until: null, ...(reply ? ReplyForm.wordsOf(reply) : begin) };
        const supervises = desk.store.may("supervise_conversations");
        super({ id: reply?.id ?? null, mayChange: supervises || words.scope === "personal" || words.scope === "team", ...how });
        Object.assign(this, { desk, known });
        this.texts = Object.entries(words.texts).length > 0 ? { ...words.texts } : { [desk.card?.language || "en"]: "" };
        [this.language] = Object.keys(this.texts);
        const line = (value, more) => h("input", { class: "input", type: "text", value, dir: "auto", ...more });
        this.shortcut = line(words.shortcut, { maxlength: "40", placeholder: "return", autocapitalize: "none", spellcheck: "false" });
        this.title = line(words.title, { maxlength: "120", placeholder: "How a return works" });
        this.tags = line(words.tags.join(", "), { placeholder: "returns, shipping" });
        this.from = h("input", { class: "input", type: "datetime-local", value: local(words.active_from) });
        this.until = h("input", { class: "input", type: "datetime-local", value: local(words.active_until) });
        this.#makeScope(words, supervises);
        this.#makeText();
        this.fields = { shortcut: labelled("Shortcut, typed after /", this.shortcut), title: labelled("Title", this.title), texts: this.textRow, scope: labelled("Who uses it", this.scope), tags: labelled("Tags", this.tags), active_from: labelled("From", this.from), active_until: labelled("Until", this.until) };
        const { fields } = this;
        const more = h("details", { class: "toolbox__more", open: Boolean(words.active_from || words.active_until || words.tags.length) }, h("summary", {}, "Tags, and when it may be used"), fields.tags, h("div", { class: "toolbox__two" }, fields.active_from, fields.active_until));
        this.build(h("div", { class: "toolbox__two" }, fields.shortcut, fields.title), this.textRow, this.preview, fields.scope, more);
        this.#look();
    }

    focus() {
        (this.shortcut.value ? this.text : this.shortcut).focus();
    }

    #makeScope({ scope, team, inbox }, supervises) {
        const now = { scope, place: team ?? inbox };
        this.choices = scopes({ supervises, teams: this.desk.store.teams, inboxes: this.known.inboxes, now });
        this.scope = h("select", { class: "input" }, this.choices.map(([, , words]) => h("option", {}, words)));
        this.scope.selectedIndex = Math.max(0, this.choices.findIndex(([one, place]) => one === scope && place === now.place));
    }

    #makeText() {
        this.text = h("textarea", { class: "input toolbox__text", rows: "6", maxlength: "4000", dir: "auto", oninput: () => this.#typed() });
        this.textRow = labelled("Words", this.text);
        this.languages = h("div", { class: "toolbox__languages", role: "group", "aria-label": "Languages" });
        const names = h("select", { class: "input input--small", "aria-label": "Put in what is known of the conversation", onchange: () => this.#putIn(names) }, h("option", { value: "" }, "Put in …"), NAMES.map((name) => h("option", { value: name }, name.replaceAll(/[._]/g, " "))));
        this.textRow.querySelector("label").after(h("div", { class: "toolbox__bar" }, this.languages, names));
        this.preview = h("div", { class: "toolbox__preview", "aria-live": "polite", hidden: true });
        this.#showLanguage(this.language);
    }

    #showLanguage(language) {
        this.language = language;
        this.text.value = this.texts[language] ?? "";
        this.text.lang = language;
        const codes = Object.keys(this.texts);
        const one = (code) => h("button", { class: "views__one", type: "button", "aria-current": String(code === language), onclick: () => (this.#showLanguage(code), this.text.focus()) }, languageName(code));
        const others = LANGUAGES.filter((code) => !codes.includes(code));
        const add = h("select", { class: "input input--small", "aria-label": "Another language", onchange: () => add.value && this.#addLanguage(add.value) }, h("option", { value: "" }, "+ Language"), others.map((code) => h("option", { value: code }, languageName(code))));
        const drop = codes.length > 1 ? iconButton("trash", `Remove the words in ${languageName(language)}`, () => this.#dropLanguage(), { class: "button button--icon button--tiny" }) : null;
        fill(this.languages, codes.map(one), drop, add);
        this.#lookSoon();
    }

    #addLanguage(code) {
        this.texts[code] = "";
        this.#showLanguage(code);
        this.text.focus();
    }

    #dropLanguage() {
        delete this.texts[this.language];
        this.#showLanguage(Object.keys(this.texts)[0]);
    }

    #putIn(names) {
        if (!names.value) return;
        this.text.setRangeText(`{{${names.value}}}`, this.text.selectionStart, this.text.selectionEnd, "end");
        names.value = "";
        this.text.focus();
        this.#typed();
    }

    #typed() {
        this.texts[this.language] = this.text.value;
        this.#lookSoon();
    }

    // -- how it would look in the open conversation

    #lookSoon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#look(), PAUSE);
    }

    async #look() {
        const { openId, api } = this.desk;
        const text = this.text.value;
        const asked = (this.#asked += 1);
        if (!openId || !text.includes("{{")) {
            this.preview.hidden = true;
            return;
        }
        try {
            const filled = await api.post("replies/preview/", { conversation: openId, text });
            if (asked !== this.#asked) return;
            const doubt = doubts(filled);
            this.preview.hidden = false;
            fill(this.preview, h("p", { class: "toolbox__hint" }, "In the open conversation:"), h("p", { class: "suggest__text", dir: "auto" }, filled.text), doubt ? h("p", { class: "suggest__doubt" }, icon("warning"), doubt) : null);
        } catch {
            this.preview.hidden = true; // it is only a look ahead
        }
    }

    get words() {
        const [scope, place] = this.choices[this.scope.selectedIndex];
        const texts = Object.fromEntries(Object.entries(this.texts).filter(([, text]) => text.trim()));
        return {
            shortcut: this.shortcut.value.trim().replace(/^\//, ""),
            title: this.title.value.trim() || this.shortcut.value.trim(),
            texts,
            scope,
            team: scope === "team" ? place : null,
            inbox: scope === "inbox" ? place : null,
            tags: this.tags.value.split(",").map((tag) => tag.trim()).filter(Boolean),
            active_from: moment(this.from.value),
            active_until: moment(this.until.value),
        };
    }
}

function local(at) {
    return at ? localMinute(Date.parse(at)) : "";
}

function moment(value) {
    return value ? new Date(value).toISOString() : null;
}
