// The iframe's first step: read what the server says of the inbox, build the parts, begin.

import "./article.js";
import "./composer.js";
import "./finder.js";
import "./header.js";
import "./memory.js";
import "./queue.js";
import "./survey.js";
import "./thread.js";
import { App } from "./app.js";
import { loadWords } from "./catalogue.js";
import { accentFamily } from "./colour.js";
import { h, icon } from "./dom.js";
import { nameOf } from "./heading.js";
import { Host } from "./host.js";
import { Notebook } from "./storage.js";
import { Times } from "./times.js";

const settings = JSON.parse(document.querySelector("#settings").textContent);
const root = document.querySelector("#chat");
const part = (name) => root.querySelector(name);

// Heard from the first moment on; what arrives before the words are here is done afterwards.
const host = new Host({ allowed: settings.origins });
const early = [];
let act = (type, detail) => early.push([type, detail]);
for (const type of ["hello", "open", "close", "identify", "forget", "language"]) {
    host.on(type, (detail) => act(type, detail));
}

function paint(accent) {
    const light = accentFamily(accent, "light");
    const dark = accentFamily(accent, "dark");
    if (!light) return;
    for (const name of Object.keys(light)) {
        document.documentElement.style.setProperty(name, `light-dark(${light[name]}, ${dark[name]})`);
    }
}

function greetingOf(t, thread) {
    const { texts } = settings;
    return h(
        "div",
        { class: "greeting" },
        settings.logo ? h("img", { class: "greeting__logo", src: settings.logo, alt: "" }) : null,
        h("h2", { dir: "auto" }, texts.greeting || t("greeting")),
        h("p", { class: "soft", dir: "auto" }, texts.introduction || t("greetingMore")),
        h("div", { class: "replies greeting__replies" }, texts.suggestions.map((text) => thread.reply(text))),
        h("button", { class: "button button--quiet greeting__find", type: "button", onclick: () => part("chat-finder").open() }, icon("search"), t("find")),
    );
}

function dropFiles(composer, words) {
    const veil = h("div", { class: "drop", hidden: true }, words);
    root.append(veil);
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    const show = (event, isOn) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        veil.hidden = !isOn;
    };
    root.addEventListener("dragover", (event) => show(event, true));
    root.addEventListener("dragleave", (event) => !root.contains(event.relatedTarget) && show(event, false));
    root.addEventListener("drop", (event) => {
        show(event, false);
        if (hasFiles(event)) composer.addFiles([...event.dataTransfer.files]);
    });
}

function speak(notebook, language) {
    if (!settings.languages.includes(language) || language === settings.language) return;
    notebook.set("language", language);
    const address = new URL(location.href);
    address.searchParams.set("language", language);
    location.replace(address);
}

async function begin() {
    const notebook = new Notebook(settings.inbox);
    const chosen = notebook.get("language");
    if (chosen && chosen !== settings.language && settings.languages.includes(chosen)) {
        speak(notebook, chosen);
        return;
    }
    paint(settings.accent);
    const t = await loadWords(settings.language);
    const { language } = settings;
    const parts = {
        root,
        header: part("chat-header"),
        notice: part(".notice-line"),
        talk: part(".talk"),
        thread: part("chat-thread"),
        survey: part("chat-survey"),
        queue: part("chat-queue"),
        composer: part("chat-composer"),
        finder: part("chat-finder"),
        memory: part("chat-memory"),
        reader: part("chat-reader"),
    };
    document.title = t("title", { name: settings.name });
    root.setAttribute("aria-label", document.title);
    parts.greeting = greetingOf(t, parts.thread);
    const app = new App({ settings, t, notebook, parts, host });
    parts.header.begin({ t, language, languages: settings.languages, logo: settings.logo, isFramed: host.isFramed });
    parts.thread.begin({ t, times: new Times(language, t), language, nameOf: (author) => nameOf(author, { settings, t }), greeting: parts.greeting });
    parts.survey.begin({ t });
    parts.queue.begin({ t, language: settings.language });
    parts.composer.begin({ t, language, token: () => app.session.token(), mostBytes: settings.mostBytes, notebook });
    parts.finder.begin({ t, language, known: () => app.session.known?.token ?? null });
    parts.memory.begin({ t, language, known: () => app.session.known?.token ?? null });
    parts.reader.begin({ t, times: new Times(language, t), known: () => app.session.known?.token ?? null });
    dropFiles(parts.composer, t("dropHere"));
    root.addEventListener("languagechange", (event) => speak(notebook, event.detail));
    root.addEventListener("shut", () => host.tell("close"));
    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !event.isComposing) host.tell("close");
    });
    app.begin();
    obey(app, parts, notebook);
    root.dataset.ready = "true";
}

/** Do what the host page asks, and what it asked already. */
function obey(app, parts, notebook) {
    const isTouch = matchMedia("(pointer: coarse)").matches;
    const open = ({ focus = true } = {}) => {
        app.isOpen = true;
        parts.thread.toEnd();
        // On a phone the keyboard would cover what one came to read
        if (focus && isTouch) root.focus({ preventScroll: true });
        else if (focus) parts.composer.focusText();
    };
    const acts = {
        hello: (detail) => {
            if (detail.customer) app.identify(detail.customer);
            if (detail.open) open();
            host.tell("ready");
            app.changed();
        },
        open,
        close: () => {
            app.isOpen = false;
        },
        identify: (customer) => app.identify(customer),
        forget: () => app.forget(),
        language: ({ language }) => speak(notebook, language),
    };
    act = (type, detail) => acts[type](detail);
    for (const [type, detail] of early.splice(0)) act(type, detail);
    if (!host.isFramed) open();
}

begin();
