// What can be done with many conversations at once, how it looks before the server has answered, and
// how it is taken back. Pure.

/** The card as it will be, so that a list shows it at once; null when nothing can be foreseen. */
export function foreseen(card, action, me) {
    switch (action.do) {
        case "add_labels": return { ...card, labels: [...new Set([...card.labels, ...action.labels])] };
        case "remove_labels": return { ...card, labels: card.labels.filter((name) => !action.labels.includes(name)) };
        case "set_priority": return { ...card, priority: action.priority };
        case "mute": return { ...card, muted: true };
        case "unmute": return { ...card, muted: false };
        case "read": return card.assignee?.id === me?.id ? { ...card, unread: 0 } : null;
        default: return null;
    }
}

/**
 * What takes it back: [{action, ids}, …], only for what was changed, from the cards as they were.
 * Empty: it can't be taken back.
 */
export function inverse(action, before, me) {
    const groups = new Map();
    const back = (undo, id) => {
        const key = JSON.stringify(undo);
        groups.set(key, [...(groups.get(key) ?? []), id]);
    };
    for (const card of before) {
        const id = card.conversation;
        switch (action.do) {
            case "add_labels": {
                const added = action.labels.filter((name) => !card.labels.includes(name));
                if (added.length > 0) back({ do: "remove_labels", labels: added }, id);
                break;
            }
            case "remove_labels": {
                const gone = action.labels.filter((name) => card.labels.includes(name));
                if (gone.length > 0) back({ do: "add_labels", labels: gone }, id);
                break;
            }
            case "set_priority":
                if (card.priority !== action.priority) back({ do: "set_priority", priority: card.priority }, id);
                break;
            case "mute":
            case "unmute":
                if (Boolean(card.muted) !== (action.do === "mute")) back({ do: card.muted ? "mute" : "unmute" }, id);
                break;
            case "assign":
                // What I took from a queue I may give back to it; what others hold now is not mine to move
                if (action.to.me && card.state === "queued" && card.queue) back({ do: "assign", to: { queue: card.queue.id } }, id);
                break;
            case "resolve":
                if (card.assignee?.id === me?.id && card.state !== "resolved") back({ do: "reopen" }, id);
                break;
        }
    }
    return [...groups].map(([undo, ids]) => ({ action: JSON.parse(undo), ids }));
}

const DONE = {
    add_labels: "labelled", remove_labels: "unlabelled", set_priority: "given a new priority", assign: "passed on",
    snooze: "snoozed", resolve: "resolved", read: "marked as read", mute: "muted", unmute: "unmuted", reopen: "opened again",
};

export function doneWords(action, count) {
    const done = action.do === "assign" && action.to?.me ? "taken" : DONE[action.do] ?? "changed";
    return `${count === 1 ? "1 conversation" : `${count} conversations`} ${done}`;
}
