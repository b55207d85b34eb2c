"""Is a sentence said by the passages? Rules, not a model: what they let through can be explained.

A figure, an amount, an address or a name must stand in the passage as it stands in the sentence;
most of the words that carry meaning must stand close together in one passage; and a "not" on one side
only is a contradiction. What the rules cannot see is a condition that was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from bots.language.model import Passage
from bots.language.words import (
    Words,
    clauses,
    sentences,
    words_of,
)

ENOUGH = 0.75  # of the words that carry meaning
WORDS_A_LEAP = 5  # for each so many of them, one place of the passage may be skipped
FEWEST = 3  # words with meaning: fewer say too little about what they are said of
LONGEST = 60  # words with meaning in one sentence: a longer one is not a sentence
FOREIGN = 0.87  # cosine of a sentence and the line that it translates; see docs/performance.md
SAME_WORDS, SAME_LINE = 0.85, 0.75  # of a retold sentence, and of the line it retells
_ME = re.compile(r"\bI\b")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LITTLE = frozenset({"the", "a", "an"})
_PAUSES = frozenset(",;:()–—")
# Words that make of what stands beside them a promise under conditions, or none.
_CONDITIONS = frozenset(
    [
        "if",
        "unless",
        "when",
        "whenever",
        "while",
        "although",
        "though",
        "until",
        "before",
        "after",
        "except",
        "only",
        "provided",
        "but",
        "without",
        "not",
        "no",
        "never",
        "nor",
        "because",
        "since",
        "once",
        "whether",
        "otherwise",
        "however",
    ]
)


@dataclass(frozen=True)
class Support:
    """How much of a sentence the passage says: 0 nothing or a contradiction … 1 every word."""

    score: float
    passage: int | None

    @property
    def is_enough(self) -> bool:
        return self.passage is not None and self.score >= ENOUGH


def supported(sentence: str, passages: Sequence[Passage]) -> Support:
    """The passage that says the sentence best. A question, or no claim at all, is not supported."""
    said = words_of(sentence)
    best = Support(0.0, None)
    if not said.order or sentence.rstrip().endswith(("?", "？")):
        return best
    for number, passage in enumerate(passages):
        if _ME.search(sentence) and not _ME.search(passage.text):
            continue  # an article speaks of "we"; what "I" will do is a promise of the model's own
        title, lines = _lines(passage.title, passage.text)
        if said.facts:  # of a word in the title that other sentences use, this figure says nothing
            title = title.difference(*(line.words.meaning for line in lines))
        score = max((_overlap(said, known, title) for known in _windows(said, lines)), default=0.0)
        if score > best.score and not _contradicts(sentence, lines):
            best = Support(score, number)
    return best


def retells(sentence: str, passage: Passage) -> bool:
    """Is it a sentence of the passage, word for word but for an article, or an aside that was left out?

    For models too small to rephrase: half a sentence is often another sentence (“The fee is refunded” for
    “The fee is refunded if …”), and one whose words were exchanged is often none.
    """
    said = _TOKEN.findall(sentence.lower())
    for line in sentences(passage.text):
        known = _TOKEN.findall(line.lower())
        matcher = SequenceMatcher(None, said, known, autojunk=False)
        same = sum(block.size for block in matcher.get_matching_blocks())
        if same < SAME_WORDS * len(said) or same < SAME_LINE * len(known):
            continue
        changes = [one for one in matcher.get_opcodes() if one[0] != "equal"]
        if all(
            _is_little(said[a:b], begins=a == 0 or c < d)
            and (_is_little(known[c:d]) or _is_aside(known, c, d))
            for _, a, b, c, d in changes
        ):
            return True
    return False


def _is_little(words: Sequence[str], *, begins: bool = True) -> bool:
    """Nothing that could change what is said: a mark, or, where a sentence begins or has others in their
    place, an article."""
    return all((begins and word in _LITTLE) or not word[0].isalnum() for word in words)


def _is_aside(known: Sequence[str], start: int, end: int) -> bool:
    """Whether these words stand between marks, or after the last one, and are no condition."""
    words = [word for word in known[start:end] if word[0].isalnum()]
    begins = known[start] in _PAUSES or (start > 0 and known[start - 1] in _PAUSES)
    ends = end >= len(known) - 1 or known[end - 1] in _PAUSES or known[end] in _PAUSES
    return start > 0 and begins and ends and not _CONDITIONS.intersection(words)


def translates(
    sentence: str, passage: Passage, likeness: Callable[[str, Sequence[str]], Sequence[float]]
) -> float:
    """How near a sentence comes to the line of a passage in another language that says the same: 0 to 1.

    Words can't be compared, so the sentence encoder is asked (`likeness`: cosines of a sentence and
    each of some lines) which line is meant; its figures and addresses must stand there, none may be
    added, and neither side alone may deny something.
    """
    said = words_of(sentence)
    known = sentences(passage.text)
    if not known or not (said.meaning or said.facts):
        return 0.0
    near = list(likeness(sentence, known))
    best = max(range(len(known)), key=near.__getitem__)
    line = words_of(known[best])
    if _bare_facts(said) - _bare_facts(line) or said.denied != line.denied:
        return 0.0
    return float(near[best]) if near[best] >= FOREIGN else 0.0


def _bare_facts(words: Words) -> frozenset[str]:
    """Figures as each language writes them: without signs of currency and per cent."""
    return frozenset(re.sub(r"[^\w@./:-]", "", fact).strip(".") for fact in words.facts)


def stands(sentence: str, lines: Sequence[str]) -> tuple[int, int]:
    """The lines, first and last, that say a sentence: the best one, or the best two neighbours."""
    said = Counter(words_of(sentence).order)
    known = [Counter(words_of(line).order) for line in lines]
    worth = {(i, i): sum((said & one).values()) for i, one in enumerate(known)}
    for i, (one, after) in enumerate(pairwise(known)):
        worth[i, i + 1] = sum((said & (one + after)).values()) - 1  # two must say more than one
    return max(worth, key=lambda place: (worth[place], -place[0]), default=(0, 0))


@dataclass(frozen=True)
class _Line:
    """A sentence of a passage, and its clauses."""

    words: Words
    parts: tuple[Words, ...]


@lru_cache(maxsize=512)
def _lines(title: str, text: str) -> tuple[frozenset[str], tuple[_Line, ...]]:
    lines = tuple(
        _Line(words_of(line), tuple(words_of(clause) for clause in clauses(line)))
        for line in sentences(text)
    )
    return words_of(title).meaning, lines


def _windows(said: Words, lines: Sequence[_Line]) -> list[Words]:
    """Where support may come from: one sentence, or two neighbours when no figure is at stake.

    A figure belongs to its own sentence: the days of a refund are not those of a return.
    """
    ones = [line.words for line in lines]
    return ones if said.facts else [*ones, *(a | b for a, b in pairwise(ones))]


def _overlap(said: Words, known: Words, title: frozenset[str]) -> float:
    """The share of the words with meaning that the passage says in the same order.

    0 when a figure or a name is missing or stands elsewhere, or when the sentence was put together
    from scattered words: with the right words any policy can be made of another.
    """
    if not said.facts <= known.facts or not said.counted <= known.counted:
        return 0.0
    if said.names - known.meaning - title:
        return 0.0
    if len(said.order) < FEWEST and not said.facts and said.order != known.order:
        return 0.0
    wanted = [word for word in said.order if word in known.order or word not in title]
    places = _in_order(wanted, known.order)
    found = [known.order[place] for place in places]
    leaps = sum(after - before > 1 for before, after in pairwise(places))
    lost = Counter(word for word in wanted if word in said.facts) - Counter(found)
    if lost or leaps > len(wanted) // WORDS_A_LEAP:
        return 0.0
    return len(found) / len(wanted) if wanted else 0.0


def _in_order(wanted: Sequence[str], known: Sequence[str]) -> list[int]:
    """The places in `known` of the longest run of wanted words that keeps their order."""
    if len(wanted) > LONGEST or len(known) > 4 * LONGEST:
        return []
    best: list[list[int]] = [[] for _ in range(len(known) + 1)]
    for word in wanted:
        before = best[0]
        for place, candidate in enumerate(known, start=1):
            above = best[place]
            if word == candidate:
                best[place] = [*before, place - 1]
            elif len(best[place - 1]) > len(above):
                best[place] = best[place - 1]
            before = above
    return best[-1]


def _contradicts(sentence: str, lines: Sequence[_Line]) -> bool:
    """Something is denied on one side and not on the other."""
    whole = words_of(sentence).meaning
    spoken = [words_of(clause) for clause in clauses(sentence)]
    flat_no = re.match(r"no\b", sentence.strip(), re.IGNORECASE) is not None
    for said in (words for words in spoken if words.meaning):
        # The sentence that says most of the clause; between equals, the one that says most beside.
        best = max(_nearness(said, whole, line) for line in lines)
        near = [line for line in lines if _nearness(said, whole, line) == best]
        if all(_opposes(said, line, flat_no=flat_no) for line in near):
            return True
    return False


def _nearness(said: Words, whole: frozenset[str], line: _Line) -> tuple[int, int]:
    return len(said.meaning & line.words.meaning), len(whole & line.words.meaning)


def _opposes(said: Words, line: _Line, *, flat_no: bool) -> bool:
    if flat_no and not line.words.denied:
        return True
    denied = frozenset().union(*(part.meaning for part in line.parts if part.denied))
    granted = frozenset().union(*(part.meaning for part in line.parts if not part.denied))
    if said.denied:
        return not said.meaning & denied
    return bool(said.meaning & (denied - granted))
