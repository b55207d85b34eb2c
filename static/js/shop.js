// The shop's own small habits: the theme button, and buttons that open the chat.

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
    // theme.js hears the click after us and takes the choice that it finds here.
    button.addEventListener("click", () => {
        button.dataset.themeChoice = isDark() ? "light" : "dark";
    });
}

document.addEventListener("click", () => {
    // One button for both ways has no pressed state.
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
        delete button.dataset.themeChoice;
        button.removeAttribute("aria-pressed");
    }
});

document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-open-chat]");
    if (!button) return;
    // Where the chat could not load, a letter still arrives.
    if (window.contactcentre) window.contactcentre.open();
    else location.assign(`mailto:${button.dataset.openChat || "service@farwander.example"}`);
});
