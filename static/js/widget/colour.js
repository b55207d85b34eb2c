// An inbox brings its own accent; whatever it is, words stay readable on it and in it.

const HEX = /^#[0-9a-f]{6}$/i;

export function parse(hex) {
    if (typeof hex !== "string" || !HEX.test(hex)) return null;
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function luminance(rgb) {
    const [r, g, b] = rgb
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG contrast, 1 … 21. */
export function contrast(a, b) {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
}

function mix(from, to, share) {
    return from.map((value, at) => Math.round(value + (to[at] - value) * share));
}

function hex(rgb) {
    return `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Moved towards `towards` until it reads on the ground. */
function readable(colour, ground, towards, least = 4.5) {
    for (let share = 0; share <= 1; share += 0.05) {
        const mixed = mix(colour, towards, share);
        if (contrast(mixed, ground) >= least) return mixed;
    }
    return towards;
}

const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];
const INK = [23, 27, 34];
// The least friendly ground that words in the accent stand on, and the ground of tints
const GROUNDS = { light: [238, 240, 243], dark: [43, 49, 59] };
const SURFACES = { light: WHITE, dark: [24, 27, 33] };

/** The accent's family for one theme, or null when it is not a colour we can read. */
export function accentFamily(accent, theme) {
    const colour = parse(accent);
    if (!colour) return null;
    const ground = GROUNDS[theme];
    const on = contrast(WHITE, colour) >= 4.5 ? WHITE : contrast(INK, colour) >= 4.5 ? INK : BLACK;
    const towards = theme === "light" ? BLACK : WHITE;
    // On a dark ground the least is still dim: it would look switched off
    const least = theme === "light" ? 4.5 : 6.5;
    const tint = mix(SURFACES[theme], colour, theme === "light" ? 0.1 : 0.25);
    return {
        "--accent": hex(colour),
        "--accent-hover": hex(mix(colour, on === WHITE ? BLACK : WHITE, 0.12)),
        "--on-accent": hex(on),
        "--accent-tint": hex(tint),
        "--accent-line": hex(mix(SURFACES[theme], colour, 0.45)),
        "--accent-text": hex(readable(readable(colour, ground, towards, least), tint, towards, least)),
    };
}
