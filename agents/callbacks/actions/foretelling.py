"""What is live says of rows: chances, and reasons in words. Without a live one nothing is said."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from agents.callbacks.actions.learning import model_of
from agents.callbacks.models import CallFit
from agents.callbacks.reads.facts import Facts, table_of
from agents.prediction.learning import Model, predict
from agents.prediction.reasons import reasons_of

_kept: dict[str, tuple[int, Model]] = {}


class Said(NamedTuple):
    chance: float
    reasons: list[dict[str, Any]]


class Teller:
    """One purpose's live model."""

    def __init__(self, fit: CallFit, model: Model) -> None:
        self.fit, self._model = fit, model

    def chances(self, rows: Sequence[Facts]) -> list[float]:
        if not rows:
            return []
        return [float(one) for one in predict(self._model, table_of(rows)).chances]

    def say(self, rows: Sequence[Facts]) -> list[Said]:
        if not rows:
            return []
        found = predict(self._model, table_of(rows))
        reasons = reasons_of(found, self._model.columns)
        return [
            Said(float(chance), [reason.shown() for reason in some])
            for chance, some in zip(found.chances, reasons, strict=True)
        ]


def teller(purpose: str) -> Teller | None:
    """Unpacked once in each process."""
    live = CallFit.objects.filter(purpose=purpose, state=CallFit.State.LIVE)
    fit = live.defer("sheet", "arrays").first()
    if fit is None:
        return None
    kept = _kept.get(purpose)
    if kept is None or kept[0] != fit.pk:
        kept = (fit.pk, model_of(fit))
        _kept[purpose] = kept
    return Teller(fit, kept[1])
