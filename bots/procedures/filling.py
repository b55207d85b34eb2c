"""Which slots a message fills, and whether a value may be one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bots.procedures.choosing import Choice
from bots.procedures.expressions import BadExpression, expression
from bots.procedures.moments import later_half
from bots.procedures.numbers import Found, numbers
from bots.procedures.said import asks, begins_with, corrects, folded, only_greets, wants_to_know
from bots.procedures.shapes import Procedure, Slot, Text
from bots.procedures.state import State, World
from bots.procedures.templates import Known, filled, plain
from bots.procedures.understanding import Surroundings, answered, heard

_MOST_CHOICES = 40
_FROM = re.compile(r"(?:\bfrom(?: the| on)?|从|由)\s*$", re.IGNORECASE)
_ALIKE = ("date", "time")  # kinds of which any value might be any slot's
_NEVER_HEARD_BEFORE = frozenset({"text", "yes_no"})


@dataclass(slots=True)
class Fills:
    """What a message says: `fresh` were empty, `changed` had another value; `spans` are where."""

    fresh: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    own: bool = False

    def __bool__(self) -> bool:
        return bool(self.fresh or self.changed)


def names_of(procedure: Procedure, state: State, world: World) -> dict[str, Any]:
    """Everything that expressions and texts may look at."""
    empty = dict.fromkeys(procedure.slots)
    return {
        "today": world.today.isoformat(),
        "now": world.now,
        "customer": dict(world.customer),
        "conversation": {**world.conversation, "language": state.language},
        **empty,
        **state.saved,
        **state.slots,
    }


def known_of(procedure: Procedure, state: State, world: World, it: Any = None) -> Known:
    names = names_of(procedure, state, world)
    if it is not None:
        names["it"] = it
    words = {
        group: {code: text.of(state.language) for code, text in codes.items()}
        for group, codes in procedure.words.items()
    }
    return Known(names, state.language, lambda name: label_of(procedure, state, name), words)


def said_in(text: Text, procedure: Procedure, state: State, world: World, it: Any = None) -> str:
    return filled(text.of(state.language), known_of(procedure, state, world, it))


def label_of(procedure: Procedure, state: State, name: str) -> str:
    """The words for a slot's value."""
    slot, value = procedure.slots.get(name), state.slots.get(name)
    if slot is not None:
        for option in slot.options:
            if option.value == value:
                return option.label.of(state.language)
    return state.labels.get(name) or plain(value)


def choices_of(slot: Slot, procedure: Procedure, state: State, world: World) -> list[Choice]:
    if slot.kind != "choice":
        return []
    if slot.options:
        return [
            Choice(one.value, one.label.of(state.language), (*one.label.said.values(), *one.also))
            for one in slot.options
        ]
    rows = value_of(slot.options_from, names_of(procedure, state, world))
    found = []
    for row in rows[:_MOST_CHOICES] if isinstance(rows, list) else []:
        known = known_of(procedure, state, world, row)
        value = value_of(slot.value, known.names)
        words = tuple(filled(one, known) for one in slot.label.said.values())
        if value is not None:
            found.append(Choice(value, filled(slot.label.of(state.language), known), words))
    return found


def value_of(source: str, names: Mapping[str, Any]) -> Any:
    """Of an expression; None where it is empty or cannot be worked out."""
    if not source:
        return None
    try:
        return expression(source).of(names)
    except (BadExpression, ArithmeticError, TypeError, ValueError):
        return None


def around(slot: Slot, procedure: Procedure, state: State, world: World) -> Surroundings:
    return Surroundings(world.today, choices_of(slot, procedure, state, world))


# --- listening --------------------------------------------------------------------------------


def listen(
    procedure: Procedure, state: State, world: World, text: str, *, anew: bool = False
) -> Fills:
    """All that a message says, while `state.waiting` for something or while nothing was asked yet. `anew`: what is
    known may change by it, though nothing says that it is a correction."""
    fills = Fills()
    said = folded(text)
    asked = procedure.slots.get(state.asked_slot)
    rather = anew or corrects(text) or (begins_with(text) is False and len(said.split()) > 1)
    meant = [s for s in procedure.slots.values() if s.name in state.slots and _mentions(s, said)]
    if asked is not None and not (rather and meant):
        _own(fills, asked, procedure, state, world, text)
    told = _told_anew(procedure, state, world, text, meant) if rather else {}
    _others(fills, asked, procedure, state, world, text, rather=rather, told=told)
    if not fills and rather and not anew:
        _rather(fills, meant, procedure, state, world, text)
    return fills


def _own(
    fills: Fills, slot: Slot, procedure: Procedure, state: State, world: World, text: str
) -> None:
    if (
        slot.kind in _NEVER_HEARD_BEFORE
        and slot.kind == "text"
        and (asks(text) or only_greets(text))
    ):
        return
    # “one moment” is no first one, and “3 people” no third
    aside = slot.kind == "choice" and (
        wants_to_know(text)
        or only_greets(text)
        or any(
            heard(one, text, around(one, procedure, state, world))
            for one in procedure.slots.values()
            if one is not slot and one.cues
        )
    )
    understood = heard if aside else answered
    found = understood(slot, text, around(slot, procedure, state, world))
    if slot.kind == "name" and asks(text):
        found = []
    if found:
        chosen = found[-1] if corrects(text) and len(found) > 1 else found[0]
        _take(fills, slot, chosen, state)
        fills.own = True


