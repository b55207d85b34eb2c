// The conversation's app: listens to the line and to the page's parts, and keeps them in step.

import { Live, wakeWithPage } from "../live.js";
import { ZONE } from "./call_times.js";
import { headingOf, nameOf } from "./heading.js";
import { Notices } from "./notices.js";
import { Hints } from "./hints.js";
import { Offers } from "./offers.js";
import { Session, SessionError } from "./session.js";
import { chime } from "./sound.js";
import { asText, Transcript } from "./transcript.js";
import { Times } from "./times.js";

const THINKING_AT_MOST = 30_000;
const TYPING_AT_MOST = 8_000;
const PREVIEW_LIMIT = 500;
const OFFER_AFTER = 2_500;
const LOOK_AGAIN = [4_000, 8_000, 20_000, 60_000]; // one after another: how the customer's words read is known a little later
const CHECK_TOKEN_AFTER = 2; // attempts that failed before a welcome
const REMEMBERED = ["session", "outbox", "draft", "seen", "rated"];

export class App {
    transcript = new Transcript();
    now = { state: "new", agent: null, queue: null, asked: false };
    read = 0; // the newest number that the other side has seen
    #readSaid = 0;
    #writer = null;
    #timers = {};
    #isDrawing = false;
    #isOpen = false;

    constructor({ settings, t, notebook, parts, host }) {
        Object.assign(this, { settings, t, notebook, parts, host });
        this.language = settings.language;
        this.times = new Times(this.language, t);
        this.session = new Session({ inbox: settings.inbox, language: this.language, notebook });
        this.live = new Live({
            address: (from) => this.#address(from),
            kept: { load: () => notebook.get("outbox", []), save: (frames) => notebook.set("outbox", frames) },
        });
        this.notices = new Notices({ t, line: parts.notice, composer: parts.composer });
        this.offers = new Offers({ t, token: () => this.session.token(), changed: () => this.changed() });
        this.hints = new Hints({ t, language: this.language, known: () => this.session.known?.token ?? null });
        this.tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(`contactcentre:${settings.inbox}`) : null;
    }

    // -- beginning

    begin() {
        this.parts.thread.beneath(this.offers.root);
        this.parts.composer.prepend(this.hints.root);
        for (const frame of this.live.outbox.all()) {
            this.transcript.pend({ id: frame.id, text: frame.text, at: Date.now(), online: false });
        }
        this.#hearLine();
        this.#hearParts();
        this.#hearTabs();
        wakeWithPage(this.live);
        addEventListener("online", () => this.notices.line(this.live.status));
        addEventListener("offline", () => {
            // The socket notices only after a while; the browser knows now
            if (this.live.status !== "idle") this.notices.line("waiting");
            this.live.wake();
        });
        document.addEventListener("visibilitychange", () => this.#look());
        if (this.session.exists || this.live.outbox.size > 0) this.#connect();
        this.changed();
    }

    #connect() {
        if (["idle", "expired", "refused"].includes(this.live.status)) this.live.start();
    }

