// Saved views: mine, my teams' and everybody's, with how many conversations are in each.

const AT_ONCE = 30;
const FRESH = 5_000; // counters are not asked more often

export class Viewbook extends EventTarget {
    views = [];
    counts = {}; // "mine", "unassigned", "all" and ids of views → number or null
    upTo = 1000;
    #asked = 0;
    #timer = null;

    constructor(api) {
        super();
        this.api = api;
    }

    #changed() {
        this.dispatchEvent(new Event("change"));
    }

    get(id) {
        return this.views.find((view) => view.id === id) ?? null;
    }

    async load() {
        this.views = (await this.api.get("views/", { limit: 100 })).results;
        this.#changed();
        await this.count();
    }

    /** All counters: one request for the three lists, one for all views. */
    async count() {
        clearTimeout(this.#timer);
        this.#timer = null;
        this.#asked = Date.now();
        const ids = this.views.slice(0, AT_ONCE).map((view) => view.id);
        const [lists, views] = await Promise.all([
            this.api.get("conversations/counts/"),
            ids.length > 0 ? this.api.post("views/counts/", { views: ids }) : { counts: {} },
        ]);
        this.upTo = lists.counted_up_to;
        this.counts = { mine: lists.mine, unassigned: lists.unassigned, all: lists.all, ...views.counts };
        this.#changed();
    }

    /** Something has changed: the counters follow, not more often than is good for anybody. */
    countSoon(now = Date.now()) {
        if (this.#timer) return;
        const wait = Math.max(300, this.#asked + FRESH - now);
        this.#timer = setTimeout(() => this.count().catch(() => {}), wait);
    }

    /** "12", "1000+", or "–" when counting takes too long. */
    shown(key) {
        return countWord(this.counts[key], this.upTo);
    }

    async save(id, words) {
        const view = await (id ? this.api.patch(`views/${id}/`, words) : this.api.post("views/", words));
        this.views = id ? this.views.map((one) => (one.id === id ? view : one)) : [...this.views, view];
        this.#changed();
        this.count().catch(() => {});
        return view;
    }

    /** Gone at once, back if the server refuses. Resolves to a function that brings it back. */
    async remove(view) {
        const before = this.views;
        this.views = before.filter((one) => one.id !== view.id);
        this.#changed();
        try {
            await this.api.remove(`views/${view.id}/`);
        } catch (error) {
            this.views = before;
            this.#changed();
            throw error;
        }
        const { name, conditions, sort, shared, team, position } = view;
        return () => this.save(null, { name, conditions, sort, shared, team: team?.id ?? null, position });
    }
}

export function countWord(count, upTo = 1000) {
    if (count === undefined) return "";
    if (count === null) return "–";
    return count > upTo ? `${upTo}+` : String(count);
}
