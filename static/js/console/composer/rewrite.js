// The agent's own words, corrected, shorter or friendlier. They are changed at once, and one click
// brings them back as they were.

import { h, icon } from "../dom.js";

const WAYS = [
    ["correct", "Correct", "check"],
    ["shorter", "Shorter", "down"],
    ["friendlier", "Friendlier", "star"],
];

/** @param words () => the reply as it stands; @param show (text) => void: it is now this */
export function rewriteMenu({ desk, close, words, show }) {
    const run = async (how) => {
        close();
        const before = words();
        const id = desk.openId;
        try {
            const made = await desk.api.post(`conversations/${id}/rewrite/`, { text: before, how });
            if (id !== desk.openId || words() !== before) return; // somebody wrote on
            if (!made.changed) {
                desk.toasts.say(made.why);
                return;
            }
            const tell = (did) => desk.api.post(`conversations/${id}/suggestions/${made.id}/`, { did }).catch(() => {});
            show(made.text);
            tell("inserted");
            desk.toasts.undo("Written anew", () => {
                if (id === desk.openId && words() === made.text) show(before);
                tell("dismissed");
            });
        } catch (error) {
            desk.toasts.say(`Not changed: ${error.message}`, { bad: true });
        }
    };
    return [
        h("h2", { class: "panel__title" }, "Write it anew"),
        WAYS.map(([how, word, sign]) => h("button", { class: "panel__choice", type: "button", onclick: () => run(how) }, icon(sign), word)),
        h("p", { class: "panel__words" }, "Numbers, names and every “not” stay, or nothing changes."),
    ];
}
