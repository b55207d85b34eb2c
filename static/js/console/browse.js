// Conversations by list, view or conditions: page after page, sorted, picked, and kept fresh.

import { both, fromTree, ofScope, sentence } from "./conditions.js";
import { BulkBar } from "./bulk.js";
import { Faces, h, icon, iconButton, Rows, rove, setText } from "./dom.js";
import { Fields } from "./fields.js";
import { Listing } from "./listing.js";
import { Picking } from "./picking.js";
import { Selection } from "./selection.js";
import { ViewEditor } from "./view_editor.js";
import { ViewsNav } from "./views_nav.js";

const STATES = [["open", "Open"], ["", "Any state"], ["bot", "With the bot"], ["queued", "Waiting"], ["assigned", "With an agent"], ["snoozed", "Snoozed"], ["resolved", "Resolved"]];
const SORTS = [["latest", "Last message"], ["oldest", "Longest quiet"], ["newest", "Newest"], ["waiting", "Longest wait"], ["priority", "Priority"]];
const PAUSE = 250; // after the last key of a search
const FRESH = 4_000; // how soon a list follows what has changed

export class Browse {
    #timer = null;
    #freshTimer = null;
    #entered = false;

    constructor(root, desk, { viewbook }) {
        Object.assign(this, { desk, viewbook });
        this.chosen = { scope: "all", view: null };
        this.fields = new Fields(desk.store);
        this.selection = new Selection();
        this.#build(root);
        this.listing = new Listing(desk, () => this.#listed());
        this.faces = new Faces(this.list, { empty: "No conversation fits. Change the search or the filters.", rows: 8 });
        this.rows = new Rows(this.list, { key: (id) => id, create: (id) => this.picking.row(id), update: (row, id) => this.picking.draw(row, id) });
        this.settle = rove(this.list, ".row-card");
        this.selection.addEventListener("change", () => this.render());
        new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && !this.root.hidden && this.listing.more(), { root, rootMargin: "400px" }).observe(this.end);
        desk.store.addEventListener("change", () => this.#freshSoon());
    }

    #build(root) {
        const { viewbook, desk } = this;
        this.list = h("ol", { class: "rows", role: "list", "aria-label": "All conversations" });
        this.picking = new Picking(desk, { list: this.list, selection: this.selection, ids: () => this.listing.ids });
        this.nav = new ViewsNav({ viewbook, choose: (chosen) => this.choose(chosen), make: () => this.edit() });
        this.search = h("input", { class: "input input--small", type: "search", placeholder: "Name, address, company", "aria-label": "Search conversations", maxlength: "200", oninput: () => this.#soon() });
        this.state = select("State", STATES, () => this.load());
        this.sort = select("Order", SORTS, () => this.load());
        this.words = h("p", { class: "view-words", hidden: true });
        this.viewVerbs = h("div", { class: "view-verbs", hidden: true }, h("button", { class: "button button--quiet button--small", type: "button", onclick: () => this.edit(this.viewbook.get(this.chosen.view)) }, icon("edit"), "Change"), h("button", { class: "button button--quiet button--small", type: "button", onclick: () => this.#remove() }, icon("trash"), "Delete"));
        const everywhere = iconButton("search", "Search all messages", () => desk.show("search", { words: this.search.value.trim() }), { key: "Ctrl Shift F", "aria-keyshortcuts": "Control+Shift+F" });
        this.editor = new ViewEditor({ desk, fields: this.fields, viewbook, tried: (conditions) => this.listing.load({ conditions, sort: this.sort.value }), closed: (view) => this.#edited(view) });
        this.filters = h("search", { class: "filters" }, h("div", { class: "filters__row filters__row--search" }, this.search, everywhere), h("div", { class: "filters__row filters__row--two" }, this.state, this.sort, this.picking.button));
        this.end = h("div", { class: "lists__end", "aria-hidden": "true" });
        this.bulk = new BulkBar(desk, { selection: this.selection, ids: () => this.listing.ids, labels: () => this.fields.known.labels, after: () => this.listing.refresh() });
        this.root = h("div", { class: "lists__view lists__view--browse", "data-list-view": "all", hidden: true }, this.nav.root, this.words, this.viewVerbs, this.filters, this.editor.root, this.list, this.end, this.bulk.root);
        root.append(this.root);
    }

    // -- what is listed

    /** Come here, with filters if somebody sends us. */
    enter({ scope, view, state, search } = {}) {
        const asked = [scope, view, state, search].some((one) => one !== undefined);
        if (!this.fields.ready) this.#learnFields();
        this.viewbook.countSoon();
        if (search !== undefined) this.search.value = search;
        if (state !== undefined) this.state.value = state;
        if (view || scope || asked) this.choose({ scope: scope ?? (asked ? "all" : this.chosen.scope), view: view ?? null });
        else if (!this.#entered) this.load();
        else this.listing.refresh();
        this.#entered = true;
    }

    choose({ scope = "all", view = null }) {
        if (this.editor.isOpen) this.editor.leave();
        this.chosen = { scope, view };
        this.selection.clear();
        if (view) this.sort.value = this.viewbook.get(view)?.sort ?? "latest";
        this.load();
    }

    get #conditions() {
        const view = this.viewbook.get(this.chosen.view);
        if (view) return both(view.conditions, ofScope({ search: this.search.value.trim() }));
        return ofScope({ scope: this.chosen.scope, state: this.state.value, search: this.search.value.trim() });
    }

    load() {
        clearTimeout(this.#timer);
        const view = this.viewbook.get(this.chosen.view);
        this.nav.mark(this.chosen);
        this.state.hidden = Boolean(view);
        this.words.hidden = this.viewVerbs.hidden = !view;
        if (view) this.#describe(view);
        this.faces.waiting();
        this.listing.load({ conditions: this.#conditions, sort: this.sort.value });
        this.root.parentElement.scrollTop = 0;
    }

    #soon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.load(), PAUSE);
    }

    #describe(view) {
        const own = view.mine || (view.shared !== "personal" && this.desk.store.may("supervise_conversations"));
        for (const button of this.viewVerbs.children) button.disabled = !own;
        setText(this.words, sentence(fromTree(view.conditions), this.fields));
        if (!own) this.viewVerbs.hidden = true;
    }

    async #learnFields() {
        try {
            const { api } = this.desk;
            this.fields.take(await api.get("views/fields/"));
            const labels = await api.get("labels/");
            this.fields.known.labels = (labels.results ?? labels).map((label) => label.name);
            const view = this.viewbook.get(this.chosen.view);
            if (view) this.#describe(view);
        } catch {
            // asked again when somebody makes a view
        }
    }

    // -- views

    async edit(view = null) {
        if (!this.fields.ready) await this.#learnFields();
        if (!this.fields.ready) {
            this.desk.toasts.say("The fields could not be read. Try again in a moment.", { bad: true });
            return;
        }
        // One whose conversation was passed on to me may be none of mine
        for (const { inbox } of this.desk.store.cards.values()) if (inbox) this.fields.knowInbox(inbox);
        this.filters.hidden = this.viewVerbs.hidden = this.words.hidden = true;
        this.editor.open({ view, conditions: view ? view.conditions : this.#conditions, sort: this.sort.value });
    }

    #edited(view) {
        this.filters.hidden = false;
        if (view) this.choose({ view: view.id });
        else this.load();
    }

    async #remove() {
        const view = this.viewbook.get(this.chosen.view);
        try {
            const back = await this.viewbook.remove(view);
            this.choose({ scope: "all" });
            this.desk.toasts.undo(`View “${view.name}” deleted`, async () => this.choose({ view: (await back()).id }));
        } catch (error) {
            this.desk.toasts.say(`Not deleted: ${error.message}`, { bad: true });
        }
    }

    // -- drawing

    #listed() {
        const { phase, error, ids, next } = this.listing;
        if (phase === "failed") this.faces.failed(error, () => this.load());
        this.editor.found({ count: ids.length, more: Boolean(next), error: phase === "failed" ? error : null });
        this.render();
    }

    /** What changed may belong here or not any more; not while somebody picks or reads further down. */
    #freshSoon() {
        if (this.root.hidden || document.hidden || this.#freshTimer) return;
        this.#freshTimer = setTimeout(() => {
            this.#freshTimer = null;
            if (this.root.hidden || this.selection.size > 0 || this.root.parentElement.scrollTop > 200) return;
            this.listing.refresh();
        }, FRESH);
    }

    render() {
        if (this.listing.phase !== "done" || this.root.hidden) return;
        const { ids } = this.listing;
        this.rows.show(ids);
        if (ids.length > 0) this.faces.full();
        else this.faces.empty();
        this.settle();
        this.bulk.render();
    }
}

function select(label, options, onchange) {
    return h("select", { class: "input input--small", "aria-label": label, onchange }, options.map(([value, text]) => h("option", { value }, text)));
}
