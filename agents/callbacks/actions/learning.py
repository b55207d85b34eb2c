"""Who needs a call, and who answers then: learnt by the clock from the centre's own log, judged on what came later,
live only if it wins, and one step back."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from agents.callbacks.models import CallFit
from agents.callbacks.reads.facts import TARGET, Known, attempts, table_of, waits
from agents.prediction.keeping import packed, unpacked
from agents.prediction.learning import Asked, Model, learn, predict, prepare
from agents.prediction.measures import measured
from agents.prediction.problems import BadModel, BadTable
from bots import adoption
from conversations.errors import BadWords, CannotMove

LEAST = 200  # outcomes, before anything is learnt
RARER = 30  # of them of either kind
HELD_OUT = 0.25  # the newest part, to judge by
EVERY = timedelta(days=1)
MORE = 50  # outcomes since the last try
KEPT = 20  # tries that did not win

_READ: dict[str, Callable[..., list[Known]]] = {
    CallFit.Purpose.NEEDS: waits,
    CallFit.Purpose.ANSWERS: attempts,
}


def tend(*, at: datetime) -> None:
    """What the clock does: one try a day for each purpose, where there is enough that is new."""
    for purpose in CallFit.Purpose:
        if _is_due(purpose, at=at):
            try_anew(purpose=purpose, by_id=None, at=at)


def standing(purpose: str, *, at: datetime) -> dict[str, int]:
    """How many outcomes there are, how many of the rarer kind, and how many of each are needed."""
    return _counted(_READ[purpose](at=at))


def _counted(known: Sequence[Known]) -> dict[str, int]:
    came = sum(one.came for one in known)
    return {
        "outcomes": len(known),
        "needed": LEAST,
        "rarer": min(came, len(known) - came),
        "rarer_needed": RARER,
    }


def try_anew(*, purpose: str, by_id: int | None, at: datetime) -> CallFit:
    """Learns, judges, keeps; goes live if it wins. Raises BadWords when there is too little to learn from."""
    known = _READ[purpose](at=at)
    found = _counted(known)
    if found["outcomes"] < LEAST or found["rarer"] < RARER:
        raise BadWords(
            f"Too little to learn from: {found['outcomes']} of {LEAST} outcomes, "
            f"{found['rarer']} of {RARER} of the rarer kind."
        )
    cut = round(len(known) * (1 - HELD_OUT))
    older, newer = known[:cut], known[cut:]
    asked = Asked(target=TARGET, positive="yes")
    rows = table_of([one.facts for one in newer])
    live = _of(purpose).filter(state=CallFit.State.LIVE).first()
    try:
        prepared = prepare(
            table_of([one.facts for one in older], [one.came for one in older]), asked
        )
        model = learn(prepared, asked, lambda _: None, with_later=False)
        said = predict(model, rows).chances
        rate = sum(one.came for one in older) / len(older)
        beside = np.full(len(newer), rate)
        if live is not None:
            beside = predict(model_of(live), rows).chances
    except (BadTable, BadModel) as error:
        raise BadWords(str(error)) from error
    outcomes = np.array([int(one.came) for one in newer])
    figures = judged(said, beside, outcomes) | {
        "learnt_from": len(older),
        "against": "what is live" if live else "the plain rate",
    }
    sheet, arrays = packed(model)
    words = {"sheet": sheet, "arrays": arrays, "figures": figures}
    return _keep(purpose=purpose, won=figures["interval"][0] > 0, words=words, by_id=by_id, at=at)


def judged(
    said: np.ndarray[Any, Any], beside: np.ndarray[Any, Any], outcomes: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """The log loss that is saved for each of the newer rows, in nats with its 95 % interval, and how good the
    chances are."""
    gain = _loss(beside, outcomes) - _loss(said, outcomes)
    half = 1.96 * float(gain.std(ddof=1)) / math.sqrt(len(gain))
    mean = float(gain.mean())
    return {
        "judged_on": len(said),
        "rate": round(float(outcomes.mean()), 4),
        "gain": round(mean, 4),
        "interval": [round(mean - half, 4), round(mean + half, 4)],
        **measured(outcomes, said),
    }


def _loss(said: np.ndarray[Any, Any], outcomes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    said = said.clip(0.01, 0.99)
    return np.asarray(-(outcomes * np.log(said) + (1 - outcomes) * np.log(1 - said)), dtype=float)


def model_of(fit: CallFit) -> Model:
    """Raises BadModel."""
    return unpacked(fit.sheet, bytes(fit.arrays))


@transaction.atomic
def _keep(
    *, purpose: str, won: bool, words: dict[str, Any], by_id: int | None, at: datetime
) -> CallFit:
    rows = _of(purpose)
    live = rows.filter(state=CallFit.State.LIVE).first()
    goes_live = won and (by_id is not None or not adoption.rests(rows, at=at))
    if goes_live:
        live = adoption.retire(rows, by_id=by_id, at=at)
    try:
        with transaction.atomic():
            made = CallFit.objects.create(
                purpose=purpose,
                state=CallFit.State.LIVE if goes_live else CallFit.State.LOST,
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
def roll_back(*, key: UUID, by_id: int, at: datetime) -> CallFit | None:
    """The live one goes; what was live before it is live again. Answers that one. Raises NotFound, CannotMove."""
    return adoption.step_back(CallFit.objects.all(), key, by_id=by_id, at=at)


def _of(purpose: str) -> QuerySet[CallFit]:
    return CallFit.objects.filter(purpose=purpose)


def _is_due(purpose: str, *, at: datetime) -> bool:
    last = _of(purpose).order_by("-made_at").first()
    if last is not None and last.made_at > at - EVERY:
        return False
    found = standing(purpose, at=at)
    known = 0 if last is None else last.figures["learnt_from"] + last.figures["judged_on"]
    return found["outcomes"] >= max(LEAST, known + MORE) and found["rarer"] >= RARER
