"""How good the bot is on questions whose right article is known: ranks, confusion, confidence. Pure."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bots.knowledge.intents import Examples, IntentHead
from bots.language.model import Vectors

RANKS = (1, 3, 5, 10)
BINS = 10
FEATURED = 40  # pairs of articles in the report that are mixed up most often


@dataclass(frozen=True)
class Trial:
    """One question: what was right (None: nothing answers it), and what was found, best first."""

    question: str
    right: str | None
    found: Sequence[str]
    confidence: float = 0.0
    decision: str = ""

    @property
    def rank(self) -> int | None:
        """From 1; None where the right article is not among those found."""
        try:
            return list(self.found).index(str(self.right)) + 1
        except ValueError:
            return None

    @property
    def is_right(self) -> bool:
        """The right article first; where nothing answers, a person was asked."""
        return self.decision == "handoff" if self.right is None else self.rank == 1

    def shown(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "article": self.right,
            "found": list(self.found[:3]),
            "rank": self.rank,
            "confidence": round(self.confidence, 4),
            "decision": self.decision,
        }


def ranking(trials: Sequence[Trial]) -> dict[str, float]:
    """Recall at some ranks and the mean reciprocal rank, of the questions that have an answer."""
    ranks = [trial.rank for trial in trials if trial.right is not None]
    if not ranks:
        return {}
    found = {f"recall@{k}": sum(r is not None and r <= k for r in ranks) for k in RANKS}
    return {
        **{name: round(count / len(ranks), 4) for name, count in found.items()},
        "mrr": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4),
    }


def confusion(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Which article was found first for whose questions, most often mixed up first."""
    pairs = Counter((trial.right or "", trial.found[0] if trial.found else "") for trial in trials)
    ordered = sorted(pairs.items(), key=lambda item: (item[0][0] == item[0][1], -item[1], item[0]))
    return [{"article": a, "found": b, "questions": n} for (a, b), n in ordered]


def by_article(trials: Sequence[Trial]) -> dict[str, Any]:
    """Precision, recall and F1 of each of the `articles` (`support`: how many questions are its own), and
    their means: `macro` counts every article alike, `weighted` every question."""
    own = Counter(str(trial.right) for trial in trials if trial.right is not None)
    first = Counter(trial.found[0] for trial in trials if trial.found)
    hit = Counter(str(one.right) for one in trials if one.right is not None and one.rank == 1)
    found: dict[str, dict[str, float]] = {}
    for name in sorted({*own, *first}):
        precision, recall = hit[name] / max(first[name], 1), hit[name] / max(own[name], 1)
        both = precision + recall
        found[name] = {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / both, 4) if both else 0.0,
            "support": own[name],
        }
    rows = list(found.values())
    return {
        "articles": found,
        "macro": _mean(rows, [1.0] * len(rows)),
        "weighted": _mean(rows, [one["support"] for one in rows]),
    }


def _mean(rows: Sequence[Mapping[str, float]], weights: Sequence[float]) -> dict[str, float]:
    whole = sum(weights) or 1.0
    return {
        name: round(sum(w * one[name] for w, one in zip(weights, rows, strict=True)) / whole, 4)
        for name in ("precision", "recall", "f1")
    }


