"""A text like those that the model will read, to see which of its numbers get large."""

from __future__ import annotations

from pathlib import Path

from bots.language.model import Passage, Turn
from bots.language.prompt import as_chat
from bots.language.tokens import Tokens

PASSAGES = [
    Passage(
        "",
        "Returning an order",
        "You have 30 days from delivery to send goods back, unworn and with their labels. Open "
        "“My orders”, choose the item and print the label; drop the parcel at any post office. We "
        "refund the price to the card or account you paid with within 5 working days of its arrival. "
        "Postage of €4.90 is kept back unless the item was faulty. Earrings, opened cosmetics and "
        "gift cards cannot be returned.",
    ),
    Passage(
        "",
        "Signing in",
        "1. Click **Forgot password** on the sign-in page.\n2. Enter the e-mail address of your "
        "account.\n3. Follow the link within {{Link Validity}}; it works once. If no message arrives, "
        "look in the spam folder or call 0800 555 0199 (Mon–Fri, 8:00–18:00).",
    ),
]
SAID = [
    Turn("customer", "hi, my order #20417 arrived today but the shoes are too small. can i swap them?"),
    Turn(
        "bot",
        "I'm sorry that the shoes don't fit! You can send them back within 30 days of delivery, and "
        "order the right size at the same time. To do so, open “My orders”, choose the item, and print "
        "the return label. Once the parcel has arrived, we'll refund the price within 5 working days.",
    ),
    Turn("customer", "ok and who pays for shipping?? also I can't log in :( it says wrong password"),
    Turn(
        "bot",
        "Thank you for reaching out! Here is what I can tell you:\n\n- **Postage:** €4.90 is kept back, "
        "unless the item was faulty.\n- **Your account:** click “Forgot password” on the sign-in page and "
        "follow the link that we send to your e-mail address.\n\nWe understand how frustrating this can "
        "be. If you need further assistance, our team is here to help from Monday to Friday.",
    ),
    Turn("customer", "Ich möchte meine Rechnung vom 3. März noch einmal per E-Mail bekommen."),
    Turn("bot", "Sie finden jede Rechnung unter „Meine Bestellungen“; dort können Sie sie herunterladen."),
    Turn("customer", "¿Puedo cambiar la dirección? 请问可以开发票吗？ Où est mon colis ?"),
    Turn("bot", "As long as it has not been sent, yes: choose “Change address”. 可以，请在订单页面申请。"),
]  # fmt: skip


def sample_of(folder: Path) -> list[int]:
    """As tokens of the model in `folder`. Raises `ModelUnavailable` when its tokenizer is not usable."""
    if not (folder / "tokenizer.json").is_file():
        return []
    tokens = Tokens(folder)
    chat = as_chat(SAID[:2], PASSAGES, "en")
    chat += [
        {"role": "user" if turn.role == "customer" else "assistant", "content": turn.text}
        for turn in SAID[2:]
    ]
    return tokens.encode(tokens.rendered(chat))
