// Calls an agent back who is elsewhere: desktop notifications, asked for only from a click, and the
// sound of each event as its rule says.

import { Browser } from "./browser.js";
import { telling, words } from "./notices.js";

export class Alerts {
    constructor({ desk, notices, attention, browser = new Browser(desk.api) }) {
        Object.assign(this, { desk, notices, attention, browser });
    }

    get permission() {
        return "Notification" in globalThis ? Notification.permission : "unsupported";
    }

    /** Only from a click: browsers hold a question out of nowhere against the page. */
    async ask() {
        try {
            await Notification.requestPermission();
        } catch {
            // an old browser: it stays as it is
        }
    }

    offer() {
        if (this.notices.rings("offer")) this.attention.ring("offer");
    }

    notification(frame) {
        const looking = document.visibilityState === "visible" && document.hasFocus();
        const { sound, desktop } = telling(frame, { looking, openId: this.desk.openId });
        if (looking && frame.conversation === this.desk.openId) this.notices.seen(frame.conversation);
        if (sound) this.attention.ring("message");
        if (desktop) this.#show(frame);
    }

    #show(frame) {
        if (this.permission !== "granted") return;
        const { title, name, text } = words(frame);
        try {
            // One for each conversation: news of the same replaces what stands there
            const shown = new Notification(`${title}: ${name}`, { body: text, tag: frame.conversation ?? frame.id, silent: true });
            shown.onclick = () => {
                globalThis.focus();
                shown.close();
                if (frame.conversation) this.desk.open(frame.conversation, { focus: true, line: frame.data?.offset ?? null });
            };
        } catch {
            // some phones know the word but not the deed
        }
    }
}
