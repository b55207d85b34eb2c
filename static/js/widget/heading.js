// Who speaks, and how the conversation stands, in the header's few words.

import { waitInWords } from "./times.js";

/** What a customer reads as somebody's name; the bot's in their language, or as its house calls it. */
export function nameOf(author, { settings, t }) {
    if (author.kind === "customer") return t("you");
    if (author.kind === "bot") return settings.botName || t("bot");
    return author.name || settings.name;
}

/**
 * `{author, name, state, mark}` for a conversation's `{state, agent, queue}`. `isDown`: the line is
 * broken, so what we know may be old.
 */
export function headingOf({ state, agent, queue }, { settings, t, isDown }) {
    const house = { kind: "system", name: settings.name };
    const bot = { kind: "bot", name: nameOf({ kind: "bot" }, { settings, t }) };
    const wait = waitInWords(queue, t);
    const headings = {
        new: [bot, settings.name, t("stateNew"), "on"],
        bot: [bot, bot.name, t("stateBot"), "on"],
        queued: [house, settings.name, [t("stateQueued"), wait].filter(Boolean).join(" · "), "away"],
        assigned: [{ kind: "agent", name: agent?.name ?? "" }, agent?.name ?? t("team"), t("stateAssigned"), "on"],
        snoozed: [house, agent?.name ?? settings.name, t("stateSnoozed"), "away"],
        resolved: [house, settings.name, t("stateResolved"), "off"],
    };
    const [author, name, words, mark] = headings[state] ?? headings.new;
    return { author, name, state: isDown ? t("stateConnecting") : words, mark: isDown ? "away" : mark };
}
