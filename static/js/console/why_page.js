// The page "Why the bot said this": while a turn is being taken again, it looks for the result.

const EVERY = 2000; // ms

if ("waits" in document.body.dataset) setTimeout(() => location.reload(), EVERY);
