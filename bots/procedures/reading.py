"""A file → a procedure, or everything that is wrong in it, each with its line and a plain sentence."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import regex

from bots.procedures.expressions import BadExpression, Expression, expression
from bots.procedures.loading import MOST_MISTAKES, BadFile, Mistake, Node, load
from bots.procedures.shapes import (
    KINDS,
    LISTENING,
    NOTHING,
    Action,
    Hours,
    Option,
    Procedure,
    Slot,
    Text,
    When,
)
from bots.procedures.templates import BadTemplate, Template, template
from bots.procedures.understanding import compiled

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SOURCES = ("customer.email", "customer.name", "customer.phone", "customer.external_id")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
GIVEN = frozenset({"today", "now", "customer", "conversation", "it"})
"""Names that are always there."""
_REFUSED = GIVEN | {"true", "false", "null", "and", "or", "not", "in"}
_SLOT = (
    "type", "ask", "again", "wrong", "called", "pattern", "keep_case", "min", "max", "check",
    "validate", "options", "value", "label", "cues", "listen", "from", "optional", "buttons",
    "attempts", "sensitive", "currency", "past",
)  # fmt: skip
_ACTION = (
    "connection", "method", "path", "query", "headers", "body", "timeout", "retries",
    "irreversible", "repeatable", "outcomes", "save",
)  # fmt: skip
_HEAD = ("procedure", "name", "description", "zone", "when", "words", "slots", "actions", "steps")
_WHEN = (
    "examples", "unlike", "keywords", "channels", "languages", "inboxes", "urgent", "hours",
)  # fmt: skip


class Reader:
    """Takes nodes apart and remembers what was wrong. `uses` are the names that texts and expressions
    look at, with the line."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.uses: list[tuple[str, int]] = []
        self.filters: list[tuple[str, str, str, int]] = []

    def bad(self, line: int, sentence: str) -> None:
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(Mistake(line, sentence))

    def map(self, node: Node, where: str, names: Sequence[str] = ()) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            self.bad(node.line, f"{where} is a map of names, not {node.kind}.")
            return {}
        if not names:
            return dict(node.value)
        for name, inner in node.value.items():
            if name not in names:
                self.bad(inner.key_line, f"“{name}” is not known here{nearest(name, names)}.")
        return {name: inner for name, inner in node.value.items() if name in names}

    def items(self, node: Node | None, where: str) -> list[Node]:
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.bad(node.line, f"{where} is a list, not {node.kind}.")
            return []
        return list(node.value)

    def string(self, node: Node | None, where: str, *, most: int = 4_000) -> str:
        if node is None:
            return ""
        if isinstance(node.value, bool) or not isinstance(node.value, str | int | float):
            self.bad(node.line, f"{where} is a text, not {node.kind}.")
            return ""
        said = str(node.value)
        if not said.strip():
            self.bad(node.line, f"{where} is empty.")
        if len(said) > most:
            self.bad(node.line, f"{where} is longer than {most:,} characters.")
        if "\0" in said:
            self.bad(node.line, f"{where} has a sign that no text may have.")
        return said

    def strings(self, node: Node | None, where: str, *, most: int = 200) -> list[tuple[str, int]]:
        """One text or a list of them, with their lines."""
        if node is None:
            return []
        nodes = node.value if isinstance(node.value, list) else [node]
        return [(self.string(one, where, most=most), one.line) for one in nodes]

    def flag(self, node: Node | None, where: str, *, usual: bool = False) -> bool:
        if node is None:
            return usual
        if not isinstance(node.value, bool):
            self.bad(node.line, f"{where} is true or false, not “{node.value}”.")
            return usual
        return node.value

    def number(
        self, node: Node | None, where: str, *, least: float, most: float, usual: float
    ) -> float:
        if node is None:
            return usual
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.bad(node.line, f"{where} is a number from {least:g} to {most:g}.")
            return usual
        if not least <= value <= most:
            self.bad(node.line, f"{where} is a number from {least:g} to {most:g}, not {value:g}.")
            return usual
        return float(value)

    def text(self, node: Node | None, where: str, *, extra: Sequence[str] = ()) -> Text:
        """One text or a map of languages; `extra` names may stand beside the languages."""
        if node is None:
            return NOTHING
        if not isinstance(node.value, dict):
            said = self.string(node, where)
            self.check_template(said, node.line)
            return Text({"": said})
        found: dict[str, str] = {}
        for code, inner in node.value.items():
            if code in extra:
                continue
            if not _LANGUAGE.fullmatch(code):
                self.bad(inner.key_line, f"“{code}” is not a language code such as en or zh.")
                continue
            found[code] = self.string(inner, where)
            self.check_template(found[code], inner.line)
        if not found:
            self.bad(node.line, f"{where} has no words.")
        return Text(found)

    def check_template(self, said: str, line: int) -> Template | None:
        try:
            made = template(said)
        except BadTemplate as problem:
            self.bad(line, f"In this text {problem}.")
            return None
        for place in made.places:
            self.uses.append((place.name, line))
            if place.filter in {"label", "word"}:
                self.filters.append((place.filter, place.name, place.argument, line))
        return made

    def expression(self, node: Node | None, where: str) -> str:
        if node is None:
            return ""
        if isinstance(node.value, bool):
            return "true" if node.value else "false"
        said = self.string(node, where, most=400)
        made = self._made(said, node.line, where)
        return made.source if made else "null"

    def _made(self, said: str, line: int, where: str) -> Expression | None:
        if not said.strip():
            return None
        try:
            made = expression(said)
        except BadExpression as problem:
            self.bad(line, f"In {where} {problem}.")
            return None
        self.uses += [(name, line) for name in sorted(made.names)]
        return made


