// Who else has this conversation open, and who of them is writing.

import { avatar, fill, h, icon } from "./dom.js";

/** "Bo and Cleo are looking; Bo is writing". Pure. */
export function viewersInWords(agents) {
    if (agents.length === 0) return "";
    const writing = agents.filter((one) => one.typing).map((one) => one.name);
    const looking = agents.filter((one) => !one.typing).map((one) => one.name);
    const said = [];
    if (writing.length > 0) said.push(`${list(writing)} ${writing.length > 1 ? "are" : "is"} writing`);
    if (looking.length > 0) said.push(`${list(looking)} ${looking.length > 1 ? "are" : "is"} looking`);
    return said.join("; ");
}

function list(names) {
    return names.length < 3 ? names.join(" and ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}

export class Viewers {
    #stamp = "";

    constructor(root, desk) {
        this.desk = desk;
        this.root = h("p", { class: "viewers", hidden: true });
        root.append(this.root);
    }

    begin() {
        this.show([]);
    }

    show(agents) {
        const others = agents.filter((one) => one.id !== this.desk.store.me?.id);
        const words = viewersInWords(others);
        if (words === this.#stamp) return;
        this.#stamp = words;
        this.root.hidden = !words;
        fill(this.root, icon("eye"), others.slice(0, 3).map((one) => avatar(one.name, { small: true })), h("span", {}, words));
    }
}
