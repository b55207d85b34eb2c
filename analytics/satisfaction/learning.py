"""The life of a fit: learnt by the clock from the older conversations, judged on the newer ones, live only if it
wins, and one step back."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from agents.prediction.judging import Enough, apart_in_time, has_won, judged
from agents.prediction.keeping import packed
from agents.prediction.learning import Asked, learn, predict, prepare
from agents.prediction.problems import BadTable
from analytics.satisfaction.facts import facts_of, table_of
from analytics.satisfaction.intervals import Floats, chances
from analytics.satisfaction.models import Fit
from bots import adoption
from conversations.errors import BadWords
from conversations.lifecycle import CLOSED
from conversations.models import Conversation, Rating

ENOUGH = Enough(outcomes=100, rarer=20, more=25)
MOST = 20_000  # conversations a fit reads
BACK = timedelta(days=365)
EVERY = timedelta(days=1)
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
    return ENOUGH.standing([outcome for _, outcome in _READ[purpose](at)])


def try_anew(*, purpose: str, by_id: int | None, at: datetime) -> Fit:
    """Learns, judges, keeps; goes live if it wins. Raises BadWords when there is too little to learn from."""
    known = _READ[purpose](at)
    if refusal := ENOUGH.refusal(ENOUGH.standing([outcome for _, outcome in known])):
        raise BadWords(refusal)
    facts = facts_of([key for key, _ in known])
    rows = [(facts[key], outcome) for key, outcome in known if key in facts]
    cut = apart_in_time(len(rows))
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
    said = in_halves(scores, outcomes)
    figures = judged(said, np.full(len(said), rate), outcomes) | {"learnt_from": len(older)}
    sheet, arrays = packed(model)
    held_out = [
        [round(float(score), 5), int(outcome)]
        for score, outcome in zip(scores, outcomes, strict=True)
    ]
    return adoption.keep(
        _of(purpose),
        won=has_won(figures),
        words={
            "purpose": purpose, "sheet": sheet, "arrays": arrays, "held_out": held_out, "figures": figures,
        },
        by_id=by_id,
        at=at,
        kept=KEPT,
    )  # fmt: skip


def in_halves(scores: Floats, outcomes: np.ndarray[Any, Any]) -> Floats:
    """Chances of the newer part, which calibrates what is live: each half by the other, so that none is judged by
    its own outcome."""
    halves = np.arange(len(scores)) % 2
    said = np.empty(len(scores))
    for half in (0, 1):
        other = [
            (float(score), int(outcome))
            for score, outcome in zip(scores[halves != half], outcomes[halves != half], strict=True)
        ]
        said[halves == half] = [one.chance for one in chances(other, scores[halves == half])]
    return said


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
    return ENOUGH.is_due(standing(purpose, at=at), last.figures if last else None)


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
