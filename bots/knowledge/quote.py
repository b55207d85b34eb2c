"""The sentences of an article that answer a question. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from bots.knowledge.article import KEPT, Sentence, is_one_answer, sentences_of
from bots.knowledge.chunk import TARGET, Kind, plain, sentences
from bots.knowledge.injected import speaks_to_a_machine
from bots.knowledge.sought import sought
from bots.knowledge.text import COMMON_WORDS, tokens
from bots.knowledge.windows import SENTENCES, ends_of

_REPEATED, _EACH = (
    1.2,
    0.08,
)  # of worth: a window with something that was said before, and each such sentence
_SOUGHT = 0.5  # of worth: a price where one is asked for

_NUMBERED = re.compile(r"(?:^|\n)[^\S\n]*(?:>[^\S\n]?)*(?:(\d{1,3}[.)])|[-*+])[^\S\n]+$")


@dataclass(frozen=True)
class Line:
    """A sentence as a reader sees it, and where it stands: `body[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Quote:
    """`verbatim` is the body's own text; `text` is how a reader sees it, without Markdown.

    `lines` are its sentences; none when it is no part of the body.
    """

    verbatim: str
    text: str
    lines: tuple[Line, ...] = ()

    @property
    def start(self) -> int:
        return self.lines[0].start if self.lines else 0

    @property
    def end(self) -> int:
        return self.lines[-1].end if self.lines else 0


@dataclass(frozen=True)
class _Asked:
    """The question's words with their weights. What the title says too tells no sentence from
    another; `titled` is its share: the nearer to 1, the likelier the opening answers."""

    words: dict[str, float]
    total: float
    titled: float
    sought: re.Pattern[str] | None = None  # what stands in a sentence that answers

    @classmethod
    def of(cls, question: str, title: str, weight: Callable[[str], float]) -> Self:
        full = {word: weight(word) for word in set(tokens(question)) - COMMON_WORDS}
        known = set(tokens(title))
        total = sum(full.values()) or 1.0
        titled = sum(w for word, w in full.items() if word in known) / total
        # Where the title says all that was asked, its words tell nothing at all.
        left = 0.25 if titled < 1.0 else 0.05
        return cls(
            words={word: w * (left if word in known else 1.0) for word, w in full.items()},
            total=total,
            titled=titled,
            sought=sought(question),
        )


def quote(
    body: str,
    question: str,
    *,
    title: str,
    place: int | None,
    weight: Callable[[str], float],
    fixed: bool = False,
    longest: int = 0,
    told: Sequence[str] = (),
) -> Quote | None:
    """One to three sentences in a row that answer best; None when the body says nothing to a reader.

    What is written as one answer is quoted whole, with its paragraphs and lists, and so is `fixed`
    wording. `place` is where the passage begins that search found nearest; `weight` says how rare a word
    is; `told` are the bot's earlier answers, of which a follow-up is told something else; `longest` limits the characters of what is not fixed, as far as whole sentences allow, unless it is 0.
    """
    said = sentences_of(body)
    if not said:
        return None
    known = _known(said, told)
    if is_one_answer(body, said, fixed=fixed) and (fixed or not _is_told(said, known)):
        whole = _whole(body, said)
        if fixed or not longest or len(whole.text) <= longest:
            return whole
    asked = _Asked.of(question, title, weight)
    if _has_heard_all(said, known, asked):
        known = [False] * len(said)
    best = max(
        ((first, last) for first in range(len(said)) for last in ends_of(said, first, longest)),
        key=lambda window: (
            _worth(said, window, asked, place) - _cost(known[window[0] : window[1] + 1]),
            -window[0],
            window[1],
        ),
        default=None,
    )
    if best is None:
        return None
    return _quoted(body, said[best[0] : best[1] + 1])


@lru_cache(maxsize=KEPT)
def lines(body: str) -> tuple[Line, ...]:
    """All sentences that a reader may be told, headings included."""
    return tuple(
        Line(text, span.start, span.end)
        for span in sentences(body)
        if (text := plain(body[span.start : span.end])) and not speaks_to_a_machine(text)
    )


def _known(said: Sequence[Sentence], told: Sequence[str]) -> list[bool]:
    """Which sentences the customer has been told."""
    heard = " ".join(told)
    return [len(one.text) > 12 and one.text.rstrip(".;") in heard for one in said]


def _has_heard_all(said: Sequence[Sentence], known: Sequence[bool], asked: _Asked) -> bool:
    """Whether what is asked for stands only in what the customer was told: then it is said again."""
    if asked.sought is None:
        return False
    has = [bool(asked.sought.search(one.text)) for one in said]
    return any(has) and all(heard for one, heard in zip(has, known, strict=True) if one)


def _cost(heard: Sequence[bool]) -> float:
    """Of saying it again; where nothing else is left, what is asked about and no more of it."""
    return _REPEATED * any(heard) + _EACH * sum(heard)


def _is_told(said: Sequence[Sentence], known: Sequence[bool]) -> bool:
    """Nearly all of it: who asks on wants to know which part of it holds for them."""
    length = sum(len(one.text) for one in said)
    return (
        sum(len(one.text) for one, heard in zip(said, known, strict=True) if heard) >= 0.8 * length
    )


def _whole(body: str, said: Sequence[Sentence]) -> Quote:
    text, before = "", 0
    for one in said:
        gap = body[before : one.span.start]
        marker = _NUMBERED.search("\n" + gap)
        if not text:
            glue = ""
        elif "\n" in gap:
            glue = "\n\n" if re.search(r"\n\s*\n", gap) else "\n"
        else:
            glue = "" if _is_wide(text[-1]) else " "
        text += glue + (f"{marker[1] or '-'} " if marker else "") + one.text
        before = one.span.end
    spoken = tuple(Line(one.text, one.span.start, one.span.end) for one in said)
    return Quote(body[spoken[0].start : spoken[-1].end], text, spoken)


def _worth(
    said: Sequence[Sentence],
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
    if asked.sought and any(asked.sought.search(one.text) for one in said[first : last + 1]):
        worth += _SOUGHT
    if last > first and _tells_rows_apart(said, window, asked):
        return worth - 0.02
    # Two or three sentences read better than one, if they cost nothing and belong together.
    breaks = sum(one.is_new for one in said[first + 1 : last + 1])
    return worth + 0.04 * min(last - first, SENTENCES - 1) - 0.06 * breaks


def _tells_rows_apart(said: Sequence[Sentence], window: tuple[int, int], asked: _Asked) -> bool:
    """Whether it was asked about some rows of a table and not about the others."""
    rows = said[window[0] : window[1] + 1]
    if any(one.span.kind != Kind.ROW for one in rows):
        return False
    return any(0 < sum(word in one.words for one in rows) < len(rows) for word in asked.words)


def _opens(said: Sequence[Sentence], first: int, place: int) -> bool:
    """Whether the passage begins with this sentence."""
    return said[first].span.start >= place and (first == 0 or said[first - 1].span.start < place)


def _quoted(body: str, window: Sequence[Sentence]) -> Quote:
    verbatim = body[window[0].span.start : window[-1].span.end]
    text = ""
    for sentence in window:
        glue = "" if not text or (_is_wide(text[-1]) and _is_wide(sentence.text[0])) else " "
        if text and text[-1] not in ".!?…。！？；:：,，;":
            glue = "; " if not _is_wide(text[-1]) else "；"
        text += glue + sentence.text
    spoken = tuple(Line(one.text, one.span.start, one.span.end) for one in window)
    return Quote(verbatim, _ended(text), spoken)


def _ended(text: str) -> str:
    """What was cut off at a semicolon or comma ends with a full stop."""
    return {";": f"{text[:-1]}.", ",": f"{text[:-1]}.", "；": f"{text[:-1]}。"}.get(text[-1], text)


def _is_wide(character: str) -> bool:
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
