"""Says of each conversation that is over how the customer probably found it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from agents.prediction.keeping import unpacked
from agents.prediction.learning import Model, predict
from agents.prediction.reasons import reasons_of
from analytics.satisfaction.facts import facts_of, table_of
from analytics.satisfaction.intervals import RAREST, chances
from analytics.satisfaction.models import Fit, Forecast
from conversations.lifecycle import ENDED
from conversations.models import Conversation, Rating
from conversations.surveys.models import Invitation

AT_ONCE = 500
_BACK = timedelta(days=90)
_REASONS = 3


def forecast_new(*, at: datetime) -> int:
    """One round over those that are over and have none yet, and those that another fit spoke of; answers how
    many there were. Two rounds at once write the same row once."""
    fit = _live(Fit.Purpose.SATISFIED)
    if fit is None:
        return 0
    due = (
        Conversation.objects.filter(state__in=ENDED, resolved_at__gt=at - _BACK, merged_into=None)
        .exclude(forecast__fit=fit)
        .order_by("-resolved_at")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    return forecast(list(due), fit=fit, at=at)


def forecast(conversation_ids: Sequence[int], *, fit: Fit, at: datetime) -> int:
    facts = facts_of(conversation_ids)
    if not facts:
        return 0
    keys, rows = list(facts), list(facts.values())
    model = _model(fit.pk)
    prediction = predict(model, table_of(rows))
    told = reasons_of(prediction, model.columns)
    said = chances([(score, outcome) for score, outcome in fit.held_out], prediction.scores)
    answers = _answers(rows)
    Forecast.objects.bulk_create(
        [
            Forecast(
                conversation_id=key,
                chance=one.chance,
                low=one.low,
                high=one.high,
                answers=answer,
                reasons=[reason.shown() for reason in reasons[:_REASONS]],
                fit=fit,
                made_at=at,
            )
            for key, one, answer, reasons in zip(keys, said, answers, told, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["conversation"],
        update_fields=["chance", "low", "high", "answers", "reasons", "fit", "made_at"],
    )
    return len(keys)


def _answers(rows: Sequence[dict[str, Any]]) -> list[float]:
    """How likely each answers a survey: by the live fit, else as often as all do."""
    fit = _live(Fit.Purpose.ANSWERS)
    if fit is None:
        return [_plain_rate()] * len(rows)
    scores = predict(_model(fit.pk), table_of(rows)).scores
    held_out = [(score, outcome) for score, outcome in fit.held_out]
    return [min(max(one.chance, RAREST), 1.0) for one in chances(held_out, scores)]


def _plain_rate() -> float:
    asked = Conversation.objects.filter(state__in=ENDED, merged_into=None).count()
    invited = Invitation.objects.count()
    rated = Rating.objects.count()
    return min(max(rated / max(asked, invited, 1), RAREST), 1.0)


def _live(purpose: str) -> Fit | None:
    return (
        Fit.objects.filter(purpose=purpose, state=Fit.State.LIVE).defer("arrays", "sheet").first()
    )


@lru_cache(maxsize=4)
def _model(fit_id: int) -> Model:
    """A fit never changes: it is read once."""
    sheet, arrays = Fit.objects.values_list("sheet", "arrays").get(pk=fit_id)
    return unpacked(sheet, bytes(arrays))
