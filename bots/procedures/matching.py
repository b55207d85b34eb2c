"""Which procedure a message begins: by its keywords, else by what its examples mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bots.language.model import Vectors
from bots.procedures.shapes import Hours, Procedure, When

# Chosen on the demo packs' examples, each left out in turn, against what articles answer there
# (benchmarks/beginnings.py): 81 % begin the right procedure, 2 % another one, and 6 % of the articles'
# questions begin one.
ENGLISH = 0.5  # what the English encoder says beside the multilingual one, where it has a say
STEEP, RIDGE = 1.0, 0.03  # how fast likeness falls with distance; how little one example may say
STRANGE = 0.3  # what a question of an article weighs beside an example
SURE = 0.365  # of the score, which is about 1 for an example: from here on a procedure begins
MAYBE = 0.25  # from here on it is offered
# In the middle of another procedure, where answers were learnt too (benchmarks/asides.py): of other procedures' examples,
# left out, 84 % begin what they are for; of wishes 0.2 % begin anything, of the articles' questions 7 %.
INSIDE = 0.33
HOW = 0.25  # of the score: taken off what asks how something is done
CLOSE = 0.05  # of the score: two procedures as near as this are asked about
NEAR = 0.85  # of cosine: farther from all of its examples, a message is for no procedure
EVERYDAY = (
    "hello", "thank you", "are you open on Sunday?", "what are your opening hours?",
    "where are you located?", "how can I contact you?", "do you have a shop near me?",
    "what does it cost?", "is it any good?", "can you tell me more about it?", "who are you?",
    "I have a question", "that is not what I asked", "what is your phone number?",
    "do you offer a discount?", "is my data safe with you?", "which payment methods do you accept?",
    "你好", "谢谢", "你们几点开门？", "你们在哪里？", "怎么联系你们？", "多少钱？", "我有个问题",
    "有优惠吗？", "支持哪些付款方式？", "能详细介绍一下吗？", "你是谁？",
)  # fmt: skip
"""What everybody asks everywhere, and no procedure is for."""
MOST = 900  # texts that are compared with; twice as many take eight times as long to learn, in somebody's turn
_HOW = re.compile(
    r"^\W*(?:how (?:do|does|can|would|should|long|many|often)|what happens|is there a fee)|怎么|如何|多久",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as both encoders read them, a row each; a row of zeros where the English one has no say."""

    every: Vectors
    english: Vectors

    def __len__(self) -> int:
        return len(self.every)

    @classmethod
    def joined(cls, parts: Sequence[Read]) -> Read:
        return cls(
            np.concatenate([one.every for one in parts]),
            np.concatenate([one.english for one in parts]),
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live procedure; `like` are its examples, `unlike` what it is not."""

    pk: int
    procedure: Procedure
    like: Read | None
    unlike: Read | None


@dataclass(frozen=True, slots=True)
class Match:
    """`others` come as near: the customer is asked which is meant. Where it is not sure, the articles
    are asked first, and the procedure is offered beside what they say."""

    candidate: Candidate
    score: float
    by: str
    others: tuple[Candidate, ...] = ()
    is_sure: bool = True


def fits(when: When, *, channel: str, inbox: str, language: str, at: datetime, zone: str) -> bool:
    """Whether a procedure may begin here and now."""
    base = language.split("-", maxsplit=1)[0].lower()
    return (
        (not when.channels or channel in when.channels)
        and (not when.inboxes or inbox in when.inboxes)
        and (not when.languages or base in {one.split("-")[0].lower() for one in when.languages})
        and (when.hours is None or is_open(when.hours, at.astimezone(ZoneInfo(zone))))
    )


def is_meant_for(when: When, audiences: Collection[str]) -> bool:
    """Whether a procedure may begin for somebody of these audiences (names in lower case)."""
    return not when.audiences or any(name.casefold() in audiences for name in when.audiences)


def is_open(hours: Hours, at: datetime) -> bool:
    minute = at.hour * 60 + at.minute
    if hours.since < hours.until:
        return at.weekday() in hours.days and hours.since <= minute < hours.until
    late = at.weekday() in hours.days and minute >= hours.since
    early = (at.weekday() - 1) % 7 in hours.days and minute < hours.until
    return late or early


@dataclass(frozen=True)
class Matcher:
    """Kernel ridge regression over both encoders' vectors: what the examples have that neither other
    procedures' nor the articles' questions have."""

    candidates: tuple[Candidate, ...]
    _given: Read
    _middle: Read
    _weights: NDArray[np.float64]
    inside: bool = False

    @classmethod
    def learn(
        cls, candidates: Sequence[Candidate], strangers: Read | None, answers: Read | None = None
    ) -> Matcher | None:
        """None where no procedure has examples. `strangers`: questions that articles answer. `answers`: what people say
        who are asked for something; with these it is for what is said in the middle of a procedure."""
        able = tuple(one for one in candidates if one.like is not None and len(one.like))
        if not able:
            return None
        rows = [one.like for one in able if one.like is not None]
        owners = [place for place, like in enumerate(rows) for _ in range(len(like))]
        rows += [one.unlike for one in able if one.unlike is not None and len(one.unlike)]
        if answers is not None:
            rows.append(answers)
        own = sum(map(len, rows))
        if strangers is not None:
            rows.append(_nearest(strangers, Read.joined(rows), max(MOST - own, 0)))
        given = Read.joined(rows)
        weights = np.ones(len(given))
        weights[own:] = STRANGE
        truth = np.zeros((len(given), len(able)))
        truth[np.arange(len(owners)), owners] = 1.0
        middle = Read(_middle_of(given.every), _middle_of(given.english))
        like = likeness(given, given, middle)
        found: NDArray[np.float64] = np.linalg.solve(
            like + RIDGE * np.diag(1 / weights), truth
        ).astype(np.float64)
        return cls(able, given, middle, found, inside=answers is not None)

    def scores(self, asked: Read) -> NDArray[np.float64]:
        """About 1 for what a procedure is for and 0 for all else: shape (messages, candidates)."""
        scores: NDArray[np.float64] = likeness(asked, self._given, self._middle) @ self._weights
        return scores

    def match(self, text: str, asked: Read) -> Match | None:
        """The procedure that a message is for; None where it is hardly for any."""
        scores = self.scores(asked)[0]
        order = np.argsort(-scores)
        best = float(scores[order[0]]) - (HOW if _HOW.search(text) else 0.0)
        first = self.candidates[int(order[0])]
        near = float((first.like.every @ asked.every[0]).max()) if first.like is not None else 0.0
        if near < NEAR or best < MAYBE:
            return None
        close = [int(place) for place in order[1:4] if scores[place] >= scores[order[0]] - CLOSE]
        others = tuple(self.candidates[place] for place in close)
        return Match(
            first, best, "examples", others, is_sure=best >= (INSIDE if self.inside else SURE)
        )


def _nearest(strangers: Read, own: Read, most: int) -> Read:
    """Those that come nearest to anything of ours: of thousands of articles only they teach something."""
    if len(strangers) <= most:
        return strangers
    near = (strangers.every @ own.every.T).max(axis=1)
    kept = np.sort(np.argsort(-near)[:most])
    return Read(strangers.every[kept], strangers.english[kept])


def likeness(asked: Read, given: Read, middle: Read) -> NDArray[np.float64]:
    """Of each message and each text that was learnt from; more where the English encoder read both."""
    every = _near(asked.every, given.every, middle.every, STEEP)
    both = np.logical_and.outer(np.any(asked.english, axis=1), np.any(given.english, axis=1))
    if not both.any():
        return every
    return every + np.where(
        both, ENGLISH * _near(asked.english, given.english, middle.english, STEEP), 0.0
    )


def _near(asked: Vectors, given: Vectors, middle: Vectors, steep: float) -> NDArray[np.float64]:
    cosine = _centred(asked, middle) @ _centred(given, middle).T
    near: NDArray[np.float64] = np.exp(steep * (cosine.astype(np.float64) - 1))
    return near


def _middle_of(vectors: Vectors) -> Vectors:
    """Of the rows that say something."""
    rows = vectors[np.any(vectors, axis=1)]
    middle: Vectors = rows.mean(0) if len(rows) else np.zeros(vectors.shape[1], np.float32)
    return middle


def _centred(vectors: Vectors, middle: Vectors) -> Vectors:
    apart = vectors - middle
    centred: Vectors = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    return centred
