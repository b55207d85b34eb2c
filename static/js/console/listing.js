// The pages of one list: asked by conditions and order, the next ones by cursor, the first again
// when something has changed.

const PAGE = 50;

export class Listing {
    #asked = 0;
    ids = [];
    next = null;
    phase = "idle"; // idle, waiting, done, failed
    error = null;

    constructor(desk, told) {
        Object.assign(this, { desk, told });
    }

    load({ conditions, sort }) {
        this.wanted = { conditions, sort };
        this.phase = "waiting";
        this.ids = [];
        return this.#page({ keep: [] });
    }

    more() {
        if (!this.next || this.phase !== "done") return null;
        const cursor = this.next;
        this.next = null;
        return this.#page({ keep: this.ids, cursor });
    }

    /** The first page as it is now; nothing flickers, and a failure waits for the next time. */
    refresh() {
        if (this.phase !== "done" || this.ids.length > PAGE) return null;
        return this.#page({ keep: [], quiet: true });
    }

    async #page({ keep, cursor = "", quiet = false }) {
        const asked = (this.#asked += 1);
        try {
            const page = await this.desk.api.post("conversations/filter/", { ...this.wanted, cursor, limit: PAGE });
            if (asked !== this.#asked) return;
            for (const card of page.results) this.desk.store.learn(card);
            this.ids = [...new Set([...keep, ...page.results.map((card) => card.conversation)])];
            this.next = page.next;
            this.phase = "done";
        } catch (error) {
            if (asked !== this.#asked || quiet) return;
            this.phase = "failed";
            this.error = error;
        }
        this.told();
    }
}
