"""What the demo businesses know of a customer, for the agent who talks with them.

A pack with a `records.py` has `records(who: Known) -> list[Record]`, the newest first; the panel beside a conversation
shows what it gives. Nothing else of a business is known here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Final

from django.db.models import QuerySet

from bots.models import ProcedureRun
from contactcenter.demo.packs.identity import proved_with
from contactcenter.demo.packs.models import Business
from contactcenter.demo.packs.pack import HERE, Pack, packs
from conversations.models import Conversation

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Known:
    """How a business may know somebody: by an address, which anybody can type, and by numbers that were
    proved to a procedure with what only their owner knows."""

    email: str = ""
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A booking, an order, a card: its number, how it stands, what it is worth, and a line about it."""

    number: str
    status: str
    text: str
    amount: str = ""
    at: datetime | None = None


def records_of(pack: str, who: Known) -> list[Record]:
    """Of one business; nothing, where it keeps nothing for this."""
    if not (HERE / pack / "records.py").is_file():
        return []
    found: Callable[[Known], list[Record]] = import_module(
        f"contactcenter.demo.packs.{pack}.records"
    ).records
    return found(who)[:MOST]


def known_as(email: str, seen: QuerySet[Conversation]) -> Known:
    """The numbers are those that were proved in the conversations that may be `seen`: the business itself says whom it
    let in, since what the customer typed afterwards is only a claim. Without an `email` on the customer's card it is
    the one under which a procedure found something for them."""
    runs = ProcedureRun.objects.filter(conversation__in=seen).order_by("-pk")[:20]
    data = list(runs.values_list("data", flat=True))
    sessions = [str(one["saved"]["session"]) for one in data if one.get("saved", {}).get("session")]
    numbers = proved_with(sessions) if sessions else []
    named = [
        str(one["slots"]["email"])
        for one in data
        if one.get("slots", {}).get("email")
        and any(how == "ok" for _, how in one.get("called", []))
    ]
    return Known(email or next(iter(named), ""), tuple(dict.fromkeys(numbers)))


def businesses_in(seen: QuerySet[Conversation]) -> list[Pack]:
    """The open ones that these conversations are with."""
    here = set(seen.values_list("inbox__key", flat=True))
    is_open = set(Business.objects.values_list("pack", flat=True))
    return [one for one in packs() if one.key in here and one.name in is_open]
