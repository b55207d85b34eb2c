// Moments and durations in plain words.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export class Times {
    constructor(language, t, timeZone = undefined) {
        this.t = t;
        this.clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone });
        this.exactly = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium", timeZone });
        this.date = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone });
        this.short = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone });
        this.dayKey = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
        this.ago = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "short" });
    }

    exact(at) {
        return this.exactly.format(at);
    }

    /** "just now", "5 min. ago"; the clock after a day. */
    relative(at, now) {
        const age = now - at;
        if (age < MINUTE) return this.t("justNow");
        if (age < HOUR) return this.ago.format(-Math.floor(age / MINUTE), "minute");
        if (age < DAY) return this.ago.format(-Math.floor(age / HOUR), "hour");
        return this.clock.format(at);
    }

    dayOf(at) {
        return this.dayKey.format(at);
    }

    /** "Today", "Yesterday", or the date. */
    day(at, now) {
        const key = this.dayOf(at);
        if (key === this.dayOf(now)) return this.t("today");
        if (key === this.dayOf(now - DAY)) return this.t("yesterday");
        return this.date.format(at);
    }
}

/**
 * A wait as a promise that can be kept: a range in minutes, outwards, never a false second. Half of the
 * waits end before `wait_low`, four of five before `wait_high`; without these, before `wait_seconds`.
 */
export function waitInWords(queue, t) {
    const high = queue?.wait_high ?? queue?.wait_seconds;
    if (!Number.isFinite(high)) return "";
    if (high <= 5) return t("waitAnyMoment");
    if (high <= 60) return t("waitUnderMinute");
    const low = Number.isFinite(queue.wait_low) ? queue.wait_low : high / 2;
    if (low > 3600) return t("waitLong");
    const least = Math.max(1, Math.floor(low / 60));
    return t("waitMinutes", { least, most: Math.max(least, Math.ceil(high / 60)) });
}

/** The place in line in plain words. */
export function placeInWords(queue, t) {
    if (queue?.staffed === false) return t("queueNobody");
    const wait = waitInWords(queue, t);
    if (!queue?.position) return t("queueSoon");
    if (queue.position === 1) return t("queueNext", { wait });
    return t("queuePlace", { ordinal: t("ordinal", { count: queue.position }), wait });
}

/** 10 MB, 340 KB. */
export function sizeInWords(bytes, language) {
    const steps = [
        ["megabyte", 1_048_576],
        ["kilobyte", 1024],
    ];
    for (const [unit, size] of steps) {
        if (bytes >= size) return inUnit(bytes / size, unit, language);
    }
    return inUnit(bytes, "byte", language);
}

function inUnit(value, unit, language) {
    return new Intl.NumberFormat(language, {
        style: "unit",
        unit,
        maximumFractionDigits: value < 10 ? 1 : 0,
    }).format(value);
}
