// Macros: several actions in one click. What one would do is shown before it is done.

import { fill, h, icon } from "../dom.js";
import { fit } from "../palette.js";
import { priorityWord } from "../people.js";

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;

/** What an action does, as a sentence with names. Pure. */
export function actionInWords(action, says, nameOf) {
    const words = action?.do === "set_priority" ? `set the priority to ${priorityWord(action.priority).toLowerCase()}` : says.replace(UUID, (id) => nameOf(id) ?? "somebody who is gone");
    return words.charAt(0).toUpperCase() + words.slice(1);
}

const FRESH = 60_000; // others may write new ones

export class Macros {
    known = []; // as they were when they were last asked for
    wanted = null; // the one that the panel begins with, chosen elsewhere
    #askedAt = -Infinity;

    constructor(desk) {
        this.desk = desk;
    }

    /** The panel of the button. */
    panel(close) {
        const box = h("div", { class: "macros" });
        const { wanted } = this;
        this.wanted = null;
        if (wanted) this.#rehearse(wanted, box, close);
        else this.#choose(box, close);
        return [h("h2", { class: "panel__title" }, "Macros"), box];
    }

    /** Mine and everybody's. */
    async load() {
        if (performance.now() - this.#askedAt < FRESH) return this.known;
        const { results } = await this.desk.api.get("macros/", { limit: 100 });
        this.known = results;
        this.#askedAt = performance.now();
        return results;
    }

    /** One was written or changed. */
    forget() {
        this.#askedAt = -Infinity;
    }

    async #choose(box, close) {
        fill(box, h("p", { class: "panel__words" }, "Loading …"));
        let all;
        try {
            all = await this.load();
        } catch (error) {
            fill(box, h("p", { class: "panel__words", role: "alert" }, error.message), h("button", { class: "button button--small", type: "button", onclick: () => this.#choose(box, close) }, icon("retry"), "Try again"));
            return;
        }
        const list = h("ul", { class: "targets", role: "list", "aria-label": "Macros" });
        const draw = () => {
            const fits = all.map((macro) => ({ macro, score: fit(macro.name, field.value.trim()) })).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
            fill(list, fits.map(({ macro }) => h("li", {}, h("button", { class: "targets__one", type: "button", onclick: () => this.#rehearse(macro, box, close) }, icon("bolt"), h("span", { class: "targets__name", dir: "auto" }, macro.name), h("span", { class: "targets__hint" }, macro.personal ? "mine" : `${macro.actions.length} ${macro.actions.length === 1 ? "step" : "steps"}`)))), fits.length === 0 ? h("li", { class: "panel__words" }, all.length === 0 ? "There are no macros yet." : "No macro of that name.") : null);
        };
        const field = h("input", { class: "input", type: "search", placeholder: "Find a macro", "aria-label": "Find a macro", oninput: draw, onkeydown: (event) => {
            if (event.key !== "Enter" && event.key !== "ArrowDown") return;
            event.preventDefault();
            const first = list.querySelector("button");
            if (event.key === "Enter") first?.click();
            else first?.focus();
        } });
        draw();
        const write = h("button", { class: "panel__choice", type: "button", onclick: () => (close(), this.desk.tell("toolbox", { kind: "macros" })) }, icon("edit"), "Write and change macros");
        fill(box, field, list, write);
        field.focus();
    }

    async #rehearse(macro, box, close) {
        const { desk } = this;
        const { openId } = desk;
        fill(box, h("p", { class: "panel__words" }, `Looking what “${macro.name}” would do …`));
        const back = h("button", { class: "button button--small button--quiet", type: "button", onclick: () => this.#choose(box, close) }, icon("back"), "Others");
        try {
            const { steps, refused } = await desk.api.post(`macros/${macro.id}/run/`, { conversation: openId, dry_run: true });
            const run = h("button", { class: "button button--small button--primary", type: "button", disabled: Boolean(refused), onclick: () => this.#run(macro, openId, close) }, icon("bolt"), "Do it");
            fill(
                box,
                h("h3", { class: "macros__name", dir: "auto" }, macro.name),
                h("ol", { class: "macros__steps" }, macro.says.map((_, at) => this.#step(macro, at, steps[at], refused))),
                refused ? h("p", { class: "panel__words" }, "All or nothing: as it is, nothing would be done.") : null,
                h("div", { class: "panel__row" }, run, back),
            );
            (refused ? back : run).focus();
        } catch (error) {
            fill(box, h("p", { class: "panel__words", role: "alert" }, error.message), back);
            back.focus();
        }
    }

    #step(macro, at, done, refused) {
        const words = actionInWords(macro.actions[at], macro.says[at], (id) => this.desk.store.nameOf(id));
        const stops = refused?.step === at;
        return h(
            "li",
            { class: `macros__step${stops ? " macros__step--refused" : refused ? " macros__step--left" : ""}` },
            words,
            done?.text ? h("span", { class: "macros__text", dir: "auto" }, done.text) : null,
            stops ? h("span", { class: "macros__why" }, icon("warning"), refused.detail) : null,
        );
    }

    async #run(macro, conversation, close) {
        const { desk } = this;
        close();
        try {
            desk.acting(conversation);
            await desk.outgoing?.flush(conversation);
            const { conversation: card } = await desk.api.post(`macros/${macro.id}/run/`, { conversation, id: crypto.randomUUID() });
            if (card?.state) desk.store.card(card);
            desk.toasts.say(`Done: ${macro.name}`);
        } catch (error) {
            desk.toasts.say(`Nothing was done: ${error.message}`, { bad: true });
        }
    }
}
