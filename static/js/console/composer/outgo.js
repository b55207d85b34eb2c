// Rules of the house for what is sent: told while somebody writes, enforced by the server.

import { fill, h, icon } from "../dom.js";

const PAUSE = 350;

/** Why these words can't be sent, or null. `reason` is why they must be. Pure. */
export function heldBack(check, reason = "") {
    if (!check?.blocks) return null;
    return check.may_override && reason.trim() ? null : check.may_override ? "Say why it must be sent" : "A rule holds it back";
}

export class Outgo {
    #timer = null;
    #asked = 0;
    #free = new Set(); // conversations in which no rule holds

    /** @param changed () => void: what may be sent is another thing now */
    constructor(desk, { words, isReply, changed }) {
        Object.assign(this, { desk, words, isReply, changed, check: null });
        this.says = h("span", {});
        this.reason = h("input", { class: "input input--small outgo__reason", type: "text", maxlength: "200", placeholder: "Why it must be sent (this is logged)", "aria-label": "Why it must be sent", oninput: () => this.changed() });
        this.root = h("div", { class: "strip strip--doubt outgo", role: "status", hidden: true }, icon("block"), this.says, this.reason);
    }

    begin() {
        this.#show(null);
        this.look();
    }

    get problem() {
        return this.isReply() && !this.stale ? heldBack(this.check, this.reason.value) : null;
    }

    /** The reason for sending it all the same, once. */
    take() {
        const reason = this.check?.blocks ? this.reason.value.trim() : "";
        this.#show(null);
        return reason;
    }

    look() {
        clearTimeout(this.#timer);
        const { openId } = this.desk;
        this.stale = true; // what stands there now is looked at again, here and when it is sent
        if (this.check) this.changed();
        if (!openId || !this.isReply() || !this.words().trim() || this.#free.has(openId)) {
            if (this.check) this.#show(null);
            return;
        }
        this.#timer = setTimeout(() => this.#ask(openId), PAUSE);
    }

    async #ask(conversation) {
        const asked = (this.#asked += 1);
        try {
            const check = await this.desk.api.post(`conversations/${conversation}/outgoing-check/`, { text: this.words() });
            if (check.rules === 0) this.#free.add(conversation);
            if (asked === this.#asked && conversation === this.desk.openId) this.#show(check.found.length > 0 ? check : null);
        } catch {
            // the server looks again when it is sent
        }
    }

    #show(check) {
        this.check = check;
        this.stale = false;
        this.root.hidden = !check;
        this.root.classList.toggle("outgo--held", Boolean(check?.blocks));
        this.reason.hidden = !check?.blocks || !check.may_override;
        if (!check) {
            this.#asked += 1;
            this.reason.value = "";
        }
        fill(this.says, check ? check.says : "");
        this.changed();
    }
}
