// The bar under a list in which rows are picked: one thing for all of them, each with its own answer.

import { doneWords, foreseen, inverse } from "./bulk_actions.js";
import { fill, h, icon, iconButton, setText } from "./dom.js";
import { PRIORITIES } from "./people.js";
import { Popover } from "./popover.js";
import { cardName } from "./store.js";
import { snoozeChoices, until } from "./times.js";
import { targets } from "./verbs.js";

const KNOWN = 8; // labels offered at once; others are typed
const MOST = 100; // the server takes no more at once

export class BulkBar {
    #popovers = [];

    /** `ids()`: what is listed; `labels()`: what the house knows; `after()`: something was changed. */
    constructor(desk, { selection, ids, labels, after }) {
        Object.assign(this, { desk, selection, ids, labels, after });
        this.count = h("strong", { class: "bulk__count", role: "status" });
        this.all = h("button", { class: "button button--quiet button--small", type: "button", onclick: () => selection.pick(this.ids().slice(0, MOST)) });
        this.failed = h("div", { class: "bulk__failed", hidden: true });
        this.verbs = h(
            "div",
            { class: "bulk__verbs", role: "group", "aria-label": "Do with all that are picked" },
            this.#panel("label", "Labels", (close) => this.#labels(close)),
            this.#panel("flag", "Priority", (close) => PRIORITIES.map(({ value, word }) => this.#choice(word, close, { do: "set_priority", priority: value }))),
            this.#panel("transfer", "Assign or pass on", (close) => this.#targets(close)),
            this.#panel("snooze", "Snooze", (close) => this.#snooze(close)),
            this.#panel("check", "Resolve", (close) => this.#codes(close)),
            iconButton("eye", "Mark as read", () => this.do({ do: "read" })),
            this.#panel("mute", "Mute or unmute", (close) => [this.#choice("Mute", close, { do: "mute" }), this.#choice("Unmute", close, { do: "unmute" })]),
        );
        this.root = h("section", { class: "bulk", hidden: true, "aria-label": "Picked conversations" }, this.failed, h("div", { class: "bulk__head" }, this.count, this.all, iconButton("close", "Pick none", () => selection.clear(), { key: "Esc", "aria-keyshortcuts": "Escape" })), this.verbs);
    }

