"""The sentences of an article that answer a question. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from bots.knowledge.chunk import TARGET, Kind, Span, plain, sentences
from bots.knowledge.injected import speaks_to_a_machine
from bots.knowledge.text import COMMON_WORDS, tokens

SENTENCES = 3  # in a row, in an answer
LENGTH = 360  # characters of an answer, unless one sentence alone is longer
LIST = 6  # items that may follow a sentence that announces them
LIST_LENGTH = 600
KEPT = 128  # articles whose sentences are remembered


@dataclass(frozen=True)
class Quote:
    """`verbatim` is the body's own text; `text` is how a reader sees it, without Markdown."""

    verbatim: str
    text: str


@dataclass(frozen=True)
class _Asked:
    """The question's words with their weights. What the title says too tells no sentence from
    another; `titled` is its share: the nearer to 1, the likelier the opening answers."""

    words: dict[str, float]
    total: float
    titled: float

    @classmethod
    def of(cls, question: str, title: str, weight: Callable[[str], float]) -> Self:
        full = {word: weight(word) for word in set(tokens(question)) - COMMON_WORDS}
        known = set(tokens(title))
        total = sum(full.values()) or 1.0
        return cls(
            words={word: w * (0.25 if word in known else 1.0) for word, w in full.items()},
            total=total,
            titled=sum(w for word, w in full.items() if word in known) / total,
        )


@dataclass(frozen=True)
class _Sentence:
    span: Span
    text: str
    words: frozenset[str]
    heading: frozenset[str]
    is_new: bool  # a paragraph begins with it
    is_injected: bool  # it, or a sentence before it in its paragraph, speaks to a machine

    @property
    def announces(self) -> bool:
        return self.text.endswith((":", "："))


def quote(
    body: str, question: str, *, title: str, place: int | None, weight: Callable[[str], float]
) -> Quote | None:
    """One to three sentences in a row that answer best; None when the body says nothing to a reader.

    `place` is where the passage begins that search found nearest; `weight` says how rare a word is.
    """
    said = _said(body)
    if not said:
        return None
    asked = _Asked.of(question, title, weight)
    best = max(
        ((first, last) for first in range(len(said)) for last in _lasts(said, first)),
        key=lambda window: (_worth(said, window, asked, place), -window[0], window[1]),
        default=None,
    )
    if best is None:
        return None
    return _quoted(body, said[best[0] : best[1] + 1])


@lru_cache(maxsize=KEPT)
def _said(body: str) -> tuple[_Sentence, ...]:
    """Its sentences, none of which depends on what is asked: customers ask for the same articles."""
    found: list[_Sentence] = []
    heading: frozenset[str] = frozenset()
    before = 0
    for span in sentences(body):
        text = plain(body[span.start : span.end])
        if span.heading:
            heading = frozenset(tokens(text))
        elif text and span.kind != Kind.HEAD:
            is_new = "\n\n" in body[before : span.start] and not (found and found[-1].announces)
            goes_on = bool(found) and found[-1].is_injected and not is_new
            injected = goes_on or speaks_to_a_machine(text)
            found.append(_Sentence(span, text, frozenset(tokens(text)), heading, is_new, injected))
        before = span.end
    return tuple(found)


def _lasts(said: Sequence[_Sentence], first: int) -> list[int]:
    """Where a window that begins here may end: not on a colon, and not in the middle of a list.

    Nowhere, when it would hold words that are not meant for readers.
    """
    most, room = SENTENCES, LENGTH
    ends: list[int] = []
    length = 0
    for last in range(first, len(said)):
        sentence = said[last]
        if sentence.is_injected:
            break
        length += len(sentence.text) + 1
        if last > first and (
            last - first >= most or length > room or _parts(said[last - 1], sentence, said[first])
        ):
            break
        if sentence.announces:
            most, room = last - first + 1 + LIST, LIST_LENGTH
        ends.append(last)
    whole = [last for last in ends if not _goes_on(said, first, last)]
    return whole or ends[-1:]


def _goes_on(said: Sequence[_Sentence], first: int, last: int) -> bool:
    """Whether something is cut off here that was announced inside the window."""
    if last + 1 == len(said):
        return False
    listed = any(one.announces for one in said[first:last]) and said[last].span.kind != Kind.PROSE
    return said[last].announces or (listed and said[last + 1].span.kind == said[last].span.kind)


def _parts(before: _Sentence, sentence: _Sentence, first: _Sentence) -> bool:
    """Whether a reader would be surprised to hear these two in one breath."""
    if sentence.heading != first.heading:
        return True
    listed = sentence.span.kind != Kind.PROSE
    if listed and before.span.kind == Kind.PROSE:
        return not before.announces
    return not listed and before.span.kind != Kind.PROSE


def _worth(
    said: Sequence[_Sentence],
    window: tuple[int, int],
    asked: _Asked,
    place: int | None,
) -> float:
    """How much of the question the window speaks of; near the passage that search found."""
    first, last = window
    words = frozenset[str]().union(*(s.words for s in said[first : last + 1]))
    spoken = sum(w for word, w in asked.words.items() if word in words)
    under = sum(w for word, w in asked.words.items() if word in said[first].heading - words)
    worth = (spoken + 0.7 * under) / asked.total
    begins = said[first].span.start
    if place is not None and place <= begins < place + TARGET:
        # Search often knows better than words do; its passage is a paragraph long.
        worth += 0.3
    # An article answers its own title first; so does a passage.
    worth += 0.1 + 0.35 * asked.titled**2 if first == 0 else 0.0
    worth += 0.1 if place is not None and _opens(said, first, place) else 0.0
    # Two or three sentences read better than one, if they cost nothing and belong together.
    breaks = sum(one.is_new for one in said[first + 1 : last + 1])
    return worth + 0.04 * min(last - first, SENTENCES - 1) - 0.06 * breaks


def _opens(said: Sequence[_Sentence], first: int, place: int) -> bool:
    """Whether the passage begins with this sentence."""
    return said[first].span.start >= place and (first == 0 or said[first - 1].span.start < place)


def _quoted(body: str, window: Sequence[_Sentence]) -> Quote:
    verbatim = body[window[0].span.start : window[-1].span.end]
    text = ""
    for sentence in window:
        glue = "" if not text or (_is_wide(text[-1]) and _is_wide(sentence.text[0])) else " "
        if text and text[-1] not in ".!?…。！？；:：,，;":
            glue = "; " if not _is_wide(text[-1]) else "；"
        text += glue + sentence.text
    return Quote(verbatim, _ended(text))


def _ended(text: str) -> str:
    """What was cut off at a semicolon or comma ends with a full stop."""
    return {";": f"{text[:-1]}.", ",": f"{text[:-1]}.", "；": f"{text[:-1]}。"}.get(text[-1], text)


def _is_wide(character: str) -> bool:
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
