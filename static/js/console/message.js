// One message in the thread: who, the words, files, sources, and whether it arrived.

import { avatar, fill, h, icon } from "./dom.js";
import { blocks, plain, safeLink, toElements } from "../widget/richtext.js";
import { stampOf, wordsIn } from "./read_files.js";
import { exact, size, timeOfDay } from "./times.js";

const STATES = { sending: ["clock", "Sending"], sent: ["check", "Sent"], read: ["checks", "Read"], failed: ["warning", "Not sent"] };
const PICTURES = /^image\/(png|jpeg|webp|gif)$/;

/** An <li>; `drawMessage` fills it and may be called again. */
export function newMessage() {
    return h("li", { class: "message" });
}

/** `customer`: what whoever this is with is called. */
export function drawMessage(row, line, { me, customer, retry, edit, discard, choosing }) {
    const { frame, state, error, continues } = line;
    const picked = choosing ? choosing.chosen.has(frame.offset) : false;
    if (row.pick && row.pick.checked !== picked) row.pick.checked = picked;
    const stamp = `${state} ${continues} ${error?.detail ?? ""} ${line.inside ?? ""} ${customer} ${stampOf(frame.attachments)}`;
    if (row.stamp === stamp && row.frame === frame) return;
    Object.assign(row, { stamp, frame });
    const kind = frame.note ? "note" : frame.author.kind;
    row.className = `message message--${kind}${continues ? " message--continues" : ""} message--${state}${line.inside ? " message--inside" : ""}`;
    if (frame.offset) row.dataset.offset = frame.offset;
    const mine = frame.author.mine || (frame.author.kind === "agent" && frame.author.name === me?.name);
    const name = mine ? "You" : frame.author.name || { bot: "Bot", customer, system: "System" }[frame.author.kind] || "";
    const bubble = h("div", { class: "message__bubble" }, words(frame), files(frame), sources(frame));
    const chosen = choosing && frame.offset && kind !== "system";
    row.pick = chosen ? h("input", { class: "message__pick", type: "checkbox", checked: picked, "aria-label": `Choose this message of ${name || "the system"}`, onclick: (event) => choosing.pick(frame.offset, row.pick.checked, { through: event.shiftKey }) }) : null;
    const more = chosen ? h("button", { class: "message__more", type: "button", "aria-label": `More about this message of ${name}`, title: "Copy, request, split off", onclick: (event) => choosing.openMenu(event.currentTarget, frame) }, icon("more")) : null;
    fill(
        row,
        row.pick,
        kind === "system" || continues ? null : avatar(frame.author.name || (mine ? me?.name : name) || name, { bot: kind === "bot", small: true, id: frame.author.kind === "customer" ? row.customerId : frame.author.name }),
        h(
            "div",
            { class: "message__body" },
            h("p", { class: continues || kind === "system" ? "visually-hidden" : "message__head" }, ...head(frame, kind, name, whyLink(frame, me))),
            more ? h("div", { class: "message__line" }, bubble, more) : bubble,
            foot(line, { retry, edit, discard }),
        ),
    );
}

/** Where it is told why the bot said this, for whoever may see it; null for all else. */
export function whyAddress(frame, me) {
    if (frame.author?.kind !== "bot" || !frame.seq || !frame.conversation) return null;
    return me?.permissions?.includes("bots.view_bottrace") ? `/console/why/${frame.conversation}/#seq-${frame.seq}` : null;
}

function whyLink(frame, me) {
    const address = whyAddress(frame, me);
    return address ? h("a", { class: "message__why", href: address, target: "_blank", rel: "noopener", title: "Why did the bot say this?", "aria-label": "Why did the bot say this?" }, "Why?") : null;
}

function head(frame, kind, name, why) {
    const time = h("time", { datetime: new Date(frame.created_at).toISOString(), title: exact(frame.created_at) }, timeOfDay(frame.created_at));
    if (kind === "note") return [icon("lock"), h("strong", {}, frame.whisper ? "Whisper" : "Private note"), ` ${name} `, time];
    const mark = kind === "bot" ? h("span", { class: "mark" }, "Bot") : null;
    return [h("strong", { dir: "auto" }, name), mark, " ", time, why && " ", why].filter(Boolean);
}

function words(frame) {
    if (!frame.text) return null;
    const ours = frame.author.kind === "bot" || frame.author.kind === "system";
    const parsed = ours ? blocks(frame.text) : plain(frame.text);
    const cite = (number) => citation(frame, number);
    return h("div", { class: "message__text", dir: "auto" }, toElements(parsed, { cite }));
}

function citation(frame, number) {
    const source = frame.citations?.[number - 1];
    const link = source && addressOf(source);
    if (!link) return null;
    return h("a", { class: "cite", href: link, target: "_blank", rel: "noopener", title: source.title, "aria-label": `Source ${number}: ${source.title}` }, String(number));
}

/** Where a source stands: our own pages, or http(s). */
export function addressOf(source) {
    if (!source.url) return null;
    if (source.url.startsWith("/") && !source.url.startsWith("//")) return source.url;
    const link = safeLink(source.url);
    return link && /^https?:/.test(link) ? link : null;
}

function sources(frame) {
    if (!frame.citations?.length) return null;
    return h(
        "ul",
        { class: "message__sources", role: "list", "aria-label": "Sources" },
        frame.citations.map((source, at) => {
            const inside = [h("span", { class: "message__number" }, String(at + 1)), h("span", { class: "message__title" }, source.title)];
            const link = addressOf(source);
            const chip = link
                ? h("a", { class: "chip", href: link, target: "_blank", rel: "noopener", title: source.quote ?? "" }, inside)
                : h("span", { class: "chip", title: source.quote ?? "" }, inside);
            return h("li", {}, chip);
        }),
    );
}

function files(frame) {
    if (!frame.attachments?.length) return null;
    return h("ul", { class: "message__files", role: "list" }, frame.attachments.map((file) => h("li", {}, attachment(file), wordsIn(file))));
}

function attachment(file) {
    if (typeof file === "string") return h("span", { class: "file" }, icon("file"), "A file");
    const link = file.url && (file.url.startsWith("/") ? file.url : null);
    if (link && PICTURES.test(file.content_type ?? "")) {
        const picture = h("img", { src: link, alt: file.name, loading: "lazy", class: "message__picture" });
        return h("a", { href: link, target: "_blank", rel: "noopener" }, picture);
    }
    const inside = [icon("file"), h("span", { class: "file__name", dir: "auto" }, file.name), h("span", { class: "file__size" }, size(file.size ?? 0))];
    return link ? h("a", { class: "file", href: link, target: "_blank", rel: "noopener" }, inside) : h("span", { class: "file" }, inside);
}

function foot({ frame, state, error }, { retry, edit, discard }) {
    if (state === "failed") {
        const button = (label, onclick) => h("button", { class: "button button--small", type: "button", onclick }, label);
        return h(
            "p",
            { class: "message__foot message__foot--failed" },
            icon("warning"),
            h("span", {}, `Not sent: ${error?.detail || "it was refused."}`),
            button("Try again", () => retry(frame.id)),
            button("Edit", () => edit(frame.id)),
            button("Discard", () => discard(frame.id)),
        );
    }
    const [name, word] = STATES[state] ?? [];
    if (!word || (frame.note && state !== "sending")) return null;
    return h("p", { class: "message__foot" }, icon(name), word);
}

