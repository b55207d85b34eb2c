// The supervisors' wall: one picture at first, then what the socket tells. It is drawn once a second
// at most, since its clocks go by seconds.

import { Live, wakeWithPage } from "live";

import { Api } from "./api.js";
import "./clocks.js";
import { Connection } from "./connection.js";
import { fill, h, icon, setText } from "./dom.js";
import { presenceWord } from "./people.js";
import { timeOfDay } from "./times.js";
import { Toasts } from "./toasts.js";
import { MoodRows } from "./wall_moods.js";
import { Numbers } from "./wall_numbers.js";
import { AgentRows, QueueRows } from "./wall_rows.js";
import { WallState } from "./wall_state.js";

const page = document.body;
const find = (selector) => page.querySelector(selector);
const scheme = location.protocol === "https:" ? "wss:" : "ws:";

const state = new WallState();
const live = new Live({ address: () => `${scheme}//${location.host}${page.dataset.socket}`, scoped: true });
const connection = new Connection(find("#connection"), live, { login: page.dataset.loginUrl });
const api = new Api({ root: page.dataset.api, csrf: () => page.dataset.csrf, signedOut: () => connection.signedOut() });
const toasts = new Toasts(find("#toasts"), find("#alarm"));
let choices = ["online", "away", "offline"].map((status) => ({ status, reason: "", word: presenceWord(status) }));

const numbers = new Numbers(find("#numbers"));
const moods = new MoodRows(find("#moods"), { watch });
const queues = new QueueRows(find("#queues"));
const agents = new AgentRows(find("#agents"), { choices: () => choices, setState, watch });
const face = find("#face");

// -- what a supervisor does here

async function setState(agent, status, reason) {
    const before = state.agents.get(agent.id);
    state.presence({ agent: { id: agent.id, name: agent.name }, status, reason, since: new Date().toISOString() });
    draw();
    try {
        await api.post(`agents/${agent.id}/presence/`, { status, reason });
    } catch (error) {
        state.agents.set(agent.id, before);
        toasts.say(`Not set: ${error.message}`, { bad: true });
        draw();
    }
}

async function watch(card) {
    try {
        await api.post(`conversations/${card.conversation}/supervise/watch/`);
        location.assign(`${page.dataset.console}#${card.conversation}`);
    } catch (error) {
        toasts.say(`Not watched: ${error.message}`, { bad: true });
    }
}

// -- what comes

async function load() {
    try {
        state.take(await api.get("wall/"), Date.now());
        face.hidden = true;
        draw();
    } catch (error) {
        if (state.ready) return; // the next picture puts it right
        const again = h("button", { class: "button button--small", type: "button", onclick: load }, icon("retry"), "Try again");
        fill(face, h("p", { class: "face__words", role: "alert" }, icon("warning"), error.message), again);
        face.hidden = false;
    }
}

async function loadChoices() {
    try {
        const { reasons } = await api.get("choices/");
        const away = reasons.map(({ name, status }) => ({ status, reason: name, word: `${presenceWord(status)}: ${name}` }));
        choices = [choices[0], choices.find(({ status }) => status === "away"), ...away, choices.at(-1)];
    } catch {
        // without reasons it works as well
    }
}

live.on("welcome", () => {
    live.tell({ type: "wall", on: true });
    load();
});
live.on("wall", (frame) => (state.take(frame, Date.now()), draw()));
live.on("queue", (frame) => (state.queue(frame, Date.now()), drawSoon()));
live.on("presence", (frame) => (state.presence(frame), drawSoon()));
live.on("conversation", (frame) => (state.card(frame), drawSoon()));

// -- drawing

let asked = null;
function drawSoon() {
    asked ??= setTimeout(draw, 200);
}

function draw() {
    clearTimeout(asked);
    asked = null;
    setText(find("#time"), timeOfDay(Date.now()));
    if (!state.ready) return;
    const now = Date.now();
    page.dataset.ready = "";
    numbers.draw(state.numbers(now));
    moods.show(state.unhappy());
    const lines = state.queueRows(now);
    queues.show(lines);
    find("#no-queues").hidden = lines.length > 0;
    const people = state.agentRows();
    agents.show(people);
    find("#no-agents").hidden = people.length > 0;
}

const full = find("#full");
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () => {
    const turned = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    turned.catch(() => {}); // a browser that refuses leaves the page as it is
});

setInterval(draw, 1000);
wakeWithPage(live);
live.start();
loadChoices();
