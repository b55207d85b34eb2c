// HTTP for what is asked once: lists, details, and verbs whose answer somebody waits for.

export class ApiError extends Error {
    constructor(detail, { code = "failed", status = 0, fields = {} } = {}) {
        super(detail);
        this.code = code;
        this.status = status;
        this.fields = fields;
    }
}

const WORDS = {
    0: "No connection. Nothing was changed.",
    429: "That was very quick. Wait a moment.",
    500: "Something went wrong on our side. Try again.",
    502: "The server is starting again. Try in a moment.",
    503: "The server is busy. Try again in a moment.",
};

export class Api {
    /**
     * @param root       where the API begins, such as "/api/v1/".
     * @param csrf       () => token
     * @param signedOut  called when the session is over.
     */
    constructor({ root, csrf, signedOut, fetch = (...a) => globalThis.fetch(...a) }) {
        Object.assign(this, { root, csrf, signedOut, fetch });
    }

    get(path, query = {}, { signal } = {}) {
        const url = new URL(path.startsWith("http") ? path : this.root + path, globalThis.location?.origin);
        for (const [name, value] of Object.entries(query)) {
            if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
        }
        return this.#ask("GET", url.pathname + url.search, { signal });
    }

    post(path, body = {}) {
        return this.#ask("POST", this.root + path, { body });
    }

    patch(path, body) {
        return this.#ask("PATCH", this.root + path, { body });
    }

    put(path, body) {
        return this.#ask("PUT", this.root + path, { body });
    }

    remove(path) {
        return this.#ask("DELETE", this.root + path, { body: {} });
    }

    async #ask(method, url, { body, signal } = {}) {
        const headers = { Accept: "application/json" };
        if (body !== undefined) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": this.csrf() });
        let response;
        try {
            response = await this.fetch(url, {
                method,
                headers,
                signal: signal ?? AbortSignal.timeout(20_000),
                credentials: "same-origin",
                body: body === undefined ? undefined : JSON.stringify(body),
            });
        } catch (error) {
            if (error.name === "AbortError") throw error;
            throw new ApiError(WORDS[0]);
        }
        const answer = response.status === 204 ? null : await response.json().catch(() => null);
        if (response.ok) return answer;
        throw this.refusal(response.status, answer);
    }

    /** A failed answer as an error with words for people. */
    refusal(status, answer) {
        if (status === 401 || answer?.code === "not_authenticated") this.signedOut();
        const detail = status >= 500 ? null : firstField(answer?.fields) ?? answer?.detail;
        return new ApiError(detail ?? WORDS[status] ?? "That did not work.", { ...answer, status });
    }
}

function firstField(fields) {
    const words = Object.values(fields ?? {}).flat()[0];
    return typeof words === "string" ? words : null;
}
