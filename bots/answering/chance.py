"""How likely is it that the bot resolves this? Signals of a search → one calibrated probability."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, log
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from bots.knowledge.calibration import Weighing
from bots.knowledge.corpus import Corpus
from bots.knowledge.fits import weighings
from bots.knowledge.questions import Question
from bots.knowledge.search import Hit, features, floor_of, judge_of
from bots.knowledge.text import same_language, tokens

FILE = Path(__file__).with_name("chance.json")
COMPARED = 10  # articles
FAR = 0.28  # of the signals' sum, and of likeness, between two languages
SHARP = 6.0  # of the signals' sum: how quickly an article further behind counts less


def signals(question: Question, hits: Sequence[Hit], known: Corpus) -> dict[str, float]:
    """What speaks for the first article and against it; `hits` has at least one."""
    first, judge = hits[0], judge_of(question, hits[0], known)
    same = same_language(first.language, question.language)
    if not same and len(hits) < COMPARED:
        hits = [*hits, *[_middling(first)] * (COMPARED - len(hits))]
    found = features(hits)
    answerable, right = judge.answerable.probability(found), judge.right.probability(found)
    weights = [exp(SHARP * (hit.score - first.score)) for hit in hits[:COMPARED]]
    total = sum(weights)
    shares = [weight / total for weight in weights]
    return {
        **found,
        "answerable": answerable,
        "right": right,
        "floor": floor_of(question, first, known),
        "entropy": -sum(share * log(share) for share in shares if share > 0),
        "share": shares[0],
        "agreement": _agreement(first, hits),
        "asked": first.asked,
        "said": first.said,
        "length": log(1 + len(tokens(question.text))),
        "language": float(same),
        "articles": log(1 + known.passages),
        "bilingual": float(question.english is not None and first.english is not None),
    }


def _middling(first: Hit) -> Hit:
    """An article that is about something else, as near as such ones come in another language: with only one or
    two to choose from, the nearest would always seem to be far ahead."""
    return Hit(0, first.language, asked=FAR, said=0.0, score=FAR)


def _agreement(first: Hit, hits: Sequence[Hit]) -> float:
    """The share of the single signals by which the first article is the nearest, too."""
    others = hits[1:COMPARED]
    votes = [
        all(first.asked >= other.asked for other in others),
        all(first.said >= other.said for other in others),
        all(first.words >= other.words for other in others),
    ]
    if first.english is not None:
        votes.append(all(first.english >= (other.english or -1.0) for other in others))
    return sum(votes) / len(votes)


Judges: TypeAlias = Mapping[str, Weighing]


def chance_of(found: Mapping[str, float], fitted: Judges = MappingProxyType({})) -> float:
    """The probability that the first article is the answer, from `signals`, weighed by `fitted` (see
    `Corpus.fits`) where it knows how, else by what comes along."""
    judges = {**shipped(), **fitted}
    if not judges:
        return found["right"]
    return judges[judge_for(found)].probability(prepared(found))


def judge_for(found: Mapping[str, float]) -> str:
    """Who weighs: `foreign` where question and article are of two languages."""
    if not found["language"]:
        return "foreign"
    return "bilingual" if found["bilingual"] else "alone"


def contributions(
    found: Mapping[str, float], fitted: Judges = MappingProxyType({})
) -> dict[str, float]:
    """What each signal added to the chance or took from it, in log-odds; empty where nothing was
    weighed."""
    judges = {**shipped(), **fitted}
    if not judges or "bilingual" not in found:
        return {}
    judge, read = judges[judge_for(found)], prepared(found)
    return {
        name: round(weight * (read[name] - mean) / scale, 4)
        for name, (mean, scale, weight) in judge.terms.items()
    }


def prepared(found: Mapping[str, float]) -> dict[str, float]:
    """Signals as the regression reads them."""
    return {
        **found,
        "answerable": logit(found["answerable"]),
        "right": logit(found["right"]),
        "above": logit(found["answerable"]) - logit(found["floor"]),
    }


@cache
def shipped() -> dict[str, Weighing]:
    """What comes along."""
    if not FILE.exists():
        return {}
    return weighings(json.loads(FILE.read_text(encoding="utf-8"))["judges"])


def logit(chance: float) -> float:
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return log(chance / (1 - chance))
