/** An element with its properties and what is in it; words stay words. */
export function el(tag, properties = {}, inside = []) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name in made) made[name] = value;
        else made.setAttribute(name, value);
    }
    made.append(...inside);
    return made;
}
