// <script src="https://…/widget.js" data-inbox="web" async></script>
//
// Puts one button on the page. The chat itself is an iframe that loads when it is wanted.
// Attributes: data-inbox, data-language, data-position="left|right", data-open, data-side and
// data-bottom (pixels from the edges, when the page needs that corner itself).
// API: window.contactcentre = {open, close, toggle, identify, forget, setLanguage, on}; the event
// `contactcentre:ready` on window says that it is there.
(() => {
    "use strict";

    const script = document.currentScript;
    if (!script || window.contactcentre?.open) return; // once is enough
    const server = new URL(script.src).origin;
    const options = script.dataset;
    const inbox = options.inbox || "web";
    const MARK = "contactcentre";
    const SVG = "http://www.w3.org/2000/svg";
    const WORDS = {
        en: { open: "Open chat", close: "Close chat", chat: "Chat", unread: (n) => `${n} unread` },
        zh: { open: "打开在线客服", close: "关闭在线客服", chat: "在线客服", unread: (n) => `${n} 条未读消息` },
    };
    const STYLE = `
        :host { all: initial !important; }
        * { box-sizing: border-box; }
        .place {
            --accent: #2f56c6; --on: #fff; --side: 20px; --bottom: 20px;
            position: fixed; z-index: 2147483000; inset-block-end: var(--bottom); right: var(--side);
            font: 14px/1.4 system-ui, sans-serif; inline-size: 56px; block-size: 56px;
        }
        .place.left { right: auto; left: var(--side); }
        .launcher {
            all: unset; position: absolute; inset: 0; display: grid; place-items: center;
            border-radius: 50%; background: var(--accent); color: var(--on); cursor: pointer;
            box-shadow: 0 1px 3px rgb(16 24 40 / .2), 0 6px 20px rgb(16 24 40 / .22);
            transition: transform 120ms cubic-bezier(.2, 0, 0, 1);
        }
        .launcher:hover { transform: scale(1.05); }
        .launcher:active { transform: scale(.97); }
        .launcher:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
        svg { inline-size: 26px; block-size: 26px; fill: none; stroke: currentColor; stroke-width: 1.9;
            stroke-linecap: round; stroke-linejoin: round; }
        .place .shut, .place.open .chat { display: none; }
        .place.open .shut { display: block; }
        .badge {
            position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px;
            block-size: 22px; padding: 0 6px; border-radius: 11px; background: #c02b2b; color: #fff;
            font-weight: 600; font-size: 12px; line-height: 22px; text-align: center; pointer-events: none;
            box-shadow: 0 0 0 2px #fff;
        }
        .panel {
            position: absolute; inset-block-end: 72px; right: 0; inline-size: 400px; block-size: 640px;
            max-inline-size: calc(100vw - 2 * var(--side)); max-block-size: calc(100dvh - var(--bottom) - 88px);
            border-radius: 16px; overflow: hidden; background: Canvas; color-scheme: light dark;
            box-shadow: 0 0 0 1px rgb(16 24 40 / .08), 0 16px 48px rgb(16 24 40 / .24);
            transform-origin: 100% 100%; animation: rise 160ms cubic-bezier(.2, 0, 0, 1);
        }
        .left .panel { right: auto; left: 0; transform-origin: 0 100%; }
        .panel[hidden], .badge[hidden] { display: none; }
        iframe { border: 0; inline-size: 100%; block-size: 100%; display: block; color-scheme: light dark; }
        .failed { position: absolute; inset: 0; display: grid; place-items: center; text-align: center;
            padding: 32px; background: Canvas; color: CanvasText; }
        @keyframes rise { from { opacity: 0; transform: translateY(8px) scale(.98); } }
        @media (max-width: 479px), (max-height: 479px) {
            .place.open { inset: 0; inline-size: 100%; block-size: 100%; }
            .place.open .launcher { display: none; }
            .panel { inset: 0; inline-size: 100%; block-size: 100%; max-inline-size: none; max-block-size: none;
                border-radius: 0; box-shadow: none; }
        }
        @media (prefers-reduced-motion: reduce) { .panel { animation: none; } .launcher { transition: none; } }
        @media (forced-colors: active) { .launcher, .panel { border: 2px solid ButtonText; } }
        @media print { .place { display: none; } }
    `;

    let language = (options.language || document.documentElement.lang || navigator.language || "en").toLowerCase();
    let customer = null;
    let frame = null;
    let isOpen = false;
    let isReady = false;
    let returnTo = null;
    const listeners = {};
    const words = () => WORDS[language.split("-")[0]] || WORDS.en;

    // -- what stands on the page

    const host = document.createElement("contact-centre");
    const shadow = host.attachShadow({ mode: "open" });
    const place = make("div", "place");
    const launcher = make("button", "launcher");
    const badge = make("span", "badge");
    const panel = make("div", "panel");
    launcher.type = "button";
    launcher.append(
        drawing("chat", "M21 11.500a8 8 0 0 1-8.5 7.9 9.6 9.6 0 0 1-3.3-.6L4 20.500l1.5-4.300A7.5 7.5 0 0 1 4 11.500C4 7.4 7.8 4 12.5 4S21 7.4 21 11.500Z"),
        drawing("shut", "m6 9.5 6 6 6-6"),
    );
    badge.hidden = panel.hidden = true;
    badge.setAttribute("aria-hidden", "true");
    panel.setAttribute("role", "dialog");
    place.append(panel, launcher, badge);

    function make(tag, name) {
        const element = document.createElement(tag);
        element.className = name;
        return element;
    }

    function drawing(name, d) {
        const svg = document.createElementNS(SVG, "svg");
        const path = document.createElementNS(SVG, "path");
        svg.setAttribute("viewBox", "0 0 24 24");
        svg.setAttribute("class", name);
        svg.setAttribute("aria-hidden", "true");
        path.setAttribute("d", d);
        svg.append(path);
        return svg;
    }

    // A constructed sheet passes any Content-Security-Policy of the page
    function dress() {
        try {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(STYLE);
            shadow.adoptedStyleSheets = [sheet];
        } catch {
            const style = document.createElement("style");
            style.textContent = STYLE;
            shadow.append(style);
        }
    }

    function label(unread = 0) {
        const text = isOpen ? words().close : words().open;
        launcher.setAttribute("aria-label", unread ? `${text}, ${words().unread(unread)}` : text);
        launcher.title = text;
        panel.setAttribute("aria-label", words().chat);
        launcher.setAttribute("aria-expanded", String(isOpen));
    }

    function paint({ accent, on, position }) {
        if (accent) place.style.setProperty("--accent", accent);
        if (on) place.style.setProperty("--on", on);
        place.classList.toggle("left", (options.position || position) === "left");
        for (const edge of ["side", "bottom"]) {
            const pixels = Number.parseInt(options[edge], 10);
            if (pixels >= 0) place.style.setProperty(`--${edge}`, `${pixels}px`);
        }
    }

    // -- the iframe

    /** Loaded at the first sign of interest, so that opening is instant. */
    function load() {
        if (frame) return;
        frame = document.createElement("iframe");
        const query = new URLSearchParams({ inbox, language });
        frame.src = `${server}/widget/?${query}`;
        frame.title = words().chat;
        frame.allow = "autoplay; clipboard-write";
        frame.referrerPolicy = "origin";
        frame.addEventListener("load", () => tell("hello", { open: isOpen, customer }));
        panel.append(frame);
    }

    function tell(type, detail = {}) {
        frame?.contentWindow?.postMessage({ source: MARK, type, detail }, server);
    }

    addEventListener("message", (event) => {
        if (!frame || event.source !== frame.contentWindow || event.origin !== server) return;
        if (event.data?.source !== MARK) return;
        const { type, detail = {} } = event.data;
        if (type === "close") close();
        else if (type === "ready") isReady = true;
        else if (type === "unread") count(detail.count);
        else if (type === "active") remember(detail.on);
        else if (type === "event") emit(detail.name, detail.detail);
    });

    let counted = 0;
    function count(unread) {
        if (isOpen) unread = 0;
        badge.hidden = !unread;
        badge.textContent = unread > 9 ? "9+" : String(unread);
        label(unread);
        if (unread !== counted) emit("unread", { count: unread });
        counted = unread;
    }

    // A talk goes on over pages: then the iframe is wanted even while it is closed, to count.
    function remember(on) {
        try {
            if (on) localStorage.setItem(`contactcentre:${inbox}`, "1");
            else localStorage.removeItem(`contactcentre:${inbox}`);
        } catch {
            // not remembered
        }
    }

    function isRemembered() {
        try {
            return localStorage.getItem(`contactcentre:${inbox}`) === "1";
        } catch {
            return false;
        }
    }

    // -- opening and closing

    function open() {
        if (isOpen) return;
        load();
        isOpen = true;
        returnTo = document.activeElement;
        panel.hidden = false;
        place.classList.add("open");
        count(0);
        frame.focus();
        if (isReady) tell("open");
        emit("open");
    }

    function close() {
        if (!isOpen) return;
        const hadFocus = shadow.activeElement !== null;
        isOpen = false;
        panel.hidden = true;
        place.classList.remove("open");
        label();
        tell("close");
        if (hadFocus) (returnTo?.isConnected && returnTo !== document.body && returnTo !== host ? returnTo : launcher).focus();
        emit("close");
    }

    function emit(name, detail = {}) {
        for (const listener of [...(listeners[name] || [])]) {
            try {
                listener(detail);
            } catch (error) {
                console.error(error);
            }
        }
    }

    launcher.addEventListener("click", () => (isOpen ? close() : open()));
    for (const sign of ["pointerenter", "focus", "touchstart"]) {
        launcher.addEventListener(sign, load, { once: true, passive: true });
    }
    shadow.addEventListener("keydown", (event) => {
        if (event.key === "Escape") close();
    });

    window.contactcentre = {
        open,
        close,
        toggle: () => (isOpen ? close() : open()),
        /** {external_id, signature, name, email, phone, attributes} */
        identify(who) {
            customer = who;
            if (isReady) tell("identify", who);
        },
        /** The customer signed out: nothing of the talk stays in this browser. */
        forget() {
            customer = null;
            remember(false);
            load();
            if (isReady) tell("forget");
        },
        setLanguage(tag) {
            language = String(tag).toLowerCase();
            label();
            if (isReady) tell("language", { language });
        },
        /** "open", "close", "unread", "message", "state"; returns a function that stops it. */
        on(name, listener) {
            (listeners[name] = listeners[name] || new Set()).add(listener);
            return () => listeners[name].delete(listener);
        },
    };

    // -- beginning

    async function begin() {
        let look = {};
        try {
            const response = await fetch(`${server}/widget/appearance/?inbox=${encodeURIComponent(inbox)}`, { credentials: "omit" });
            if (response.status === 404 || response.status === 403) {
                console.warn(`contactcentre: the inbox "${inbox}" is not open to this page`);
                return;
            }
            if (response.ok) look = await response.json();
        } catch {
            // the page allows no requests of ours: the plain button then
        }
        dress();
        paint(look);
        label();
        shadow.append(place);
        document.body.append(host);
        if (options.open !== undefined && options.open !== "false") open();
        else if (isRemembered()) (window.requestIdleCallback || setTimeout)(load);
        dispatchEvent(new Event("contactcentre:ready"));
    }

    if (document.body) begin();
    else addEventListener("DOMContentLoaded", begin);
})();