def spread(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How much each figure differs between the parts that were left out in turn: standard deviations."""
    names = {name for part in parts for name in part}
    return {
        f"{name}_sd": round(float(np.std([part.get(name, 0.0) for part in parts])), 4)
        for name in sorted(names)
    }


def histogram(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """How many answers were right and wrong for each tenth of confidence."""
    bins: list[dict[str, Any]] = [
        {"from": place / BINS, "to": (place + 1) / BINS, "right": 0, "wrong": 0}
        for place in range(BINS)
    ]
    for trial in trials:
        place = min(int(trial.confidence * BINS), BINS - 1)
        bins[place]["right" if trial.is_right else "wrong"] += 1
    return bins


def calibration_error(trials: Sequence[Trial]) -> float:
    """The mean distance between confidence and the share that was right, over the same tenths."""
    if not trials:
        return 0.0
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for trial in trials:
        both = sums[min(int(trial.confidence * BINS), BINS - 1)]
        both[0] += trial.confidence
        both[1] += trial.is_right
    return round(sum(abs(said - was) for said, was in sums.values()) / len(trials), 4)


# --- cross-validation ---------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One title or example question with its vectors. Titles are never asked, only learnt from."""

    article: str
    text: str
    is_question: bool
    every: Vectors
    english: Vectors | None


def folds(asked: Sequence[Asked], count: int, *, seed: int = 0) -> list[list[int]]:
    """The places of the questions in so many parts, each article's spread evenly over them.

    The only wording of an article is in none: nothing would be left to find it by.
    """
    dice = random.Random(seed)
    by_article: dict[str, list[int]] = defaultdict(list)
    sizes = Counter(one.article for one in asked)
    for place, one in enumerate(asked):
        if one.is_question and sizes[one.article] > 1:
            by_article[one.article].append(place)
    parts: list[list[int]] = [[] for _ in range(count)]
    turn = 0
    for article in sorted(by_article):
        dice.shuffle(by_article[article])
        for place in by_article[article]:
            parts[turn % count].append(place)
            turn += 1
    return [sorted(part) for part in parts if part]


def kept(asked: Sequence[Asked], held_out: Sequence[int], share: float, seed: int) -> list[int]:
    """What is learnt from: so large a share of each article's other wordings, its first one always."""
    dice = random.Random(seed)
    out = set(held_out)
    by_article: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(asked):
        if place not in out:
            by_article[one.article].append(place)
    chosen: list[int] = []
    for places in by_article.values():
        rest = places[1:]
        dice.shuffle(rest)
        chosen += [places[0], *rest[: round(share * len(rest))]]
    return sorted(chosen)


def compared(
    asked: Sequence[Asked], given: Sequence[int], held_out: Sequence[int]
) -> Iterator[tuple[str, list[Trial]]]:
    """Each way of telling articles apart by their wordings, with what it made of the held-out ones."""
    every = _near(asked, given, held_out, lambda one: one.every)
    yield "multilingual", _trials(asked, given, held_out, every)
    if all(one.english is not None for one in asked):
        english = _near(asked, given, held_out, lambda one: one.english)
        yield "english", _trials(asked, given, held_out, english)
        yield "both", _trials(asked, given, held_out, 3 * every + english)
    if (learnt := _learnt(asked, given, held_out)) is not None:
        yield "intents", learnt


def _near(
    asked: Sequence[Asked], given: Sequence[int], held_out: Sequence[int], vector: Any
) -> NDArray[np.float64]:
    mine = np.array([vector(asked[place]) for place in held_out])
    theirs = np.array([vector(asked[place]) for place in given])
    near: NDArray[np.float64] = (mine @ theirs.T).astype(np.float64)
    return near


def _trials(
    asked: Sequence[Asked],
    given: Sequence[int],
    held_out: Sequence[int],
    near: NDArray[np.float64],
) -> list[Trial]:
    """Articles by their nearest wording; the lead over the second one says how sure that is."""
    trials = []
    for row, place in enumerate(held_out):
        best: dict[str, float] = {}
        for column in np.argsort(-near[row]):
            best.setdefault(asked[given[int(column)]].article, float(near[row, column]))
            if len(best) > RANKS[-1]:
                break
        lead = [*best.values(), 0.0]
        sure = min(max(10 * (lead[0] - lead[1]), 0.0), 1.0)
        one = asked[place]
        trials.append(Trial(one.text, one.article, list(best)[: RANKS[-1]], sure))
    return trials


def _learnt(
    asked: Sequence[Asked], given: Sequence[int], held_out: Sequence[int]
) -> list[Trial] | None:
    both = all(asked[place].english is not None for place in (*given, *held_out))

    def rows(places: Sequence[int]) -> tuple[Vectors, Vectors | None]:
        english = [asked[place].english for place in places]
        return (
            np.array([asked[place].every for place in places], dtype=np.float32),
            np.array(english, dtype=np.float32) if both else None,
        )

    head = IntentHead.learn(Examples([asked[place].article for place in given], *rows(given)))
    if head is None:
        return None
    every, english = rows(held_out)
    scores = head.scores(every, english)
    told = head.of(every, english)
    order = np.argsort(-scores, axis=1)[:, : RANKS[-1]]
    return [
        Trial(
            asked[place].text,
            asked[place].article,
            [head.known[int(column)] for column in order[row]],
            told[row].probability,
        )
        for row, place in enumerate(held_out)
    ]


def report_of(trials: Sequence[Trial]) -> dict[str, Any]:
    """Everything but the questions themselves."""
    decided = Counter(trial.decision for trial in trials if trial.decision)
    return {
        "questions": len(trials),
        "right": round(sum(trial.is_right for trial in trials) / max(len(trials), 1), 4),
        **ranking(trials),
        "calibration_error": calibration_error(trials),
        **({"decisions": dict(decided)} if decided else {}),
        "confidence": histogram(trials),
        "mixed_up": [pair for pair in confusion(trials) if pair["article"] != pair["found"]][
            :FEATURED
        ],
    }


def best_of(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The way with the best mean reciprocal rank."""
    return max(figures, key=lambda name: figures[name].get("mrr", 0.0))
