// Everything the command bar offers, as items {word, hint, run, …}. `later`: only once something is
// typed; `certain`: the server found it, whatever its words are.

import { avatar, h, icon } from "./dom.js";
import { customerName, presenceDot, stageOf, stateWord } from "./people.js";
import { presenceChoices } from "./presence.js";
import { cardName } from "./store.js";
import { snoozeChoices, until } from "./times.js";
import { targets } from "./verbs.js";

export function conversations(desk, found) {
    const here = [...desk.store.mine(), ...desk.store.waiting()];
    const known = new Set(here.map((card) => card.conversation));
    const item = (card, certain) => ({
        word: cardName(card),
        hint: stateWord(stageOf(card)),
        face: () => avatar(customerName(card.customer), { id: card.customer?.id, small: true }),
        run: () => desk.open(card.conversation, { focus: true }),
        certain,
    });
    return [...here.map((card) => item(card, false)), ...found.filter((card) => !known.has(card.conversation)).map((card) => item(card, true))];
}

export function presences(desk) {
    return presenceChoices(desk.choices.reasons).map((choice) => ({
        word: choice.word,
        hint: "Presence",
        face: () => h("span", { class: presenceDot(choice.status) }),
        run: () => desk.presence(choice.status, choice.reason),
    }));
}

export function views(desk, viewbook) {
    const lists = [["mine", "Mine"], ["unassigned", "Unassigned"], ["all", "All open"]].map(([scope, word]) => ({ word: `List: ${word.toLowerCase()}`, hint: viewbook.shown(scope), sign: "filter", run: () => desk.show("all", { scope, state: "open" }) }));
    return [...lists, ...viewbook.views.map((view) => ({ word: `View: ${view.name}`, hint: viewbook.shown(view.id), sign: "filter", run: () => desk.show("all", { view: view.id }) }))];
}

/** Passing on, snoozing and resolving the open conversation without a panel between. */
export function moves(desk) {
    const { card, choices, isMine } = desk;
    if (!card || !isMine) return [];
    const now = Date.now();
    const pass = targets(desk.store, card).filter((one) => !one.off).map((one) => ({ word: `Transfer to ${one.name}`, hint: one.hint, later: true, face: () => (one.sign ? icon(one.sign) : h("span", { class: presenceDot(one.status) })), run: () => desk.transfer(one.to, "") }));
    const sleep = snoozeChoices(now).map(({ label, at }) => ({ word: `Snooze: ${label.toLowerCase()}`, hint: until(at, now), sign: "snooze", later: true, run: () => desk.snooze(new Date(at).toISOString()) }));
    const end = choices.codesFor(card.queue).map(({ code, name }) => ({ word: `Resolve: ${name}`, sign: "check", hint: "This conversation", later: true, run: () => desk.resolve(code) }));
    return [...pass, ...sleep, ...end];
}

/** Macros of mine and of everybody: what one would do in the open conversation is shown first. */
export function macros(desk, rehearse) {
    if (!desk.openId) return [];
    return desk.macros.known.map((macro) => ({ word: `Macro: ${macro.name}`, hint: macro.says.join(", "), sign: "bolt", run: () => rehearse(macro) }));
}
