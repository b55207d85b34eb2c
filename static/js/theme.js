// Runs before the first paint: the theme somebody chose on this browser, else the system's.
// A button with `data-theme-choice="light|dark|auto"` chooses; nothing else is needed.
(() => {
    const root = document.documentElement;
    const KEY = "theme";

    function chosen() {
        try {
            return localStorage.getItem(KEY);
        } catch {
            return null; // storage is blocked: the system's theme it is
        }
    }

    function apply(theme) {
        if (theme === "light" || theme === "dark") root.dataset.theme = theme;
        else delete root.dataset.theme;
        for (const button of document.querySelectorAll("[data-theme-choice]")) {
            const on = button.dataset.themeChoice === (theme || "auto");
            button.setAttribute("aria-pressed", String(on));
        }
    }

    function choose(theme) {
        try {
            if (theme === "auto") localStorage.removeItem(KEY);
            else localStorage.setItem(KEY, theme);
        } catch {
            // not remembered, still applied
        }
        apply(theme === "auto" ? null : theme);
    }

    apply(chosen());
    document.addEventListener("DOMContentLoaded", () => apply(chosen()));
    document.addEventListener("click", (event) => {
        const button = event.target.closest?.("[data-theme-choice]");
        if (button) choose(button.dataset.themeChoice);
    });
    addEventListener("storage", (event) => {
        if (event.key === KEY) apply(event.newValue);
    });
})();
