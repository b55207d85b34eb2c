"""How the bot of an inbox may speak, and when it steps aside: what a company sets, pure and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bots.knowledge.text import COMMON_WORDS, normal, tokens


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


# Words of a condition that say nothing about what it is a condition of.
_FRAME = frozenset(
    tokens(
        "when if whenever customer customers user asks ask asked asking wants want says say mentions mention about 客户 顾客 用户 询问 问 说 提到 当 如果 时"
    )
)
_ANGRY = frozenset(
    tokens("angry upset cross furious annoyed frustrated complains unhappy 生气 愤怒 不满")
)


def fixed_answer(manner: Manner, said: str, language: str) -> FixedAnswer | None:
    """The first fixed answer in this language (or in none) one of whose words or phrases is in a message."""
    folded = _bare(said)
    for one in manner.fixed:
        if one.language and one.language.split("-")[0] != language.split("-", maxsplit=1)[0]:
            continue
        if any(_holds(folded, word) for word in one.words):
            return one
    return None


def holding(
    guidelines: Iterable[Guideline], said: str, *, cross: bool = False
) -> tuple[Guideline, ...]:
    """The guidelines that hold for a message, the strongest first, without those that a stronger one excludes.

    A condition holds when the message has one of its words that tell something, or, for one that speaks
    of anger, when the customer is cross.
    """
    words = set(tokens(said)) - COMMON_WORDS
    if cross:
        words |= _ANGRY
    held = [one for one in guidelines if _applies(one, words)]
    held.sort(key=lambda one: -one.priority)
    kept: list[Guideline] = []
    for one in held:
        if not any(one.name and one.name in stronger.excludes for stronger in kept):
            kept.append(one)
    return tuple(kept)


def forbidden(manner: Manner, held: Sequence[Guideline]) -> tuple[str, ...]:
    """What no sentence of the bot's own may hold now."""
    return tuple(dict.fromkeys((*manner.never, *(word for one in held for word in one.never))))


def breaks(sentence: str, never: Iterable[str]) -> str:
    """The first forbidden word or phrase that a sentence holds; empty when there is none."""
    folded = _bare(sentence)
    return next((word for word in never if word.strip() and _holds(folded, word)), "")


def guidance(held: Sequence[Guideline]) -> tuple[str, ...]:
    """Guidelines as a model reads them, the strongest first."""
    return tuple(f"If {one.when}: {one.then}" if one.when else one.then for one in held)


def _applies(one: Guideline, words: set[str]) -> bool:
    telling = set(tokens(one.when)) - COMMON_WORDS - _FRAME
    return not telling or bool(telling & words)


def _holds(folded: str, word: str) -> bool:
    """Whether a folded text has a word or phrase, whole where words are spaced."""
    wanted = _bare(word).strip()
    spaced = wanted.isascii()
    return bool(wanted) and (f" {wanted} " in f" {folded} " if spaced else wanted in folded)


def _bare(text: str) -> str:
    """Folded, and without marks around words."""
    return " ".join("".join(c if c.isalnum() or c in "'%-" else " " for c in normal(text)).split())


def names_of(guidelines: Iterable[Guideline]) -> tuple[str, ...]:
    """What guidelines are called, for traces: the name, else the action."""
    return tuple(one.name or one.then for one in guidelines)
