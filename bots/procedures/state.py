"""Where a procedure is, what happens to it, and what it then wants: plain values that survive as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Literal

Ending = Literal["", "done", "cancelled", "handed_over"]
_REMEMBERED = 12  # messages of the customer


@dataclass(slots=True)
class State:
    """`waiting` is "" while it runs, else what for: `slot:x`, `confirm`, `call`, `validate:x`.

    `tries` counts, by slot, what was not understood; `acted` names irreversible actions that were, or
    may have been, done; `told` keeps a say from being said twice after a correction.
    """

    place: int = 0
    waiting: str = ""
    language: str = "en"
    slots: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    saved: dict[str, Any] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    visited: list[int] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)
    validate: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    calls: int = 0
    called: list[list[str]] = field(default_factory=list)
    confirmed: bool = False
    acted: list[str] = field(default_factory=list)
    question: str = ""
    ending: Ending = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> State:
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def hears(self, text: str) -> None:
        self.heard = [*self.heard, text[:1_000]][-_REMEMBERED:]

    @property
    def asked_slot(self) -> str:
        return self.waiting.removeprefix("slot:") if self.waiting.startswith("slot:") else ""


@dataclass(frozen=True, slots=True)
class World:
    """What is true around it: `customer` and `conversation` have the names that expressions know."""

    today: date
    now: str
    language: str
    customer: Mapping[str, Any] = field(default_factory=dict)
    conversation: Mapping[str, Any] = field(default_factory=dict)


# --- what happens -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begun:
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of the call that was wanted: `name` is ok, one of the action's, failed or unknown."""

    name: str
    saved: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether the articles knew the question that was asked in between; `late`: they were not heard
    in time."""

    known: bool
    late: bool = False


Happening = Begun | Said | Outcome | Answered


# --- what it wants ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tell:
    text: str
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """An action is to be called; `number` counts the calls of a run, so that each has one name."""

    action: str
    number: int
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True)
class Consult:
    """The articles are asked. `plainly`: the message is certainly a question."""

    question: str
    plainly: bool


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person is wanted: `code` is asked, misunderstood, failed, unknown, changed or step."""

    code: str
    reason: str
    queue: str = ""


@dataclass(frozen=True, slots=True)
class End:
    how: Ending


Need = Call | Consult | HandOver | End


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the trace: what was done at which line of the file."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Move:
    """What comes of a happening. Without a need it waits for the customer."""

    state: State
    tells: tuple[Tell, ...] = ()
    need: Need | None = None
    notes: tuple[Note, ...] = ()
