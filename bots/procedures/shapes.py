"""A procedure as the engine knows it: plain values, read out of a file that has no mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "text", "name", "number", "integer", "amount", "date", "time", "choice", "yes_no", "email",
    "phone", "pattern",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "text", "name", "number", "integer", "amount", "date", "time", "choice", "yes_no", "email",
    "phone", "pattern",
)  # fmt: skip
LISTENING = frozenset({"pattern", "email", "phone", "date", "time", "amount"})
"""Kinds that are recognised in any sentence; written choices are, too."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in some languages; under "" stands what is for all of them."""

    said: Mapping[str, str]

    def of(self, language: str) -> str:
        """In this language, else in English, else in the first one."""
        base = language.split("-", maxsplit=1)[0].lower()
        for code in ("", base, "en"):
            if code in self.said:
                return self.said[code]
        return next(iter(self.said.values()), "")


NOTHING = Text({})


@dataclass(frozen=True, slots=True)
class Option:
    """One of a written choice. `also` are other words for it."""

    value: str
    label: Text
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    kind: Kind
    line: int
    ask: Text = NOTHING
    again: Text = NOTHING
    wrong: Text = NOTHING
    called: tuple[str, ...] = ()
    pattern: str = ""
    keep_case: bool = False
    least: str = ""
    most: str = ""
    check: str = ""
    validate: str = ""
    options: tuple[Option, ...] = ()
    options_from: str = ""
    value: str = "it"
    label: Text = field(default_factory=lambda: Text({"": "{it}"}))
    cues: tuple[str, ...] = ()
    listen: bool = False
    source: str = ""
    optional: bool = False
    buttons: tuple[Text, ...] = ()
    attempts: int = 3
    sensitive: bool = False
    currency: str = "EUR"
    past: bool = False

    @property
    def in_words(self) -> str:
        """As people of the house call it."""
        return (self.called[0] if self.called else self.name).replace("_", " ")


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    line: int
    connection: str
    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    timeout: float = 5.0
    retries: int = 2
    irreversible: bool = False
    repeatable: bool = True
    outcomes: Mapping[int, str] = field(default_factory=dict)
    save: Mapping[str, str] = field(default_factory=dict)


Op = Literal["ask", "say", "call", "branch", "jump", "confirm", "set", "clear", "hand_over", "done"]


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of the program. `to` is where a jump, a failed condition or a refusal goes;
    `cases` where an outcome goes."""

    op: Op
    line: int
    text: Text = NOTHING
    slots: tuple[str, ...] = ()
    buttons: tuple[Text, ...] = ()
    each: str = ""
    row: Text = NOTHING
    action: str = ""
    cases: Mapping[str, int] = field(default_factory=dict)
    test: str = ""
    to: int = -1
    sets: Mapping[str, str] = field(default_factory=dict)
    words: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays from 0 and minutes of the day; `since` after `until` runs past midnight."""

    days: frozenset[int]
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class When:
    examples: tuple[tuple[str, str], ...] = ()
    unlike: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    inboxes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()  # names; only their members, where the site says who they are
    urgent: bool = False
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """`steps` is the program, flat; `words` are codes → texts."""

    key: str
    name: Text
    description: Text
    zone: str
    when: When
    slots: Mapping[str, Slot]
    actions: Mapping[str, Action]
    words: Mapping[str, Mapping[str, Text]]
    steps: tuple[Step, ...]
