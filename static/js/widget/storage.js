// What one browser remembers of one inbox. Storage may be blocked (private windows, strict
// third-party rules): then memory serves until the page is left, and nothing else changes.

export class Memory {
    #values = new Map();

    getItem(key) {
        return this.#values.get(key) ?? null;
    }

    setItem(key, value) {
        this.#values.set(key, value);
    }

    removeItem(key) {
        this.#values.delete(key);
    }
}

/** The browser's own storage when it works, else memory. */
export function usableStorage(page = globalThis) {
    try {
        const storage = page.localStorage;
        const probe = "contactcentre:probe";
        storage.setItem(probe, "1");
        storage.removeItem(probe);
        return storage;
    } catch {
        return new Memory();
    }
}

/** Values under one prefix, as JSON; what cannot be read counts as absent. */
export class Notebook {
    constructor(prefix, storage = usableStorage()) {
        this.prefix = prefix;
        this.storage = storage;
        this.spare = new Memory();
    }

    key(name) {
        return `contactcentre:${this.prefix}:${name}`;
    }

    get(name, otherwise = null) {
        const text = this.spare.getItem(name) ?? this.storage.getItem(this.key(name));
        if (text === null) return otherwise;
        try {
            return JSON.parse(text) ?? otherwise;
        } catch {
            return otherwise;
        }
    }

    set(name, value) {
        const text = JSON.stringify(value);
        try {
            this.storage.setItem(this.key(name), text);
            this.spare.removeItem(name);
        } catch {
            this.spare.setItem(name, text); // full: keep it for this visit
        }
    }

    remove(name) {
        this.spare.removeItem(name);
        this.storage.removeItem(this.key(name));
    }
}
