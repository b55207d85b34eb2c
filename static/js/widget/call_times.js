// The times at which we can call, by day, in the customer's own clock. Pure.

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

/** Slots as the door gives them → [{day, slots: [{at, words}]}], the next day first. */
export function byDay(slots, language, timeZone = undefined) {
    const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone });
    const date = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone });
    const days = new Map();
    for (const { at } of slots) {
        const moment = new Date(at);
        const day = date.format(moment);
        if (!days.has(day)) days.set(day, []);
        days.get(day).push({ at, words: clock.format(moment) });
    }
    return [...days].map(([day, some]) => ({ day, slots: some }));
}

/** A moment as somebody says it: Monday, 4 May, 14:30. */
export function momentInWords(at, language, timeZone = undefined) {
    return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone }).format(new Date(at));
}
