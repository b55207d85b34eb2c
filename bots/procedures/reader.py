"""Takes a file apart and remembers everything that is wrong in it, with its line."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from difflib import get_close_matches

from bots.procedures.expressions import BadExpression, Expression, expression
from bots.procedures.loading import MOST_MISTAKES, Mistake, Node
from bots.procedures.shapes import NOTHING, Text
from bots.procedures.templates import BadTemplate, Template, template

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
GIVEN = frozenset({"today", "now", "customer", "conversation", "it"})
"""Names that are always there."""
_REFUSED = GIVEN | {"true", "false", "null", "and", "or", "not", "in"}


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
            if not LANGUAGE.fullmatch(code):
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


def check_name(reader: Reader, name: str, line: int) -> None:
    if not KEY.fullmatch(name) or keyword.iskeyword(name):
        reader.bad(line, f"“{name}” is not a name: lower-case letters, digits and _.")
    elif name in _REFUSED:
        reader.bad(line, f"“{name}” already means something: choose another name.")


def texts(reader: Reader, node: Node | None, where: str) -> tuple[Text, ...]:
    found = tuple(reader.text(one, where) for one in reader.items(node, where))
    if len(found) > 8 and node is not None:
        reader.bad(node.line, f"{where} are at most 8.")
    return found
