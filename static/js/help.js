// Buttons that open the chat; they are there once the chat is.

function show() {
    for (const foot of document.querySelectorAll("[data-talk]")) foot.hidden = false;
    for (const button of document.querySelectorAll("[data-open-chat]")) {
        button.hidden = false;
        button.addEventListener("click", () => window.contactcentre.open());
    }
}

if (document.querySelector("contact-centre")) show();
else addEventListener("contactcentre:ready", show, { once: true });
