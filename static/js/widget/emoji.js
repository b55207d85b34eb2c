// A small picker: the few that people use in a talk, each with its name.

import { fill, h } from "./dom.js";

const EMOJI = [
    ["🙂", "smile", "微笑"], ["😀", "grin", "开心"], ["😂", "laughing", "笑哭"], ["😊", "blush", "害羞"],
    ["😍", "in love", "喜欢"], ["😉", "wink", "眨眼"], ["🤔", "thinking", "思考"], ["😅", "relieved laugh", "苦笑"],
    ["😢", "sad", "难过"], ["😭", "crying", "大哭"], ["😡", "angry", "生气"], ["😱", "shocked", "震惊"],
    ["😴", "sleepy", "困"], ["🤷", "shrug", "无奈"], ["🙏", "please, thank you", "拜托、谢谢"], ["👍", "thumbs up", "赞"],
    ["👎", "thumbs down", "差评"], ["👏", "applause", "鼓掌"], ["👋", "wave", "挥手"], ["💪", "strong", "加油"],
    ["❤️", "heart", "爱心"], ["🔥", "fire", "火"], ["🎉", "party", "庆祝"], ["✨", "sparkles", "闪光"],
    ["✅", "check mark", "对勾"], ["❌", "cross", "叉"], ["❓", "question", "问号"], ["⏰", "alarm clock", "闹钟"],
    ["📦", "parcel", "包裹"], ["🚚", "delivery", "送货"], ["💳", "card", "银行卡"], ["🎁", "present", "礼物"],
];
const COLUMNS = 8;

/** A grid of buttons; arrows move, Enter chooses, Escape closes. `choose(null)` means closed. */
export function emojiPicker({ t, language, choose }) {
    const named = language.toLowerCase().startsWith("zh") ? 2 : 1;
    const buttons = EMOJI.map((entry, at) =>
        h(
            "button",
            { class: "emoji", type: "button", role: "gridcell", tabindex: at === 0 ? "0" : "-1", "aria-label": entry[named], title: entry[named], onclick: () => choose(entry[0]) },
            entry[0],
        ),
    );
    const rows = [];
    for (let at = 0; at < buttons.length; at += COLUMNS) {
        rows.push(h("div", { role: "row", class: "emojis__row" }, buttons.slice(at, at + COLUMNS)));
    }
    const grid = h("div", { class: "emojis", role: "grid", "aria-label": t("emojiPicker") });
    fill(grid, rows);
    grid.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            event.stopPropagation();
            choose(null);
            return;
        }
        const at = buttons.indexOf(event.target);
        const next = stepped(event.key, at, buttons.length, getComputedStyle(grid).direction);
        if (next === null) return;
        event.preventDefault();
        buttons[at].tabIndex = -1;
        buttons[next].tabIndex = 0;
        buttons[next].focus();
    });
    return grid;
}

/** Where an arrow leads in the grid, or null. */
export function stepped(key, at, count, direction = "ltr") {
    const forward = direction === "rtl" ? -1 : 1;
    const steps = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    if (key === "Home") return 0;
    if (key === "End") return count - 1;
    const next = at + steps[key];
    return next >= 0 && next < count ? next : null;
}
