// Results while one types. Without this script the form is a plain one.

const PAUSE = 160; // ms without a key before we ask
const SETTLED = 1_500; // ms: whoever has typed no more for so long has searched for these words

/** Keeps asking in order: an answer that was overtaken is dropped. Pure but for `ask`. */
export class Typing {
    #number = 0;

    constructor({ ask, show }) {
        Object.assign(this, { ask, show });
    }

    async typed(words) {
        const number = (this.#number += 1);
        if (words === "") {
            this.show(null);
            return;
        }
        const found = await this.ask(words);
        if (number === this.#number) this.show(found);
    }

    forget() {
        this.#number += 1;
        this.show(null);
    }
}

/** The next place in a list of `count`, round and round; -1 is the field itself. Pure. */
export function moved(place, step, count) {
    const places = count + 1;
    return ((place + 1 + step + places) % places) - 1;
}

function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children.filter(Boolean));
    return made;
}

function begin(form) {
    const field = form.elements.q;
    const said = form.dataset;
    const id = `${field.id}-found`;
    const list = element("ul", { id, role: "listbox", class: "help__found", "aria-label": field.labels[0].textContent });
    const status = element("p", { class: "visually-hidden", role: "status" });
    list.hidden = true;
    form.append(list, status);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) field.setAttribute(name, value);
    let place = -1;
    let pause;
    let settled;

    const options = () => [...list.querySelectorAll("[role=option]")];

    function mark(next) {
        place = next;
        options().forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
        const chosen = options()[place];
        if (chosen) {
            field.setAttribute("aria-activedescendant", chosen.id);
            chosen.scrollIntoView({ block: "nearest" });
        } else field.removeAttribute("aria-activedescendant");
    }

    function show(found) {
        list.replaceChildren();
        place = -1;
        field.removeAttribute("aria-activedescendant");
        list.hidden = found === null;
        field.setAttribute("aria-expanded", String(found !== null && found.results?.length > 0));
        if (found === null) {
            status.textContent = "";
            return;
        }
        const { results = [], problem } = found;
        const count = results.length === 1 ? said.one : said.many.replace("{count}", results.length);
        status.textContent = problem ?? (results.length > 0 ? count : said.none);
        if (results.length === 0) list.append(element("li", { class: "help__none" }, status.textContent));
        results.forEach((one, at) => {
            const address = new URL(one.url, location.origin);
            address.searchParams.set("found", "");
            address.searchParams.set("lang", one.language);
            const option = element("li", { role: "option", id: `${id}-${at}`, "aria-selected": "false", lang: one.language }, element("b", { dir: "auto" }, one.title), element("span", { dir: "auto" }, one.excerpt));
            option.addEventListener("click", () => location.assign(address));
            option.go = address;
            list.append(option);
        });
    }

    const ask = async (words) => {
        const address = new URL(said.search, location.origin);
        address.searchParams.set("q", words);
        address.searchParams.set("lang", form.elements.lang.value);
        try {
            const answer = await fetch(address, { credentials: "omit" });
            if (answer.status === 429) return { problem: said.slower };
            if (!answer.ok) throw new Error(String(answer.status));
            return await answer.json();
        } catch {
            return null; // the button still searches
        }
    };

    const count = (words) =>
        fetch(said.search, {
            method: "POST",
            credentials: "omit",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ q: words, lang: form.elements.lang.value, place: "help" }),
        }).catch(() => {});

    const typing = new Typing({ ask, show });
    const words = () => field.value.trim().replace(/\s+/g, " ");
    field.addEventListener("input", () => {
        clearTimeout(pause);
        clearTimeout(settled);
        pause = setTimeout(() => typing.typed(words().length < 2 && !/[^\x00-\x7f]/.test(words()) ? "" : words()), PAUSE);
        if (words().length > 1) settled = setTimeout(() => count(words()), SETTLED);
    });
    field.addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && !list.hidden && options().length > 0) {
            event.preventDefault();
            mark(moved(place, step, options().length));
        } else if (event.key === "Escape" && !list.hidden) {
            event.preventDefault();
            typing.forget();
        } else if (event.key === "Enter" && options()[place]) {
            event.preventDefault();
            location.assign(options()[place].go);
        }
    });
    form.addEventListener("submit", () => {
        clearTimeout(settled); // the page that comes counts it
        typing.forget();
    });
    document.addEventListener("click", (event) => {
        if (!form.contains(event.target)) typing.forget();
    });
}

if (globalThis.document) for (const form of document.querySelectorAll("form[data-search]")) begin(form);
