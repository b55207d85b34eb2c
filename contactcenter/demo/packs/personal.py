"""What the demo businesses' books hold about a customer: given out with the rest, and made anonymous.

A pack with a `personal.py` has `personal(who: Theirs) -> list[Kept]`. A row is a customer's where the business itself
has said so: it was shown or made in one of their conversations, or it is under a number that they proved, or under
an address that the company's own site vouches for. An address that was only typed leads to nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from django.db.models import QuerySet

from agents.reads.customer_data import Found
from bots.actions.procedures.candidates import shape_of
from bots.models import ActionCall
from bots.procedures.loading import BadFile
from contactcenter.demo.packs.identity import leave, proved_with
from contactcenter.demo.packs.models import Receipt
from contactcenter.demo.packs.pack import HERE, names
from conversations.models import Customer

ERASED: Final = "(erased)"
_NUMBER = re.compile(r"[A-Z]{1,3}-\d{4,6}")


@dataclass(frozen=True, slots=True)
class Theirs:
    """How one business certainly knows a customer: addresses in lower case; the numbers of what it showed
    them or did for them; the numbers of theirs that they proved."""

    emails: Sequence[str] = ()
    numbers: Sequence[str] = ()
    proved: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of theirs and what becomes of them: `instead` of what their columns hold; None: they go."""

    rows: QuerySet[Any]
    instead: Mapping[str, Any] | None


@dataclass(slots=True)
class _Spoken:
    """What a business answered in a customer's conversations."""

    keys: list[str] = field(default_factory=list)
    numbers: dict[str, None] = field(default_factory=dict)
    sessions: list[str] = field(default_factory=list)


class DemoBooks:
    """As `agents.reads.books.Books`."""

    secrets = (
        "demo_telecom.Subscriber.pin",
        "demo_banking.Client.code",
        "demo_health.Patient.card",
    )

    def found(self, customer_id: int) -> Found:
        found: Found = {}
        for one in _kept(customer_id, _spoken(customer_id)):
            keys = set(one.rows.values_list("pk", flat=True))
            if keys:
                found.setdefault(one.rows.model, set()).update(keys)
        return found

    def make_anonymous(self, customer_id: int) -> None:
        spoken = _spoken(customer_id)
        for one in list(_kept(customer_id, spoken)):
            if one.instead is None:
                one.rows.delete()
            else:
                one.rows.update(**one.instead)
        for pack, said in spoken.items():
            # The key stays: what was done once is not done again.
            Receipt.objects.filter(business__pack=pack, key__in=said.keys).update(answer={})
            leave(said.sessions)


def _kept(customer_id: int, spoken: Mapping[str, _Spoken]) -> Iterator[Kept]:
    held = Customer.objects.get(pk=customer_id)
    vouched = held.email.strip().lower() if held.identities.exists() else ""
    for pack in names():
        if not (HERE / pack / "personal.py").is_file():
            continue
        said = spoken.get(pack, _Spoken())
        personal: Callable[[Theirs], list[Kept]] = import_module(
            f"contactcenter.demo.packs.{pack}.personal"
        ).personal
        yield from personal(
            Theirs(
                emails=(vouched,) if vouched else (),
                numbers=tuple(said.numbers),
                proved=tuple(proved_with(said.sessions)) if said.sessions else (),
            )
        )


def _spoken(customer_id: int) -> dict[str, _Spoken]:
    """By pack: only calls over the connection of the pack, and only what was answered with a yes."""
    calls = ActionCall.objects.filter(run__conversation__customer=customer_id)
    spoken: dict[str, _Spoken] = {}
    for call in calls.select_related("run__version"):
        pack = _connection(call)
        if pack not in names():
            continue
        said = spoken.setdefault(pack, _Spoken())
        said.keys.append(str(call.key))
        if call.outcome != "ok":
            continue
        for text in _texts(call.answer):
            if _NUMBER.fullmatch(text):
                said.numbers[text] = None
        session = (call.answer or {}).get("session")
        if session:
            said.sessions.append(str(session))
    return spoken


def _connection(call: ActionCall) -> str:
    """Empty where the file cannot be read any more."""
    try:
        action = shape_of(call.run.version.text).actions.get(call.action)
    except BadFile:
        return ""
    return action.connection if action else ""


def _texts(answer: Any) -> Iterator[str]:
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, Mapping):
        for value in answer.values():
            yield from _texts(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from _texts(value)
