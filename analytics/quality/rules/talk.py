"""A part of a conversation as its judges read it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Author = Literal["customer", "bot", "agent"]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said. `mine`: by whoever is judged; `to_me`: by the customer, while they had
    the conversation; `left_to_me`: before they had it, and nobody else had answered. `articles` are ids of what the words cite; `negative` is the
    chance that the words read so, where they have been read."""

    seq: int
    at: datetime
    author: Author
    text: str
    mine: bool = False
    to_me: bool = False
    left_to_me: bool = False
    articles: tuple[str, ...] = ()
    negative: float | None = None

    @property
    def is_for_me(self) -> bool:
        return self.to_me or self.left_to_me


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of the message with this number."""

    seq: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended. `quiet_since` is the last line of its log; `at` is when somebody looks."""

    at: datetime
    ended_at: datetime
    by: str = ""  # who ended it: agent, customer, system
    disposition: str = ""
    disposition_by_time: bool = False  # nobody chose it
    is_last_holder: bool = True
    reopened_after: bool = False  # after whoever is judged had ended it
    handed_on: bool = False
    was_late: bool = False  # the promised first answer came too late, or not
    followed_up: tuple[datetime, ...] = ()  # callbacks, mails and messages that were set up


@dataclass(frozen=True, slots=True)
class Ground:
    """What judges ask others: the seam to sentiment, knowledge, vectors and the rules of the house."""

    crossness: Callable[[Line], float] = lambda _: 0.0  # 0 calm to 1 furious
    sensitive: Callable[[str], Sequence[tuple[int, int]]] = lambda _: ()
    borne_out: Callable[[Line, Sequence[str]], Sequence[float | None]] = lambda _, said: [
        None for _ in said
    ]
    likeness: Callable[[str, Sequence[str]], Sequence[float]] | None = None
    misspelt: Callable[[str], Sequence[tuple[int, int, str]]] | None = None
    language_of: Callable[[str, str], str] = lambda _, otherwise: otherwise


@dataclass(frozen=True, slots=True)
class Part:
    """What one subject did in a conversation. `target` is the time within which the centre wants an
    answer, if it has said so."""

    subject: Literal["bot", "agent"]
    language: str
    lines: Sequence[Line]
    ending: Ending
    target: timedelta | None = None
    first_target: timedelta | None = None
    names: tuple[str, ...] = ()  # of whoever is judged
    ground: Ground = field(default_factory=Ground)

    @property
    def mine(self) -> list[Line]:
        return [line for line in self.lines if line.mine]

    @property
    def to_me(self) -> list[Line]:
        """What the customer said that was theirs to answer."""
        return [line for line in self.lines if line.is_for_me]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge found. `signal` 0 to 1 is how much speaks for a yes; None: it does not apply.
    `confidence` is how often such a verdict is right, before people have said how often."""

    signal: float | None
    confidence: float
    evidence: tuple[Span, ...] = ()
    why: str = ""


def does_not_apply(why: str) -> Verdict:
    return Verdict(None, 0.9, (), why)


def whole(line: Line, *, most: int = 200) -> Span:
    """The words of a line, at most so many letters of them."""
    return Span(line.seq, 0, min(len(line.text), most))
