// What is known of the open case and of its customer. A change is seen at once, confirmed by the
// server's answer, and taken back when it was refused. Pure but for the requests it is given.

/** The last confirmed state, and the changes that are on their way. */
export class Tentative {
    #pending = [];
    changes = 0; // begun or settled: what was read before is old

    constructor(base = null) {
        this.base = base;
    }

    get value() {
        if (this.base === null) return null;
        return this.#pending.reduce((state, change) => change(state), this.base);
    }

    begin(change) {
        this.changes += 1;
        this.#pending.push(change);
        return change;
    }

    /** `settle(state)` is what the server made of it; without one the change itself stands. */
    confirm(change, settle = change) {
        this.#drop(change);
        if (this.base !== null) this.base = settle(this.base);
    }

    refuse(change) {
        this.#drop(change);
    }

    /** A whole new state; what is on its way still shows. */
    replace(base) {
        this.base = base;
    }

    #drop(change) {
        this.changes += 1;
        this.#pending = this.#pending.filter((one) => one !== change);
    }
}

const same = (state) => state;

export class CaseFile extends EventTarget {
    id = null;
    customerId = null;
    errors = {};

    constructor({ api, say }) {
        super();
        Object.assign(this, { api, say });
        this.begin(null);
    }

    begin(id, customerId = null) {
        this.id = id;
        this.customerId = customerId;
        this.errors = {};
        this.parts = { case: new Tentative(), customer: new Tentative() };
    }

    get case() {
        return this.parts.case.value;
    }

    get customer() {
        return this.parts.customer.value;
    }

    /** "case" or "customer" from the server. Answers whether it is still the one that is open. */
    async load(part) {
        const { id, parts } = this;
        const path = part === "case" ? `conversations/${id}/case/` : `customers/${this.customerId}/`;
        if (!id || (part === "customer" && !this.customerId)) return false;
        try {
            const { changes } = parts[part];
            const state = await this.api.get(path);
            if (parts !== this.parts) return false;
            // Something was changed while this was on its way: it may tell of the time before
            if (changes !== parts[part].changes) return this.load(part);
            parts[part].replace(state);
            this.errors[part] = null;
        } catch (error) {
            if (parts !== this.parts) return false;
            this.errors[part] = error;
        }
        this.tell();
        return true;
    }

    tell() {
        this.dispatchEvent(new Event("change"));
    }

    /**
     * @param part    "case" or "customer"
     * @param change  state => state, shown at once
     * @param ask     () => promise of the server's answer
     * @param settle  (state, answer) => state; without it the change stands as it was shown
     * @param words   what to say before the reason when it was refused; null: the caller says it
     * Resolves to {ok, answer, error}.
     */
    async act({ part = "case", change = same, ask, settle = null, words }) {
        const { parts } = this;
        const half = parts[part];
        half.begin(change);
        this.tell();
        try {
            const answer = await ask();
            half.confirm(change, settle ? (state) => settle(state, answer) : change);
            if (parts === this.parts) this.tell();
            return { ok: true, answer };
        } catch (error) {
            half.refuse(change);
            if (parts === this.parts) this.tell();
            if (words) this.say(`${words}: ${error.message}`, { bad: true });
            return { ok: false, error };
        }
    }

    inCase(path) {
        return `conversations/${this.id}/${path}`;
    }

    ofCustomer(path = "") {
        return `customers/${this.customerId}/${path}`;
    }
}

// -- lists inside a state

export function put(list, row) {
    const at = list.findIndex((one) => one.id === row.id);
    return at < 0 ? [...list, row] : list.with(at, row);
}

export function without(list, id) {
    return list.filter((one) => one.id !== id);
}

export function patched(list, id, fields) {
    return list.map((one) => (one.id === id ? { ...one, ...fields } : one));
}
