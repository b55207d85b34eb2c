/** An example without what it leaves open ("…"), which somebody has to say. */
export function filled(example) {
    if (example === "…") return undefined;
    if (Array.isArray(example)) return example.map(filled).filter((one) => one !== undefined);
    if (example === null || typeof example !== "object") return example;
    const pairs = Object.entries(example).map(([name, value]) => [name, filled(value)]);
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}
