// Six numbers that can be read across a room. Each has a word for its colour; what is not known is
// a dash with the reason.

import { fill, h, setText } from "./dom.js";
import { duration } from "./times.js";
import { GOAL, levelState } from "./wall_state.js";

const WAITS = { calm: ["", ""], long: ["warn", "over the target"], overlong: ["bad", "far over the target"] };
const LEVELS = { good: ["good", "on target"], low: ["warn", "below the goal"], bad: ["bad", "far below the goal"], none: ["", ""] };

const number = (share) => String(Math.round(share * 100));
const goal = `${number(GOAL)} %`;

/** {value, unit, note, state, word} of each number. Pure. */
export const TILES = [
    { name: "waiting", label: "Waiting", show: (n) => ({ value: String(n.waiting), note: n.waiting === 0 ? "nobody waits" : "for a person", ...mark(n.waiting > 0 && n.free === 0 ? ["bad", "nobody is free"] : ["", ""]) }) },
    { name: "longest", label: "Longest wait", show: (n) => (n.longest === null ? { value: "–", note: "nobody waits" } : { value: duration(n.longest), note: `in ${n.slowest}`, ...mark(WAITS[n.urgency]) }) },
    { name: "level", label: "Service level now", show: (n) => (n.level === null ? { value: "–", note: "nobody was served in the last hour" } : { value: number(n.level), unit: "%", note: `of ${n.served} in the last hour; goal ${goal}`, ...mark(LEVELS[levelState(n.level)]) }) },
    { name: "free", label: "Free agents", show: (n) => ({ value: String(n.free), note: n.online === 0 ? "nobody is online" : `of ${n.online} online`, ...mark(n.free === 0 && n.waiting > 0 ? ["bad", "nobody is free"] : ["", ""]) }) },
    { name: "bot", label: "Bot share today", show: (n) => (n.botShare === null || n.botShare === undefined ? { value: "–", note: "no customer has written today" } : { value: number(n.botShare), unit: "%", note: `of ${n.conversations} ${n.conversations === 1 ? "conversation" : "conversations"}` }) },
    { name: "satisfaction", label: "Satisfaction today", show: (n) => (n.satisfaction === null || n.satisfaction === undefined ? { value: "–", note: "no survey was answered today" } : { value: n.satisfaction.toFixed(1), note: `of 5, from ${n.answers} ${n.answers === 1 ? "answer" : "answers"}` }) },
];

function mark([state, word]) {
    return { state, word };
}

export class Numbers {
    constructor(root) {
        this.tiles = TILES.map((tile) => {
            const value = h("dd", { class: "tile__value" });
            const note = h("dd", { class: "tile__note" });
            const word = h("dd", { class: "tile__word", hidden: true });
            const box = h("div", { class: `tile tile--${tile.name}` }, h("dt", { class: "tile__label" }, tile.label), value, note, word);
            root.append(box);
            return { ...tile, box, value, note, word };
        });
    }

    draw(numbers) {
        for (const { box, value, note, word, show } of this.tiles) {
            const shown = show(numbers);
            const said = `${shown.value} ${shown.unit ?? ""}`;
            if (value.dataset.said !== said) {
                Object.assign(value.dataset, { said, long: String(shown.value.length > 4) });
                fill(value, shown.value, shown.unit ? h("small", {}, ` ${shown.unit}`) : null);
            }
            setText(note, shown.note);
            setText(word, shown.word ?? "");
            word.hidden = !shown.word;
            box.dataset.state = shown.state ?? "";
        }
    }
}
