// What calls an agent back: the number in the tab's title and on its icon, and one soft sound.

const SIZE = 64;

export class Attention {
    #count = -1;
    #offers = -1;
    #sounds = null;

    constructor({ settings, icon }) {
        this.settings = settings;
        this.icon = icon;
        this.title = document.title;
        // Browsers keep quiet until a page was touched
        for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => this.#wakeSound(), { once: true });
    }

    show({ offers, unread }) {
        const count = offers + unread;
        if (count === this.#count && offers === this.#offers) return;
        this.#count = count;
        this.#offers = offers;
        const words = offers > 0 ? `Offer · ${this.title}` : this.title;
        document.title = count > 0 ? `(${count}) ${words}` : this.title;
        this.icon.href = drawn(count, offers > 0);
    }

    #wakeSound() {
        try {
            this.#sounds ??= new AudioContext();
            this.#sounds.resume().catch(() => {});
        } catch {
            // no sound here: title and icon say it too
        }
    }

    /** Two rising notes for an offer, one for a message. */
    ring(kind) {
        if (!this.settings.get("sound") || this.#sounds?.state !== "running") return;
        if (kind === "offer") {
            this.#note(587, 0, 0.07);
            this.#note(880, 0.12, 0.07);
        } else this.#note(740, 0, 0.04);
    }

    #note(frequency, delay, loudness) {
        const context = this.#sounds;
        const start = context.currentTime + delay;
        const gain = new GainNode(context, { gain: 0 });
        gain.gain.setValueAtTime(0, start);
        gain.gain.linearRampToValueAtTime(loudness, start + 0.02);
        gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
        const source = new OscillatorNode(context, { frequency, type: "sine" });
        source.connect(gain).connect(context.destination);
        source.start(start);
        source.stop(start + 0.4);
    }
}

/** A speech bubble with the number on it, as an image. */
function drawn(count, urgent) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE;
    const pen = canvas.getContext("2d");
    pen.fillStyle = urgent ? "#c02b2b" : "#2f56c6";
    pen.beginPath();
    pen.roundRect(4, 6, 56, 42, 14);
    pen.fill();
    pen.beginPath();
    pen.moveTo(16, 44);
    pen.lineTo(16, 60);
    pen.lineTo(32, 46);
    pen.fill();
    if (count > 0) {
        pen.fillStyle = "#ffffff";
        pen.font = `bold ${count > 9 ? 30 : 36}px system-ui, sans-serif`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText(String(Math.min(99, count)), SIZE / 2, 29);
    }
    return canvas.toDataURL("image/png");
}
