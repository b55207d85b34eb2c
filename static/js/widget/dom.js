// Elements built from values, never from strings of HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * h("button", {class: "button", onclick: fn, "aria-label": "…"}, "text", child, null)
 * Functions become listeners, `null`/`false` attributes are left out, strings become text nodes.
 */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        if (typeof value === "function") element.addEventListener(name.slice(2), value);
        else if (name === "value" || name === "checked") element[name] = value;
        else element.setAttribute(name, value === true ? "" : String(value));
    }
    append(element, children);
    return element;
}

export function append(element, children) {
    for (const child of children.flat(Infinity)) {
        if (child !== null && child !== undefined && child !== false) element.append(child);
    }
    return element;
}

/** Replace what is inside, in one go. */
export function fill(element, ...children) {
    element.replaceChildren();
    return append(element, children);
}

const PATHS = {
    attach: "M21 11.5 12.3 20a5.5 5.5 0 0 1-7.8-7.8l9-8.9a3.7 3.7 0 0 1 5.2 5.2l-9 8.8a1.8 1.8 0 0 1-2.6-2.5l8.3-8.2",
    back: "M19 12H5m6-7-7 7 7 7",
    bot: "M12 4v3M6 7h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2Zm3 5v1.5m6-1.5v1.5M2 12v3m20-3v3M12 3.2v.1",
    check: "m4 12.5 5 5L20 6.5",
    close: "M6 6l12 12M18 6 6 18",
    down: "M12 5v14m-6-6 6 6 6-6",
    download: "M12 4v11m-5-5 5 5 5-5M5 20h14",
    emoji: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-3.5-7a4.2 4.2 0 0 0 7 0M9 9.5v.2m6-.2v.2",
    end: "M9 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h3m6-4 4-4-4-4m4 4H9",
    file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5Zm0 0v5h5",
    language: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3.5 12h17M12 3c2.4 2.4 3.6 5.4 3.6 9S14.4 18.6 12 21c-2.4-2.4-3.6-5.4-3.6-9S9.6 5.4 12 3Z",
    memory: "M6 4h12v16l-6-4.5L6 20V4Zm3.5 4h5m-5 3h5",
    menu: "M5 12h.01M12 12h.01M19 12h.01",
    open: "M14 4h6v6m0-6-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4",
    person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.500a7.5 7.5 0 0 1 15 0",
    phone: "M5 4h3.500l1.7 4.3-2.2 1.500a12 12 0 0 0 6.2 6.200l1.5-2.200L20 15.500V19a1.5 1.5 0 0 1-1.6 1.500A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4Z",
    retry: "M20 11a8 8 0 1 0-2.3 6.600M20 5v6h-6",
    search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.500 4.500",
    send: "M5 12h13m-6-6.5 6.5 6.5-6.5 6.5",
    sound: "M4 9.500v5h3.500L12 18.500v-13L7.5 9.500H4Zm11.5-.5a4 4 0 0 1 0 6m2.5-8.500a7.5 7.5 0 0 1 0 11",
    mute: "M4 9.500v5h3.500L12 18.500v-13L7.5 9.500H4Zm12 .500 5 5m0-5-5 5",
    theme: "M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9Z",
    warning: "M12 4 2.8 19.500h18.400L12 4Zm0 6v4.500m0 2.500v.1",
};

/** A line drawing in the colour of the text beside it; hidden from screen readers. */
export function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", `icon icon--${name}`);
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", PATHS[name]);
    svg.append(path);
    return svg;
}

/** A face from 1 (sad) to 5 (happy). */
export function face(score) {
    const mouths = [
        "M8 16.500c1-1.9 2.4-2.8 4-2.800s3 .9 4 2.8",
        "M8.5 15.800c1-1 2.2-1.5 3.5-1.500s2.5.5 3.5 1.5",
        "M8.5 15h7",
        "M8.5 14.300c1 1 2.2 1.5 3.5 1.500s2.5-.5 3.5-1.5",
        "M7.8 13.500c.7 2.4 2.2 3.5 4.2 3.500s3.5-1.1 4.2-3.500Z",
    ];
    const svg = icon("emoji");
    svg.firstChild.setAttribute(
        "d",
        `M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 9.500v.4m6-.4v.4${mouths[score - 1]}`,
    );
    return svg;
}
