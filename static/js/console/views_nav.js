// Above the list of all conversations: mine, unassigned, all, and the saved views, each with its count.

import { fill, h, icon } from "./dom.js";

const LISTS = [["mine", "Mine"], ["unassigned", "Unassigned"], ["all", "All"]];
const SHOWN = 6; // views; the others are a press away

export class ViewsNav {
    #all = false;

    /** `choose({scope})` or `choose({view})`; `make()` begins a new view. */
    constructor({ viewbook, choose, make }) {
        Object.assign(this, { viewbook, choose, make });
        this.lists = h("div", { class: "scopes", role: "group", "aria-label": "Lists" });
        this.views = h("ul", { class: "views", role: "list", "aria-label": "Views" });
        this.root = h("nav", { class: "views-nav", "aria-label": "Lists and views" }, this.lists, this.views);
        viewbook.addEventListener("change", () => this.draw());
        this.chosen = { scope: "all", view: null };
        this.draw();
    }

    mark(chosen) {
        this.chosen = chosen;
        this.draw();
    }

    draw() {
        const { viewbook, chosen } = this;
        const stamp = JSON.stringify([viewbook.views, viewbook.counts, chosen, this.#all]);
        if (stamp === this.drawn) return;
        this.drawn = stamp;
        const focused = document.activeElement?.dataset?.nav;
        fill(this.lists, LISTS.map(([scope, word]) => this.#one({ key: scope, word, on: !chosen.view && chosen.scope === scope, kind: "scopes__one", run: () => this.choose({ scope }) })));
        const shown = this.#all ? viewbook.views : viewbook.views.slice(0, SHOWN);
        const rest = viewbook.views.length - SHOWN;
        fill(
            this.views,
            shown.map((view) => h("li", {}, this.#one({ key: view.id, word: view.name, on: chosen.view === view.id, kind: "views__one", title: whose(view), run: () => this.choose({ view: view.id }) }))),
            rest > 0 ? h("li", {}, h("button", { class: "views__one", type: "button", "data-nav": "more", "aria-expanded": String(this.#all), onclick: () => this.#toggle() }, this.#all ? "Fewer" : `${rest} more`)) : null,
            h("li", {}, h("button", { class: "views__one views__one--new", type: "button", "data-nav": "new", title: "Make a view", onclick: this.make }, icon("plus"), viewbook.views.length > 0 ? h("span", { class: "visually-hidden" }, "New view") : "New view")),
        );
        if (focused) this.root.querySelector(`[data-nav="${focused}"]`)?.focus();
    }

    #toggle() {
        this.#all = !this.#all;
        this.draw();
    }

    #one({ key, word, on, kind, title = null, run }) {
        const count = this.viewbook.shown(key);
        return h("button", { class: kind, type: "button", "data-nav": key, "aria-current": on ? "true" : null, title, onclick: run }, h("span", { class: `${kind}-word`, dir: "auto" }, word), count ? h("span", { class: "views__count" }, count) : null);
    }
}

function whose(view) {
    if (view.shared === "everybody") return `${view.name}: for everybody`;
    if (view.shared === "team") return `${view.name}: for ${view.team?.name ?? "a team"}`;
    return `${view.name}: only for you`;
}
