// The page around the iframe. It may be anybody's, so both ways check the window and its origin:
// only our parent is heard, only an origin of the inbox's list, and from then on only that one.

const MARK = "contactcentre";

/** Is the origin on the list? Entries are origins; the widget's own is always on it. */
export function isAllowed(origin, allowed, own) {
    return origin === own || allowed.includes(origin);
}

export class Host {
    #origin = null;
    #listeners = new Map();

    constructor({ allowed, page = window }) {
        this.page = page;
        this.allowed = allowed;
        page.addEventListener("message", (event) => this.#hear(event));
    }

    /** False when the widget is opened as a page of its own. */
    get isFramed() {
        return this.page.parent !== this.page;
    }

    on(type, listener) {
        this.#listeners.set(type, listener);
    }

    tell(type, detail = {}) {
        if (!this.#origin || !this.isFramed) return;
        this.page.parent.postMessage({ source: MARK, type, detail }, this.#origin);
    }

    #hear(event) {
        if (event.source !== this.page.parent || !this.isFramed) return;
        if (event.data?.source !== MARK || typeof event.data.type !== "string") return;
        if (!isAllowed(event.origin, this.allowed, this.page.location.origin)) return;
        this.#origin ??= event.origin;
        if (event.origin !== this.#origin) return;
        this.#listeners.get(event.data.type)?.(event.data.detail ?? {});
    }
}
