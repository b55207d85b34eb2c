"""A model from a table, and chances with reasons from a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from agents.prediction.blends import Blend
from agents.prediction.choosing import choose_later, choose_now, steps
from agents.prediction.columns import (
    Column,
    Floats,
    Learnt,
    learn_columns,
    outcome_of,
    with_moments,
)
from agents.prediction.drift import Seen, Verdict, judge, seen_of
from agents.prediction.members import Setting
from agents.prediction.moments import parts_of, slow_columns, staying
from agents.prediction.problems import BadTable
from agents.prediction.table import Table

ROWS = 60  # least to learn from
EACH = 10  # successes and failures
LARGE = 10_000  # rows: from here on several cores are worth it
_STAYS_A_LITTLE = 0.05  # of its changes so many are missing: it is worth counting within moments


@dataclass(frozen=True)
class Model:
    """`now` for rows like those that were learnt from, `later` for a time that has drifted away."""

    target: str
    columns: tuple[Column, ...]
    now: Blend
    later: Blend | None
    seen: tuple[Seen, ...]
    expected_new: float
    card: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is to be learnt. `at`: no date of the table may lie after it."""

    target: str
    drop: frozenset[str] = frozenset()
    positive: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Prepared:
    outcome: np.ndarray[Any, np.dtype[np.int64]]
    values: dict[str, Floats]
    setting: Setting
    learnt: Learnt

    @property
    def steps(self) -> int:
        return steps(self.setting)


def prepare(table: Table, asked: Asked) -> Prepared:
    """Reads the outcome and learns the columns. Raises BadTable."""
    if table.broken:
        first = table.broken[0]
        raise BadTable(f"row {first.row}: {first.error} ({len(table.broken)} such rows).")
    for name in (asked.target, *sorted(asked.drop)):
        if name not in table.columns:
            raise BadTable(
                f"There is no column {name!r}; there are {', '.join(table.columns)[:300]}."
            )
    outcome = outcome_of(asked.target, table.columns[asked.target], positive=asked.positive)
    least = int(min(outcome.sum(), len(outcome) - outcome.sum()))
    if len(outcome) < ROWS or least < EACH:
        raise BadTable(
            f"Too little to learn from: {len(outcome)} rows, {least} of the rarer outcome; "
            f"at least {ROWS} and {EACH}."
        )
    cells = table.without({asked.target, *asked.drop}).columns
    learnt = learn_columns(with_moments(cells, at=asked.at))
    if not learnt.columns:
        raise BadTable("No column is left that could say anything.")
    shown = with_moments(cells, at=None)
    values = {column.name: column.read(shown[column.name]) for column in learnt.columns}
    return Prepared(outcome, values, _setting(learnt.columns, values), learnt)


def _setting(columns: list[Column], values: dict[str, Floats]) -> Setting:
    slow = slow_columns(values)
    parts = [
        part
        for column in columns
        if slow and column.name not in slow and staying(values[column.name]) > _STAYS_A_LITTLE
        if (part := parts_of(column, values[column.name])) is not None
    ]
    return Setting(tuple(columns), tuple(slow), tuple(parts))


def learn(
    prepared: Prepared, asked: Asked, step: Callable[[int], None], *, with_later: bool = True
) -> Model:
    """Fits, weighs and chooses; the same table gives the same model. Without `with_later` it is for rows of
    the same time only, in half the time."""
    outcome, values, setting = prepared.outcome, prepared.values, prepared.setting
    # Threads that wait for each other on small trees take longer than one does, and the whole of a busy box.
    with threadpool_limits(1 if len(outcome) < LARGE else None):
        now = choose_now(setting, values, outcome, step)
        later = choose_later(setting, values, outcome, step) if with_later else None
    card = {
        "target": asked.target,
        "rows": len(outcome),
        "successes": int(outcome.sum()),
        "rate": round(float(outcome.mean()), 4),
        "columns": [column.name for column in setting.columns],
        "left_out": prepared.learnt.left_out,
        "moment": list(setting.slow),
        "validation": {
            "random": now.report,
            "rolling_origin": later.report if later is not None else None,
        },
    }
    return Model(
        asked.target,
        setting.columns,
        now.blend,
        later.blend if later is not None else None,
        tuple(seen_of(column, values[column.name]) for column in setting.columns),
        now.report["new_moments"] or 0.0,
        card,
    )


@dataclass(frozen=True)
class Prediction:
    """Chances of rows, from 0 to 1; what moved each of them, in log odds; and whether the inputs drifted."""

    chances: Floats
    scores: Floats
    contributions: dict[str, Floats]
    verdict: Verdict
    blend: Blend
    values: dict[str, Floats]
    volumes: Floats | None


def read_values(model: Model, table: Table) -> dict[str, Floats]:
    """The columns of the model as they stand in this table. Raises BadTable when one is missing."""
    shown = with_moments(table.columns, at=None)
    if missing := [column.name for column in model.columns if column.name not in shown]:
        raise BadTable(f"It lacks the column {', '.join(missing)}.")
    return {column.name: column.read(shown[column.name]) for column in model.columns}


def predict(model: Model, table: Table) -> Prediction:
    values = read_values(model, table)
    moments = model.now.moments
    verdict = judge(
        model.seen,
        values,
        new_moments=moments.unseen(values) if moments is not None else None,
        expected=model.expected_new,
    )
    blend = model.later if verdict.has_drifted and model.later is not None else model.now
    known = blend.known(values)
    scores = blend.score(known)
    return Prediction(
        blend.calibration.chance(scores),
        scores,
        blend.contributions(known),
        verdict,
        blend,
        values,
        moments.volumes(values) if moments is not None else None,
    )
