// Who this browser is to us: a token for one inbox, made when it is first needed.

export class SessionError extends Error {
    constructor(code, status) {
        super(code);
        this.code = code;
        this.status = status;
    }

    /** Worth trying again by itself: the server or the network, not us. */
    get isPassing() {
        return this.status === 0 || this.status >= 500 || this.status === 429;
    }
}

export class Session {
    #making = null;

    constructor({ inbox, language, notebook, fetch = globalThis.fetch.bind(globalThis), locks = globalThis.navigator?.locks }) {
        this.inbox = inbox;
        this.language = language;
        this.notebook = notebook;
        this.fetch = fetch;
        this.locks = locks;
        this.customer = null;
    }

    /** {token, conversation, external_id} or null. */
    get known() {
        return this.notebook.get("session");
    }

    get exists() {
        return this.known !== null;
    }

    /**
     * What the host page says about the customer. "changed": the remembered session is somebody
     * else's and was forgotten. An anonymous talk in this browser goes on under its own session.
     */
    identify(customer) {
        this.customer = customer;
        const before = this.known?.external_id ?? null;
        if (before === null || before === (customer?.external_id ?? null)) return "same";
        this.forget();
        return "changed";
    }

    /** An anonymous session although the page has told who the customer is. */
    get isOutgrown() {
        return Boolean(this.known && !this.known.external_id && this.customer?.external_id);
    }

    /** The token, from memory or a new one. Two tabs opened at once make one session. */
    async token() {
        if (this.known) return this.known.token;
        this.#making ??= this.#exclusively(() => this.known?.token ?? this.#create()).finally(() => {
            this.#making = null;
        });
        return this.#making;
    }

    /** Is the remembered token still good? Forgets it when not. */
    async verify() {
        if (!this.known) return false;
        try {
            const body = { token: this.known.token };
            if (this.isOutgrown) body.customer = this.customer;
            await this.#post(body);
            if (body.customer) {
                this.notebook.set("session", {
                    ...this.known,
                    external_id: this.customer.external_id,
                });
            }
            return true;
        } catch (error) {
            if (!(error instanceof SessionError) || error.isPassing) throw error;
            this.forget();
            return false;
        }
    }

    forget() {
        this.notebook.remove("session");
    }

    #exclusively(task) {
        if (!this.locks) return Promise.resolve().then(task);
        return this.locks.request(`contactcentre:${this.inbox}`, task);
    }

    async #create() {
        const body = { inbox: this.inbox, language: this.language };
        if (this.customer) body.customer = this.customer;
        const answer = await this.#post(body);
        this.notebook.set("session", {
            token: answer.token,
            conversation: answer.conversation,
            external_id: this.customer?.external_id ?? null,
        });
        return answer.token;
    }

    async #post(body) {
        let response;
        try {
            response = await this.fetch("/api/v1/sessions", {
                method: "POST",
                credentials: "omit",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify(body),
            });
        } catch {
            throw new SessionError("network", 0);
        }
        const answer = await response.json().catch(() => ({}));
        if (!response.ok) throw new SessionError(answer.code ?? "unavailable", response.status);
        return answer;
    }
}
