"""How what was learnt goes live, and one step back: the same for every table of candidates.

All of these take the rows of one purpose (one kind of weights, one outcome) and belong inside the caller's
transaction; that one of them at most is live is a constraint of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bots.models.candidate import Candidate, CandidateState
from conversations.errors import CannotMove, NotFound

REST = timedelta(days=30)  # after somebody rolled one back nothing goes live by itself

C = TypeVar("C", bound=Candidate)


def rests(rows: QuerySet[C], *, at: datetime) -> bool:
    """Somebody has lately taken one back: the next one waits for a person."""
    return rows.filter(state=CandidateState.BACK, since__gt=at - REST).exists()


def held(rows: QuerySet[C], key: UUID, state: CandidateState) -> C:
    """The row, locked. Raises NotFound, and CannotMove when it is in another state."""
    row = _locked(rows).filter(uuid=key).first()
    if row is None:
        raise NotFound("There is no such one.")
    if row.state != state:
        raise CannotMove(f"It is {row.get_state_display().lower()}.")
    return row


def retire(rows: QuerySet[C], *, by_id: int | None, at: datetime) -> C | None:
    """Takes what is live, if anything is, out of use for something better; answers it."""
    live = _locked(rows).filter(state=CandidateState.LIVE).first()
    return None if live is None else moved(live, CandidateState.RETIRED, by_id=by_id, at=at)


@transaction.atomic
def keep(
    rows: QuerySet[C],
    *,
    won: bool,
    words: Mapping[str, Any],
    by_id: int | None,
    at: datetime,
    kept: int,
) -> C:
    """A try that is judged already, as a row of `words` besides: live if it won, unless somebody has lately taken one
    back and nobody asked for this one. Of losers the newest `kept` stay. Raises CannotMove if another one went live
    meanwhile."""
    goes_live = won and (by_id is not None or not rests(rows, at=at))
    if goes_live:
        before = retire(rows, by_id=by_id, at=at)
    else:
        before = rows.filter(state=CandidateState.LIVE).first()
    try:
        with transaction.atomic():
            made = rows.create(
                state=CandidateState.LIVE if goes_live else CandidateState.LOST,
                made_at=at,
                since=at,
                decided_by_id=by_id if goes_live else None,
                before=before,
                **words,
            )
    except IntegrityError as error:  # another worker was quicker
        raise CannotMove("Another one has just gone live.") from error
    forget_losers(rows, kept=kept)
    return made


def go_live(row: C, rows: QuerySet[C], *, by_id: int | None, at: datetime) -> C:
    """What was live until now retires, and is where one step back leads."""
    row.before = retire(rows, by_id=by_id, at=at)
    return moved(row, CandidateState.LIVE, by_id=by_id, at=at)


def step_back(
    rows: QuerySet[C],
    key: UUID,
    *,
    by_id: int | None,
    at: datetime,
    usable: Callable[[C], bool] = lambda _: True,
) -> C | None:
    """The live one goes; what was live before it is live again, if it is still `usable`. Answers that one; None:
    what comes along. Raises NotFound, and CannotMove when it is not live."""
    live = held(rows, key, CandidateState.LIVE)
    before = _locked(rows).filter(pk__in=rows.filter(pk=live.pk).values("before")).first()
    moved(live, CandidateState.BACK, by_id=by_id, at=at)
    if before is None or before.state != CandidateState.RETIRED or not usable(before):
        return None
    return moved(before, CandidateState.LIVE, by_id=by_id, at=at)


def moved(row: C, state: CandidateState, *, by_id: int | None, at: datetime) -> C:
    row.state, row.since, row.decided_by_id = state, at, by_id
    row.save(update_fields=["state", "since", "decided_by", "before"])
    return row


def forget_losers(rows: QuerySet[C], *, kept: int) -> None:
    """Of those that did not win only the newest are kept."""
    lost = rows.filter(state=CandidateState.LOST).order_by("-made_at", "-pk")
    rows.filter(pk__in=list(lost.values_list("pk", flat=True)[kept:])).delete()


def _locked(rows: QuerySet[C]) -> QuerySet[C]:
    return rows.select_for_update(of=("self",))
