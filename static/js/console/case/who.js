// Who the customer is: name and addresses, their company, who looks after them, and the way to
// correct all that.

import { avatar, fill, h, icon } from "../dom.js";
import { customerName, languageName } from "../people.js";
import { dateOf, exact } from "../times.js";
import { CompanyField } from "./company.js";
import { quiet, tiny } from "./section.js";

const SIMPLE = [
    { name: "name", label: "Name", type: "text", max: 200, autocomplete: "off" },
    { name: "email", label: "E-mail", type: "email", max: 254 },
    { name: "phone", label: "Phone", type: "tel", max: 40 },
];

/** What differs from what is known; nothing else is sent. Pure. */
export function changedOnly(customer, given) {
    return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== (customer[name] ?? "")));
}

export class Who {
    #mode = "seen"; // "seen", "edited", "blocked"
    #stamp = null;

    constructor(desk, file) {
        Object.assign(this, { desk, file });
        this.root = h("header", { class: "customer__who" });
    }

    begin() {
        this.#mode = "seen";
        this.#stamp = null;
    }

    render() {
        const customer = this.file.customer ?? early(this.desk.detail);
        if (!customer) return;
        const stamp = JSON.stringify([customer, this.#mode, Boolean(this.file.customer), this.desk.detail?.language]);
        // Nobody's words are drawn away under their hands
        if (stamp === this.#stamp || (this.#mode !== "seen" && this.root.querySelector("form"))) return;
        this.#stamp = stamp;
        if (this.#mode === "edited") this.#drawForm(customer);
        else this.#draw(customer);
    }

    #show(mode) {
        this.#mode = mode;
        this.#stamp = null;
        this.root.replaceChildren();
        this.render();
        if (mode === "seen") this.root.querySelector("[data-key=edit]")?.focus();
        else this.root.querySelector("input")?.focus();
    }

    #draw(customer) {
        const name = customerName(customer);
        const whole = Boolean(this.file.customer);
        const since = customer.created_at ? h("span", { title: exact(customer.created_at) }, `First here ${dateOf(customer.created_at)}`) : null;
        fill(
            this.root,
            avatar(name, { id: customer.id }),
            h("div", { class: "customer__naming" }, h("h2", { class: "customer__name", dir: "auto" }, name), h("p", { class: "customer__since" }, customer.verified ? h("span", { class: "mark mark--resolved", title: "The company's site has signed who they are" }, "Verified") : null, since)),
            h("span", { class: "customer__verbs" }, whole && this.desk.store.may("change_customer") ? tiny("edit", "Correct what we know", () => this.#show("edited"), { "data-key": "edit" }) : null, whole && this.desk.store.may("block_customers") && !customer.blocked ? tiny("block", "Block this customer", () => this.#show("blocked")) : null),
            customer.blocked ? this.#blockedNotice() : null,
            this.#mode === "blocked" ? this.#blockForm() : null,
            h("div", { class: "customer__contacts" }, this.#contacts(customer)),
        );
    }

    #contacts(customer) {
        const spoken = languageName(customer.language || this.desk.detail?.language);
        const line = (sign, ...words) => h("span", { class: "customer__contact" }, icon(sign), h("span", { dir: "auto" }, words));
        return [
            customer.email ? h("a", { class: "customer__contact", href: `mailto:${encodeURIComponent(customer.email)}` }, icon("mail"), h("span", {}, customer.email)) : null,
            customer.phone ? h("a", { class: "customer__contact", href: `tel:${customer.phone.replace(/[^\d+]/g, "")}` }, icon("phone"), h("span", {}, customer.phone)) : null,
            customer.company ? line("building", customer.company.name, customer.company.domain ? h("span", { class: "customer__domain" }, ` ${customer.company.domain}`) : null) : null,
            customer.owner ? line("person", `Looked after by ${customer.owner.name}`) : null,
            spoken ? line("language", spoken) : null,
        ];
    }

    // -- correcting

    #drawForm(customer) {
        const { agents, me } = this.desk.store;
        const inputs = Object.fromEntries(SIMPLE.map((one) => [one.name, h("input", { class: "input input--small", id: `who-${one.name}`, type: one.type, maxlength: one.max, value: customer[one.name] ?? "", dir: "auto", autocomplete: "off", "aria-describedby": `who-${one.name}-error` })]));
        const company = new CompanyField(this.desk, customer.company);
        const owner = h("select", { class: "input input--small", id: "who-owner" }, h("option", { value: "" }, "Nobody"), [...agents.values()].sort((a, b) => a.name.localeCompare(b.name)).map((one) => h("option", { value: one.id }, one.id === me?.id ? `${one.name} (you)` : one.name)));
        if (customer.owner && !agents.has(customer.owner.id)) owner.append(h("option", { value: customer.owner.id }, customer.owner.name));
        owner.value = customer.owner?.id ?? "";
        const row = (name, label, input) => h("div", { class: "fields__row" }, h("label", { class: "fields__label", for: input.id }, label), input, h("p", { class: "fields__error", id: `who-${name}-error`, hidden: true }));
        const form = h(
            "form",
            { class: "who-form", novalidate: true, "aria-label": "What we know of the customer" },
            SIMPLE.map((one) => row(one.name, one.label, inputs[one.name])),
            h("div", { class: "fields__row" }, h("label", { class: "fields__label", for: "who-company" }, "Company"), company.root),
            row("owner", "Looked after by", owner),
            h("div", { class: "verbs-row" }, h("button", { class: "button button--small button--primary", type: "submit" }, "Save"), quiet("Cancel", null, () => this.#show("seen"))),
        );
        form.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.#show("seen"));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const given = changedOnly(customer, Object.fromEntries(SIMPLE.map((one) => [one.name, inputs[one.name].value.trim()])));
            this.#save(form, customer, given, { company: company.chosen, owner: owner.value || null, ownerName: owner.selectedOptions[0]?.textContent });
        });
        fill(this.root, form);
    }

    async #save(form, customer, given, { company, owner, ownerName }) {
        const sent = { ...given };
        const shown = { ...given };
        if ((company?.id ?? null) !== (customer.company?.id ?? null)) [sent.company, shown.company] = [company?.id ?? null, company];
        if (owner !== (customer.owner?.id ?? null)) [sent.owner, shown.owner] = [owner, owner ? { id: owner, name: ownerName } : null];
        if (Object.keys(sent).length === 0) {
            this.#show("seen");
            return;
        }
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        const { ok, error } = await this.file.act({
            part: "customer",
            change: (state) => ({ ...state, ...shown }),
            ask: () => this.desk.api.patch(this.file.ofCustomer(), sent),
            settle: (state, answer) => answer,
            words: null,
        });
        if (ok) {
            this.#told();
            this.#show("seen");
            return;
        }
        button.disabled = false;
        this.#complain(form, error);
    }

    /** Lists and the header call the customer by the new name at once. */
    #told() {
        const { card, store } = this.desk;
        const { customer } = this.file;
        if (card?.customer?.id === customer?.id) store.card({ ...card, customer: { ...card.customer, name: customer.name, email: customer.email } });
    }

    #complain(form, error) {
        let told = false;
        for (const { name } of SIMPLE) {
            const words = error.fields?.[name]?.[0];
            const place = form.querySelector(`#who-${name}-error`);
            place.hidden = !words;
            fill(place, words ? [icon("warning"), words] : []);
            form.querySelector(`#who-${name}`).toggleAttribute("aria-invalid", Boolean(words));
            if (words) form.querySelector(`#who-${name}`).setAttribute("aria-invalid", "true");
            told ||= Boolean(words);
        }
        if (!told) this.desk.toasts.say(`Not saved: ${error.message}`, { bad: true });
    }

