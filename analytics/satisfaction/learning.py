"""The life of a fit: learnt by the clock from the older conversations, judged on the newer ones, live only if it
wins, and one step back."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from agents.prediction.keeping import packed
from agents.prediction.learning import Asked, learn, predict, prepare
from agents.prediction.measures import measured
from agents.prediction.problems import BadTable
from analytics.satisfaction.facts import facts_of, table_of
from analytics.satisfaction.intervals import Floats, chances
from analytics.satisfaction.models import Fit
from bots import adoption
from conversations.errors import BadWords, CannotMove
from conversations.intervals import Z
from conversations.lifecycle import CLOSED
from conversations.models import Conversation, Rating

LEAST = 100  # outcomes, before anything is learnt
RARER = 20  # of them of either kind
HELD_OUT = 0.25  # the newest part, to judge by
MOST = 20_000  # conversations a fit reads
BACK = timedelta(days=365)
EVERY = timedelta(days=1)
MORE = 25  # outcomes since the last try
SATISFIED = 4  # of 5, and better
KEPT = 20  # tries that did not win
OUTCOME = "outcome"

Known = list[tuple[int, int]]  # (conversation, outcome) in time order


def tend(*, at: datetime) -> None:
    """What the clock does: one try a day for each purpose, where there is enough that is new."""
    for purpose in Fit.Purpose:
        if _is_due(purpose, at=at):
            try_anew(purpose=purpose, by_id=None, at=at)


def standing(purpose: str, *, at: datetime) -> dict[str, int]:
    """How many outcomes there are, how many of the rarer kind, and how many of each are needed."""
    known = _READ[purpose](at)
    came = sum(outcome for _, outcome in known)
    return {
        "outcomes": len(known),
        "needed": LEAST,
        "rarer": min(came, len(known) - came),
        "rarer_needed": RARER,
    }


def try_anew(*, purpose: str, by_id: int | None, at: datetime) -> Fit:
    """Learns, judges, keeps; goes live if it wins. Raises BadWords when there is too little to learn from."""
    known = _READ[purpose](at)
    came = sum(outcome for _, outcome in known)
    if len(known) < LEAST or min(came, len(known) - came) < RARER:
        raise BadWords(
            f"Too little to learn from: {len(known)} of {LEAST} outcomes, "
            f"{min(came, len(known) - came)} of {RARER} of the rarer kind."
        )
    facts = facts_of([key for key, _ in known])
    rows = [(facts[key], outcome) for key, outcome in known if key in facts]
    cut = round(len(rows) * (1 - HELD_OUT))
    older, newer = rows[:cut], rows[cut:]
    asked = Asked(target=OUTCOME, positive="yes")
    try:
        prepared = prepare(_table(older), asked)
        model = learn(prepared, asked, lambda _: None, with_later=False)
    except BadTable as error:
        raise BadWords(str(error)) from error
    scores = predict(model, _table(newer)).scores
    outcomes = np.array([outcome for _, outcome in newer])
    rate = sum(outcome for _, outcome in older) / len(older)
    figures = judged(scores, outcomes, rate=rate) | {"learnt_from": len(older)}
    sheet, arrays = packed(model)
    return _keep(
        purpose=purpose,
        won=figures["interval"][0] > 0,
        words={
            "sheet": sheet,
            "arrays": arrays,
            "held_out": [
                [round(float(score), 5), int(outcome)]
                for score, outcome in zip(scores, outcomes, strict=True)
            ],
            "figures": figures,
        },
        by_id=by_id,
        at=at,
    )


def judged(scores: Floats, outcomes: np.ndarray[Any, Any], *, rate: float) -> dict[str, Any]:
    """The newer part in two halves, each calibrated by the other: the log loss that is saved against the plain
    rate, in nats a conversation with its 95 % interval, and how good the chances are."""
    halves = np.arange(len(scores)) % 2
    said = np.empty(len(scores))
    for half in (0, 1):
        other = [
            (float(score), int(outcome))
            for score, outcome in zip(scores[halves != half], outcomes[halves != half], strict=True)
        ]
        said[halves == half] = [one.chance for one in chances(other, scores[halves == half])]
    said = said.clip(0.01, 0.99)
    plain = min(max(rate, 0.01), 0.99)
    gain = _loss(np.full(len(said), plain), outcomes) - _loss(said, outcomes)
    half_width = Z * float(gain.std(ddof=1)) / math.sqrt(len(gain))
    mean = float(gain.mean())
    return {
        "judged_on": len(scores),
        "rate": round(float(outcomes.mean()), 4),
        "gain": round(mean, 4),
        "interval": [round(mean - half_width, 4), round(mean + half_width, 4)],
        **measured(outcomes, said),
    }


def _loss(said: Floats, outcomes: np.ndarray[Any, Any]) -> Floats:
    return np.asarray(-(outcomes * np.log(said) + (1 - outcomes) * np.log(1 - said)), dtype=float)


@transaction.atomic
def _keep(
    *, purpose: str, won: bool, words: dict[str, Any], by_id: int | None, at: datetime
) -> Fit:
    rows = _of(purpose)
    live = rows.filter(state=Fit.State.LIVE).first()
    goes_live = won and not adoption.rests(rows, at=at)
    if goes_live:
        live = adoption.retire(rows, by_id=by_id, at=at)
    try:
        with transaction.atomic():
            made = Fit.objects.create(
                purpose=purpose,
                state=Fit.State.LIVE if goes_live else Fit.State.LOST,
                made_at=at,
                since=at,
                decided_by_id=by_id if goes_live else None,
                before=live,
                **words,
            )
    except IntegrityError as error:  # another worker was quicker
        raise CannotMove("Another one has just gone live.") from error
    adoption.forget_losers(rows, kept=KEPT)
    return made


@transaction.atomic
def roll_back(*, key: UUID, by_id: int, at: datetime) -> Fit | None:
    """The live one goes; what was live before it is live again. Answers that one. Raises NotFound, CannotMove."""
    return adoption.step_back(Fit.objects.all(), key, by_id=by_id, at=at)


def _of(purpose: str) -> QuerySet[Fit]:
    return Fit.objects.filter(purpose=purpose)


def _is_due(purpose: str, *, at: datetime) -> bool:
    last = _of(purpose).order_by("-made_at").first()
    if last is not None and last.made_at > at - EVERY:
        return False
    found = standing(purpose, at=at)
    known = 0 if last is None else last.figures["learnt_from"] + last.figures["judged_on"]
    return (
        found["outcomes"] >= max(LEAST, known + MORE)
        and found["rarer"] >= RARER
    )  # fmt: skip


def _table(rows: Sequence[tuple[dict[str, str], int]]) -> Any:
    outcomes = ["yes" if outcome else "no" for _, outcome in rows]
    return table_of([row for row, _ in rows], **{OUTCOME: outcomes})


def _satisfied(at: datetime) -> Known:
    rated = Rating.objects.filter(
        conversation__state__in=CLOSED, conversation__resolved_at__gt=at - BACK
    ).order_by("-conversation__resolved_at", "-pk")
    found = rated.values_list("conversation_id", "score")[:MOST]
    return [(key, int(score >= SATISFIED)) for key, score in reversed(found)]


def _answers(at: datetime) -> Known:
    """Conversations in which the customer had said something; who may still answer today is left out."""
    over = Conversation.objects.filter(
        state__in=CLOSED,
        resolved_at__gt=at - BACK,
        resolved_at__lt=at - EVERY,
        waiting_since=None,
        merged_into=None,
    ).order_by("-resolved_at", "-pk")
    found = over.values_list("pk", "rating__id")[:MOST]
    return [(key, int(rating is not None)) for key, rating in reversed(found)]


_READ: dict[str, Callable[[datetime], Known]] = {
    Fit.Purpose.SATISFIED: _satisfied,
    Fit.Purpose.ANSWERS: _answers,
}
