// My unfinished reply, kept on the server too, so that another device goes on with it. The last
// write wins; what it replaced unseen comes back and is offered.

const PAUSE = 900;
const REMEMBERED = 8; // texts of ours whose echo is no news

/** The server keeps words without what stands around them: the same words all the same. Pure. */
export function folded(text) {
    return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

export class SyncedDraft {
    #timer = null;
    #ours = [];
    #version = null;
    #asked = 0;

    /**
     * @param text   (conversation) => the reply as it stands here
     * @param take   (conversation, text) => void: it stood still here and went on elsewhere
     * @param offer  (draft | null) => void: words from elsewhere that would replace others here
     * @param shared (draft | null) => void: the draft that everybody here sees
     */
    constructor({ api, text, take, offer, shared, pause = PAUSE }) {
        Object.assign(this, { api, text, take, offer, shared, pause });
        this.id = null;
    }

    begin(id) {
        this.flush();
        this.id = id;
        this.#version = null;
        this.sharedVersion = null;
        this.#ours = id ? [folded(this.text(id))] : [];
        this.offer(null);
        this.shared(null);
        if (id) this.#load(id);
    }

    async #load(id) {
        const asked = (this.#asked += 1);
        try {
            const { own, shared } = await this.api.get(`conversations/${id}/draft/`);
            if (id !== this.id || asked !== this.#asked) return;
            if (own) this.#hear(own);
            else if (this.text(id)) this.typed();
            if (shared) this.#hearShared(shared);
        } catch {
            // kept here all the same
        }
    }

    /** A `draft` frame. */
    told(frame) {
        if (frame.conversation !== this.id) return;
        if (frame.shared) this.#hearShared(frame);
        else this.#hear(frame);
    }

    #hearShared(frame) {
        this.sharedVersion = frame.version;
        this.shared(frame.text || frame.attachments.length > 0 ? frame : null);
    }

    #hear(frame) {
        this.#version = frame.version;
        const here = folded(this.text(this.id));
        const there = folded(frame.text);
        if (there === here || this.#ours.includes(there)) return;
        // Nothing new was written here since the server knew it: go on with theirs
        if (this.#timer === null && (here === "" || here === this.#ours.at(-1))) {
            this.#remember(there);
            this.take(this.id, frame.text);
        } else this.offer(frame);
    }

    #remember(text) {
        this.#ours = [...this.#ours.filter((one) => one !== text), text].slice(-REMEMBERED);
    }

    typed() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.flush(), this.pause);
    }

    /** What waits is written down now. */
    flush() {
        if (this.#timer === null) return;
        clearTimeout(this.#timer);
        this.#timer = null;
        this.#write(this.id, this.text(this.id));
    }

    async #write(id, text) {
        const words = folded(text);
        if (words === this.#ours.at(-1)) return;
        this.#remember(words);
        try {
            const { draft, replaced } = await this.api.put(`conversations/${id}/draft/`, { text, ...(this.#version === null ? {} : { version: this.#version }) });
            if (id !== this.id) return;
            this.#version = draft?.version ?? null;
            if (replaced?.text && !this.#ours.includes(folded(replaced.text))) this.offer(replaced);
        } catch {
            if (id === this.id) this.#ours = this.#ours.filter((one) => one !== words); // tried again with the next letter
        }
    }

    // -- the draft that everybody here sees

    async share(text) {
        const id = this.id;
        const version = this.sharedVersion === null ? {} : { version: this.sharedVersion };
        const { draft, replaced } = await this.api.put(`conversations/${id}/draft/`, { text, shared: true, ...version });
        if (id !== this.id) return null;
        this.sharedVersion = draft?.version ?? null;
        this.shared(draft);
        return replaced?.text ? replaced : null;
    }
}
