// Messages that the server keeps for later: for the seconds in which they can be taken back, or
// for an hour that somebody chose. No page of ours needs to be open when they are said.

export const UNDO_CHOICES = [0, 5, 10, 30];
const LONGEST_UNDO_MS = 61_000;
const KEPT_AFTER = 4_000; // until the message itself is surely in the thread

/** Handed in so that it can be taken back, or meant for later? Pure. */
export function isShort(entry) {
    return Date.parse(entry.send_at) - Date.parse(entry.created_at) <= LONGEST_UNDO_MS;
}

export class Outgoing extends EventTarget {
    entries = new Map(); // client_id → entry: a frame, or one of ours that is still on its way in
    #taken = new Set(); // taken back: what was said of them on the way is no news
    #handing = new Map(); // client_id → promise of the frame, or null

    /** @param back  (conversation, text) => void: words that were not sent return to the reply */
    constructor(desk, { back }) {
        super();
        Object.assign(this, { desk, back });
    }

    of(conversation) {
        return [...this.entries.values()].filter((entry) => entry.conversation === conversation && entry.state === "waiting").sort((a, b) => Date.parse(a.send_at) - Date.parse(b.send_at));
    }

    #changed() {
        this.dispatchEvent(new Event("change"));
    }

    async load(conversation) {
        try {
            const { results } = await this.desk.api.get(`conversations/${conversation}/scheduled/`, { limit: 100 });
            const still = new Set(results.map((frame) => frame.client_id));
            for (const [id, entry] of this.entries) if (entry.conversation === conversation && !still.has(id) && !this.#handing.has(id)) this.entries.delete(id);
            for (const frame of results) this.entries.set(frame.client_id, frame);
            this.#changed();
        } catch {
            // what was handed in here is known all the same
        }
    }

    /** A `scheduled` frame: of this page, or of another one of mine. */
    told(frame) {
        const known = this.entries.get(frame.client_id);
        if (frame.state === "waiting" && this.#taken.has(frame.client_id)) return;
        if (frame.state === "waiting") this.entries.set(frame.client_id, frame);
        else if (known) this.#over(frame);
        if (frame.state === "failed") this.desk.toasts.say(`Not sent: ${frame.detail || frame.reason} The words are back in your reply.`, { bad: true });
        this.#changed();
    }

    #over(frame) {
        if (frame.state !== "sent") {
            this.entries.delete(frame.client_id);
            return;
        }
        setTimeout(() => (this.entries.delete(frame.client_id), this.#changed()), KEPT_AFTER);
        this.entries.set(frame.client_id, { ...frame, state: "waiting", leaving: true });
    }

    /**
     * Hand words in. `seconds` or `at` (a moment in milliseconds); resolves to "kept", "sent" (no
     * line: they go over the socket when it is back) or "refused" (they are in the reply again).
     */
    async hand({ conversation, text, files, seconds = null, at = null, unless = false }) {
        const id = crypto.randomUUID();
        const now = Date.now();
        const sendAt = at ?? now + seconds * 1000;
        const { me } = this.desk.store;
        this.entries.set(id, { id: null, client_id: id, conversation, agent: { id: me.id, name: me.name }, text, attachments: files, send_at: new Date(sendAt).toISOString(), created_at: new Date(now).toISOString(), unless_customer_writes: unless, state: "waiting" });
        this.#changed();
        const when = at === null ? { send_in: seconds } : { send_at: new Date(at).toISOString() };
        const asked = this.desk.api.post(`conversations/${conversation}/scheduled/`, { id, text, attachments: files.map((file) => file.id), unless_customer_writes: unless, ...when });
        this.#handing.set(id, asked.catch(() => null));
        try {
            const frame = await asked;
            if (this.entries.has(id)) this.entries.set(id, frame);
            return "kept";
        } catch (error) {
            this.entries.delete(id);
            if (error.status === 0 && at === null) {
                this.desk.say({ id, conversation, text, files, note: false });
                return "sent";
            }
            this.back(conversation, text, files);
            this.desk.toasts.say(`Not kept: ${error.message}`, { bad: true });
            return "refused";
        } finally {
            this.#handing.delete(id);
            this.#changed();
        }
    }

    /** How the server calls it: known, or on its way. */
    async #keptAs(id) {
        return this.entries.get(id)?.id ?? (await this.#handing.get(id))?.id ?? null;
    }

    /** Take it back: its words are in the reply again at once. */
    async takeBack({ client_id: id }) {
        const entry = this.entries.get(id);
        if (!entry || entry.leaving) return;
        const { conversation, text, attachments } = entry;
        const kept = this.#keptAs(id);
        this.entries.delete(id);
        this.#taken.add(id);
        this.#changed();
        this.back(conversation, text, attachments);
        const name = await kept;
        if (!name) return;
        try {
            await this.desk.api.remove(`scheduled/${name}/`);
        } catch (error) {
            this.#taken.delete(id);
            this.desk.tell("too-late", { conversation, text });
            this.desk.toasts.say(error.code === "already_over" ? "It was sent already." : `Not taken back: ${error.message}`, { bad: true });
        }
    }

    async sendNow({ client_id: id }) {
        const kept = await this.#keptAs(id);
        if (!kept) return;
        try {
            this.told(await this.desk.api.post(`scheduled/${kept}/send/`));
        } catch (error) {
            if (error.code !== "already_over") this.desk.toasts.say(`Not sent: ${error.message}`, { bad: true });
        }
    }

    async change(entry, fields) {
        const before = this.entries.get(entry.client_id);
        this.entries.set(entry.client_id, { ...before, ...fields });
        this.#changed();
        try {
            this.entries.set(entry.client_id, await this.desk.api.patch(`scheduled/${before.id}/`, fields));
            return true;
        } catch (error) {
            this.entries.set(entry.client_id, before);
            this.desk.toasts.say(`Not changed: ${error.message}`, { bad: true });
            return false;
        } finally {
            this.#changed();
        }
    }

    /** The newest of mine that can still be taken back. */
    undoable(conversation) {
        const { me } = this.desk.store;
        return this.of(conversation).filter((entry) => isShort(entry) && !entry.leaving && entry.agent.id === me?.id).at(-1) ?? null;
    }

    /** What only waits for second thoughts is said now, in order: the conversation is about to end. */
    async flush(conversation) {
        for (const entry of this.of(conversation)) if (isShort(entry) && !entry.leaving) await this.sendNow(entry);
    }
}
