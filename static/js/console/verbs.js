// The panels behind "Transfer" and "Snooze": what to do with the open conversation next.

import { h, icon, rove } from "./dom.js";
import { presenceDot, presenceWord } from "./people.js";
import { snoozeChoices, until } from "./times.js";

/** Whom it may be passed on to: {to, name, hint, sign}, those who can take it first. Pure. */
export function targets(store, card) {
    const here = { online: 0, away: 1, offline: 2 };
    const people = [...store.agents.values()]
        .filter((agent) => agent.id !== store.me?.id && agent.id !== card?.assignee?.id)
        .sort((a, b) => (here[a.status] ?? 2) - (here[b.status] ?? 2) || a.name.localeCompare(b.name))
        .map((agent) => ({ to: { agent: agent.id }, group: "People", name: agent.name, status: agent.status, hint: `${presenceWord(agent.status)} · ${agent.load ?? 0}/${agent.capacity ?? "–"}`, off: agent.status === "offline" }));
    const queues = [...store.queues.values()].map((queue) => ({ to: { queue: queue.id }, group: "Queues", name: queue.name, sign: "queue", hint: `${queue.waiting ?? 0} waiting` }));
    const teams = store.teams.map((team) => ({ to: { team: team.id }, group: "Teams", name: team.name, sign: "team", hint: "Team" }));
    const bot = { to: { bot: true }, group: "Bot", name: "Back to the bot", sign: "bot", hint: "Answers again by itself" };
    return [...queues, ...teams, ...people, ...(card?.state === "bot" ? [] : [bot])];
}

export function transferPanel(desk, close) {
    const note = h("textarea", { class: "input", rows: "2", maxlength: "2000", dir: "auto", placeholder: "What should they know?", "aria-label": "Note for whoever takes it" });
    const list = h("ul", { class: "targets", role: "list", "aria-label": "Pass on to" });
    const draw = (word) => {
        const fits = targets(desk.store, desk.card).filter((one) => one.name.toLocaleLowerCase().includes(word));
        list.replaceChildren(...grouped(fits, async (one) => {
            for (const button of list.querySelectorAll("button")) button.disabled = true;
            if (await desk.transfer(one.to, note.value.trim())) close();
            else draw(word);
        }));
        settle();
    };
    const settle = rove(list, ".targets__one:enabled");
    const search = h("input", { class: "input", type: "search", placeholder: "Find a person, team or queue", "aria-label": "Find a person, team or queue", autofocus: true, oninput: () => draw(search.value.trim().toLocaleLowerCase()) });
    search.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        list.querySelector(".targets__one:enabled")?.focus();
    });
    draw("");
    return [h("h2", { class: "panel__title" }, "Pass it on"), note, search, list];
}

function grouped(all, choose) {
    const rows = [];
    let group = null;
    for (const one of all) {
        if (one.group !== group) rows.push(h("li", { class: "targets__group" }, (group = one.group)));
        const sign = one.sign ? icon(one.sign) : h("span", { class: presenceDot(one.status) });
        rows.push(h("li", {}, h("button", { class: "targets__one", type: "button", disabled: one.off, onclick: () => choose(one) }, sign, h("span", { class: "targets__name" }, one.name), h("span", { class: "targets__hint" }, one.hint))));
    }
    return rows.length > 0 ? rows : [h("li", { class: "face__words" }, "Nobody of that name.")];
}

export function snoozePanel(desk, close) {
    const now = Date.now();
    const sleep = (at) => {
        close();
        desk.snooze(at === null ? null : new Date(at).toISOString());
    };
    const exact = h("input", { class: "input", type: "datetime-local", "aria-label": "Another time", min: localMinute(now), value: localMinute(now + 86_400_000) });
    const other = h("button", { class: "button", type: "button", onclick: () => {
        const at = Date.parse(exact.value);
        if (at > Date.now()) sleep(at);
        else exact.setAttribute("aria-invalid", "true");
    } }, "Snooze");
    return [
        h("h2", { class: "panel__title" }, "Snooze until"),
        snoozeChoices(now).map(({ label, at }) => h("button", { class: "panel__choice", type: "button", onclick: () => sleep(at) }, label, h("span", { class: "panel__hint numeric" }, until(at, now)))),
        h("button", { class: "panel__choice", type: "button", onclick: () => sleep(null) }, "The customer writes"),
        h("div", { class: "panel__row" }, exact, other),
        h("p", { class: "panel__words" }, "It comes back to you then, and at once when the customer writes."),
    ];
}

/** What a datetime-local field takes: 2026-01-31T09:00 in local time. */
export function localMinute(at) {
    const date = new Date(at);
    date.setMinutes(date.getMinutes() - date.getTimezoneOffset());
    return date.toISOString().slice(0, 16);
}
