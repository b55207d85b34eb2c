"""A procedure as a list of what is left to do for whoever goes on with it by hand. Pure but for the
procedure's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bots.procedures.shapes import Procedure, Slot, Step


@dataclass(frozen=True, slots=True)
class Item:
    """`value` is what is known of it. `is_final`: it can't be undone once it is done."""

    text: str
    value: str = ""
    done: bool = False
    is_final: bool = False

    def line(self) -> str:
        """As it stands on a checklist."""
        return f"{self.text}: {self.value}" if self.value else self.text


@dataclass(frozen=True, slots=True)
class Known:
    """What a run has gathered: values of slots in words, actions that were called, whether the customer
    has said yes."""

    slots: Mapping[str, str]
    called: frozenset[str]
    confirmed: bool


NOTHING = Known({}, frozenset(), confirmed=False)


def items(procedure: Procedure, known: Known, *, language: str = "en") -> list[Item]:
    """In the order of the file: what is asked, looked up, confirmed and done, each once. What only some
    cases need is left out until it is known."""
    found: dict[str, Item] = {}
    for step in _usual(procedure.steps):
        for name, item in _of(step, procedure, known, language):
            found.setdefault(name, item)
    for name, value in known.slots.items():  # asked on a way that is not the usual one
        slot = procedure.slots.get(name)
        if slot is not None and f"slot {name}" not in found:
            found[f"slot {name}"] = Item(_name_of(slot, language), value, done=True)
    return list(found.values())


def _usual(steps: Sequence[Step]) -> Iterator[Step]:
    """From the first step on, as if every condition were false and every call went well."""
    place, seen = 0, set[int]()
    while 0 <= place < len(steps) and place not in seen:
        seen.add(place)
        step = steps[place]
        yield step
        if step.op in {"done", "hand_over"}:
            return
        place = step.to if step.op in {"jump", "branch"} and step.to >= 0 else place + 1


def _of(
    step: Step, procedure: Procedure, known: Known, language: str
) -> Iterator[tuple[str, Item]]:
    if step.op == "ask":
        for name in step.slots:
            value = known.slots.get(name, "")
            slot = procedure.slots[name]
            yield f"slot {name}", Item(_name_of(slot, language), value, done=bool(value))
    elif step.op == "call":
        action = procedure.actions[step.action]
        words = f"{'Do' if action.irreversible else 'Check'}: {step.action.replace('_', ' ')}"
        done = step.action in known.called
        yield f"call {step.action}", Item(words, done=done, is_final=action.irreversible)
    elif step.op == "confirm":
        yield "confirm", Item("The customer agrees", done=known.confirmed)


def _name_of(slot: Slot, language: str) -> str:
    """What customers call it, in a language of the house, else the name that the file gives it."""
    for word in slot.called:
        if word.isascii() == (language != "zh"):
            return word[:1].upper() + word[1:]
    return _plain(slot.name)


def _plain(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
