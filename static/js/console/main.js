// The console begins: parts are made, frames are led to them, keys are bound.

import { Live, wakeWithPage } from "live";

import { Alerts } from "./alerts.js";
import { Api } from "./api.js";
import { Attention } from "./attention.js";
import { Bell } from "./bell.js";
import { Browse } from "./browse.js";
import { Calls } from "./calls.js";
import "./clocks.js";
import { Connection } from "./connection.js";
import { Desk } from "./desk.js";
import { Drafts, outboxStore, Settings } from "./drafts.js";
import { reasonInWords } from "./events.js";
import { Inbox } from "./inbox.js";
import { Jump } from "./jump.js";
import { Notices } from "./notices.js";
import { Pane } from "./pane.js";
import { customerName } from "./people.js";
import { Presence } from "./presence.js";
import { Queues } from "./queues.js";
import { Search } from "./search.js";
import { Shell } from "./shell.js";
import { Store } from "./store.js";
import { Supervision } from "./supervision.js";
import { Toasts } from "./toasts.js";
import { Toolbox } from "./toolbox/toolbox.js";
import { Viewbook } from "./viewbook.js";

const page = document.body;
const find = (selector) => page.querySelector(selector);
const scheme = location.protocol === "https:" ? "wss:" : "ws:";

const store = new Store();
const settings = new Settings(localStorage);
const live = new Live({
    address: () => `${scheme}//${location.host}${page.dataset.socket}`,
    scoped: true,
    kept: outboxStore(sessionStorage),
});
const connection = new Connection(find("#connection"), live, { login: page.dataset.loginUrl });
const api = new Api({ root: page.dataset.api, csrf: () => page.dataset.csrf, signedOut: () => connection.signedOut() });
const desk = new Desk({
    store,
    live,
    api,
    settings,
    drafts: new Drafts(sessionStorage),
    toasts: new Toasts(find("#toasts"), find("#alarm")),
});
const attention = new Attention({ settings, icon: find("#favicon") ?? document.querySelector("#favicon") });
const lists = find("#lists");
const viewbook = new Viewbook(api);
const notices = new Notices(api);
const alerts = new Alerts({ desk, notices, attention });
desk.browser = alerts.browser;
const views = { inbox: new Inbox(lists, desk), queues: new Queues(lists, desk), calls: new Calls(lists, desk, { badge: find("[data-calls]") }), all: new Browse(lists, desk, { viewbook }), search: new Search(lists, desk) };
const presence = new Presence(find("#presence"), desk);
const bell = new Bell(find("#bell"), desk, { notices, alerts });
const pane = new Pane(desk, { conversation: find("#conversation"), customer: find("#customer"), announcer: find("#announcer") });
const shell = new Shell(desk, { views, pane, bell, presence, viewbook });
desk.addEventListener("opened", () => notices.seen(desk.openId));
desk.addEventListener("declined", ({ detail }) => notices.seen(detail.id));
new Supervision(pane.thread.root, desk);
new Toolbox(desk);
new Jump(desk, { root: find("#conversation") });

// -- what is asked once; each again with every new connection until it is there

const asks = [
    { done: () => desk.choices.ready, ask: async () => desk.choices.take(await api.get("choices/")) },
    { done: () => notices.rules.size > 0, ask: () => notices.loadRules() },
    { done: () => false, ask: () => notices.load() },
    { done: () => false, ask: () => viewbook.load() },
];

async function askAll() {
    const wanted = asks.filter(({ done }) => !done());
    await Promise.allSettled(wanted.map(({ ask }) => ask()));
    pane.render();
}

// -- frames in

live.on("welcome", (frame) => {
    store.welcome(frame);
    askAll();
});
live.on("conversation", (frame) => store.card(frame));
live.on("offer", (frame) => {
    const known = store.offers.has(frame.conversation);
    store.offer(frame);
    if (known) return;
    alerts.offer();
    pane.say(`Offer: ${customerName(frame.customer)}. ${reasonInWords(frame.reason)}. A accepts, D declines.`);
});
live.on("offer_gone", (frame) => {
    store.offerGone(frame.conversation);
    notices.seen(frame.conversation, "offer");
});
live.on("queue", (frame) => store.queue(frame));
live.on("presence", (frame) => store.presenceOf(frame));
live.on("ack", (frame) => frame.offset && desk.acknowledged(frame));
live.on("refused", (refusal) => desk.refused(refusal));
live.on("message", (frame) => {
    store.message(frame);
    pane.message(frame);
});
live.on("event", (frame) => pane.event(frame));
live.on("delta", (frame) => pane.delta(frame));
live.on("typing", (frame) => pane.typing(frame));
live.on("notification", (frame) => {
    notices.take(frame);
    alerts.notification(frame);
});
live.on("notifications_read", (frame) => notices.readElsewhere(frame));
live.on("read", (frame) => pane.read(frame));
live.on("error", (frame) => {
    // Refusals of kept words come as `refused`; a conversation that cannot be opened says so here
    if (frame.conversation === desk.openId && frame.code === "not_found") desk.tell("gone", frame);
});

// -- drawing: many frames, one picture

let asked = false;
store.addEventListener("change", () => {
    attention.show({ offers: store.offers.size, unread: store.unread() });
    if (!document.hidden && !views.all.root.hidden) viewbook.countSoon(); // nobody sees them elsewhere
    if (asked) return;
    asked = true;
    const draw = () => {
        asked = false;
        presence.render();
        shell.render();
        for (const view of Object.values(views)) view.render();
        pane.render();
    };
    if (document.hidden) setTimeout(draw, 250);
    else requestAnimationFrame(draw);
});
attention.show({ offers: 0, unread: 0 });

wakeWithPage(live);
live.start();
