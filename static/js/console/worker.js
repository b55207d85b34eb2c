// Kept by the browser and woken for news while no console is open. Plain script, no imports: what is
// told comes sealed from the house, as {title, tag, conversation, offset}.

const CONSOLE = new URL("./", self.location.href).href;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Open pages of the console, whichever view they show. */
async function consoles() {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    return pages.filter((page) => page.url.startsWith(CONSOLE));
}

async function tell(told) {
    if ((await consoles()).length > 0) return; // an open console tells by itself
    await self.registration.showNotification(told.title, { tag: told.tag, data: told, body: "Open the console to read it." });
}

self.addEventListener("push", (event) => {
    let told;
    try {
        told = event.data.json();
    } catch {
        return; // not ours
    }
    event.waitUntil(tell(told));
});

async function open({ conversation, offset }) {
    const line = Number.isInteger(offset) ? `/${offset}` : "";
    const address = `${CONSOLE}${conversation ? `#${conversation}${line}` : ""}`;
    const [page] = await consoles();
    if (!page) return self.clients.openWindow(address);
    await page.focus();
    return page.navigate(address);
}

self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data ?? {}));
});
