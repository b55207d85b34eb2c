// "How did we do?": five faces with words, one optional line, thanks.

import { face, fill, h } from "./dom.js";

const COMMENT_LIMIT = 1000;

export class ChatSurvey extends HTMLElement {
    begin({ t }) {
        this.t = t;
        this.hidden = true;
    }

    ask() {
        if (!this.hidden) return;
        const words = this.t("surveyScores");
        const faces = words.map((word, at) =>
            h("label", { class: "face" },
                h("input", { type: "radio", name: "score", value: String(at + 1), onchange: () => this.#chosen() }),
                face(at + 1),
                h("span", {}, word)),
        );
        this.more = h("div", { class: "survey__more", hidden: true },
            h("label", { class: "label", for: "survey-comment" }, this.t("surveyComment")),
            h("input", { class: "input", id: "survey-comment", name: "comment", maxlength: COMMENT_LIMIT, autocomplete: "off", dir: "auto" }),
            h("button", { class: "button button--primary", type: "submit" }, this.t("surveySend")));
        const form = h("form", { class: "survey" },
            h("fieldset", {}, h("legend", {}, this.t("surveyTitle")), h("div", { class: "faces" }, faces)),
            this.more,
            h("button", { class: "link survey__skip", type: "button", onclick: () => this.#skip() }, this.t("surveySkip")));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const data = new FormData(form);
            const score = Number(data.get("score"));
            if (score) this.#answer(score, String(data.get("comment") ?? "").trim());
        });
        fill(this, form);
        this.hidden = false;
    }

    #chosen() {
        this.more.hidden = false;
    }

    #answer(score, comment) {
        this.dispatchEvent(new CustomEvent("rate", { bubbles: true, detail: { score, comment } }));
        this.thank();
    }

    thank() {
        fill(this, h("div", { class: "survey survey--thanks", role: "status" }, h("p", { class: "strong" }, this.t("surveyThanks")), h("p", { class: "soft" }, this.t("writeAgain"))));
        this.hidden = false;
    }

    #skip() {
        this.close();
        this.dispatchEvent(new CustomEvent("ratelater", { bubbles: true }));
    }

    close() {
        this.hidden = true;
        fill(this);
    }
}

customElements.define("chat-survey", ChatSurvey);
