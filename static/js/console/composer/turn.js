// Whose turn it is to write to the customer, and how to make it mine.

import { fill, h } from "../dom.js";

export class Turn {
    #stamp = "";

    constructor(desk) {
        this.desk = desk;
        this.root = h("div", { class: "composer__not-mine", hidden: true });
    }

    render(card, mine) {
        this.root.hidden = mine;
        const stamp = `${card.conversation} ${card.state} ${whoHasIt(card)}`;
        if (mine || stamp === this.#stamp) return;
        this.#stamp = stamp;
        fill(this.root, h("span", {}, whoHasIt(card)), this.#way(card));
    }

    #way(card) {
        const { desk } = this;
        const button = (word, onclick) => h("button", { class: "button button--small button--primary", type: "button", onclick }, word);
        if (card.merged_into) return button("Go there", () => desk.open(card.merged_into));
        if (card.state === "resolved") return button("Open again", () => desk.reopen());
        if (card.state === "queued") return button("Take it", () => desk.claim());
        return null;
    }
}

function whoHasIt(card) {
    if (card.merged_into) return "It goes on in another conversation.";
    if (card.state === "bot") return "The bot is answering. You can leave a note.";
    if (card.state === "queued") return "Waiting for a person. Take it to reply.";
    if (card.state === "resolved") return "Resolved. Open it again to reply.";
    return card.assignee ? `${card.assignee.name} has it. You can leave a note.` : "You can leave a note.";
}
