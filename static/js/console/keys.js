// The keyboard. One table says what every key does; the overlay shows the same table.

import { fill, h, iconButton } from "./dom.js";

/** The overlay's table: [keys, words]. */
export const TABLE = [
    ["Lists", [[["J", "K"], "Next and previous conversation"], [["Enter"], "Open it"], [["A"], "Accept the offer"], [["D"], "Decline the offer"], [["X"], "Pick it, for all that are picked"], [["Shift", "X"], "Pick all up to here"], [["S"], "Search and filter conversations"]]],
    ["Conversation", [[["R"], "Reply"], [["N"], "Private note"], [["/"], "Canned reply"], [["1"], "Take the first suggested reply (2, 3: the others)"], [["C"], "Take it"], [["H"], "Hold, or go on"], [["Z"], "Snooze"], [["T"], "Transfer"], [["E"], "Resolve"], [["W"], "Why this agent, why still waiting"], [["Esc"], "Leave the field, close the panel"]]],
    ["Writing", [[["Enter"], "Send"], [["Shift", "Enter"], "New line"], [["Ctrl", "Enter"], "Send and resolve"], [["Ctrl", "Z"], "Take back what was just sent"], [["@"], "In a note: call a colleague or team"]]],
    ["Everywhere", [[["Ctrl", "K"], "Do or find anything"], [["Ctrl", "Shift", "F"], "Search all messages"], [["B"], "Notices"], [["P"], "My presence"], [["?"], "These keys"]]],
];

const WRITING = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

/** Does somebody type here? Then single keys are letters. Pure but for `closest`. */
export function isWriting(target) {
    // A dialog that has just been closed keeps the focus for a moment: nothing is written there any more
    return Boolean(target?.closest?.(WRITING)) && !target.closest("dialog:not([open])");
}

const ALWAYS = new Set(["command", "search"]); // also while somebody writes

/** The name of a key press in the table of `bind`, or null when it is none of ours. */
export function nameOf(event, { mac = false } = {}) {
    if (event.isComposing) return null;
    const command = mac ? event.metaKey : event.ctrlKey;
    if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") return "command";
    if (command && !event.altKey && event.shiftKey && event.key.toLowerCase() === "f") return "search";
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.key.length === 1) return event.key.toLowerCase();
    return event.key;
}

/** `actions`: name of a key → function; false means "not now", and the key keeps its own meaning. */
export function listen(actions, { settings }) {
    const mac = /Mac|iPhone|iPad/.test(navigator.platform);
    addEventListener("keydown", (event) => {
        const name = nameOf(event, { mac });
        const action = name && actions[name];
        if (!action || event.defaultPrevented) return;
        if (!ALWAYS.has(name) && (isWriting(event.target) || !settings.get("keys") || inPanel(event.target))) return;
        if (event.repeat && !["j", "k"].includes(name)) return;
        if (action(event) !== false) event.preventDefault();
    });
}

function inPanel(target) {
    // One that has just been closed keeps the focus for a moment
    return Boolean(target?.closest?.("dialog[open], :popover-open"));
}

export class KeysOverlay {
    constructor({ settings }) {
        this.settings = settings;
        this.dialog = h("dialog", { class: "keys", "aria-labelledby": "keys-title" });
        this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
        document.body.append(this.dialog);
    }

    open() {
        if (this.dialog.open) return;
        const toggle = h("input", { type: "checkbox", checked: this.settings.get("keys"), onchange: () => this.settings.set("keys", toggle.checked) });
        fill(
            this.dialog,
            h("header", { class: "keys__head" }, h("h2", { id: "keys-title" }, "Keys"), iconButton("close", "Close", () => this.dialog.close())),
            h("div", { class: "keys__groups" }, TABLE.map(([title, rows]) => h("section", {}, h("h3", {}, title), h("dl", { class: "keys__list" }, rows.map(([keys, words]) => h("div", {}, h("dt", {}, keys.map((key) => h("kbd", {}, key))), h("dd", {}, words))))))),
            h("label", { class: "check" }, toggle, "Single keys act when nobody is writing"),
        );
        this.dialog.showModal();
    }
}
