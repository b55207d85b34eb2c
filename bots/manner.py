"""How the bot of an inbox may speak, and when it steps aside: what a company sets, pure and frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Who chooses the words.

    `strict`: people only; fixed texts and sentences of published articles as they stand there.
    `quote`: the same without a model, from articles of any language. `generate`: a model may write,
    and each of its sentences must be borne out by an article.
    """

    STRICT = "strict"
    QUOTE = "quote"
    GENERATE = "generate"


@dataclass(frozen=True)
class Guideline:
    """When something is so, do something.

    `when` is a condition in words; empty holds always. `then` is what to do, for a model to read. Of
    guidelines that hold together the higher `priority` comes first, and one that is named in the
    `excludes` of a stronger one is left out. `never` are words that no sentence of the bot's own may hold
    while the guideline holds.
    """

    then: str
    when: str = ""
    name: str = ""
    priority: int = 0
    excludes: frozenset[str] = frozenset()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class FixedAnswer:
    """A text that is said word for word when a message holds one of the words or phrases."""

    words: tuple[str, ...]
    text: str
    language: str = ""


@dataclass(frozen=True)
class Manner:
    """How the bot of one inbox may speak and decide; the default asks for nothing in particular.

    `caution` is what a wrong answer costs beside the usual (1); `expected_wait` the seconds after
    which a person would be there, None when nobody knows; `callback` whether one may be offered.
    `longest` is in characters, 0 without a limit. `never` are words that no sentence of the bot's
    own may hold.
    """

    mode: Mode = Mode.GENERATE
    guidelines: tuple[Guideline, ...] = ()
    fixed: tuple[FixedAnswer, ...] = ()
    never: tuple[str, ...] = ()
    longest: int = 0
    caution: float = 1.0
    expected_wait: float | None = None
    callback: bool = False


NEUTRAL = Manner()


def names_of(guidelines: Iterable[Guideline]) -> tuple[str, ...]:
    """What guidelines are called, for traces: the name, else the action."""
    return tuple(one.name or one.then for one in guidelines)
