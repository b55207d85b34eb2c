"""A file → a procedure, or everything that is wrong in it, each with its line and a plain sentence."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bots.procedures.checking import check
from bots.procedures.loading import BadFile, Node, load
from bots.procedures.program import compile_steps
from bots.procedures.reader import KEY, Reader
from bots.procedures.reading_actions import actions_of
from bots.procedures.reading_slots import slots_of
from bots.procedures.reading_when import when_of
from bots.procedures.shapes import Procedure, Text

_HEAD = ("procedure", "name", "description", "zone", "when", "words", "slots", "actions", "steps")


def read(text: str) -> Procedure:
    """The procedure that stands in a file. Raises BadFile with everything that is wrong in it."""
    reader = Reader()
    head = reader.map(load(text), "The file", _HEAD)
    key = _key(reader, head.get("procedure"))
    slots = slots_of(reader, head.get("slots"))
    actions = actions_of(reader, head.get("actions"))
    words = _words(reader, head.get("words"))
    if "steps" not in head:
        reader.bad(1, "“steps” is missing: a list of what is done.")
    steps, sets = compile_steps(reader, head.get("steps"))
    procedure = Procedure(
        key=key,
        name=reader.text(head.get("name"), "name") if "name" in head else Text({"": key}),
        description=reader.text(head.get("description"), "description"),
        zone=_zone(reader, head.get("zone")),
        when=when_of(reader, head.get("when")),
        slots=slots,
        actions=actions,
        words=words,
        steps=steps,
    )
    check(reader, procedure, sets)
    if reader.mistakes:
        raise BadFile(sorted(set(reader.mistakes), key=lambda one: one.line))
    return procedure


def _key(reader: Reader, node: Node | None) -> str:
    if node is None:
        reader.bad(1, "“procedure” is missing: its name, such as return_item.")
        return "procedure"
    key = reader.string(node, "procedure")
    if not KEY.fullmatch(key):
        reader.bad(node.line, f"“{key}” is not a name: lower-case letters, digits and _.")
    return key


def _zone(reader: Reader, node: Node | None) -> str:
    zone = reader.string(node, "zone") or "UTC"
    if node is not None and zone not in _zones():
        reader.bad(node.line, f"“{zone}” is not a time zone such as Europe/Berlin.")
        return "UTC"
    ZoneInfo(zone)
    return zone


@cache
def _zones() -> frozenset[str]:
    """Hundreds of small files are looked into for their names."""
    return frozenset(available_timezones())


def _words(reader: Reader, node: Node | None) -> dict[str, dict[str, Text]]:
    found = {}
    for name, inner in (reader.map(node, "words") if node else {}).items():
        codes = reader.map(inner, f"words of “{name}”")
        found[name] = {code: reader.text(one, f"“{code}”") for code, one in codes.items()}
    return found
