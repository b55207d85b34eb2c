// A text and what was found in it → pieces to draw: [words, found]. Pure.

const BEFORE = 40;
const LONGEST = 220;

/** `spans` are [start, end) in code points; they may touch or overlap. Long texts are cut around the first. */
export function pieces(text, spans, { before = BEFORE, longest = LONGEST } = {}) {
    const letters = [...text];
    const merged = [];
    for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
        const last = merged.at(-1);
        if (end <= start || start >= letters.length) continue;
        if (last && start <= last[1]) last[1] = Math.max(last[1], end);
        else merged.push([start, end]);
    }
    const first = merged[0]?.[0] ?? 0;
    const from = first > before ? wordStart(letters, first - before) : 0;
    const to = Math.min(letters.length, from + longest);
    const found = [];
    let at = from;
    const say = (end, marked) => {
        if (end > at) found.push([letters.slice(at, end).join(""), marked]);
        at = Math.max(at, end);
    };
    for (const [start, end] of merged) {
        if (start >= to) break;
        say(start, false);
        say(Math.min(end, to), true);
    }
    say(to, false);
    if (from > 0) found.unshift(["… ", false]);
    if (to < letters.length) found.push([" …", false]);
    return found;
}

function wordStart(letters, near) {
    for (let at = near; at < near + 20; at += 1) if (/\s/.test(letters[at - 1] ?? " ")) return at;
    return near;
}
