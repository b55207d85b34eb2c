"""One question answered twice, before and after a change: what differs, and is it worse? Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bots.knowledge.chunk import plain, sentences
from bots.knowledge.text import COMMON_WORDS, tokens

Change = Literal["same", "reworded", "moved", "gained", "lost", "other"]
Worse = Literal["", "lost", "unsupported"]
Likeness = Callable[[Sequence[str], Sequence[str]], Sequence[float]]

SHARED = 0.5  # of a sentence's telling words, figures aside: it is still said
ALIKE = 0.9  # of two sentences' vectors
ENOUGH, SAME = 5, 0.6  # telling words of an answer, and the share of all that both of two have


@dataclass(frozen=True, slots=True)
class Reply:
    """What would be said. `articles` are the ids of what it cites; `basis` is the cited text as a
    whole, Markdown included, for an answer."""

    decision: str
    text: str
    articles: tuple[str, ...]
    confidence: float
    basis: str = ""


def change_of(before: Reply, after: Reply) -> Change:
    was, becomes = before.decision == "answer", after.decision == "answer"
    if was and not becomes:
        return "lost"
    if becomes and not was:
        return "gained"
    alike = before.text == after.text and before.articles == after.articles
    if before.decision == after.decision and (alike or before.decision == "handoff"):
        return "same"
    if not was:
        return "other"
    return "reworded" if before.articles == after.articles else "moved"


def worse(before: Reply, after: Reply, *, question: str, outcome: str, likeness: Likeness) -> Worse:
    """Why a person has to look at it: an answer that nothing spoke against is lost, what it said is
    no longer borne out by what would be cited, or the same article no longer has a word of the question that
    the answer had. A figure that an editor corrects is none of these.

    `outcome` is of `bots.learning.turns`.
    """
    if before.decision != "answer" or outcome not in {"", "confirmed"}:
        return ""
    if after.decision != "answer":
        return "lost"
    if before.text == after.text:
        return ""
    basis = after.basis or after.text
    if before.articles == after.articles and _lost_the_point(question, before.text, basis):
        return "unsupported"
    return "" if bears_out(basis, before.text, likeness) else "unsupported"


def _lost_the_point(question: str, said: str, basis: str) -> bool:
    """“Can I pay by invoice?” and the invoice is gone, whatever else is still said."""
    return bool(telling(question) & telling(said) - telling(basis))


def bears_out(basis: str, said: str, likeness: Likeness) -> bool:
    """Whether half of what was said, by weight of words, is still said: in the same words but for
    figures, or in others that mean the same."""
    wanted = [one for one in said_in(said) if telling(one)]
    held = said_in(basis)
    if not wanted:
        return True
    if not held:
        return False
    words = [telling(one) for one in held]
    missing = [one for one in wanted if not _is_said(telling(one), words)]
    if missing:
        near = likeness(missing, held)
        missing = [one for one, nearest in zip(missing, near, strict=True) if nearest < ALIKE]
    lost = sum(len(telling(one)) for one in missing)
    return 2 * lost <= sum(len(telling(one)) for one in wanted)


def _is_said(wanted: frozenset[str], held: Sequence[frozenset[str]]) -> bool:
    return any(len(wanted & words) >= SHARED * len(wanted) for words in held)


def said_in(text: str) -> list[str]:
    """Its sentences as a reader sees them."""
    found = (plain(text[span.start : span.end]) for span in sentences(text))
    return [one for one in found if one]


def telling(sentence: str) -> frozenset[str]:
    """The words that say what it is about: without common ones, marks and figures."""
    return frozenset(
        word
        for word in tokens(sentence)
        if word not in COMMON_WORDS and not any(sign.isdigit() for sign in word)
    )


def same_answer(one: str, other: str) -> bool:
    """Whether two answers of people say the same, each in its own words; short ones say too little to tell."""
    words, others = telling(one), telling(other)
    if min(len(words), len(others)) < ENOUGH:
        return False
    return len(words & others) >= SAME * len(words | others)
