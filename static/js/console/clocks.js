// <wait-clock> counts up and says when it is too long; <time-in> only counts; <time-ago> stays near
// the truth; <count-down> counts to nothing. One timer for all of them.

import { duration, exact, relative, URGENCY_WORDS, urgency } from "./times.js";

const ticking = new Set();
let timer = null;

function join(element) {
    ticking.add(element);
    timer ??= setInterval(() => ticking.forEach((one) => one.tick(Date.now())), 1000);
}

function leave(element) {
    ticking.delete(element);
    if (ticking.size > 0) return;
    clearInterval(timer);
    timer = null;
}

class Ticking extends HTMLElement {
    connectedCallback() {
        join(this);
        this.tick(Date.now());
    }

    disconnectedCallback() {
        leave(this);
    }

    attributeChangedCallback() {
        if (this.isConnected) this.tick(Date.now());
    }
}

/** `since`: a moment. Shows 2:10, then "2:10 long" in amber, then "6:10 too long" in red. */
class WaitClock extends Ticking {
    static observedAttributes = ["since", "patience"];

    tick(now) {
        const since = Date.parse(this.getAttribute("since"));
        if (Number.isNaN(since)) {
            this.textContent = "";
            return;
        }
        const seconds = Math.max(0, (now - since) / 1000);
        const state = urgency(seconds, Number(this.getAttribute("patience")) || undefined);
        const word = URGENCY_WORDS[state];
        const text = word ? `${duration(seconds)} ${word}` : duration(seconds);
        if (this.textContent === text) return;
        this.textContent = text;
        this.dataset.urgency = state;
    }
}

/** `since`: a moment. Shows 2:10, however long it takes. */
class TimeIn extends Ticking {
    static observedAttributes = ["since"];

    tick(now) {
        const since = Date.parse(this.getAttribute("since"));
        const text = Number.isNaN(since) ? "" : duration((now - since) / 1000);
        if (this.textContent !== text) this.textContent = text;
    }
}

/** `at`: a moment. Shows 4 min; the exact time on hover. */
class TimeAgo extends Ticking {
    static observedAttributes = ["at"];

    tick(now) {
        const moment = this.getAttribute("at");
        const text = moment ? relative(moment, now) : "";
        if (this.textContent === text) return;
        this.textContent = text;
        this.title = moment ? exact(moment) : "";
    }
}

/** `until`: a moment. Shows 0:14 and then 0:00. */
class CountDown extends Ticking {
    static observedAttributes = ["until"];

    tick(now) {
        const left = Math.max(0, (Date.parse(this.getAttribute("until")) - now) / 1000);
        const text = String(Math.ceil(left));
        if (this.textContent !== text) this.textContent = text;
    }
}

customElements.define("wait-clock", WaitClock);
customElements.define("time-in", TimeIn);
customElements.define("time-ago", TimeAgo);
customElements.define("count-down", CountDown);
