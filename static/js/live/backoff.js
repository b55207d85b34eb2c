// How long to wait before trying again.

/**
 * Milliseconds to wait before the next attempt: doubling, capped, and spread over its upper half so
 * that a restarted server is not met by everybody at once.
 */
export function backoff(attempt, { random = Math.random, first = 400, most = 12_000 } = {}) {
    const ceiling = Math.min(most, first * 2 ** Math.min(attempt, 16));
    return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
