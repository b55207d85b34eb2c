// The survey's page: a question that follows from a bad answer is only there after one. The server
// judges the same, so without this script nothing is lost.

const form = document.querySelector("[data-survey]");
const first = form?.querySelector("[data-scored]");

function show() {
    const chosen = first?.querySelector(":checked");
    for (const question of form.querySelectorAll("[data-only-up-to]")) {
        question.hidden = !chosen || Number(chosen.value) > Number(question.dataset.onlyUpTo);
    }
}

if (form) {
    form.addEventListener("change", show);
    show();
}
