/* A text area that holds JSON: what it says is asked of the server, and told below it. */

export function parsed(text) {
    try {
        return { value: JSON.parse(text) };
    } catch {
        return { broken: true };
    }
}

/** `{says}` or `{problem}`; nothing when nobody answers. */
export async function ask(area, more = {}) {
    const body = new URLSearchParams({ ...more, value: area.value });
    const token = document.querySelector("input[name='csrfmiddlewaretoken']")?.value ?? "";
    try {
        const answer = await fetch(area.dataset.check, {
            method: "POST",
            body,
            headers: { "X-CSRFToken": token, Accept: "application/json" },
        });
        return answer.ok ? await answer.json() : {};
    } catch {
        return {};
    }
}

export function tell(says, said) {
    says.classList.toggle("is-wrong", Boolean(said.problem));
    says.textContent = said.problem ?? said.says ?? "";
}
