// Words in the customer's language. A language is one module in languages/; it loads when needed.

const LANGUAGES = {
    en: () => import("./languages/en.js"),
    zh: () => import("./languages/zh.js"),
};

/** What each language calls itself. */
export function nameOf(language) {
    try {
        const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
        return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
    } catch {
        return language;
    }
}

/** The catalogue for a tag such as `zh-Hans`; English when we have none. */
export function catalogueFor(language) {
    const base = language.toLowerCase().split("-")[0];
    return LANGUAGES[base] ?? LANGUAGES.en;
}

export async function loadWords(language) {
    const words = (await catalogueFor(language)()).default;
    return translator(words);
}

/** t("key", {name: "…"}): strings have `{holes}`, plurals and orders are functions. */
export function translator(words) {
    return (key, values = {}) => {
        const entry = words[key];
        if (entry === undefined) throw new Error(`no words for ${key}`);
        if (typeof entry === "function") return entry(values);
        if (typeof entry !== "string") return entry;
        return entry.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
    };
}
