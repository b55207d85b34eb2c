// This browser, told by the house while no console is open: through its push service.

const WORKER = "worker.js";

/** A key as the house says it (base64url) → bytes. Pure. */
export function keyBytes(text) {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.codePointAt(0));
}

export class Browser {
    constructor(api, { navigator = globalThis.navigator, PushManager = globalThis.PushManager } = {}) {
        Object.assign(this, { api, navigator });
        this.isPossible = Boolean(navigator?.serviceWorker && PushManager);
    }

    /** The subscription of this browser, or null. */
    async #subscription() {
        const registration = await this.navigator.serviceWorker.getRegistration();
        return (await registration?.pushManager.getSubscription()) ?? null;
    }

    async isOn() {
        return this.isPossible && Boolean(await this.#subscription());
    }

    /** Only after desktop notifications were allowed. Raises with words when the browser can't. */
    async on() {
        const { key } = await this.api.get("me/push/");
        const registration = await this.navigator.serviceWorker.register(new URL(WORKER, location.href.split("#")[0]));
        await this.navigator.serviceWorker.ready;
        let subscription;
        try {
            subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: keyBytes(key) });
        } catch {
            throw new Error("This browser has no push service to be reached by.");
        }
        const { endpoint, keys } = subscription.toJSON();
        try {
            await this.api.post("me/push/", { endpoint, keys });
        } catch (error) {
            await subscription.unsubscribe(); // half a yes would be a silent no
            throw error;
        }
    }

    async off() {
        if (!this.isPossible) return;
        const subscription = await this.#subscription();
        if (!subscription) return;
        await this.api.remove(`me/push/?endpoint=${encodeURIComponent(subscription.endpoint)}`);
        await subscription.unsubscribe();
    }
}
