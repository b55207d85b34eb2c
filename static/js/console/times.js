// Moments and durations, as an agent reads them at a glance. Pure: `now` is always given.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long an answer may take before the clock turns amber, in seconds; red at three times this. */
export const PATIENCE = 60;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const shortMoment = new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
});

/** Seconds → 0:07, 1:23, 1:02:03; days above one. */
export function duration(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole >= 48 * 3600) return `${Math.floor(whole / 86_400)} days`;
    const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
    const hours = Math.floor(whole / 3600);
    if (hours > 0) return `${hours}:${parts[0]}:${parts[1]}`;
    return `${Number(parts[0])}:${parts[1]}`;
}

/** calm, long or overlong. */
export function urgency(seconds, patience = PATIENCE) {
    if (seconds >= 3 * patience) return "overlong";
    return seconds >= patience ? "long" : "calm";
}

/** The word that stands beside the colour. */
export const URGENCY_WORDS = { calm: "", long: "long", overlong: "too long" };

export function at(moment) {
    return typeof moment === "number" ? moment : Date.parse(moment);
}

export function exact(moment) {
    return full.format(at(moment));
}

export function timeOfDay(moment) {
    return clock.format(at(moment));
}

/** The date alone, with its year. */
export function dateOf(moment) {
    return date.format(at(moment));
}

/** now, 4 min, 3 h; the date after a day. */
export function relative(moment, now) {
    const age = now - at(moment);
    if (age < MINUTE) return "now";
    if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
    if (age < DAY) return `${Math.floor(age / HOUR)} h`;
    return shortDay.format(at(moment));
}

function dayNumber(moment) {
    const date = new Date(moment);
    return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}

export function sameDay(one, other) {
    return dayNumber(at(one)) === dayNumber(at(other));
}

/** Today, Yesterday, or the date. */
export function day(moment, now) {
    const behind = dayNumber(now) - dayNumber(at(moment));
    if (behind === 0) return "Today";
    if (behind === 1) return "Yesterday";
    return longDay.format(at(moment));
}

/** 14:30 today, else with the weekday, else the date. */
export function until(moment, now) {
    if (sameDay(moment, now)) return clock.format(at(moment));
    if (at(moment) - now < 6 * DAY) return shortMoment.format(at(moment));
    return `${shortDay.format(at(moment))}, ${clock.format(at(moment))}`;
}

/** When a snoozed conversation may come back: the offers of the snooze panel. */
export function snoozeChoices(now) {
    const choices = [
        { label: "In 20 minutes", at: now + 20 * MINUTE },
        { label: "In 1 hour", at: now + HOUR },
        { label: "In 3 hours", at: now + 3 * HOUR },
    ];
    choices.push({ label: "Tomorrow morning", at: morning(now, 1) });
    const toMonday = ((8 - new Date(now).getDay()) % 7) || 7;
    if (toMonday > 1) choices.push({ label: "Monday morning", at: morning(now, toMonday) });
    return choices;
}

function morning(now, days) {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    date.setHours(9, 0, 0, 0);
    return date.getTime();
}

/** 10 MB, 340 kB. */
export function size(bytes) {
    if (bytes >= 1_048_576) return `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)} MB`;
    if (bytes >= 1024) return `${Math.round(bytes / 1024)} kB`;
    return `${bytes} bytes`;
}
