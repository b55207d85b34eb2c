// The stored explanation of an offer → lines for people. Pure; whatever the router wrote is shown.

import { title } from "./handover.js";

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** [[name, words], …] of an explanation; uuids become names when `nameOf` knows them. */
export function whyLines(why, nameOf) {
    if (!why || typeof why !== "object") return typeof why === "string" && why ? [["Because", why]] : [];
    return Object.entries(why)
        .map(([name, value]) => [title(name), inWords(value, nameOf)])
        .filter(([, words]) => words !== "");
}

function inWords(value, nameOf) {
    if (value === null || value === undefined || value === "") return "";
    if (typeof value === "boolean") return value ? "Yes" : "No";
    if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toFixed(2);
    if (typeof value === "string") return UUID.test(value) ? (nameOf(value) ?? value.slice(0, 8)) : value;
    if (Array.isArray(value)) return value.map((one) => inWords(one, nameOf)).filter(Boolean).join("; ");
    const own = value.name ?? (value.agent && typeof value.agent === "string" ? value.agent : null);
    const rest = Object.entries(value).filter(([key]) => !["name", "agent", "id"].includes(key) || own === null);
    const words = rest.map(([key, one]) => `${title(key).toLowerCase()} ${inWords(one, nameOf)}`).join(", ");
    if (own === null) return words;
    return words ? `${inWords(own, nameOf)} (${words})` : inWords(own, nameOf);
}
