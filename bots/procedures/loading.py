"""YAML as nodes that know their line. Safe: no tags, no aliases, few types, limits on everything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

LARGEST = 200_000  # characters
DEEPEST = 40
MOST = 20_000  # nodes
MOST_MISTAKES = 50


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a file, for whoever wrote it. Lines count from 1."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


class BadFile(ValueError):
    """A file that cannot be used, with everything that is wrong in it."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the line at which it stands: a dict of nodes, a list of nodes, or a scalar."""

    value: Any
    line: int
    key_line: int = 0

    @property
    def kind(self) -> str:
        """What it is, in words for a sentence."""
        if isinstance(self.value, dict):
            return "a map of names"
        if isinstance(self.value, list):
            return "a list"
        if self.value is None:
            return "nothing"
        return {bool: "true or false", int: "a number", float: "a number"}.get(
            type(self.value), "a text"
        )

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


_PATTERNS = (
    ("bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("null", r"^(?:null|~|)$", "n~"),
    ("null", r"^$", ""),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,17})$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]{1,17}\.[0-9]{1,17}$", "-+0123456789"),
)


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for tag, pattern, firsts in _PATTERNS:
        for first in firsts or ("",):
            known = found.setdefault(first, [])
            known.append((f"tag:yaml.org,2002:{tag}", re.compile(pattern)))
    return found


class _Loader(yaml.SafeLoader):
    """Only what YAML 1.2 calls plain: `no`, `on`, `12:30` and `2026-06-05` are texts."""

    yaml_implicit_resolvers = _resolvers()


class _Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same in C, which is nine times as fast; what it refuses the other one explains."""

    yaml_implicit_resolvers = _resolvers()


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # an escape may make them
_SCALARS = {"str", "int", "float", "bool", "null"}


def load(text: str) -> Node:
    """The document as nodes. Raises BadFile, with the line, for anything else than one plain document."""
    if len(text) > LARGEST:
        raise BadFile([Mistake(1, f"The file is longer than {LARGEST:,} characters.")])
    try:
        node = _composed(text)
    except BadFile:
        raise
    except yaml.MarkedYAMLError as error:
        raise BadFile([_told(error)]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise BadFile([Mistake(line, "This character may not stand in a file.")]) from error
    if node is None:
        raise BadFile([Mistake(1, "The file is empty.")])
    mistakes: list[Mistake] = []
    made = _made(node, mistakes)
    if mistakes:
        raise BadFile(mistakes[:MOST_MISTAKES])
    return made


def _composed(text: str) -> yaml.Node | None:
    try:
        _check(text, _Quick)
        found: yaml.Node | None = yaml.compose(text, Loader=_Quick)
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        _check(text, _Loader)
        found = yaml.compose(text, Loader=_Loader)
    return found


def _check(text: str, loader: type[_Loader] | type[_Quick]) -> None:
    """Counts before anything is built, so that a small file cannot become a big one."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=loader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise BadFile([Mistake(line, "An alias (*name) may not be used: write it out.")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise BadFile([Mistake(line, f"This is nested deeper than {DEEPEST} levels.")])
        if count > MOST:
            raise BadFile([Mistake(line, f"The file has more than {MOST:,} values.")])


_PLAIN = (
    ("found character '\\t'", "A tab may not be used to indent: write spaces."),
    ("mapping values are not allowed", "A text with “: ” in it needs quotes around it."),
    ("could not find expected ':'", "A “:” after the name is missing."),
    ("expected <block end>", "This line is not indented like those that belong with it."),
    ("unexpected end of stream", "A quote or a bracket is not closed."),
    ("expected a single document", "Only one document stands in a file: “---” begins a second."),
    ("undefined alias", "An alias (*name) may not be used: write it out."),
    (
        "expected ',' or",
        "A “,” or the closing bracket is missing; between brackets a text with ? or : needs quotes.",
    ),
    ("found unknown escape", "This “\\” means nothing in double quotes: use single ones."),
    ("cannot start any token", "A text that begins with this sign needs quotes around it."),
    ("expected the node content", "A value is missing here."),
    ("found unhashable key", "A name must be a text."),
)


def _told(error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    said = f"{error.context or ''} {error.problem or ''}"
    for part, sentence in _PLAIN:
        if part in said:
            return Mistake(mark.line + 1 if mark else 1, sentence)
    return Mistake(mark.line + 1 if mark else 1, f"This is not YAML: {error.problem}.")


def _made(node: yaml.Node, mistakes: list[Mistake], key_line: int = 0) -> Node:
    line = node.start_mark.line + 1
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if isinstance(node, yaml.MappingNode):
        return Node(_mapping(node, mistakes), line, key_line)
    if isinstance(node, yaml.SequenceNode):
        return Node([_made(one, mistakes) for one in node.value], line, key_line)
    if kind not in _SCALARS:
        mistakes.append(Mistake(line, "A tag (!…) may not be used."))
        return Node(None, line, key_line)
    if _UNWRITABLE.search(str(node.value)):
        mistakes.append(
            Mistake(
                line, "A sign in this text can't be written: no half letters, no control signs."
            )
        )
        return Node(None, line, key_line)
    return Node(_scalar(kind, str(node.value)), line, key_line)


def _mapping(node: yaml.MappingNode, mistakes: list[Mistake]) -> dict[str, Node]:
    made: dict[str, Node] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or _UNWRITABLE.search(str(key.value)):
            mistakes.append(Mistake(line, "A name must be a text."))
            continue
        if key.value in made:
            mistakes.append(Mistake(line, f"“{key.value}” stands here twice."))
            continue
        made[str(key.value)] = _made(value, mistakes, line)
    return made


def _scalar(kind: str, text: str) -> Any:
    match kind:
        case "bool":
            return text.lower() == "true"
        case "null":
            return None
        case "int":
            return int(text)
        case "float":
            return float(text)
    return text
