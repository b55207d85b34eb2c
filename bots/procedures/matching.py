"""Which procedure a message begins: by its keywords, else by what its examples mean. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from zoneinfo import ZoneInfo

from bots.language.model import Vectors
from bots.procedures.said import wants_to_know
from bots.procedures.shapes import Hours, Procedure, When

# The chance that a message belongs to the nearest example, from how near it is (cosine of the
# multilingual encoder, whose unrelated texts are near each other, too) and how much nearer than
# anything that the procedure is not.
WEIGHT_NEAR, WEIGHT_AHEAD, OFFSET = 80.0, 25.0, -71.05
SURE = 0.55  # of chance: from here on it begins
CLOSE = 0.012  # of cosine: two procedures as near as this are asked about
UNRELATED = 0.75  # of cosine: what two texts have in common that have nothing in common
TO_KNOW = 0.03  # of cosine: so much nearer must it be if the message asks to be told something


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live procedure; `like` are the vectors of its examples, `unlike` of what it is not."""

    pk: int
    procedure: Procedure
    like: Vectors | None
    unlike: Vectors | None


@dataclass(frozen=True, slots=True)
class Match:
    """`others` come as near: the customer is asked which is meant."""

    candidate: Candidate
    chance: float
    by: str
    others: tuple[Candidate, ...] = ()


def fits(when: When, *, channel: str, inbox: str, language: str, at: datetime, zone: str) -> bool:
    """Whether a procedure may begin here and now."""
    base = language.split("-", maxsplit=1)[0].lower()
    return (
        (not when.channels or channel in when.channels)
        and (not when.inboxes or inbox in when.inboxes)
        and (not when.languages or base in {one.split("-")[0].lower() for one in when.languages})
        and (when.hours is None or is_open(when.hours, at.astimezone(ZoneInfo(zone))))
    )


def is_open(hours: Hours, at: datetime) -> bool:
    minute = at.hour * 60 + at.minute
    if hours.since < hours.until:
        return at.weekday() in hours.days and hours.since <= minute < hours.until
    late = at.weekday() in hours.days and minute >= hours.since
    early = (at.weekday() - 1) % 7 in hours.days and minute < hours.until
    return late or early


def by_meaning(text: str, vector: Vectors, candidates: Sequence[Candidate]) -> Match | None:
    """The candidate whose examples are nearest, if that is near enough and nothing else is nearer."""
    near = {
        one.pk: float((one.like @ vector).max())
        for one in candidates
        if one.like is not None and len(one.like)
    }
    if not near:
        return None
    order = sorted(candidates, key=lambda one: near.get(one.pk, -1.0), reverse=True)
    first = order[0]
    rival = _rival(first, vector)
    ahead = near[first.pk] - rival
    if wants_to_know(text):
        ahead -= TO_KNOW
    chance = chance_of(near[first.pk], ahead)
    if chance < SURE:
        return None
    close = tuple(one for one in order[1:] if near.get(one.pk, -1.0) >= near[first.pk] - CLOSE)
    return Match(first, chance, "examples", close[:3])


def _rival(first: Candidate, vector: Vectors) -> float:
    """How near the nearest thing is that it is not."""
    if first.unlike is None or not len(first.unlike):
        return UNRELATED
    return max(UNRELATED, float((first.unlike @ vector).max()))


def chance_of(near: float, ahead: float) -> float:
    return 1 / (1 + exp(-(WEIGHT_NEAR * near + WEIGHT_AHEAD * ahead + OFFSET)))
