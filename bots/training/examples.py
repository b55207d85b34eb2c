"""Training examples from a file: each line is one, or one sentence about what is wrong with it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

FIELDS = ("question", "context", "answer")
MORE = ("title", "conversation", "language")
LONGEST = {"question": 4_000, "context": 20_000, "answer": 4_000, "title": 300, "conversation": 200}
LINE = 200_000  # bytes


@dataclass(frozen=True, slots=True)
class Example:
    """A customer's question, what the bot had before it (`title` and `context` of one passage), and the
    answer that was right.

    Lines of one `conversation` are never on both sides of a split. `line` counts from 1.
    """

    question: str
    context: str
    answer: str
    title: str = ""
    conversation: str = ""
    language: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was left out. `code` is for machines: broken, empty, long, hostile, duplicate, near,
    unsupported, language."""

    line: int
    code: str
    sentence: str

    def shown(self) -> dict[str, Any]:
        return {"line": self.line, "code": self.code, "error": self.sentence}


def read(lines: Iterable[bytes]) -> tuple[list[Example], list[Problem]]:
    """JSON Lines `{"question", "context", "answer"}`, with `title`, `conversation` and `language` if one
    likes; other keys are ignored."""
    found: list[Example] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 -- a mark, not a word
        if not line.strip():
            problems.append(Problem(number, "empty", "The line is empty."))
            continue
        one = _read(number, line)
        if isinstance(one, Problem):
            problems.append(one)
        else:
            found.append(one)
    return found, problems


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is far too long, no more than `read` needs to say so."""
    while line := file.readline(LINE + 2):
        yield line
        while not line.endswith(b"\n") and len(line) == LINE + 2:
            line = file.readline(LINE + 2)


def _read(number: int, line: bytes) -> Example | Problem:
    def wrong(sentence: str, code: str = "broken") -> Problem:
        return Problem(number, code, sentence)

    if len(line) > LINE:
        return wrong(f"The line is longer than {LINE:,} bytes.", "long")
    try:
        given = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return wrong("The line is not UTF-8.")
    except (ValueError, RecursionError):
        return wrong("The line is not JSON.")
    if not isinstance(given, dict):
        return wrong('Write {"question": "…", "context": "…", "answer": "…"}.')
    if missing := [name for name in FIELDS if name not in given]:
        return wrong(f"There is no {missing[0]}.")
    texts = {name: given[name] for name in (*FIELDS, *MORE) if given.get(name) is not None}
    return _checked(number, texts)


def _checked(number: int, texts: dict[str, Any]) -> Example | Problem:
    for name, text in texts.items():
        if not isinstance(text, str):
            return Problem(number, "broken", f"{name} must be a text.")
        if len(text) > LONGEST.get(name, 16):
            most = LONGEST.get(name, 16)
            return Problem(number, "long", f"{name} is longer than {most:,} characters.")
        if not _is_whole(text):
            return Problem(number, "broken", f"{name} holds half a character.")
    for name in FIELDS:
        if not texts.get(name, "").strip():
            return Problem(number, "empty", f"{name} is empty.")
    return Example(**texts, line=number)


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