    async #address({ after, attempt }) {
        try {
            if (attempt >= CHECK_TOKEN_AFTER && this.session.exists && !(await this.session.verify())) {
                this.#anew();
            }
            const token = await this.session.token();
            const scheme = location.protocol === "https:" ? "wss:" : "ws:";
            const from = this.session.exists ? after : 0;
            return `${scheme}//${location.host}/ws/chat?token=${encodeURIComponent(token)}&after=${from}`;
        } catch (error) {
            if (error instanceof SessionError && !error.isPassing) {
                this.notices.say(error.status === 403 ? "identityRequired" : "unavailable");
                return null;
            }
            throw error;
        }
    }

    /** The old session is gone: what was typed goes into a new one. */
    #anew() {
        this.session.forget();
        if (!this.transcript.isEmpty) this.notices.say("expired", { passes: true });
        this.transcript.beginAnew();
        this.live.restart();
        this.now = { state: "new", agent: null, queue: null, asked: false };
        this.conversation = null;
        this.read = this.#readSaid = 0;
        this.notebook.set("seen", 0);
        this.changed();
    }

    /** Our talk goes on in another one of ours: that is told from its first line. */
    #followTalk() {
        this.transcript.tellAgain();
        this.live.restart();
        this.live.tell({ type: "sync", after: 0 });
        this.read = this.#readSaid = 0;
        this.notebook.set("seen", 0);
    }

    // -- the line

    #hearLine() {
        const { live } = this;
        live.on("status", ({ status }) => this.#status(status));
        live.on("welcome", (frame) => this.#welcome(frame));
        live.on("message", (frame) => this.#message(frame));
        live.on("ack", (frame) => {
            this.transcript.acknowledge(frame);
            this.#think();
            this.#lookAgain();
            this.changed();
        });
        live.on("delta", (frame) => this.#delta(frame));
        live.on("state", (frame) => this.#state(frame));
        live.on("typing", (frame) => this.#typing(frame));
        live.on("read", ({ seq }) => {
            this.read = Math.max(this.read, seq);
            this.changed();
        });
        live.on("survey", ({ survey }) => this.#ask(survey));
        live.on("refused", ({ frame, error }) => {
            if (frame.type === "message") this.transcript.fail(frame.id, this.#errorWords(error.code));
            else this.notices.complain(this.#errorWords(error.code));
            if (frame.type === "human") this.now.asked = false;
            this.changed();
        });
        live.on("error", (frame) => {
            if (frame.code === "taken" && this.now.state === "queued") {
                this.parts.queue.openForm().complain(this.#errorWords(frame.code));
                return;
            }
            if (frame.code === "rate_limited" || !frame.id) this.notices.complain(this.#errorWords(frame.code));
        });
    }

    #status(status) {
        if (status === "expired") {
            this.#anew();
            if (this.live.outbox.size > 0 || this.now.asked) this.#connect();
        }
        if (status === "refused") this.notices.say("refused");
        this.transcript.markPending(status === "online");
        if (status !== "online") {
            this.transcript.dropDrafts();
            this.#write(null);
        }
        this.notices.line(this.live.status);
        this.changed();
    }

    #welcome(frame) {
        if (frame.state === "resolved" && this.session.isOutgrown) {
            // The anonymous talk is over; the next one is the known customer's
            this.live.stop();
            this.#anew();
            this.notices.say(null);
            return;
        }
        if (this.conversation && this.conversation !== frame.conversation) this.#followTalk();
        const asked = this.now.asked && ["bot", "snoozed", "resolved"].includes(frame.state);
        if (asked && this.live.status === "online") this.live.tell({ type: "human" });
        this.now = { state: frame.state, agent: frame.agent ?? this.now.agent, queue: frame.queue ?? null, asked };
        this.read = Math.max(this.read, frame.read_seq ?? 0);
        if (frame.state === "resolved" && this.notebook.get("rated") !== frame.conversation) this.#ask(frame.survey);
        this.conversation = frame.conversation;
        this.showsWriting = frame.inbox?.typing_preview ?? false;
        this.#think();
        this.changed();
    }

    #message(frame) {
        const mine = frame.author?.kind === "customer";
        const isNew = !mine && frame.seq > this.notebook.get("seen", 0);
        this.transcript.receive(frame);
        if (!mine) this.#write(null);
        if (frame.author?.kind === "agent") this.now.agent = { name: frame.author.name };
        if (isNew && !this.#isLooking) this.#ring(frame);
        if (isNew && frame.author?.kind === "bot") this.#offer();
        if (mine) this.#think();
        this.changed();
    }

    /** Once the answer has been read, not with it. */
    #offer() {
        clearTimeout(this.#timers.offer);
        this.#timers.offer = setTimeout(() => this.offers.load(), OFFER_AFTER);
    }

    /** What stands there goes when the customer's words turn out to be unhappy ones. */
    #lookAgain([wait, ...later] = LOOK_AGAIN) {
        if (!this.offers.isShown || !wait) return;
        clearTimeout(this.#timers.offer);
        this.#timers.offer = setTimeout(async () => {
            await this.offers.load();
            this.#lookAgain(later);
        }, wait);
    }

    #ring(frame) {
        if (Date.now() - Date.parse(frame.created_at) > 60_000) return; // history, not news
        if (this.notebook.get("sound", true)) chime();
        this.host.tell("event", { name: "message", detail: { author: frame.author } });
    }

    #delta(frame) {
        // Pieces may still be on their way when the talk goes to people.
        if (["queued", "assigned", "snoozed"].includes(this.now.state)) return;
        this.#write(null);
        const name = this.settings.botName || this.t("bot");
        this.transcript.grow({ ...frame, author: { kind: "bot", name }, at: Date.now() });
        this.changed();
    }

    #state(frame) {
        this.now = { state: frame.state, agent: frame.agent ?? null, queue: frame.queue ?? null, asked: false };
        if (frame.state !== "bot") {
            this.transcript.dropDrafts();
            this.#write(null);
        }
        if (frame.state !== "resolved") this.parts.survey.close();
        this.host.tell("event", { name: "state", detail: { state: frame.state, queue: frame.queue ?? null } });
        this.changed();
    }

    #typing({ author, on }) {
        const name = typeof author === "string" ? author : (author?.name ?? "");
        const kind = author?.kind ?? "agent";
        this.#write(on ? this.t("typing", { name: name || nameOf({ kind, name }, this) }) : null, TYPING_AT_MOST);
    }

    /** What is being written, to people only, and only where the inbox allows it. */
    #preview(text) {
        if (!this.showsWriting || !["queued", "assigned"].includes(this.now.state)) return;
        this.live.tell({ type: "typing", on: true, text: text.trim().slice(-PREVIEW_LIMIT) });
    }

    /** After own words and before the answer: the bot is at work. */
    #think() {
        const isOwed = this.transcript.isOwnLast && !this.transcript.isAnswerOpen;
        if (!["bot", "new"].includes(this.now.state) || !isOwed || this.live.status !== "online") return;
        this.#write(this.t("thinking", { name: this.settings.botName || this.t("bot") }), THINKING_AT_MOST);
    }

    #write(words, atMost) {
        clearTimeout(this.#timers.writer);
        this.#writer = words;
        if (words) this.#timers.writer = setTimeout(() => this.#write(null), atMost);
        this.parts.thread.showWriting(words);
    }

    #errorWords(code) {
        return this.t("errors")[code] ?? this.t("errors").internal;
    }

    // -- the page's parts

    #hearParts() {
        const on = (type, act) => this.parts.root.addEventListener(type, (event) => act(event.detail));
        on("say", (words) => this.say(words));
        on("suggestion", (text) => this.say({ text, attachments: [] }));
        on("typing", (isOn) => this.live.tell({ type: "typing", on: isOn }));
        on("preview", (text) => {
            this.#preview(text);
            this.hints.look(text, this.now.state);
        });
        on("human", () => this.#human());
        this.parts.queue.token = () => this.session.token();
        on("callback", (wish) => this.#must({ type: "callback", time_zone: ZONE, ...wish }));
        on("rate", (answer) => this.#rate(answer));
        on("surveyed", ({ answers }) => this.#surveyed(answers));
        on("ratelater", () => this.#rated());
        on("finish", () => this.#must({ type: "end" }));
        on("retry", (id) => this.#again(id));
        on("discard", (id) => {
            this.transcript.takeBack(id);
            this.changed();
        });
        on("article", (source) => this.parts.reader.open(source));
        on("find", () => this.parts.finder.open());
        on("memory", () => this.parts.memory.open());
        on("reading", () => {
            const { talk, finder, memory, reader } = this.parts;
            finder.inert = !reader.hidden;
            talk.inert = !reader.hidden || !finder.hidden || !memory.hidden;
        });
        on("atend", () => this.#look());
        on("formclosed", () => {
            this.changed();
            this.parts.composer.focusText();
        });
        on("save", () => this.#save());
        on("soundchange", (isOn) => {
            this.notebook.set("sound", isOn);
            if (isOn) chime();
        });
        on("menuopens", () => {
            const hasTalk = !this.transcript.isEmpty;
            this.parts.header.now = { sound: this.notebook.get("sound", true), canSave: hasTalk, canEnd: hasTalk && this.now.state !== "resolved" };
        });
    }

    say({ text, attachments }) {
        this.hints.over();
        const id = crypto.randomUUID();
        const isOnline = this.live.status === "online" || this.live.status === "idle";
        this.transcript.pend({ id, text, attachments, at: Date.now(), online: isOnline });
        this.parts.survey.close();
        this.parts.thread.toEnd();
        this.notices.complain("");
        this.live.say({ type: "message", id, text, attachments: attachments.map((file) => file.id) });
        this.#connect();
        this.changed();
    }

    #again(id) {
        const entry = this.transcript.takeBack(id);
        if (entry) this.say({ text: entry.text, attachments: entry.attachments });
    }

    #must(frame) {
        this.live.ask(frame);
        this.#connect();
    }

    #human() {
        this.now.asked = true;
        this.transcript.dropDrafts();
        this.#write(null);
        this.#must({ type: "human" });
        this.changed();
    }

    /** `survey`: what the house asks; null: nothing; left out: the one question. */
    #ask(survey) {
        if (survey === null) return;
        this.parts.survey.ask(survey);
        this.parts.thread.toEnd();
    }

    #rate({ score, comment }) {
        this.#must({ type: "rate", score, comment });
        this.#rated();
    }

    #surveyed(answers) {
        this.#must({ type: "answers", answers });
        this.#rated();
    }

    #rated() {
        this.notebook.set("rated", this.conversation ?? null);
        this.tabs?.postMessage({ type: "rated" });
    }

    #save() {
        const title = this.t("transcriptTitle", { name: this.settings.name });
        const text = asText(this.transcript.list(), { title, nameOf: (author) => nameOf(author, this), times: this.times });
        const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
        const link = document.createElement("a");
        link.href = address;
        link.download = `${this.settings.inbox}-${new Date().toISOString().slice(0, 10)}.txt`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 10_000);
    }

    // -- other tabs of the same visitor

    #hearTabs() {
        addEventListener("storage", (event) => {
            if (event.key === this.notebook.key("session") && event.newValue) this.#connect();
        });
        this.tabs?.addEventListener("message", ({ data }) => {
            if (data.type === "rated") this.parts.survey.close();
            if (data.type === "seen") this.changed();
        });
    }

    /** The host page says who the customer is. */
    identify(customer) {
        if (this.session.identify(customer) === "changed") {
            this.forget();
        } else if (this.session.isOutgrown) {
            // The guest is known now. If the talk is another customer's, theirs is opened instead;
            // if nobody answers, it is said again with the next session.
            this.session.verify().then((good) => good || this.forget(), () => {});
        }
    }

    /** Signed out: somebody else's words must not stay on this screen. */
    forget() {
        this.live.stop();
        for (const name of REMEMBERED) this.notebook.remove(name);
        location.reload();
    }

    // -- looking and reading

    get isOpen() {
        return this.#isOpen;
    }

    set isOpen(isOpen) {
        this.#isOpen = isOpen;
        this.#look();
    }

    get #isLooking() {
        return this.#isOpen && document.visibilityState === "visible";
    }

    /** What is on the screen counts as read. */
    #look() {
        if (!this.#isLooking || !this.parts.thread.isAtEnd) return;
        const { newest } = this.transcript;
        if (newest > this.notebook.get("seen", 0)) {
            this.notebook.set("seen", newest);
            this.tabs?.postMessage({ type: "seen" });
        }
        if (newest > this.#readSaid && this.live.tell({ type: "read", seq: newest })) this.#readSaid = newest;
        this.#countUnread();
    }

    #countUnread() {
        const count = this.transcript.unreadAfter(this.notebook.get("seen", 0)).length;
        this.host.tell("unread", { count });
        this.host.tell("active", { on: this.session.exists && this.now.state !== "resolved" });
    }

    // -- drawing

    /** Something is different: say it to the host now, draw it with the next frame. */
    changed() {
        this.#countUnread();
        if (this.#isDrawing) return;
        this.#isDrawing = true;
        requestAnimationFrame(() => {
            this.#isDrawing = false;
            this.#draw();
        });
    }

    #draw() {
        const { thread, queue, header, greeting } = this.parts;
        thread.show(this.transcript, { read: this.read });
        greeting.dataset.begun = String(!this.transcript.isEmpty);
        queue.show(this.now);
        header.show(headingOf(this.now, { settings: this.settings, t: this.t, isDown: this.live.status === "waiting" }));
        this.#look();
    }
}