def _others(
    fills: Fills,
    asked: Slot | None,
    procedure: Procedure,
    state: State,
    world: World,
    text: str,
    *,
    rather: bool,
    told: Mapping[str, Slot],
) -> None:
    for slot in procedure.slots.values():
        if slot is asked or not slot.listen:
            continue
        has = slot.name in state.slots
        if has and told.get(slot.kind, slot) is not slot:
            continue
        if has and not rather and (fills.own or slot.kind not in {"pattern", "email", "phone"}):
            continue
        understood = answered if told.get(slot.kind) is slot else heard
        found = understood(slot, text, around(slot, procedure, state, world))
        free = [one for one in found if not _overlaps(one, fills.spans)]
        if free:
            alone = sum(one.kind == slot.kind for one in procedure.slots.values()) == 1
            first = _meant(free, text) if alone else free[0]
            _take(fills, slot, free[-1] if has else first, state)


def _told_anew(
    procedure: Procedure, state: State, world: World, text: str, meant: Sequence[Slot]
) -> dict[str, Slot]:
    """Of each kind with several filled slots, the one that a correction of one value is for: the named one,
    else the one whose cue is said, else what was told last."""
    found = {}
    for kind in _ALIKE:
        slots = [s for s in procedure.slots.values() if s.kind == kind and s.name in state.slots]
        here = Surroundings(world.today)
        if len(slots) < 2 or len(answered(replace(slots[0], cues=()), text, here)) != 1:
            continue
        cued = [s for s in slots if s.cues and heard(s, text, here)]
        named = [s for s in slots if s in meant]
        last = [s for name in reversed(state.order) for s in slots if s.name == name]
        found[kind] = [*named, *cued, *last, *slots][0]
    return found


def _meant(found: Sequence[Found], text: str) -> Found:
    """The first, but of “from Friday to Saturday” the second, where nothing else takes a day: the first is what it
    was."""
    before = folded(text)[: found[0].start]
    return found[1] if len(found) > 1 and _FROM.search(before) else found[0]


def _rather(
    fills: Fills, meant: list[Slot], procedure: Procedure, state: State, world: World, text: str
) -> None:
    """“No, I meant 3”: of the slots that are filled the one that is named, else the last that fits."""
    filled_last = [procedure.slots[n] for n in reversed(state.order) if n in procedure.slots]
    if any(True for _ in numbers(folded(text))):  # a choice's place only if it is nothing else
        filled_last.sort(key=lambda one: one.kind == "choice")
    for slot in [*meant, *(one for one in filled_last if one not in meant)]:
        if slot.kind in _NEVER_HEARD_BEFORE or slot.name not in state.slots:
            continue
        found = answered(slot, _without_no(text), around(slot, procedure, state, world))
        other = [one for one in found if one.value != state.slots[slot.name]]
        if other:
            _take(fills, slot, other[-1], state)
            return


def _without_no(text: str) -> str:
    """The words behind the correction: the choice in “no, I meant the second one”."""
    return re.sub(
        r"^\W*(?:(?:no|nope|sorry|wait|actually|oops|i mean[t]?|i said|it'?s|it is|make (?:it|that)|change (?:it|that) to|rather|不对|不是|不|我是说|说错了|应该是|改成|改为|换成|其实是?)[\s,.!，。！:：]*)+",
        "",
        folded(text),
        flags=re.IGNORECASE,
    )


def _mentions(slot: Slot, said: str) -> bool:
    lowered = said.lower()
    words = [*slot.called, slot.name.replace("_", " ")]
    return any(
        re.search(
            rf"(?<![a-z]){re.escape(one.lower())}(?![a-z])" if one.isascii() else re.escape(one),
            lowered,
        )
        for one in words
    )


def _take(fills: Fills, slot: Slot, found: Found, state: State) -> None:
    if slot.name in state.slots:
        if state.slots[slot.name] != found.value:
            fills.changed[slot.name] = found.value
        else:
            return
    else:
        fills.fresh[slot.name] = found.value
    fills.spans.append((found.start, found.end))


def _overlaps(found: Found, spans: list[tuple[int, int]]) -> bool:
    return any(found.start < end and start < found.end for start, end in spans)


# --- whether a value may be one ---------------------------------------------------------------


def judged(
    slot: Slot, value: Any, procedure: Procedure, state: State, world: World
) -> tuple[Any, bool]:
    """The value as it is kept, and whether it is allowed here. What a bound needs and nobody knows
    yet is judged later."""
    names = {**names_of(procedure, state, world), "it": value}
    least, most = value_of(slot.least, names), value_of(slot.most, names)
    if slot.kind == "time" and _below(value, least) and not _above(later_half(value), most):
        value = later_half(value)
        names["it"] = value
    size = len(value) if slot.kind in {"text", "name", "pattern"} else value
    if _below(size, least) or _above(size, most):
        return value, False
    if slot.check:
        try:
            made = expression(slot.check)
        except BadExpression:
            return value, False
        unknown = any(
            name.split(".", maxsplit=1)[0] in procedure.slots
            and names.get(name.split(".", maxsplit=1)[0]) is None
            for name in made.names
            if name != slot.name
        )
        if not unknown and not value_of(slot.check, {**names, slot.name: value}):
            return value, False
    return value, True


def _below(value: Any, bound: Any) -> bool:
    return _comparable(value, bound) and value < bound


def _above(value: Any, bound: Any) -> bool:
    return _comparable(value, bound) and value > bound


def _comparable(one: Any, other: Any) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return numbers or (isinstance(one, str) and isinstance(other, str))
