// One soft sound for a new message. Made, not loaded; silent until the customer touched the page.

let context = null;

export function chime() {
    try {
        context ??= new AudioContext();
        if (context.state === "suspended") context.resume().catch(() => {});
        if (context.state !== "running") return;
        tone(660, 0);
        tone(880, 0.09);
    } catch {
        // no sound on this machine: the badge says it too
    }
}

function tone(frequency, delay) {
    const start = context.currentTime + delay;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.06, start + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.22);
    const source = new OscillatorNode(context, { frequency });
    source.connect(gain).connect(context.destination);
    source.start(start);
    source.stop(start + 0.25);
}
