// Every step of a conversation that an agent takes by a verb: accepting, passing on, holding,
// resolving, writing up. Each resolves to true when it was done; a failure is told in words.

import { ApiError } from "./api.js";
import { customerName } from "./people.js";

const LEAVES = new Set(["resolve", "transfer", "snooze"]); // what waits to be sent goes first

const OWN_DOING = 15_000; // milliseconds in which the news of it is no news

/** What became of a conversation that I had, and that somebody or something else moved on. Pure. */
export function lostInWords(card) {
    const name = customerName(card.customer);
    switch (card.state) {
        case "resolved": return `${name}: the conversation has ended`;
        case "assigned":
        case "snoozed": return `${card.assignee?.name ?? "Somebody else"} has the conversation with ${name} now`;
        case "bot": return `${name} is with the bot again`;
        default: return `${name} waits for somebody else now`;
    }
}

/** Wants `api`, `store`, `toasts`, `choices`, `openId`, `card`, `open` and `tell` of whoever extends it. */
export class Moves extends EventTarget {
    #own = new Map(); // conversation → when I did something with it
    busy = null; // {id, words} while the server does what was asked

    /** I am about to move these on myself. */
    acting(...ids) {
        for (const id of ids) this.#own.set(id, Date.now());
    }

    lost(card) {
        if (Date.now() - (this.#own.get(card.conversation) ?? 0) > OWN_DOING) this.toasts.say(lostInWords(card));
    }

    async act(id, verb, body, words, doing = "") {
        if (LEAVES.has(verb) || verb === "wrap-up") this.acting(id);
        if (doing) this.#occupied({ id, words: doing });
        try {
            if (LEAVES.has(verb)) await this.outgoing?.flush(id);
            const card = await this.api.post(`conversations/${id}/${verb}/`, body);
            if (card?.conversation && card.state) this.store.card(card);
            return true;
        } catch (error) {
            if (!(error instanceof ApiError)) throw error;
            this.toasts.say(`${words}: ${error.message}`, { bad: true });
            return false;
        } finally {
            if (doing) this.#occupied(null);
        }
    }

    #occupied(busy) {
        this.busy = busy;
        this.tell("busy");
    }

    async accept(offer) {
        const id = offer.conversation;
        const done = await this.act(id, "accept", {}, "Not accepted");
        if (done) this.open(id, { focus: true });
        this.store.offerGone(id);
        return done;
    }

    async decline(offer) {
        this.store.offerGone(offer.conversation);
        const done = await this.act(offer.conversation, "decline", {}, "Not declined");
        if (done) this.tell("declined", { id: offer.conversation });
        else this.store.offer(offer);
        return done;
    }

    async claim(id = this.openId) {
        const done = await this.act(id, "claim", {}, "Not taken");
        if (done && id === this.openId) this.tell("claimed");
        return done;
    }

    transfer(to, note) {
        return this.#leave("transfer", { ...to, note }, "Not passed on", "Passing it on …");
    }

    snooze(until) {
        return this.#leave("snooze", { until }, "Not snoozed", "Snoozing …");
    }

    reopen(id = this.openId) {
        return this.act(id, "reopen", {}, "Not opened again");
    }

    /** It stops the clocks, or goes on; shown at once, undone when it is refused. */
    async hold(on) {
        const before = this.card;
        this.store.card({ ...before, stage: on ? "on_hold" : "assigned" });
        const done = await this.act(before.conversation, "hold", { on }, on ? "Not put on hold" : "Still on hold");
        if (!done) this.store.card({ ...this.store.cards.get(before.conversation), stage: before.stage });
        return done;
    }

    /** `wrapUp` asks for time to write it up; the queue may give it anyway. */
    async resolve(disposition, note = "", { wrapUp = false } = {}) {
        const id = this.openId;
        const done = await this.act(id, "resolve", { disposition, note, wrap_up: wrapUp }, "Not resolved", "Resolving …");
        if (done) this.#ended(id, disposition);
        return done;
    }

    /** It is written up: how it ended. True when it was taken, also if its time goes on. */
    async wrapUp(code, note = "") {
        const id = this.openId;
        const done = await this.act(id, "wrap-up", { code, note }, "Not kept");
        if (done) this.#ended(id, code);
        return done;
    }

    #ended(id, code) {
        if (this.store.isWritingUp(this.store.cards.get(id) ?? {})) return;
        if (id === this.openId) this.open(this.#nextOne(id));
        this.toasts.undo(this.choices.nameOf(code) || "Resolved", async () => {
            if (await this.reopen(id)) this.open(id, { focus: true });
        });
    }

    /** The next thing to do is where the eye already is: go on with who waits for me. */
    async #leave(verb, body, words, doing) {
        const id = this.openId;
        const done = await this.act(id, verb, body, words, doing);
        if (done && id === this.openId) this.open(this.#nextOne(id));
        return done;
    }

    #nextOne(id) {
        return this.store.mine().find((card) => card.conversation !== id && card.state === "assigned")?.conversation ?? null;
    }
}
