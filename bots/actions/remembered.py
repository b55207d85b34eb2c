"""What a customer said of themselves before, where the bot may lean on it: how they want to be called, and
what they may press instead of typing it again. Nothing is taken for granted: what is pressed is said by
them, and checked like all that they say."""

from __future__ import annotations

from bots.answering.phrases import phrase
from bots.answering.proposals import Proposal
from conversations.models import CustomerFact

# Slots of procedures are named by whoever writes them; these names say plainly what is asked.
_SLOTS: dict[str, tuple[str, str | None]] = {
    "size": ("size", None),
    "shoe_size": ("size", "shoes"),
    "name": ("name", None),
    "full_name": ("name", None),
    "city": ("place", None),
    "device": ("device", None),
    "phone_model": ("device", "phone"),
    "diet": ("diet", None),
}


def called(customer_id: int) -> str:
    """What they asked to be called, or nothing."""
    return _value(customer_id, "called", None)


def greeting(proposal: Proposal, customer_id: int) -> str:
    """The bot's answer; a plain greeting calls whoever asked for it by their name."""
    plain = phrase("greeting", proposal.language)
    if proposal.reason != "greeting" or proposal.answer != plain:
        return proposal.answer
    name = called(customer_id)
    return phrase("greeting_called", proposal.language, called=name) if name else plain


def offered(slot: str, customer_id: int) -> tuple[str, ...]:
    """What stands on a button below the question of a procedure, if it is known and only one."""
    if slot not in _SLOTS:
        return ()
    value = _value(customer_id, *_SLOTS[slot])
    return (value,) if value else ()


def _value(customer_id: int, kind: str, about: str | None) -> str:
    rows = CustomerFact.objects.filter(customer=customer_id, kind=kind, state="known")
    if about is not None:
        rows = rows.filter(about=about)
    known = list(rows.values_list("value", flat=True)[:2])
    return known[0] if len(known) == 1 else ""
