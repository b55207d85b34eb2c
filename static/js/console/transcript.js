// One conversation as it is read: the log in order, what is on its way, what is being written.
// Pure; the view asks for `lines()` after each change.

import { at, sameDay } from "./times.js";

const PARTS = new Set(["merged", "split_from"]); // below them stands what was said elsewhere
const SAME_BREATH = 3 * 60_000; // messages closer than this stand together

export class Transcript {
    constructor(conversation) {
        this.conversation = conversation;
        this.log = []; // message and event frames, by offset
        this.sending = new Map(); // id → {frame, at, error}
        this.writing = new Map(); // reply_to → text that the bot is writing
        this.answered = 0; // the newest message that the bot has answered
        this.readTo = 0; // the customer has seen our words up to this seq
        this.seenTo = 0; // and the server knows that we have seen theirs up to this one
    }

    get first() {
        return this.log[0]?.offset ?? null;
    }

    get last() {
        return this.log.at(-1)?.offset ?? 0;
    }

    get lastSeq() {
        return this.log.findLast((frame) => frame.seq)?.seq ?? 0;
    }

    /** Is a message of this id in the log? */
    has(id) {
        return this.log.some((frame) => frame.id === id);
    }

    /** Take a `message` or an `event`; false when it is here already. */
    take(frame) {
        let place = this.log.length;
        while (place > 0 && this.log[place - 1].offset > frame.offset) place -= 1;
        if (place > 0 && this.log[place - 1].offset === frame.offset) return false;
        this.log.splice(place, 0, frame);
        if (frame.type === "message") {
            if (frame.id) this.sending.delete(frame.id);
            if (frame.author.kind === "bot") this.#written(frame);
        }
        return true;
    }

    #written(frame) {
        this.answered = Math.max(this.answered, frame.reply_to ?? 0);
        for (const question of this.writing.keys()) if (!(question > this.answered)) this.writing.delete(question);
    }

    /** My own words, on their way. */
    send(frame, now) {
        this.sending.set(frame.id, { frame, at: now, error: null });
    }

    /**
     * They are stored: the acknowledgement stands for the message, whose push we may not get.
     * Returns the message, or null when the words were not ours.
     */
    acknowledge(ack, author) {
        const said = this.sending.get(ack.id)?.frame ?? ack.said;
        this.sending.delete(ack.id);
        if (!said) return null;
        const message = {
            type: "message",
            id: ack.id,
            conversation: this.conversation,
            seq: ack.seq ?? null,
            offset: ack.offset,
            author,
            text: said.text,
            attachments: said.shown ?? [],
            citations: [],
            note: Boolean(said.note),
            created_at: ack.created_at,
        };
        this.take(message);
        return message;
    }

    refuse(id, error) {
        const entry = this.sending.get(id);
        if (entry) entry.error = error;
        return Boolean(entry);
    }

    forget(id) {
        const entry = this.sending.get(id);
        this.sending.delete(id);
        return entry?.frame ?? null;
    }

    /** A piece of the bot's answer. Returns the whole text so far; of an older question's, nothing. */
    delta({ reply_to: replyTo = null, text }) {
        if (replyTo !== null && (replyTo <= this.answered || replyTo < Math.max(...this.writing.keys()))) return "";
        for (const older of this.writing.keys()) if (older < replyTo) this.writing.delete(older);
        const whole = (this.writing.get(replyTo) ?? "") + text;
        this.writing.set(replyTo, whole);
        return whole;
    }

    /** Nobody is writing any more: the conversation left the bot. */
    stopWriting() {
        this.writing.clear();
    }

    /**
     * What stands on the screen, from the top: {kind: "day"|"message"|"event", key, …}.
     * A message that goes on in the same breath as the one above has `continues`. `tell(event)`
     * gives an event's sentence, or null to leave it out; the same again stands there once, with its `times`.
     * What came along from another conversation stands below the event that says so, which then has
     * a `part` ({key, count}); its lines have `inside`, and are left out when `closed` has the key.
     */
    lines({ tell, closed = new Set() }) {
        const lines = [];
        let before = null;
        let day = null;
        let part = null;
        const put = (line, moment) => {
            if (day === null || !sameDay(day, moment)) {
                lines.push({ kind: "day", key: `day ${new Date(at(moment)).toDateString()}`, at: at(moment) });
                before = null;
            }
            day = moment;
            lines.push(line);
        };
        const say = (frame, state, key, error = null) => {
            const line = { kind: "message", key, frame, state, error, continues: false };
            line.continues = goesOn(before, frame);
            put(line, frame.created_at);
            if (!before && line.continues) line.continues = false;
            before = frame;
        };
        for (const frame of this.log) {
            if (frame.type === "message") {
                if (part && !frame.origin) [part, before, day] = [null, null, part.day];
                if (part) part.count += 1;
                if (part && closed.has(part.key)) continue;
                const from = lines.length;
                say(frame, this.#stateOf(frame), frame.id ?? `at ${frame.offset}`);
                if (part) for (const line of lines.slice(from)) this.#inside(line, part);
                continue;
            }
            const sentence = tell(frame);
            if (sentence === null) continue;
            if (part) [part, day] = [null, part.day];
            const last = lines.at(-1);
            if (last?.sentence === sentence) last.times += 1;
            else put({ kind: "event", key: `event ${frame.offset}`, event: frame, sentence, times: 1 }, frame.created_at);
            before = null;
            if (PARTS.has(frame.kind)) {
                part = lines.at(-1).part = { key: `part ${frame.offset}`, count: 0, day: frame.created_at };
            }
        }
        if (part) day = part.day;
        for (const { frame, at: sentAt, error } of this.sending.values()) {
            const shown = { ...frame, attachments: frame.shown ?? [], citations: [], author: { kind: "agent", mine: true }, created_at: sentAt };
            say(shown, error ? "failed" : "sending", frame.id, error);
        }
        return lines;
    }

    #inside(line, part) {
        line.inside = part.key;
        line.key = `${part.key} ${line.key}`;
    }

    #stateOf(frame) {
        if (frame.author.kind !== "agent" || frame.note) return "stored";
        return frame.seq <= this.readTo ? "read" : "sent";
    }
}

function goesOn(before, frame) {
    if (!before || Boolean(before.note) !== Boolean(frame.note)) return false;
    const sameHand = before.author.kind === frame.author.kind
        && (before.author.name === frame.author.name || frame.author.mine);
    return sameHand && at(frame.created_at) - at(before.created_at) < SAME_BREATH;
}
