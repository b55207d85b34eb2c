// Comes to one line of the open log, however far back it is, and shows which one it is.

const TRIES = 60;
const PAUSE = 50;
const PAGES = 60;

export class Jump {
    #wanted = null;

    constructor(desk, { root }) {
        Object.assign(this, { desk, root });
        desk.addEventListener("opened", ({ detail }) => {
            this.#wanted = null;
            if (desk.openId && detail.line) this.to(detail.line);
        });
    }

    async to(offset) {
        const wanted = (this.#wanted = { id: this.desk.openId, offset });
        for (let pages = 0; pages < PAGES && this.#isStill(wanted); pages += 1) {
            const { transcript } = this.desk;
            if (!transcript || transcript.floor < offset) break;
            try {
                if (!(await this.desk.loadEarlier())) break;
            } catch (error) {
                this.desk.toasts.say(error.message, { bad: true });
                return;
            }
        }
        if (!this.#isStill(wanted)) return;
        this.desk.tell("log");
        this.#find(wanted, TRIES);
    }

    #isStill(wanted) {
        return this.#wanted === wanted && this.desk.openId === wanted.id;
    }

    /** What is newer than the first page comes over the socket: it may take a moment. */
    #find(wanted, tries) {
        if (!this.#isStill(wanted)) return;
        const line = this.root.querySelector(`[data-offset="${Number(wanted.offset)}"]`);
        if (!line) {
            if (tries > 0) setTimeout(() => this.#find(wanted, tries - 1), PAUSE);
            return;
        }
        const show = () => this.#isStill(wanted) && line.scrollIntoView({ block: "center" });
        show();
        for (const later of [80, 250]) setTimeout(show, later); // rows above may still be growing
        for (const old of this.root.querySelectorAll(".message--found")) old.classList.remove("message--found");
        line.classList.add("message--found");
        line.tabIndex = -1;
        line.focus({ preventScroll: true });
    }
}
