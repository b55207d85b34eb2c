// What is written leaves the field: now, after seconds for second thoughts, at an hour, or with the
// end of the conversation.

export const TEXT_LIMIT = 4000;
const SOLVED = "solved";

/** What a press of Enter means: "send", "resolve" (send and resolve), or null: a new line. Pure. */
export function meaningOf(event, { enterSends }) {
    if (event.key !== "Enter" || event.isComposing) return null;
    const command = event.ctrlKey || event.metaKey;
    if (enterSends) return command ? "resolve" : event.shiftKey ? null : "send";
    if (!command) return null;
    return event.shiftKey ? "resolve" : "send";
}

export class Sending {
    /**
     * @param words    () => the words as they stand in the field
     * @param isNote   () => boolean
     * @param take     () => {text, files}: they leave the field
     * @param after    () => void: a note has left it, the next words are for the customer again
     */
    constructor(desk, { outgoing, outgo, files, words, isNote, take, after }) {
        Object.assign(this, { desk, outgoing, outgo, files, words, isNote, take, after });
    }

    /** Why it can't be sent, "" when there is nothing to send, or null. */
    get problem() {
        const words = this.words();
        if (words.length > TEXT_LIMIT) return `Up to ${TEXT_LIMIT} letters`;
        if (this.files.busy) return "Files are on their way";
        if (this.outgo?.problem) return this.outgo.problem;
        return words.trim().length === 0 && this.files.ready.length === 0 ? "" : null;
    }

    /** Resolves to true once it is stored, or kept for the seconds in which it can be taken back. */
    async send({ now = false } = {}) {
        if (this.problem !== null) return false;
        const { desk } = this;
        const conversation = desk.openId;
        const note = this.isNote();
        const override = note ? "" : (this.outgo?.take() ?? "");
        const said = { ...this.take(), ...(override && { override }) };
        if (note && desk.isMine) this.after();
        const seconds = desk.settings.get("undo");
        if (note || now || override || !seconds || desk.live.status !== "online") return desk.say({ ...said, note });
        return (await this.outgoing.hand({ conversation, ...said, seconds })) !== "refused";
    }

    async later(at, unless) {
        if (this.problem !== null) return;
        const conversation = this.desk.openId;
        await this.outgoing.hand({ conversation, ...this.take(), at, unless });
    }

    async sendAndResolve() {
        const id = this.desk.openId;
        if (!this.desk.isMine) return;
        await this.outgoing.flush(id);
        if (this.problem === null && !(await this.send({ now: true }))) return;
        if (id !== this.desk.openId) return;
        const { choices, card } = this.desk;
        // Where a talk can't simply be solved, somebody has to say how it ended
        if (choices.ready && !choices.codesFor(card?.queue).some(({ code }) => code === SOLVED)) this.desk.tell("ending");
        else await this.desk.resolve(SOLVED);
    }

    /** The last words that can still be taken back. */
    undo() {
        const last = this.outgoing.undoable(this.desk.openId);
        if (last) this.outgoing.takeBack(last);
        return Boolean(last);
    }
}
