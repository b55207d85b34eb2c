// What a message's text means: paragraphs, lists, emphasis, links. First as values (pure), then as
// elements. Nothing is ever parsed as HTML.

const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'`，。；：！？、（）【】《》“”]+|\bmailto:[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|\btel:\+?[\d()-]{5,}/gi;
const TRAILING = /[.,;:!?'")\]}]+$/;
const ITEM = /^\s*(?:[-*•]|(\d{1,2})[.)])\s+(.*)$/;
const INLINE = /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[([^\]\n]+)\]\(([^()\s]+)\)|\[(\d{1,2})\]/g;
const PROTOCOLS = new Set(["http:", "https:", "mailto:", "tel:"]);

/** A link that is safe to follow, or null. */
export function safeLink(address) {
    let text = address;
    if (/^www\./i.test(text)) text = `https://${text}`;
    else if (!/^[a-z][a-z\d+.-]*:/i.test(text) && text.includes("@")) text = `mailto:${text}`;
    try {
        const url = new URL(text);
        return PROTOCOLS.has(url.protocol) ? url.href : null;
    } catch {
        return null;
    }
}

/** Text → [{text}|{link, text}]. */
export function findLinks(text) {
    const parts = [];
    let at = 0;
    for (const match of text.matchAll(LINK)) {
        const shown = trimEnd(match[0]);
        const link = safeLink(shown);
        if (!link) continue;
        if (match.index > at) parts.push({ text: text.slice(at, match.index) });
        parts.push({ link, text: shown });
        at = match.index + shown.length;
    }
    if (at < text.length) parts.push({ text: text.slice(at) });
    return parts;
}

/** Punctuation after an address belongs to the sentence, a balanced bracket to the address. */
function trimEnd(address) {
    let shown = address.replace(TRAILING, "");
    const rest = address.slice(shown.length);
    const open = shown.split("(").length - shown.split(")").length;
    if (open > 0 && rest.startsWith(")")) shown += ")";
    return shown;
}

/** Emphasis, code, links and citation marks of one line. */
export function inline(text) {
    const parts = [];
    let at = 0;
    for (const match of text.matchAll(INLINE)) {
        if (match.index > at) parts.push(...findLinks(text.slice(at, match.index)));
        const [whole, strong, code, label, address, cite] = match;
        const link = address ? safeLink(address) : null;
        if (strong) parts.push({ strong });
        else if (code) parts.push({ code });
        else if (link) parts.push({ link, text: label });
        else if (cite) parts.push({ cite: Number(cite) });
        else parts.push({ text: whole });
        at = match.index + whole.length;
    }
    if (at < text.length) parts.push(...findLinks(text.slice(at)));
    return parts;
}

/** Text → blocks: {kind: "paragraph", lines} or {kind: "list", ordered, start, items}. */
export function blocks(text) {
    const result = [];
    let current = null;
    for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
        const item = ITEM.exec(line);
        if (item) {
            const ordered = item[1] !== undefined;
            if (current?.kind !== "list" || current.ordered !== ordered) {
                current = { kind: "list", ordered, start: ordered ? Number(item[1]) : null, items: [] };
                result.push(current);
            }
            current.items.push(inline(item[2]));
        } else if (line.trim() === "") {
            current = null;
        } else {
            if (current?.kind !== "paragraph") {
                current = { kind: "paragraph", lines: [] };
                result.push(current);
            }
            current.lines.push(inline(line));
        }
    }
    return result;
}

/** Half an emphasis or half a source's mark, as an unfinished answer ends with, is not shown yet. */
export function withoutLooseEnds(text) {
    const whole = text.replace(/\[\d{0,2}$/, "");
    const marks = whole.split("**").length - 1;
    if (marks % 2 === 0) return whole.replace(/(^|[^*])\*$/, "$1");
    const at = whole.lastIndexOf("**");
    return whole.slice(0, at) + whole.slice(at + 2);
}

/** A customer's own words: as typed, with links. */
export function plain(text) {
    return [{ kind: "typed", lines: [findLinks(text)] }];
}

/**
 * Blocks → a fragment. `cite(number)` gives the element for a citation mark, or null when there is
 * no such source (then the mark stays text).
 */
export function toElements(parsed, { cite = () => null, page = document } = {}) {
    const fragment = page.createDocumentFragment();
    for (const block of parsed) {
        if (block.kind === "list") fragment.append(listOf(block, cite, page));
        else fragment.append(paragraphOf(block, cite, page));
    }
    return fragment;
}

function listOf(block, cite, page) {
    const list = page.createElement(block.ordered ? "ol" : "ul");
    if (block.ordered && block.start !== 1) list.start = block.start;
    for (const item of block.items) {
        const row = page.createElement("li");
        row.append(...spans(item, cite, page));
        list.append(row);
    }
    return list;
}

function paragraphOf(block, cite, page) {
    const paragraph = page.createElement("p");
    if (block.kind === "typed") paragraph.className = "typed";
    paragraph.dir = "auto";
    block.lines.forEach((line, at) => {
        if (at > 0) paragraph.append(page.createElement("br"));
        paragraph.append(...spans(line, cite, page));
    });
    return paragraph;
}

function spans(parts, cite, page) {
    return parts.map((part) => {
        if (part.link) {
            const link = page.createElement("a");
            link.href = part.link;
            link.textContent = part.text;
            link.rel = "noopener nofollow noreferrer";
            if (/^https?:/.test(part.link)) link.target = "_blank";
            return link;
        }
        if (part.cite !== undefined) return cite(part.cite) ?? `[${part.cite}]`;
        if (part.strong || part.code) {
            const element = page.createElement(part.strong ? "strong" : "code");
            element.textContent = part.strong ?? part.code;
            return element;
        }
        return part.text;
    });
}
