"""The slots of a file."""

from __future__ import annotations

from collections.abc import Mapping

import regex

from bots.procedures.kinds import compiled
from bots.procedures.loading import Node
from bots.procedures.reader import Reader, check_name, nearest, texts
from bots.procedures.shapes import KINDS, LISTENING, Option, Slot, Text

SOURCES = ("customer.email", "customer.name", "customer.phone", "customer.external_id")
_SLOT = (
    "type", "ask", "again", "wrong", "called", "pattern", "keep_case", "min", "max", "check",
    "validate", "options", "value", "label", "cues", "listen", "from", "optional", "buttons",
    "attempts", "sensitive", "currency", "past",
)  # fmt: skip


def slots_of(reader: Reader, node: Node | None) -> dict[str, Slot]:
    found = {}
    for name, inner in (reader.map(node, "slots") if node else {}).items():
        check_name(reader, name, inner.key_line)
        found[name] = _slot(reader, name, inner)
    return found


def _slot(reader: Reader, name: str, node: Node) -> Slot:
    keys = reader.map(node, f"The slot “{name}”", _SLOT)
    kind = reader.string(keys.get("type"), "type") or "text"
    if kind not in KINDS:
        reader.bad(keys["type"].line, f"“{kind}” is no type{nearest(kind, KINDS)}.")
        kind = "text"
    options, options_from = _options(reader, keys.get("options"))
    _fits(reader, name, kind, keys, node.key_line)
    source = reader.string(keys.get("from"), "from")
    if source and source not in SOURCES:
        reader.bad(keys["from"].line, f"“{source}” is not one of {', '.join(SOURCES)}.")
    cues = [_cue(reader, said, line) for said, line in reader.strings(keys.get("cues"), "cues")]
    listens = kind in LISTENING or bool(options) or bool(options_from) or bool(cues)
    return Slot(
        name=name,
        kind=kind,  # type: ignore[arg-type] # it is one of KINDS
        line=node.key_line,
        ask=reader.text(keys.get("ask"), "ask"),
        again=reader.text(keys.get("again"), "again"),
        wrong=reader.text(keys.get("wrong"), "wrong"),
        called=tuple(said for said, _ in reader.strings(keys.get("called"), "called")),
        pattern=_pattern(reader, keys.get("pattern")),
        keep_case=reader.flag(keys.get("keep_case"), "keep_case"),
        least=reader.expression(keys.get("min"), "min"),
        most=reader.expression(keys.get("max"), "max"),
        check=reader.expression(keys.get("check"), "check"),
        validate=reader.string(keys.get("validate"), "validate"),
        options=options,
        options_from=options_from,
        value=reader.expression(keys.get("value"), "value") or "it",
        label=reader.text(keys.get("label"), "label") if "label" in keys else Text({"": "{it}"}),
        cues=tuple(cues),
        listen=reader.flag(keys.get("listen"), "listen", usual=listens),
        source=source,
        optional=reader.flag(keys.get("optional"), "optional"),
        buttons=texts(reader, keys.get("buttons"), "buttons"),
        attempts=int(reader.number(keys.get("attempts"), "attempts", least=1, most=10, usual=3)),
        sensitive=reader.flag(keys.get("sensitive"), "sensitive"),
        currency=reader.string(keys.get("currency"), "currency", most=3) or "EUR",
        past=reader.flag(keys.get("past"), "past"),
    )


def _fits(reader: Reader, name: str, kind: str, keys: Mapping[str, Node], line: int) -> None:
    """What belongs to one type only."""
    if kind == "pattern" and "pattern" not in keys:
        reader.bad(line, f"The slot “{name}” is a pattern, but there is no “pattern”.")
    if kind == "choice" and "options" not in keys:
        reader.bad(line, f"The slot “{name}” is a choice, but there are no “options”.")
    for key, owners in {
        "pattern": ("pattern",), "keep_case": ("pattern",), "options": ("choice",),
        "value": ("choice",), "label": ("choice",), "currency": ("amount",), "past": ("date",),
    }.items():  # fmt: skip
        if key in keys and kind not in owners:
            reader.bad(keys[key].key_line, f"“{key}” belongs to the type {owners[0]}, not {kind}.")
    if "check" in keys and "wrong" not in keys and "again" not in keys:
        reader.bad(keys["check"].key_line, "Beside “check” stands “wrong”: what is said if not.")


def _pattern(reader: Reader, node: Node | None) -> str:
    pattern = reader.string(node, "pattern", most=300)
    if node is not None and pattern:
        try:
            made = compiled(pattern)
        except regex.error as problem:
            reader.bad(node.line, f"This pattern is not a regular expression: {problem.msg}.")
            return "(?!)"
        if made.search("") is not None:
            reader.bad(node.line, "This pattern also fits nothing at all.")
    return pattern


def _cue(reader: Reader, said: str, line: int) -> str:
    if said.count("{}") != 1 or not said.replace("{}", "").strip():
        reader.bad(line, f"“{said}” is no cue: words with one {{}} for the value.")
        return "\0{}"
    return said


def _options(reader: Reader, node: Node | None) -> tuple[tuple[Option, ...], str]:
    """Those that are written, or the expression that lists them."""
    if node is None:
        return (), ""
    if isinstance(node.value, dict):
        return tuple(_option(reader, value, one) for value, one in node.value.items()), ""
    if isinstance(node.value, list):
        found = [reader.string(one, "An option") for one in node.value]
        if not found:
            reader.bad(node.line, "There are no options in this list.")
        return tuple(Option(one, Text({"": one})) for one in found), ""
    return (), reader.expression(node, "options")


def _option(reader: Reader, value: str, node: Node) -> Option:
    also: list[str] = []
    if isinstance(node.value, dict) and "also" in node.value:
        also = [said for said, _ in reader.strings(node.value["also"], "also")]
    return Option(value, reader.text(node, f"The option “{value}”", extra=("also",)), tuple(also))