    // -- blocking

    #blockedNotice() {
        const free = this.desk.store.may("block_customers") ? h("button", { class: "button button--small", type: "button", onclick: () => this.#block(false) }, "Unblock") : null;
        return h("p", { class: "customer__notice" }, icon("block"), h("span", {}, "Blocked: they cannot write."), free);
    }

    #blockForm() {
        const reason = h("input", { class: "input input--small", maxlength: "200", placeholder: "Why? (colleagues see it)", "aria-label": "Why is the customer blocked?", dir: "auto" });
        const form = h("form", { class: "block-form" }, h("p", {}, "They can write no more, and what is open with them is resolved."), reason, h("div", { class: "verbs-row" }, h("button", { class: "button button--small button--danger", type: "submit" }, icon("block"), "Block"), quiet("Cancel", null, () => this.#show("seen"))));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#block(true, reason.value.trim());
        });
        return form;
    }

    async #block(on, reason = "") {
        const { desk, file } = this;
        this.#show("seen");
        const { ok } = await file.act({
            part: "customer",
            change: (state) => ({ ...state, blocked: on }),
            ask: () => (on ? desk.api.post(file.ofCustomer("block/"), { reason }) : desk.api.remove(file.ofCustomer("block/"))),
            settle: (state, answer) => answer,
            words: on ? "Not blocked" : "Not unblocked",
        });
        if (ok && on) desk.toasts.undo("Customer blocked", () => this.#block(false));
    }
}

/** What the conversation itself already tells, until the whole record is here. */
function early(detail) {
    return detail?.customer ? { company: null, owner: null, blocked: false, ...detail.customer } : null;
}
