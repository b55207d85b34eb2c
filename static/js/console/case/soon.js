// What cannot be done backwards waits for ten seconds, so that it can still be undone.

const WAIT = 10_000;

/** Resolves to true when nobody undid it, else to false. */
export function soon(toasts, words, { wait = WAIT } = {}) {
    return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(true), wait);
        toasts.undo(words, () => {
            clearTimeout(timer);
            resolve(false);
        });
    });
}

/** What a change is refused with when somebody undid it. */
export class Undone extends Error {}
