// Which rows of a list are picked. Pure.

export class Selection extends EventTarget {
    ids = new Set();
    #last = null;

    #changed() {
        this.dispatchEvent(new Event("change"));
    }

    get size() {
        return this.ids.size;
    }

    has(id) {
        return this.ids.has(id);
    }

    /** `through`: everything between the last one and this one becomes what this one becomes. */
    toggle(id, { list = [], through = false } = {}) {
        const on = !this.ids.has(id);
        const from = list.indexOf(this.#last);
        const to = list.indexOf(id);
        const range = through && from >= 0 && to >= 0 ? list.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
        for (const one of range) {
            if (on) this.ids.add(one);
            else this.ids.delete(one);
        }
        this.#last = id;
        this.#changed();
    }

    pick(ids) {
        this.ids = new Set(ids);
        this.#changed();
    }

    /** Something was done with these; what was picked since stays. */
    drop(ids) {
        for (const id of ids) this.ids.delete(id);
        this.#changed();
    }

    clear() {
        if (this.ids.size === 0) return;
        this.ids.clear();
        this.#last = null;
        this.#changed();
    }
}