def nearest(name: str, names: Sequence[str]) -> str:
    """“; did you mean …”, or what there is."""
    close = get_close_matches(name, names, 1)
    if close:
        return f"; did you mean “{close[0]}”"
    return f"; there is {', '.join(names)}" if names else ""


def read(text: str) -> Procedure:
    """The procedure that stands in a file. Raises BadFile with everything that is wrong in it."""
    from bots.procedures.checking import check
    from bots.procedures.program import compile_steps

    reader = Reader()
    head = reader.map(load(text), "The file", _HEAD)
    key = _key(reader, head.get("procedure"))
    slots = _slots(reader, head.get("slots"))
    actions = _actions(reader, head.get("actions"))
    words = _words(reader, head.get("words"))
    if "steps" not in head:
        reader.bad(1, "“steps” is missing: a list of what is done.")
    steps, sets = compile_steps(reader, head.get("steps"))
    procedure = Procedure(
        key=key,
        name=reader.text(head.get("name"), "name") if "name" in head else Text({"": key}),
        description=reader.text(head.get("description"), "description"),
        zone=_zone(reader, head.get("zone")),
        when=_when(reader, head.get("when")),
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
    if node is not None and zone not in available_timezones():
        reader.bad(node.line, f"“{zone}” is not a time zone such as Europe/Berlin.")
        return "UTC"
    ZoneInfo(zone)
    return zone


def check_name(reader: Reader, name: str, line: int) -> None:
    if not KEY.fullmatch(name) or keyword.iskeyword(name):
        reader.bad(line, f"“{name}” is not a name: lower-case letters, digits and _.")
    elif name in _REFUSED:
        reader.bad(line, f"“{name}” already means something: choose another name.")


def _slots(reader: Reader, node: Node | None) -> dict[str, Slot]:
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
        buttons=_texts(reader, keys.get("buttons"), "buttons"),
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


def _texts(reader: Reader, node: Node | None, where: str) -> tuple[Text, ...]:
    found = tuple(reader.text(one, where) for one in reader.items(node, where))
    if len(found) > 8 and node is not None:
        reader.bad(node.line, f"{where} are at most 8.")
    return found


def _actions(reader: Reader, node: Node | None) -> dict[str, Action]:
    found = {}
    for name, inner in (reader.map(node, "actions") if node else {}).items():
        check_name(reader, name, inner.key_line)
        found[name] = _action(reader, name, inner)
    return found


def _action(reader: Reader, name: str, node: Node) -> Action:
    keys = reader.map(node, f"The action “{name}”", _ACTION)
    for needed in ("connection", "path"):
        if needed not in keys:
            reader.bad(node.key_line, f"The action “{name}” has no “{needed}”.")
    method = reader.string(keys.get("method"), "method") or "GET"
    if method not in METHODS:
        reader.bad(keys["method"].line, f"“{method}” is not one of {', '.join(METHODS)}.")
        method = "GET"
    if method in {"GET", "DELETE"} and "body" in keys:
        reader.bad(keys["body"].key_line, f"{method} has no body: use “query”.")
    path = reader.string(keys.get("path"), "path", most=500)
    reader.check_template(path, keys["path"].line if "path" in keys else node.line)
    if path and (not path.startswith("/") or path.startswith("//") or "/../" in f"{path}/"):
        reader.bad(keys["path"].line, "A path begins with one / and goes no way back.")
    irreversible = reader.flag(keys.get("irreversible"), "irreversible")
    if irreversible and method == "GET":
        reader.bad(
            keys["irreversible"].key_line, "GET only reads: nothing about it is irreversible."
        )
    return Action(
        name=name,
        line=node.key_line,
        connection=reader.string(keys.get("connection"), "connection", most=64),
        method=method,
        path=path,
        query=_templates(reader, keys.get("query"), "query"),
        headers=_headers(reader, keys.get("headers")),
        body=_body(reader, keys.get("body")),
        timeout=reader.number(keys.get("timeout"), "timeout", least=0.5, most=8, usual=5),
        retries=int(reader.number(keys.get("retries"), "retries", least=0, most=3, usual=2)),
        irreversible=irreversible,
        repeatable=reader.flag(keys.get("repeatable"), "repeatable", usual=True),
        outcomes=_outcomes(reader, keys.get("outcomes")),
        save=_saves(reader, keys.get("save")),
    )


def _templates(reader: Reader, node: Node | None, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in (reader.map(node, where) if node else {}).items():
        found[name] = inner.value if not isinstance(inner.value, dict | list) else ""
        if isinstance(inner.value, dict | list):
            reader.bad(inner.line, f"In {where} every value is one text.")
        elif isinstance(inner.value, str):
            reader.check_template(inner.value, inner.line)
    return found


_OURS = {"authorization", "host", "idempotency-key", "content-length", "content-type", "cookie"}


def _headers(reader: Reader, node: Node | None) -> dict[str, str]:
    found = {}
    for name, inner in (reader.map(node, "headers") if node else {}).items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", name) or name.lower() in _OURS:
            reader.bad(inner.key_line, f"“{name}” is no header that a procedure may set.")
            continue
        found[name] = reader.string(inner, "A header", most=500)
        reader.check_template(found[name], inner.line)
    return found


def _body(reader: Reader, node: Node | None) -> Any:
    if node is None:
        return None
    _look_through(reader, node)
    return node.plain()


def _look_through(reader: Reader, node: Node) -> None:
    if isinstance(node.value, dict | list):
        inside = node.value.values() if isinstance(node.value, dict) else node.value
        for one in inside:
            _look_through(reader, one)
    elif isinstance(node.value, str):
        reader.check_template(node.value, node.line)


def _outcomes(reader: Reader, node: Node | None) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, inner in (reader.map(node, "outcomes") if node else {}).items():
        if name in {"ok", "failed", "unknown"}:
            reader.bad(inner.key_line, f"“{name}” is there by itself: choose another name.")
        elif not KEY.fullmatch(name):
            reader.bad(inner.key_line, f"“{name}” is not a name: lower-case letters, digits and _.")
        for one in inner.value if isinstance(inner.value, list) else [inner]:
            status = one.value
            if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
                reader.bad(one.line, "An outcome is a status from 200 to 599, or a list of them.")
            elif status in found:
                reader.bad(one.line, f"{status} already means “{found[status]}”.")
            else:
                found[status] = name
    return found


def _saves(reader: Reader, node: Node | None) -> dict[str, str]:
    found = {}
    for name, inner in (reader.map(node, "save") if node else {}).items():
        check_name(reader, name, inner.key_line)
        path = reader.string(inner, "A path", most=200)
        if path and not re.fullmatch(r"\.\??|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\??", path):
            reader.bad(inner.line, f"“{path}” is no path such as data.items.0.id.")
        found[name] = path
    return found


def _words(reader: Reader, node: Node | None) -> dict[str, dict[str, Text]]:
    found = {}
    for name, inner in (reader.map(node, "words") if node else {}).items():
        codes = reader.map(inner, f"words of “{name}”")
        found[name] = {code: reader.text(one, f"“{code}”") for code, one in codes.items()}
    return found


# --- when -------------------------------------------------------------------------------------


def _when(reader: Reader, node: Node | None) -> When:
    if node is None:
        reader.bad(1, "“when” is missing: examples or keywords that begin it.")
        return When()
    keys = reader.map(node, "when", _WHEN)
    if not keys.keys() & {"examples", "keywords"}:
        reader.bad(node.line, "Without examples or keywords nothing begins it.")
    languages = reader.strings(keys.get("languages"), "languages")
    for code, line in languages:
        if not _LANGUAGE.fullmatch(code):
            reader.bad(line, f"“{code}” is not a language code such as en or zh.")
    return When(
        examples=_examples(reader, keys.get("examples"), "examples"),
        unlike=_examples(reader, keys.get("unlike"), "unlike"),
        keywords=_plain(reader, keys.get("keywords"), "keywords"),
        channels=_plain(reader, keys.get("channels"), "channels"),
        languages=tuple(code for code, _ in languages),
        inboxes=_plain(reader, keys.get("inboxes"), "inboxes"),
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
        if not _LANGUAGE.fullmatch(code):
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
