// "How did we do?": five faces with words, one optional line, thanks. A house with surveys of its own
// says with the frame what is asked instead.

import { face, fill, h } from "./dom.js";

const COMMENT_LIMIT = 1000;

export class ChatSurvey extends HTMLElement {
    begin({ t }) {
        this.t = t;
        this.hidden = true;
    }

    /** `content`: what the house asks ({title, thanks, questions}), or nothing for the one question. */
    ask(content) {
        if (!this.hidden) return;
        this.content = content ?? null;
        fill(this, content ? this.#questions(content) : this.#faces());
        this.hidden = false;
    }

    // -- the one question

    #faces() {
        this.more = h("div", { class: "survey__more", hidden: true },
            h("label", { class: "label", for: "survey-comment" }, this.t("surveyComment")),
            h("input", { class: "input", id: "survey-comment", name: "comment", maxlength: COMMENT_LIMIT, autocomplete: "off", dir: "auto" }),
            h("button", { class: "button button--primary", type: "submit" }, this.t("surveySend")));
        const form = h("form", { class: "survey" },
            h("fieldset", {}, h("legend", {}, this.t("surveyTitle")), faces(this.t("surveyScores"), "score", () => this.#chosen())),
            this.more,
            this.#skipButton());
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const data = new FormData(form);
            const score = Number(data.get("score"));
            if (score) this.#answer("rate", { score, comment: String(data.get("comment") ?? "").trim() });
        });
        return form;
    }

    #chosen() {
        this.more.hidden = false;
    }

    // -- the house's own questions

    #questions(content) {
        const asked = content.questions.map((question) => ({ question, field: this.#field(question) }));
        const form = h("form", { class: "survey" },
            h("h2", { class: "survey__title" }, content.title),
            asked.map(({ field }) => field),
            h("button", { class: "button button--primary", type: "submit" }, this.t("surveySend")),
            this.#skipButton());
        const show = () => {
            const answers = this.#answers(form, content.questions);
            const score = firstScore(content.questions, answers);
            for (const { question, field } of asked) field.hidden = !isAsked(question, score);
        };
        form.addEventListener("change", show);
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const answers = this.#answers(form, content.questions);
            const score = firstScore(content.questions, answers);
            const missing = asked.find(({ question }) => question.required && isAsked(question, score) && !(question.id in answers));
            if (missing) return missing.field.querySelector("input, textarea").focus();
            if (Object.keys(answers).length > 0) this.#answer("surveyed", { answers });
        });
        show();
        return form;
    }

    #field(question) {
        const { id, kind, text, least, most } = question;
        const words = [text, question.required ? h("span", { class: "question__needed" }, ` (${this.t("surveyNeeded")})`) : null];
        if (kind === "text") {
            return h("div", { class: "question" },
                h("label", { class: "question__text", for: `q-${id}` }, words),
                h("textarea", { class: "input", id: `q-${id}`, name: id, rows: 2, maxlength: COMMENT_LIMIT, dir: "auto" }));
        }
        if (kind === "csat") return h("fieldset", { class: "question" }, h("legend", {}, words), faces(this.t("surveyScores"), id));
        if (kind === "yes_no") return this.#options(words, id, "radio", [["1", this.t("surveyYes")], ["0", this.t("surveyNo")]]);
        if (least === null) {
            return this.#options(words, id, kind === "choices" ? "checkbox" : "radio", question.options.map((option) => [option.key, option.text]));
        }
        const [low, high] = this.t("surveyEnds")[kind];
        return h("fieldset", { class: "question" }, h("legend", {}, words),
            h("div", { class: "scale" }, range(least, most).map((n) =>
                h("label", { class: "scale__step" }, h("input", { type: "radio", name: id, value: String(n) }), h("span", {}, String(n))))),
            h("p", { class: "scale__ends", "aria-hidden": "true" }, h("span", {}, low), h("span", {}, high)));
    }

    #options(words, name, type, options) {
        return h("fieldset", { class: "question" }, h("legend", {}, words),
            h("div", { class: "options" }, options.map(([value, text]) =>
                h("label", { class: "option" }, h("input", { type, name, value }), h("span", {}, text)))));
    }

    /** What was answered so far: {question: number | text | [option]}. */
    #answers(form, questions) {
        const data = new FormData(form);
        const answers = {};
        for (const { id, kind, least } of questions) {
            if (kind === "choices") {
                if (data.getAll(id).length > 0) answers[id] = data.getAll(id);
                continue;
            }
            const value = String(data.get(id) ?? "").trim();
            if (value) answers[id] = least === null ? value : Number(value);
        }
        return answers;
    }

    // -- the end

    #answer(name, detail) {
        this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
        this.thank();
    }

    thank() {
        const thanks = this.content?.thanks || this.t("surveyThanks");
        fill(this, h("div", { class: "survey survey--thanks", role: "status" }, h("p", { class: "strong" }, thanks), h("p", { class: "soft" }, this.t("writeAgain"))));
        this.hidden = false;
    }

    #skipButton() {
        return h("button", { class: "link survey__skip", type: "button", onclick: () => this.#skip() }, this.t("surveySkip"));
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

function faces(words, name, onchange = null) {
    return h("div", { class: "faces" }, words.map((word, at) =>
        h("label", { class: "face" }, h("input", { type: "radio", name, value: String(at + 1), onchange }), face(at + 1), h("span", {}, word))));
}

const range = (least, most) => Array.from({ length: most - least + 1 }, (_, at) => least + at);

/** The first number that was answered decides which questions follow; the server judges the same. */
function firstScore(questions, answers) {
    const first = questions.find(({ id, least, only_up_to: limit }) => least !== null && limit === null && id in answers);
    return first ? answers[first.id] : null;
}

const isAsked = ({ only_up_to: limit }, score) => limit === null || (score !== null && score <= limit);

customElements.define("chat-survey", ChatSurvey);
