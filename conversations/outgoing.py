"""What an agent wants to say to a customer is looked at before it is stored, by whoever has come in for
that (the rules of the house are not known here)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from conversations.drafts import Draft, Refusal, Stored


@dataclass(frozen=True, slots=True)
class Looked:
    """What is held back, by its place; and whether what is let through is to be told of (`said`)."""

    held_back: Mapping[int, Refusal] = field(default_factory=dict)
    is_noted: bool = False


class Guard(Protocol):
    """Looks at what agents say to customers, whichever way it came."""

    def look(self, drafts: Sequence[Draft]) -> Looked:
        """What must not be stored; what was stored before under its id is let through."""

    def said(self, stored: Sequence[Stored]) -> None:
        """These were stored now, in the transaction of the caller if there is one."""


_guard: list[Guard] = []


def take_guard(guard: Guard) -> None:
    """Somebody comes in to look; called once, when the apps are ready."""
    _guard[:] = [guard]


def look(drafts: Sequence[Draft]) -> Looked:
    """What is held back, by its place in `drafts`."""
    places = [place for place, draft in enumerate(drafts) if _is_for_a_customer(draft)]
    if not places or not _guard:
        return Looked()
    found = _guard[0].look([drafts[place] for place in places])
    held_back = {places[place]: refusal for place, refusal in found.held_back.items()}
    return Looked(held_back, found.is_noted)


def said(answers: Sequence[Stored | Refusal]) -> None:
    """Tells the guard what was stored after all."""
    mine = [
        one
        for one in answers
        if isinstance(one, Stored) and not one.repeated and _is_for_a_customer(one.draft)
    ]
    if mine and _guard:
        _guard[0].said(mine)


def _is_for_a_customer(draft: Draft) -> bool:
    return draft.author_kind == "agent" and not draft.note and bool(draft.text)
