// A conversation in its own sentences, for the note with which an agent ends it.

import { h, icon } from "./dom.js";

/** What an agent writes below it: the reason, the needs, and what was said to them. Pure. */
export function noteOf({ needs = [], answers = [], reason_says: reason = "" }) {
    return [
        needs.length > 0 ? `Wanted: ${needs.join(" ")}` : "",
        answers.length > 0 ? `Said: ${answers.join(" ")}` : "",
        reason ? `Person needed: ${reason}` : "",
    ].filter(Boolean).join(" | ");
}

/** A button that puts the summary of the open conversation into a field, behind what stands there. */
export function summaryButton(desk, field) {
    const button = h("button", { class: "button button--small button--quiet", type: "button", title: "Sentences of this conversation, as a note for colleagues", onclick: () => fillIn() }, icon("spark"), "Summary");
    async function fillIn() {
        button.disabled = true;
        try {
            const words = noteOf(await desk.api.get(`conversations/${desk.openId}/summary/`));
            field.value = [field.value.trim(), words].filter(Boolean).join(" ").slice(0, field.maxLength > 0 ? field.maxLength : 2000);
            field.focus();
        } catch (error) {
            desk.toasts.say(`No summary: ${error.message}`, { bad: true });
        } finally {
            button.disabled = false;
        }
    }
    return button;
}
