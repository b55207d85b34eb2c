"""What of a message is a slot's value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bots.procedures.choosing import Choice, chosen, named
from bots.procedures.cues import cued
from bots.procedures.kinds import bare_name, emails, is_money, names, patterns, phones
from bots.procedures.moments import days, times
from bots.procedures.numbers import Found, apart, numbers
from bots.procedures.said import folded, yes_or_no
from bots.procedures.shapes import Slot


@dataclass(frozen=True, slots=True)
class Surroundings:
    today: date
    choices: Sequence[Choice] = field(default=())


def heard(slot: Slot, text: str, around: Surroundings) -> list[Found]:
    """Values that any sentence may hold, in its order, without overlaps."""
    said = folded(text)
    found = list(_cued(slot, said, around))
    plain = not slot.cues or slot.kind in {"pattern", "email", "phone", "choice"}
    if not found and slot.listen and plain:
        found = [*_listened(slot, said, around)]
    return apart(found)


def answered(slot: Slot, text: str, around: Surroundings) -> list[Found]:
    """Values in a message that answers the slot's question; more is believed then."""
    said = folded(text)
    return apart(list(_cued(slot, said, around)) or list(_answers(slot, said, around)))


def _cued(slot: Slot, said: str, around: Surroundings) -> Iterator[Found]:
    return cued(slot, said, lambda: _answers(slot, said, around))


def _listened(slot: Slot, said: str, around: Surroundings) -> Iterator[Found]:
    match slot.kind:
        case "pattern":
            yield from patterns(slot, said)
        case "email":
            yield from emails(said)
        case "phone":
            yield from phones(said)
        case "date":
            yield from days(said, today=around.today, past=slot.past)
        case "time":
            yield from times(said)
        case "amount":
            yield from (found for found in numbers(said) if is_money(found, said))
        case "choice":
            yield from named(said, around.choices)
        case "name":
            yield from names(said)
        case "number" | "integer":
            yield from _numbers(slot, said)


def _answers(slot: Slot, said: str, around: Surroundings) -> Iterator[Found]:
    match slot.kind:
        case "text":
            if said.strip():
                yield Found(said.strip(), 0, len(said))
        case "yes_no":
            value = yes_or_no(said)
            if value is not None:
                yield Found(value, 0, len(said))
        case "number" | "integer" | "amount":
            yield from _numbers(slot, said)
        case "date":
            yield from days(said, today=around.today, past=slot.past, asked=True)
        case "time":
            yield from times(said, asked=True)
        case "choice":
            yield from chosen(said, around.choices)
        case "name":
            yield from list(names(said)) or bare_name(said)
        case _:
            yield from _listened(slot, said, around)


def _numbers(slot: Slot, said: str) -> Iterator[Found]:
    for one in numbers(said):
        value = one.value
        if slot.kind == "integer":
            if isinstance(value, float) and not value.is_integer():
                continue
            value = (
                int(str(value).removesuffix(".0"))
                if isinstance(value, int)
                else int(float(str(value)))
            )
        yield Found(value, one.start, one.end)
