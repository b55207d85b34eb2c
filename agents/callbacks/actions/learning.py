"""Who needs a call, and who answers then: learnt by the clock from the centre's own log, judged on what came later,
live only if it wins, and one step back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from agents.callbacks.models import CallFit
from agents.callbacks.reads.facts import TARGET, Known, attempts, table_of, waits
from agents.prediction.judging import Enough, apart_in_time, has_won, judged
from agents.prediction.keeping import packed, unpacked
from agents.prediction.learning import Asked, Model, learn, predict, prepare
from agents.prediction.problems import BadModel, BadTable
from bots import adoption
from conversations.errors import BadWords

ENOUGH = Enough(outcomes=200, rarer=30, more=50)
EVERY = timedelta(days=1)
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
    return ENOUGH.standing([one.came for one in _READ[purpose](at=at)])


def try_anew(*, purpose: str, by_id: int | None, at: datetime) -> CallFit:
    """Learns, judges, keeps; goes live if it wins. Raises BadWords when there is too little to learn from."""
    known = _READ[purpose](at=at)
    if refusal := ENOUGH.refusal(ENOUGH.standing([one.came for one in known])):
        raise BadWords(refusal)
    cut = apart_in_time(len(known))
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
    return adoption.keep(
        _of(purpose),
        won=has_won(figures),
        words={"purpose": purpose, "sheet": sheet, "arrays": arrays, "figures": figures},
        by_id=by_id,
        at=at,
        kept=KEPT,
    )


def model_of(fit: CallFit) -> Model:
    """Raises BadModel."""
    return unpacked(fit.sheet, bytes(fit.arrays))


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
    return ENOUGH.is_due(standing(purpose, at=at), last.figures if last else None)
