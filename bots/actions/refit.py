"""The life of a refit: made by the clock, tried on what comes after it, live, and one step back.

The clock makes one try a day at most, in one statement, so that a killed worker has done it or has not. What
it is compared with is always what answers at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bots import adoption
from bots.answering.chance import shipped
from bots.knowledge.fits import Fits, as_stored, fits_of, live_fits
from bots.learning import refit as rules
from bots.models import Refit
from bots.reads import outcomes
from conversations.errors import CannotMove, Taken

LEAST = 200  # outcomes, before anything is fitted
LEAST_LATER = 60  # of them held out; and as many new ones, before one may go live
MORE = 50  # outcomes since the last try
BACK = timedelta(days=60)
SETTLED = timedelta(
    hours=26
)  # younger ones tell half: what went wrong is known at once, what went well a day later
EVERY = timedelta(days=1)
TRIED = timedelta(days=45)  # then it has not won, and a fresh one may be tried
KEPT = 50  # tries that did not win


@dataclass(frozen=True)
class Way:
    """How one kind is read, fitted and compared."""

    rows: Callable[..., Sequence[Any]]
    now: Callable[[Fits], Any]
    fit: Callable[..., Any]
    compare: Callable[..., dict[str, Any]]
    stored: Callable[[Any], Any]


def _signals_of(fits: Fits) -> dict[str, dict[str, float]]:
    return {"bilingual": dict(fits.bilingual.signals), "alone": dict(fits.alone.signals)}


WAYS: dict[str, Way] = {
    Refit.Kind.CHANCE: Way(
        outcomes.resolved,
        lambda fits: {**shipped(), **fits.chance},
        rules.fitted_chance,
        rules.compared_chance,
        as_stored,
    ),
    Refit.Kind.RANKING: Way(
        outcomes.ordered, _signals_of, rules.fitted_ranking, rules.compared_ranking, dict
    ),
}


def tend(*, at: datetime) -> None:
    """What the clock does: judges what is tried, and tries anew where there is enough that is new."""
    if settings.REFIT == "off":
        return
    for kind in WAYS:
        judge_tried(kind=kind, at=at)
        if _is_due(kind, at=at):
            try_anew(kind=kind, by_id=None, at=at)


def standing(kind: str, *, at: datetime) -> tuple[int, int]:
    """How many outcomes there are, and how many are needed."""
    return len(_rows(kind, at - BACK, at)), LEAST


def _rows(kind: str, since: datetime, at: datetime) -> Sequence[Any]:
    return WAYS[kind].rows(since=since, until=at - SETTLED)


def _is_due(kind: str, *, at: datetime) -> bool:
    rows = _of(kind)
    return (
        not rows.filter(state=Refit.State.SHADOW).exists()
        and not rows.filter(made_at__gt=at - EVERY).exists()
    )


def try_anew(*, kind: str, by_id: int | None, at: datetime) -> Refit | None:
    """Fits to the earlier conversations and compares on the later ones; what wins is tried from now on.

    For the clock (`by_id` None) nothing is written, and None answered, when there are too few outcomes or few
    new ones since the last try. Raises CannotMove for a person then, and Taken while another one is tried."""
    way = WAYS[kind]
    rows = _rows(kind, at - BACK, at)
    last = _of(kind).first()
    if (
        last is not None
        and by_id is None
        and sum(r.at > last.made_at - SETTLED for r in rows) < MORE
    ):
        return None
    if len(rows) < LEAST:
        if by_id is None:
            return None
        raise CannotMove(f"Too few outcomes: {len(rows)} of {LEAST}.")
    earlier, later = rules.apart(rows)
    now = way.now(live_fits())
    fitted = way.fit(earlier, now)
    figures = way.compare(later, now, fitted)
    against = rules.objections(figures, least=LEAST_LATER)
    if fitted == now:
        against = ["Nothing is to be learnt from these outcomes: the weights stay as they are."]
    row = Refit(
        kind=kind,
        weights=way.stored(fitted),
        figures=figures | {"objections": against},
        data={
            "earlier": len(earlier),
            "later": len(later),
            "from": f"{min(r.at for r in rows):%Y-%m-%d}",
            "until": f"{max(r.at for r in rows):%Y-%m-%d}",
        },
        state=Refit.State.LOST if against else Refit.State.SHADOW,
        made_at=at,
        since=at,
        made_by_id=by_id,
        before=_of(kind).filter(state=Refit.State.LIVE).first(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Taken("Another one is being tried; stop that first.") from None
    adoption.forget_losers(_of(kind), kept=KEPT)
    return row


def _of(kind: str) -> QuerySet[Refit]:
    return Refit.objects.filter(kind=kind)


@transaction.atomic
def judge_tried(*, kind: str, at: datetime) -> Refit | None:
    """Counts what came after the one that is tried; it goes live, is given up, or goes on being tried."""
    row = Refit.objects.select_for_update().filter(kind=kind, state=Refit.State.SHADOW).first()
    if row is None:
        return None
    row.beside = beside(row, at=at)
    row.save(update_fields=["beside"])
    surely_worse = row.beside["turns"] >= LEAST_LATER and row.beside["interval"][1] < 0
    if surely_worse or row.since < at - TRIED:
        return adoption.moved(row, Refit.State.LOST, by_id=None, at=at)
    waits = settings.REFIT != "auto" or adoption.rests(_of(kind), at=at)
    if row.beside["objections"] or waits:
        return row
    return adoption.go_live(row, _of(kind), by_id=None, at=at)


def beside(row: Refit, *, at: datetime) -> dict[str, Any]:
    """What it is worth on the outcomes since it was made, against what answers now."""
    way = WAYS[row.kind]
    mine = fits_of([(row.kind, row.weights)])
    rows = _rows(row.kind, row.made_at - SETTLED, at)
    found = way.compare(rows, way.now(live_fits()), way.now(mine))
    return found | {"objections": rules.objections(found, least=LEAST_LATER, margin=0.0)}


@transaction.atomic
def adopt(*, refit: UUID, by_id: int | None, at: datetime) -> Refit:
    """Makes it live. Raises CannotMove when it did not win beside what answers now."""
    row = adoption.held(Refit.objects.all(), refit, Refit.State.SHADOW)
    row.beside = beside(row, at=at)
    if row.beside["objections"]:
        raise CannotMove(" ".join(row.beside["objections"]))
    row.save(update_fields=["beside"])
    return adoption.go_live(row, _of(row.kind), by_id=by_id, at=at)


@transaction.atomic
def stop(*, refit: UUID, by_id: int | None, at: datetime) -> Refit:
    """It is not tried any more."""
    row = adoption.held(Refit.objects.all(), refit, Refit.State.SHADOW)
    return adoption.moved(row, Refit.State.LOST, by_id=by_id, at=at)


@transaction.atomic
def roll_back(*, refit: UUID, by_id: int | None, at: datetime) -> Refit | None:
    """What was live before this one is live again; None: what comes along. Raises CannotMove when it is not
    live."""
    return adoption.step_back(Refit.objects.all(), refit, by_id=by_id, at=at)
