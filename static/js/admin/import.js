// While a task reads the files: how far it is. When it is done the page comes again with the preview.

const EVERY = 1_000;
const SLOWEST = 10_000;

/** What the progress bar says. Pure. */
export function saying([done, total]) {
    return `${done} of ${total}`;
}

async function watch(box) {
    const bar = box.querySelector("progress");
    let pause = EVERY;
    for (;;) {
        await new Promise((go) => setTimeout(go, pause));
        try {
            const answer = await fetch(box.dataset.import, { headers: { Accept: "application/json" } });
            if (!answer.ok) throw new Error(String(answer.status));
            const batch = await answer.json();
            if (batch.state !== "reading") {
                location.reload();
                return;
            }
            [bar.value, bar.max] = batch.progress;
            box.querySelector("[data-said]").textContent = saying(batch.progress);
            pause = EVERY;
        } catch {
            // Signed out or no connection: the task reads on; ask less often.
            pause = Math.min(pause * 2, SLOWEST);
        }
    }
}

if (globalThis.document) for (const box of document.querySelectorAll("[data-import]")) watch(box);
