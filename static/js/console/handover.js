// What the bot passes on: why a person is needed, its summary, and what the customer already gave,
// so that nobody asks twice.

import { fill, h, icon } from "./dom.js";
import { reasonInWords } from "./events.js";
import { exact, timeOfDay } from "./times.js";

export class Handover {
    constructor(root, desk) {
        this.desk = desk;
        this.root = h("details", { class: "handover", open: true, hidden: true });
        this.title = h("summary", { class: "handover__title" });
        this.body = h("div", { class: "handover__body" });
        this.root.append(this.title, this.body);
        root.append(this.root);
    }

    begin() {
        this.root.hidden = true;
        this.root.open = !matchMedia("(max-width: 700px)").matches;
    }

    render() {
        const handoff = this.desk.detail?.handoffs?.[0];
        this.root.hidden = !handoff;
        if (!handoff) return;
        const time = h("time", { class: "handover__time", datetime: handoff.requested_at, title: exact(handoff.requested_at) }, timeOfDay(handoff.requested_at));
        fill(this.title, icon("bot"), h("strong", {}, reasonInWords(handoff.reason)), time, icon("chevron"));
        fill(this.body, handoff.summary ? h("p", { class: "handover__summary", dir: "auto" }, handoff.summary) : null, this.#given(), this.#why());
    }

    #why() {
        const { me } = this.desk.store;
        const key = this.desk.detail?.conversation;
        if (!key || !me?.permissions?.includes("bots.view_bottrace")) return null;
        return h("a", { class: "handover__why", href: `/console/why/${key}/`, target: "_blank", rel: "noopener" }, "Why the bot did this");
    }

    #given() {
        const { customer } = this.desk.detail;
        const given = [
            ["Name", customer?.name],
            ["E-mail", customer?.email],
            ["Phone", customer?.phone],
            ...Object.entries(customer?.attributes ?? {}),
        ].filter(([, value]) => value !== "" && value !== null && value !== undefined && typeof value !== "object");
        if (given.length === 0) return null;
        return h(
            "dl",
            { class: "handover__given", "aria-label": "What the customer already gave" },
            given.map(([name, value]) => h("div", {}, h("dt", {}, title(name)), h("dd", { dir: "auto" }, String(value)))),
        );
    }
}

/** order_number → Order number. */
export function title(name) {
    const words = String(name).replaceAll("_", " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
}
