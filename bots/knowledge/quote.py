"""The sentences of an article that answer a question. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bots.knowledge.chunk import Span, plain, sentences
from bots.knowledge.text import COMMON_WORDS, tokens

SENTENCES = 3  # in a row, in an answer
LENGTH = 360  # characters of an answer, unless one sentence alone is longer
LIST = 6  # items that may follow a sentence that announces them
LIST_LENGTH = 600


@dataclass(frozen=True)
class Quote:
    """`verbatim` is the body's own text; `text` is how a reader sees it, without Markdown."""

    verbatim: str
    text: str


@dataclass(frozen=True)
class _Sentence:
    span: Span
    text: str
    words: frozenset[str]
    heading: frozenset[str]


def quote(
    body: str, question: str, *, place: int | None, weight: Callable[[str], float]
) -> Quote | None:
    """One to three sentences in a row that answer best; None when the body says nothing.

    `place` is where the passage begins that search found nearest; `weight` says how rare a word is.
    """
    said = _said(body)
    if not said:
        return None
    asked = {w: weight(w) for w in set(tokens(question)) - COMMON_WORDS}
    best = max(
        ((first, last) for first in range(len(said)) for last in _lasts(said, first)),
        key=lambda window: (_worth(said, window, asked, place), -window[0], window[1]),
    )
    return _quoted(body, said[best[0] : best[1] + 1])


def _said(body: str) -> list[_Sentence]:
    found: list[_Sentence] = []
    heading: frozenset[str] = frozenset()
    for span in sentences(body):
        text = plain(body[span.start : span.end])
        if span.heading:
            heading = frozenset(tokens(text))
        elif text:
            found.append(_Sentence(span, text, frozenset(tokens(text)), heading))
    return found


def _lasts(said: Sequence[_Sentence], first: int) -> list[int]:
    """Where a window that begins here may end."""
    announces = said[first].text.endswith((":", "："))
    most, room = (LIST, LIST_LENGTH) if announces else (SENTENCES, LENGTH)
    ends: list[int] = []
    length = 0
    for last in range(first, min(first + most, len(said))):
        length += len(said[last].text) + 1
        if last > first and (length > room or said[last].heading != said[first].heading):
            break
        ends.append(last)
    # What is announced is told as far as there is room.
    return ends[-1:] if announces else ends


def _worth(
    said: Sequence[_Sentence],
    window: tuple[int, int],
    asked: dict[str, float],
    place: int | None,
) -> float:
    """How much of the question the window speaks of; near the passage that search found."""
    first, last = window
    total = sum(asked.values()) or 1.0
    words = frozenset[str]().union(*(s.words for s in said[first : last + 1]))
    spoken = sum(w for word, w in asked.items() if word in words)
    under = sum(w for word, w in asked.items() if word in said[first].heading - words)
    worth = (spoken + 0.7 * under) / total
    if place is not None:
        begins = said[first].span.start
        # Search often knows better than words do; its passage is a paragraph long.
        worth += 0.35 if place <= begins < place + 400 else 0.0
        opens = first == 0 or said[first - 1].span.start < place <= begins
        worth += 0.1 if opens else 0.0
    # Two or three sentences read better than one, if they cost nothing.
    return worth + 0.04 * (last - first)


def _quoted(body: str, window: Sequence[_Sentence]) -> Quote:
    verbatim = body[window[0].span.start : window[-1].span.end]
    text = ""
    for sentence in window:
        glue = "" if not text or _is_wide(text[-1]) and _is_wide(sentence.text[0]) else " "
        if text and text[-1] not in ".!?…。！？；:：,，;":
            glue = "; " if not _is_wide(text[-1]) else "；"
        text += glue + sentence.text
    return Quote(verbatim, text)


def _is_wide(character: str) -> bool:
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