    #panel(sign, label, build) {
        const button = iconButton(sign, label, null, { "aria-haspopup": "dialog" });
        this.#popovers.push(new Popover({ anchor: button, label, kind: "panel--narrow", align: "start", build: (close) => [h("h2", { class: "panel__title" }, `${label}: ${this.selection.size} picked`), ...build(close)] }));
        return button;
    }

    #choice(words, close, action, hint = null, sign = null) {
        const run = () => {
            close();
            this.do(action);
        };
        return h("button", { class: "panel__choice", type: "button", onclick: run }, sign ? icon(sign) : null, words, hint ? h("span", { class: "panel__hint" }, hint) : null);
    }

    #labels(close) {
        const field = h("input", { class: "input input--small", type: "text", maxlength: "40", placeholder: "vip, refund", "aria-label": "Labels, with commas between them", dir: "auto", autofocus: true });
        const run = (verb) => {
            const labels = field.value.split(",").map((name) => name.trim()).filter(Boolean);
            if (labels.length === 0) {
                field.setAttribute("aria-invalid", "true");
                return;
            }
            close();
            this.do({ do: verb, labels });
        };
        field.addEventListener("keydown", (event) => event.key === "Enter" && run("add_labels"));
        const there = [...new Set(this.#cards().flatMap((card) => card.labels))];
        const known = this.labels().filter((name) => this.#cards().some((card) => !card.labels.includes(name))).slice(0, KNOWN);
        const added = known.map((name) => this.#choice(`Add ${name}`, close, { do: "add_labels", labels: [name] }, null, "plus"));
        const removed = there.map((name) => this.#choice(`Remove ${name}`, close, { do: "remove_labels", labels: [name] }, null, "close"));
        return [field, h("div", { class: "panel__row" }, h("button", { class: "button button--small", type: "button", onclick: () => run("add_labels") }, "Add")), added, removed];
    }

    #targets(close) {
        const me = this.#choice("Me", close, { do: "assign", to: { me: true } }, "Take them", "person");
        return [me, targets(this.desk.store, null).filter((one) => !one.off).map((one) => this.#choice(one.name, close, { do: "assign", to: one.to }, one.hint, one.sign ?? "person"))];
    }

    #snooze(close) {
        const now = Date.now();
        return snoozeChoices(now).map(({ label, at }) => this.#choice(label, close, { do: "snooze", minutes: Math.max(1, Math.round((at - now) / 60_000)) }, until(at, now)));
    }

    #codes(close) {
        const queues = new Set(this.#cards().map((card) => card.queue?.id));
        const { choices } = this.desk;
        const codes = choices.codes.filter((code) => code.queues.length === 0 || [...queues].every((id) => code.queues.includes(id)));
        return codes.map(({ code, name }) => this.#choice(name, close, { do: "resolve", disposition: code }));
    }

    #cards(ids = this.selection.ids) {
        return [...ids].map((id) => this.desk.store.cards.get(id)).filter(Boolean);
    }

    // -- doing

    /** Shown at once where it can be foreseen; what was refused is undone and told, one by one. */
    async do(action, ids = [...this.selection.ids].slice(0, MOST)) {
        const { store, api, toasts } = this.desk;
        const before = this.#cards(ids);
        for (const card of before) {
            const after = foreseen(card, action, store.me);
            if (after) store.card(after);
        }
        this.#busy(true);
        this.desk.acting(...ids);
        let results;
        try {
            ({ results } = await api.post("conversations/bulk/", { conversations: ids, action, id: crypto.randomUUID() }));
        } catch (error) {
            this.#restore(before);
            toasts.say(`Nothing was changed: ${error.message}`, { bad: true });
            return;
        } finally {
            this.#busy(false);
        }
        const refused = results.filter((row) => !row.ok);
        const done = new Set(results.filter((row) => row.ok).map((row) => row.conversation));
        this.#restore(before.filter((card) => !done.has(card.conversation)));
        this.selection.drop(done);
        this.#tell(action, before.filter((card) => done.has(card.conversation)), refused);
        this.after();
    }

    #restore(cards) {
        for (const card of cards) {
            const now = this.desk.store.cards.get(card.conversation);
            if (now.offset === card.offset) this.desk.store.card(card);
        }
    }

    #tell(action, changed, refused) {
        const { store, toasts } = this.desk;
        const undo = inverse(action, changed, store.me);
        const words = doneWords(action, changed.length);
        if (changed.length > 0 && undo.length > 0) toasts.undo(words, () => this.#undo(undo));
        else if (changed.length > 0) toasts.say(words);
        this.failed.hidden = refused.length === 0;
        if (refused.length === 0) return;
        const rows = refused.map((row) => h("li", {}, h("strong", { dir: "auto" }, cardName(store.cards.get(row.conversation) ?? {})), `: ${row.detail}`));
        const again = () => {
            this.failed.hidden = true;
            this.do(action, refused.map((row) => row.conversation));
        };
        fill(this.failed, h("p", { role: "alert" }, icon("warning"), `${refused.length} of ${refused.length + changed.length} not done`), h("ul", {}, rows), h("button", { class: "button button--small", type: "button", onclick: again }, icon("retry"), "Try these again"));
        this.render();
    }

    async #undo(steps) {
        for (const { action, ids } of steps) {
            if (action.do === "reopen") await Promise.all(ids.map((id) => this.desk.reopen(id)));
            else await this.do(action, ids);
        }
        this.after();
    }

    #busy(on) {
        this.root.setAttribute("aria-busy", String(on));
        for (const button of this.verbs.querySelectorAll("button")) button.disabled = on;
    }

    render() {
        const { size } = this.selection;
        this.root.hidden = size === 0;
        if (size === 0) {
            this.failed.hidden = true;
            return;
        }
        setText(this.count, `${size} picked`);
        const there = Math.min(MOST, this.ids().length);
        this.all.hidden = size >= there;
        setText(this.all, `All ${there}`);
    }
}
