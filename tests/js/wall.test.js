import assert from "node:assert/strict";
import { test } from "node:test";

import "./no-page.mjs";
import { withWhom } from "../../static/js/console/wall_moods.js";
import { levelState, urgencyOf, WallState } from "../../static/js/console/wall_state.js";

const NOW = 1_000_000;
const queue = (more = {}) => ({ type: "queue", queue: { id: "q", name: "Support" }, waiting: 0, longest_wait: null, service_level: null, served: 0, target_seconds: 60, agents_online: 1, ...more });
const agent = (more = {}) => ({ id: "a", name: "Anna", status: "online", reason: "", since: null, load: 0, capacity: 2, ...more });
const card = (more = {}) => ({ conversation: "c", offset: 5, stage: "assigned", assignee: { id: "a", name: "Anna" }, waiting_since: null, ...more });
const numbers = { bot_share: 0.5, conversations: 8, satisfaction: 4.25, answers: 4 };

function wall(parts = {}) {
    const state = new WallState();
    state.take({ numbers, queues: [queue()], agents: [agent()], conversations: [], ...parts }, NOW);
    return state;
}

test("a picture gives the six numbers", () => {
    const state = wall({ queues: [queue({ waiting: 2, longest_wait: 50, service_level: 1, served: 1 }), queue({ queue: { id: "r", name: "Repairs" }, waiting: 1, longest_wait: 20, service_level: 0.5, served: 3 })] });
    const found = state.numbers(NOW + 5_000);
    assert.deepEqual(found, { waiting: 3, longest: 55, slowest: "Support", urgency: "calm", level: 0.625, served: 4, online: 1, free: 1, botShare: 0.5, conversations: 8, satisfaction: 4.25, answers: 4 });
});

test("nothing known is null, not nought", () => {
    const found = wall().numbers(NOW);
    assert.deepEqual([found.longest, found.level], [null, null]);
});

test("the longest wait goes on by itself, and turns urgent by the queue's own target", () => {
    const waits = { ...queue({ waiting: 1, longest_wait: 55 }), heard: NOW };
    assert.deepEqual([0, 6, 126].map((s) => urgencyOf(waits, NOW + s * 1000)), ["calm", "long", "overlong"]);
});

test("cards fill and empty hands between two pictures", () => {
    const state = wall({ agents: [agent(), agent({ id: "b", name: "Bo" })] });
    const loads = () => ["a", "b"].map((id) => state.agents.get(id).load);
    state.card(card());
    assert.deepEqual(loads(), [1, 0]);
    state.card(card({ offset: 6 })); // said again: counted once
    assert.deepEqual(loads(), [1, 0]);
    state.card(card({ offset: 7, assignee: { id: "b", name: "Bo" } }));
    assert.deepEqual(loads(), [0, 1]);
    state.card(card({ offset: 6 })); // an old one on a slower way
    assert.deepEqual(loads(), [0, 1]);
    state.card(card({ offset: 8, stage: "snoozed", assignee: { id: "b", name: "Bo" } })); // no load, still theirs
    assert.deepEqual([loads(), state.agentRows()[1].talks.length], [[0, 0], 1]);
    state.card(card({ offset: 9, stage: "resolved", assignee: { id: "b", name: "Bo" } }));
    assert.deepEqual([loads(), state.talks.size], [[0, 0], 0]);
});

test("the next picture puts the counts right and keeps the conversations", () => {
    const state = wall();
    state.card(card());
    state.take({ numbers, queues: [queue()], agents: [agent({ load: 2 })] }, NOW);
    assert.deepEqual([state.agents.get("a").load, state.talks.size, state.numbers(NOW).free], [2, 1, 0]);
});

test("presence moves free agents at once, and the rows: who is there comes first", () => {
    const state = wall({ agents: [agent(), agent({ id: "z", name: "Zoe" })] });
    state.presence({ agent: { id: "a", name: "Anna" }, status: "away", reason: "Lunch", since: "2026-01-01T00:00:00Z" });
    assert.deepEqual([state.numbers(NOW).free, state.numbers(NOW).online], [1, 1]);
    assert.deepEqual(state.agentRows().map((one) => one.name), ["Zoe", "Anna"]);
});

test("a share is good, low, bad or not known", () => {
    assert.deepEqual([0.8, 0.79, 0.59, null].map(levelState), ["good", "low", "bad", "none"]);
});

test("who sounds unhappy is listed whoever has them, the unhappiest first, and goes when it gets better or is over", () => {
    const state = wall({ conversations: [card({ conversation: "a", sentiment: -0.4 }), card({ conversation: "b", stage: "queued", assignee: null, queue: { name: "Support" }, sentiment: -0.9 }), card({ conversation: "c", sentiment: -0.1 })] });
    const names = () => state.unhappy().map((one) => one.conversation);
    assert.deepEqual(names(), ["b", "a"]);
    state.card(card({ conversation: "d", offset: 9, stage: "bot", assignee: null, sentiment: -0.5 }));
    state.card(card({ conversation: "e", offset: 9, stage: "bot", assignee: null, sentiment: 0.5 }));
    assert.deepEqual(names(), ["b", "d", "a"]);
    assert.equal(state.agentRows()[0].talks.length, 2); // only what is in hand stands at an agent
    state.card(card({ conversation: "b", offset: 9, sentiment: -0.2 }));
    state.card(card({ conversation: "d", offset: 10, stage: "resolved", assignee: null, sentiment: -0.5 }));
    state.card(card({ conversation: "a", offset: 9, stage: "wrap_up", sentiment: -0.4 }));
    assert.deepEqual(names(), []);
    assert.deepEqual([{ stage: "bot" }, { stage: "queued", queue: { name: "Support" } }, card()].map(withWhom), ["with the bot", "waits in Support", "with Anna"]);
});
