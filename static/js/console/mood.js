// How a conversation reads, in words. An estimate: never said without its chance, and never of an agent. Pure.

const UNHAPPY = -0.35;
const HAPPY = 0.35;

/** "unhappy", "content", "even", or null where nothing was read yet. */
export function moodOf(score) {
    if (typeof score !== "number") return null;
    if (score <= UNHAPPY) return "unhappy";
    return score >= HAPPY ? "content" : "even";
}

const WORDS = { unhappy: "Sounds unhappy", content: "Sounds content", even: "Sounds even" };

export function moodWords(score) {
    return WORDS[moodOf(score)] ?? "";
}

export function moodTitle(score) {
    return `${moodWords(score)}: ${signed(score)} of −1 … 1, an estimate from the customer's last messages`;
}

export function signed(score) {
    const shown = Math.abs(score).toFixed(2);
    if (Number(shown) === 0) return "0.00";
    return `${score < 0 ? "−" : "+"}${shown}`;
}

const CLEAR = 0.5; // a label less likely than not is none

/** Whether one message reads as anything. */
export function isClear({ label, probabilities }) {
    return probabilities[label] >= CLEAR;
}

/** "negative, 82 %" of one message, or "not clear: negative 38 %, neutral 26 %, positive 36 %". */
export function readAs(one) {
    const chance = (label) => `${Math.round(one.probabilities[label] * 100)} %`;
    if (isClear(one)) return `${one.label}, ${chance(one.label)}`;
    return `not clear: ${["negative", "neutral", "positive"].map((label) => `${label} ${chance(label)}`).join(", ")}`;
}

/** What the trend says, or "". */
export function trendWords(trend) {
    if (typeof trend !== "number" || Math.abs(trend) < 0.1) return "";
    return trend < 0 ? "getting worse" : "getting better";
}

const APPEALS = { open: "to be looked at", accepted: "accepted", refused: "the estimate stands" };

export function appealWords(appeal) {
    return `You or a colleague read it as ${appeal.says}: ${APPEALS[appeal.state] ?? appeal.state}`;
}
