"""When a procedure applies."""

from __future__ import annotations

import re

from bots.procedures.loading import Node
from bots.procedures.reader import LANGUAGE, Reader
from bots.procedures.shapes import Hours, When

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHEN = (
    "examples", "unlike", "keywords", "channels", "languages", "inboxes", "audiences", "urgent",
    "hours",
)  # fmt: skip


def when_of(reader: Reader, node: Node | None) -> When:
    if node is None:
        reader.bad(1, "“when” is missing: examples or keywords that begin it.")
        return When()
    keys = reader.map(node, "when", _WHEN)
    if not keys.keys() & {"examples", "keywords"}:
        reader.bad(node.line, "Without examples or keywords nothing begins it.")
    languages = reader.strings(keys.get("languages"), "languages")
    for code, line in languages:
        if not LANGUAGE.fullmatch(code):
            reader.bad(line, f"“{code}” is not a language code such as en or zh.")
    return When(
        examples=_examples(reader, keys.get("examples"), "examples"),
        unlike=_examples(reader, keys.get("unlike"), "unlike"),
        keywords=_plain(reader, keys.get("keywords"), "keywords"),
        channels=_plain(reader, keys.get("channels"), "channels"),
        languages=tuple(code for code, _ in languages),
        inboxes=_plain(reader, keys.get("inboxes"), "inboxes"),
        audiences=_plain(reader, keys.get("audiences"), "audiences"),
        urgent=reader.flag(keys.get("urgent"), "urgent"),
        hours=_hours(reader, keys.get("hours")),
    )


def _plain(reader: Reader, node: Node | None, where: str) -> tuple[str, ...]:
    return tuple(said for said, _ in reader.strings(node, where) if said)


def _examples(reader: Reader, node: Node | None, where: str) -> tuple[tuple[str, str], ...]:
    """(language, text); a list without languages is of all."""
    if node is None:
        return ()
    if not isinstance(node.value, dict):
        return tuple(("", said) for said in _plain(reader, node, where))
    found: list[tuple[str, str]] = []
    for code, inner in node.value.items():
        if not LANGUAGE.fullmatch(code):
            reader.bad(inner.key_line, f"“{code}” is not a language code such as en or zh.")
        found += [(code, said) for said in _plain(reader, inner, where)]
    if len(found) > 200:
        reader.bad(node.line, f"{where} are at most 200.")
    return tuple(found)


def _hours(reader: Reader, node: Node | None) -> Hours | None:
    if node is None or node.value == "always":
        return None
    if not isinstance(node.value, dict):
        reader.bad(node.line, 'hours is “always”, or {days: [mon, …], from: "08:00", to: "20:00"}.')
        return None
    keys = reader.map(node, "hours", ("days", "from", "to"))
    days = [
        day for day, line in reader.strings(keys.get("days"), "days") if _day(reader, day, line)
    ]
    return Hours(
        frozenset(map(_DAYS.index, days or _DAYS)),
        _minutes(reader, keys.get("from"), 0),
        _minutes(reader, keys.get("to"), 24 * 60),
    )


def _day(reader: Reader, day: str, line: int) -> bool:
    if day not in _DAYS:
        reader.bad(line, f"“{day}” is not one of {', '.join(_DAYS)}.")
    return day in _DAYS


def _minutes(reader: Reader, node: Node | None, usual: int) -> int:
    said = reader.string(node, "A time")
    if node is None:
        return usual
    found = _CLOCK.fullmatch(said)
    if not found:
        reader.bad(node.line, f"“{said}” is not a time such as 08:00, in quotes.")
        return usual
    return 24 * 60 if said == "24:00" else int(said[:2]) * 60 + int(said[3:])
