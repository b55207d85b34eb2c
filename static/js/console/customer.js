// The column beside the conversation: who the customer is, and everything about the case. Three
// requests fill it: the conversation, its case, and its customer.

import { CallBack } from "./case/call_back.js";
import { Ending, Mute } from "./case/ending.js";
import { CaseFields, CustomerFields } from "./case/details.js";
import { missing } from "./case/fields.js";
import { CaseFile } from "./case/file.js";
import { Insight } from "./case/insight.js";
import { Labels } from "./case/labels.js";
import { Links } from "./case/links.js";
import { Memory } from "./case/memory.js";
import { Notes } from "./case/notes.js";
import { WorthOffering } from "./case/offers.js";
import { Orders } from "./case/orders.js";
import { Participants } from "./case/participants.js";
import { Past } from "./case/past.js";
import { Requests } from "./case/requests.js";
import { Scores } from "./case/scores.js";
import { Steps } from "./case/steps.js";
import { TimeSpent } from "./case/time.js";
import { Who } from "./case/who.js";
import { Copilot } from "./copilot.js";
import { Faces, h, iconButton } from "./dom.js";
import { Knowledge } from "./knowledge.js";

const SOON = 400;

// Lines of the log after which a part is not what it was
const TELLS = {
    case: new Set(["participant_added", "participant_removed", "request_opened", "request_done", "request_reopened", "request_edited", "checklist", "time", "linked", "unlinked", "merged", "merged_into", "split", "split_from", "muted", "unmuted", "attributes", "mentioned"]),
    customer: new Set(["attributes", "company", "blocked", "unblocked", "merged", "merged_into", "split"]),
};

export class CustomerPanel {
    #timers = {};

    constructor(root, desk, { insert }) {
        this.desk = desk;
        this.root = root;
        this.file = new CaseFile({ api: desk.api, say: (words, how) => desk.toasts.say(words, how) });
        const { file } = this;
        this.close = iconButton("close", "Close", () => desk.tell("details"), { class: "button button--icon customer__close" });
        this.who = new Who(desk, file);
        this.labels = new Labels(desk);
        this.steps = new Steps(desk, file);
        this.requests = new Requests(desk, file);
        this.offers = new WorthOffering(desk, { insert });
        this.orders = new Orders(desk);
        this.ending = new Ending(desk, file);
        this.knowledge = new Knowledge(desk, { insert });
        this.copilot = new Copilot(desk, { insert });
        this.mute = new Mute(desk, file);
        const parts = [this.labels, new Scores(desk), this.offers, new CallBack(desk, file), new CaseFields(desk, file), this.requests, this.steps, new CustomerFields(desk, file), new Memory(desk, file), this.orders, new Insight(desk, file), new Notes(desk, file), new Past(desk, file)];
        const after = [new Participants(desk, file), new TimeSpent(desk, file), new Links(desk, file)];
        this.parts = [this.who, ...parts, ...after, this.ending, this.mute];
        this.sections = h("div", { class: "customer__sections" }, parts.map((part) => part.root), this.copilot.root, this.knowledge.root, after.map((part) => part.root), this.ending.root, this.mute.root);
        this.body = h("div", { class: "customer__body" }, this.who.root, this.sections);
        root.append(this.close, this.body);
        this.faces = new Faces(this.body, { empty: "Choose a conversation, and who it is with stands here.", rows: 6 });
        this.faces.empty();
        file.addEventListener("change", () => this.render());
        desk.wanted = () => ["case", "customer"].flatMap((part) => missing(file[part]?.fields ?? [], file[part]?.attributes));
    }

    begin() {
        const { openId } = this.desk;
        for (const timer of Object.values(this.#timers)) clearTimeout(timer);
        const known = this.desk.card?.customer?.id ?? null;
        this.file.begin(openId, known);
        for (const part of this.parts) (part.begin ?? part.section?.begin.bind(part.section))?.call(part);
        this.knowledge.begin();
        this.copilot.begin();
        if (!openId) {
            this.faces.empty();
            return;
        }
        this.faces.waiting();
        this.file.load("case");
        if (known) this.file.load("customer");
        this.labels.load();
        this.steps.load();
    }

    /** A line was added to the log of the open conversation. */
    event({ kind }) {
        for (const [part, kinds] of Object.entries(TELLS)) {
            if (!kinds.has(kind)) continue;
            clearTimeout(this.#timers[part]);
            this.#timers[part] = setTimeout(() => this.file.load(part), SOON);
        }
    }

    render() {
        const { detail, detailError } = this.desk;
        const { file } = this;
        const failed = detailError ?? file.errors.case ?? file.errors.customer;
        if (failed && !file.case && !file.customer) {
            this.faces.failed(failed, () => this.#again());
            return;
        }
        const customer = file.customerId ?? detail?.customer?.id;
        if (customer && !file.customerId) {
            file.customerId = customer;
            file.load("customer");
        }
        if (!detail && !file.customer) return;
        for (const part of this.parts) part.render?.();
        this.orders.load(customer, file.customer?.email ?? detail?.customer?.email);
        this.faces.full();
    }

    #again() {
        this.faces.waiting();
        this.desk.loadDetail();
        this.file.load("case");
        this.file.load("customer");
    }
}
