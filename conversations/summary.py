"""What a conversation was about, in its own sentences: what the customer needs, and what was said to it.

Extractive: nothing stands in a summary that nobody said. Sentences are weighed by how much of the whole
conversation they hold, and chosen one after another so that each says something new (maximal marginal
relevance, Carbonell and Goldstein 1998). Pure.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 240  # characters of one sentence
NOVELTY = 0.8  # of a sentence's weight: what it repeats costs so much
_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
_WORD = re.compile(r"[a-z0-9][a-z0-9'’-]*|[^\W\d_a-z]", re.IGNORECASE)
_COMMON = frozenset(
    re.findall(
        r"\S+",
        "a an and are as at be been but by can could do does for from had has have he her him his i if in is it its"
        " just me my no not of on or our out she so that the their them there they this to too up us was we were what"
        " when which who will with would you your im i'm ive i've it's dont don't am get got please any all",
    )
)
# What is polite, and what keeps a conversation going, is not what it was about.
_POLITE = re.compile(
    r"^\W*(?:hi|hey|hello|dear|thanks?|thank you|many thanks|ok(?:ay)?|great|perfect|cheers|bye|good (?:morning|day|evening"
    r"|afternoon)|you'?re welcome|no problem|sure|yes|no|sorry|apologies|(?:we|i) (?:apologi[sz]e|(?:am|are) sorry)"
    r"|let me (?:check|look|see)|one moment|just a (?:moment|second)|please (?:wait|hold)|is there anything else"
    r"|anything else|have a (?:nice|great|good|lovely)|regards|best|(?:can|could|may) i (?:talk|speak|chat)|i(?:'d| would)? (?:want|like|need|prefer) to (?:talk|speak|chat)|human|agent|您?好|你好|谢谢|好的|稍等|请稍|不客气|再见|抱歉|对不起|转人工|人工)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|\b(?:can(?:'t|not)?|could|how|why|when|where|need|want|would like|help|unable|won'?t|doesn'?t|didn'?t"
    r"|isn'?t|broken|wrong|problem|issue|error|missing|never|still|refund|cancel|return)\b|怎么|为什么|什么时候|能不能|无法|没有|不能|想要|需要",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message; `author` is customer, bot or agent."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences in the order in which they were said."""

    needs: tuple[str, ...]
    answers: tuple[str, ...]

    def text(self) -> str:
        return " · ".join((*self.needs, *self.answers))


@dataclass(frozen=True, slots=True)
class _Sentence:
    place: int
    message: int
    author: str
    text: str
    words: Counter[str]


def summarise(said: Sequence[Said], *, needs: int = 2, answers: int = 1) -> Summary:
    """At most so many sentences of the customer, and of who answered; what only one of them said
    stands alone."""
    sentences = _sentences(said)
    rarity = _rarity(sentences)
    whole: Counter[str] = Counter()
    for one in sentences:
        whole.update(one.words)
    customer = [one for one in sentences if one.author == "customer"]
    others = [one for one in sentences if one.author != "customer"]
    people = [one for one in others if one.author == "agent"] or others
    wanted = _chosen(customer, needs, whole, rarity, asks=True)
    given = _chosen(people, answers, whole, rarity, asks=False)
    return Summary(tuple(_in_order(wanted)), tuple(_in_order(given)))


def _sentences(said: Sequence[Said]) -> list[_Sentence]:
    found: list[_Sentence] = []
    for message, line in enumerate(said):
        for piece in _END.split(line.text):
            text = " ".join(piece.split())
            words = Counter(_words(text))
            if words:
                found.append(_Sentence(len(found), message, line.author, text, words))
    return found


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _COMMON]


def _rarity(sentences: Sequence[_Sentence]) -> dict[str, float]:
    held = Counter(word for one in sentences for word in one.words)
    return {word: math.log(1 + len(sentences) / count) for word, count in held.items()}


def _chosen(
    sentences: Sequence[_Sentence],
    most: int,
    whole: Counter[str],
    rarity: dict[str, float],
    *,
    asks: bool,
) -> list[_Sentence]:
    weights = {one.place: _weight(one, sentences, whole, rarity, asks=asks) for one in sentences}
    chosen: list[_Sentence] = []
    left = list(sentences)
    while left and len(chosen) < most:
        best = max(
            left,
            key=lambda one: (
                weights[one.place]
                - NOVELTY
                * max((_likeness(one.words, c.words, rarity) for c in chosen), default=0.0),
                -one.place,
            ),
        )
        left.remove(best)
        if weights[best.place] > 0 or not chosen:
            chosen.append(best)
    return chosen


def _weight(
    one: _Sentence,
    among: Sequence[_Sentence],
    whole: Counter[str],
    rarity: dict[str, float],
    *,
    asks: bool,
) -> float:
    """How much it holds of the whole; what comes first says what a customer wants, and a short one or a
    polite one says little."""
    size = sum(one.words.values())
    weight = _likeness(one.words, whole, rarity) * min(1.0, size / 8)
    messages = sorted({other.message for other in among})
    turn = messages.index(one.message)
    if asks:
        weight += 0.35 * (turn == 0) + 0.15 * (turn == 1) + 0.15 * bool(_ASKS.search(one.text))
    else:
        weight += 0.1 * (turn == 0) + 0.1 * turn / max(len(messages) - 1, 1)
    if _POLITE.match(one.text):
        weight -= 0.4
    return weight - (0.3 if size < 3 else 0.0)


def _likeness(one: Counter[str], other: Counter[str], rarity: dict[str, float]) -> float:
    """The cosine of two bags of words, each word by its rarity here."""
    dot = sum(n * other[word] * rarity[word] ** 2 for word, n in one.items() if word in other)
    return dot / (_length(one, rarity) * _length(other, rarity)) if dot else 0.0


def _length(bag: Counter[str], rarity: dict[str, float]) -> float:
    return math.sqrt(sum((n * rarity[word]) ** 2 for word, n in bag.items()))


def _in_order(chosen: Sequence[_Sentence]) -> list[str]:
    shown = [one.text for one in sorted(chosen, key=lambda one: one.place)]
    return [text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…" for text in shown]
