// What the wall knows: a picture of everything now and then, and what happened since. Pure: frames
// go in, numbers and rows come out, `now` is always given.

import { moodOf } from "./mood.js";

const WORKS = new Set(["assigned", "on_hold", "wrap_up"]); // what fills an agent's hands
const HOLDS = new Set([...WORKS, "snoozed"]);
const WAITS = new Set(["queued", "offered"]);
const ORDER = { online: 0, away: 1, offline: 2 };
export const GOAL = 0.8; // of the customers, within their queue's target

export class WallState {
    ready = false;
    queues = new Map();
    agents = new Map();
    talks = new Map();
    today = {};

    /** A whole picture; it puts right whatever was counted from single events. */
    take(wall, now) {
        this.queues = new Map(wall.queues.map((frame) => [frame.queue.id, { ...frame, heard: now }]));
        this.agents = new Map(wall.agents.map((agent) => [agent.id, agent]));
        if (wall.conversations) this.talks = new Map(wall.conversations.map((card) => [card.conversation, card]));
        const { bot_share: botShare, conversations, satisfaction, answers } = wall.numbers;
        this.today = { botShare, conversations, satisfaction, answers };
        this.ready = true;
    }

    queue(frame, now) {
        this.queues.set(frame.queue.id, { ...this.queues.get(frame.queue.id), ...frame, heard: now });
    }

    presence({ agent, status, reason = "", since = null }) {
        const known = this.agents.get(agent.id) ?? { load: 0, capacity: 0 };
        this.agents.set(agent.id, { ...known, ...agent, status, reason, since });
    }

    /** A card says who has it now; the hands that let go and those that took it are counted. */
    card(card) {
        const before = this.talks.get(card.conversation);
        if (before && before.offset > card.offset) return;
        this.#fill(handOf(before), -1);
        this.#fill(handOf(card), 1);
        if (HOLDS.has(card.stage) || WAITS.has(card.stage) || (card.stage === "bot" && isUnhappy(card))) this.talks.set(card.conversation, card);
        else this.talks.delete(card.conversation);
    }

    #fill(id, by) {
        const agent = id && this.agents.get(id);
        if (agent) this.agents.set(id, { ...agent, load: Math.max(0, agent.load + by) });
    }

    // -- out

    numbers(now) {
        const queues = [...this.queues.values()];
        const people = [...this.agents.values()].filter((agent) => agent.status === "online");
        const slowest = queues.reduce((worst, queue) => ((waitOf(queue, now) ?? -1) > (waitOf(worst, now) ?? -1) ? queue : worst), {});
        const served = sum(queues, "served");
        const within = queues.reduce((all, queue) => all + (queue.service_level ?? 0) * (queue.served ?? 0), 0);
        return {
            waiting: sum(queues, "waiting"),
            longest: waitOf(slowest, now),
            slowest: slowest.queue?.name ?? "",
            urgency: worst(queues.map((queue) => urgencyOf(queue, now))),
            level: served > 0 ? within / served : null,
            served,
            online: people.length,
            free: people.filter((agent) => agent.load < agent.capacity).length,
            ...this.today,
        };
    }

    /** Those with the longest wait first; then by name. */
    queueRows(now) {
        return [...this.queues.values()]
            .map((queue) => ({ ...queue, id: queue.queue.id, name: queue.queue.name, wait: waitOf(queue, now), urgency: urgencyOf(queue, now) }))
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    /** Customers who sound unhappy, in whose hands they are: the unhappiest first. */
    unhappy() {
        return [...this.talks.values()].filter((card) => card.stage !== "wrap_up" && isUnhappy(card)).sort((a, b) => a.sentiment - b.sentiment || a.conversation.localeCompare(b.conversation));
    }

    /** Who is there first; then by name, so that nobody jumps about. */
    agentRows() {
        const talks = [...this.talks.values()].filter((card) => HOLDS.has(card.stage));
        return [...this.agents.values()]
            .map((agent) => ({ ...agent, talks: talks.filter((card) => card.assignee?.id === agent.id).sort(byNeed) }))
            .sort((a, b) => (ORDER[a.status] ?? 3) - (ORDER[b.status] ?? 3) || a.name.localeCompare(b.name));
    }
}

function isUnhappy(card) {
    return moodOf(card.sentiment) === "unhappy";
}

function handOf(card) {
    return card && WORKS.has(card.stage) ? (card.assignee?.id ?? null) : null;
}

function waitOf(queue, now) {
    if (!queue.waiting || queue.longest_wait === null || queue.longest_wait === undefined) return null;
    return queue.longest_wait + Math.max(0, now - queue.heard) / 1000;
}

/** calm; long, beyond the target; overlong, beyond three times the target. */
export function urgencyOf(queue, now) {
    const wait = waitOf(queue, now);
    const target = queue.target_seconds || 60;
    if (wait === null || wait <= target) return "calm";
    return wait <= 3 * target ? "long" : "overlong";
}

function worst(urgencies) {
    return ["overlong", "long"].find((one) => urgencies.includes(one)) ?? "calm";
}

/** Of a share: good, low, or bad; none when it is not known. */
export function levelState(level) {
    if (level === null || level === undefined) return "none";
    if (level >= GOAL) return "good";
    return level >= GOAL - 0.2 ? "low" : "bad";
}

function byNeed(a, b) {
    return (a.waiting_since ?? "9").localeCompare(b.waiting_since ?? "9") || a.conversation.localeCompare(b.conversation);
}

function sum(rows, name) {
    return rows.reduce((all, row) => all + (row[name] ?? 0), 0);
}
