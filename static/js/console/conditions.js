// Conditions of a saved view, as they are edited: groups of "all", "any" and "none" with leaves
// {field, op, value}. The server speaks of `not`; here it is "none of". Pure.

export const DEEPEST = 3; // as deep as somebody can still read it
const KINDS = { all: "all", any: "any", none: "none" };

export const isGroup = (node) => node.kind in KINDS;

export const group = (kind = "all", parts = []) => ({ kind, parts });

export const leaf = (field, op, value) => ({ field, op, value });

/** The server's tree → what is edited. Always a group at the top. */
export function fromTree(tree) {
    const node = read(tree ?? {});
    return isGroup(node) ? node : group("all", [node]);
}

function read(tree) {
    if ("field" in tree) return leaf(tree.field, tree.op, tree.value);
    if ("not" in tree) {
        const inside = read(tree.not);
        return inside.kind === "any" ? group("none", inside.parts) : group("none", [inside]);
    }
    if ("any" in tree) return group("any", tree.any.map(read));
    return group("all", (tree.all ?? []).map(read));
}

/** What is edited → the server's tree; what is empty is left out, `{}` is everything. */
export function toTree(node) {
    return write(node) ?? {};
}

function write(node) {
    if (!isGroup(node)) return { field: node.field, op: node.op, value: node.value };
    const parts = node.parts.map(write).filter(Boolean);
    if (parts.length === 0) return null;
    if (node.kind === "none") return { not: parts.length === 1 ? parts[0] : { any: parts } };
    return { [node.kind]: parts };
}

/** Two trees at once; either may be `{}`. */
export function both(one, other) {
    const parts = [one, other].filter((tree) => Object.keys(tree).length > 0);
    if (parts.length === 0) return {};
    return parts.length === 1 ? parts[0] : { all: parts };
}

/** The first leaf without a usable value, or null. */
export function unfinished(node) {
    if (isGroup(node)) return node.parts.map(unfinished).find(Boolean) ?? null;
    const { value } = node;
    const empty = value === null || value === undefined || value === "" || Number.isNaN(value) || (Array.isArray(value) && value.length === 0);
    return empty ? node : null;
}

/** "State is open and (priority is at least high or labels have any of vip)". */
export function sentence(node, { fieldWord, opWord, valueWord }) {
    const say = (part) => {
        if (!isGroup(part)) return leafWords(part, { fieldWord, opWord, valueWord });
        const words = part.parts.map((inner) => (isGroup(inner) && inner.parts.length > 1 ? `(${say(inner)})` : say(inner)));
        if (part.kind === "none") return `not ${words.length > 1 ? `(${words.join(" or ")})` : words[0] ?? ""}`;
        return words.join(part.kind === "any" ? " or " : " and ");
    };
    const words = say(node);
    return words ? words[0].toLocaleUpperCase() + words.slice(1) : "Every conversation";
}

function leafWords({ field, op, value }, { fieldWord, opWord, valueWord }) {
    const name = fieldWord(field).toLowerCase();
    if (op === "is_set") return `${name} is ${value ? "known" : "unknown"}`;
    const values = Array.isArray(value) ? value.map((one) => valueWord(field, op, one)).join(", ") : valueWord(field, op, value);
    return `${name} ${opWord(op)} ${values}`;
}

/** The conditions of a list that was not saved: whose, in which state, and a word of the customer. */
export function ofScope({ scope = "all", state = "", search = "" }) {
    const parts = [];
    if (scope === "mine") parts.push(leaf("assignee", "is", "me"));
    if (scope === "unassigned") parts.push(leaf("assignee", "is", "nobody"));
    if (state) parts.push(leaf("state", "is", state));
    if (search) parts.push({ any: ["customer.name", "customer.email", "customer.phone", "company"].map((field) => leaf(field, "contains", search)) });
    return parts.length === 0 ? {} : { all: parts };
}
