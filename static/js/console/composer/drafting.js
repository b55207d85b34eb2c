// The reply as it is kept: here, on the server for my other devices, and shared with colleagues.

import { Strips } from "./strips.js";
import { SyncedDraft } from "./synced.js";

export class Drafting {
    /**
     * @param show  (text) => void: the open conversation's reply is now this
     * @param back  (files, at) => void: words came back and are in the reply, the cursor goes behind them
     * @param put   (text) => void: words for the reply, where the cursor is
     */
    constructor(desk, { show, back, put }) {
        Object.assign(this, { desk, show, returned: back, put });
        this.strips = new Strips();
        this.synced = new SyncedDraft({
            api: desk.api,
            text: (id) => desk.drafts.of(id).reply,
            take: (id, text) => this.take(id, text),
            offer: (draft) => this.strips.showOffered(draft, { use: (text) => this.take(desk.openId, text) }),
            shared: (draft) => this.#showShared(draft),
        });
        desk.addEventListener("too-late", ({ detail }) => this.#forget(detail));
    }

    begin() {
        this.strips.clear();
        this.synced.begin(this.desk.openId);
    }

    /** The reply of a conversation is now this: written elsewhere, or taken back. */
    take(id, text) {
        this.desk.drafts.keep(id, { ...this.desk.drafts.of(id), reply: text });
        if (id === this.desk.openId) this.show(text);
    }

    /** Words that were not sent after all stand before what was begun since. */
    back(conversation, text, files = []) {
        const begun = this.desk.drafts.of(conversation).reply;
        this.take(conversation, [text, begun].filter(Boolean).join("\n\n"));
        if (conversation !== this.desk.openId) return;
        this.returned(files, text.length);
        this.synced.typed();
    }

    /** They were said after all: they need not be said again. */
    #forget({ conversation, text }) {
        const { reply } = this.desk.drafts.of(conversation);
        if (reply.startsWith(text)) this.take(conversation, reply.slice(text.length).trimStart());
    }

    #showShared(draft) {
        if (this.strips.isEdited && draft) return;
        const { desk } = this;
        this.strips.showShared(draft, { me: desk.store.me, mayUse: desk.isMine, use: this.put, save: (text) => this.share(text) });
    }

    async share(text) {
        try {
            const replaced = await this.synced.share(text);
            if (replaced) this.strips.showOffered(replaced, { use: (words) => this.share(words) });
            else if (text) this.desk.toasts.say("Whoever has this conversation open sees the draft");
        } catch (error) {
            this.desk.toasts.say(`Not shared: ${error.message}`, { bad: true });
        }
    }
}
