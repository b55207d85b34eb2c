"""Weights fitted to what became of the bot's own turns, and whether they are better than those that answer now. Pure.

Both kinds begin with the weights that are live and move only as far as the outcomes pull them: a few hundred
turns say less than the sets that those come from. What is better is told on conversations that came later than
all that was fitted to; the unit is the conversation, so that a long one does not count as many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from bots.answering.chance import judge_for, prepared
from bots.answering.dialogue import needed
from bots.knowledge.calibration import SELDOM, SIGNALS, Weighing

Numbers: TypeAlias = NDArray[np.float64]
Chances: TypeAlias = Mapping[str, Weighing]
Signals: TypeAlias = Mapping[str, Mapping[str, float]]  # of `bilingual` and `alone`

HELD_OUT = 0.3  # of the conversations, the latest ones
EACH = 20  # outcomes of either kind, below which a judge stays as it is
HOLDS = (
    3.0,
    10.0,
    30.0,
    100.0,
    300.0,
)  # how firmly the old weights hold; chosen by cross-validation
PARTS = 4
MARGIN = 0.005  # of log loss a turn: less is not worth a change
SHARP = 6.0  # of the signals' sum, as `bots.answering.chance` reads it
RESAMPLED, SURE = 1_000, 0.95
WORSE = 0.01  # of the calibration error


@dataclass(frozen=True, slots=True)
class Resolved:
    """One request: its signals as they were when it was decided, and whether the first article was what
    resolved it."""

    conversation: int
    at: datetime
    features: Mapping[str, float]
    is_right: bool


@dataclass(frozen=True, slots=True)
class Ordered:
    """One request: the articles that came nearest, each with its signals and what its language added, and
    which of them was right. `judges` says of each who weighs it."""

    conversation: int
    at: datetime
    signals: Sequence[Mapping[str, float]]
    added: Sequence[float]
    judges: Sequence[str]
    right: int


Row = TypeVar("Row", Resolved, Ordered)


def apart(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Earlier conversations, and the latest ones; none is on both sides."""
    talks: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.conversation)):
        talks[row.conversation].append(row)
    order = list(talks.values())  # by their first turn
    cut = len(order) - round(HELD_OUT * len(order))
    first = [row for talk in order[:cut] for row in talk]
    return first, [row for talk in order[cut:] for row in talk]


def _folds(rows: Sequence[Row]) -> list[tuple[list[Row], list[Row]]]:
    return [
        (
            [row for row in rows if row.conversation % PARTS != part],
            [row for row in rows if row.conversation % PARTS == part],
        )
        for part in range(PARTS)
    ]


def _best_hold(rows: Sequence[Row], loss: Callable[[Sequence[Row], Sequence[Row], float], Numbers]) -> float:  # fmt: skip
    """The firmness whose fits to three quarters tell the fourth one best."""
    sums = dict.fromkeys(HOLDS, 0.0)
    for learnt, other in _folds(rows):
        if learnt and other:
            for hold in HOLDS:
                sums[hold] += float(loss(learnt, other, hold).sum())
    return min(reversed(HOLDS), key=lambda hold: sums[hold])


# --- how sure -------------------------------------------------------------------------------------


def fitted_chance(rows: Sequence[Resolved], now: Chances) -> dict[str, Weighing]:
    """Each judge that has seen enough of both kinds, fitted; the others as they are."""
    found = dict(now)
    for name, judge in now.items():
        mine = [row for row in rows if judge_for(row.features) == name]
        right = sum(row.is_right for row in mine)
        if min(right, len(mine) - right) >= EACH:

            def loss(
                learnt: Sequence[Resolved],
                other: Sequence[Resolved],
                hold: float,
                judge: Weighing = judge,
            ) -> Numbers:
                return _log_losses(_chances(other, _moved(learnt, judge, hold)), _truth(other))

            found[name] = _moved(mine, judge, _best_hold(mine, loss))
    return found


def _moved(rows: Sequence[Resolved], judge: Weighing, hold: float) -> Weighing:
    """Newton's method for a logistic regression that is drawn towards the judge's own weights."""
    names = list(judge.terms)
    mean, scale, old = (np.array([judge.terms[one][i] for one in names]) for i in range(3))
    x = np.array([[prepared(row.features)[name] for name in names] for row in rows])
    design = np.hstack([(x - mean) / scale, np.ones((len(rows), 1))])
    start = np.r_[old, judge.bias]
    firm = np.diag(np.r_[np.full(len(names), hold), 1.0])  # how often the bot is right moves freely
    beta, y = start.copy(), _truth(rows)
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        slope = design.T @ (p - y) + firm @ (beta - start)
        bend = (design * (p * (1 - p))[:, None]).T @ design + firm
        beta -= np.clip(np.linalg.solve(bend, slope), -1.0, 1.0)
    terms = {
        name: (float(mean[i]), float(scale[i]), round(float(beta[i]), 5))
        for i, name in enumerate(names)
    }
    return Weighing(terms, round(float(beta[-1]), 5))


def _chances(rows: Sequence[Resolved], judge: Weighing) -> Numbers:
    return np.array([judge.probability(prepared(row.features)) for row in rows])


def _truth(rows: Sequence[Resolved]) -> Numbers:
    return np.array([float(row.is_right) for row in rows])


def _log_losses(p: Numbers, y: Numbers) -> Numbers:
    p = np.clip(p, 1e-4, 1 - 1e-4)
    losses: Numbers = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return losses


def compared_chance(rows: Sequence[Resolved], before: Chances, after: Chances) -> dict[str, Any]:
    """`before`, `after` and the `gain`, on rows that `after` was not fitted to; see `objections`."""
    y = _truth(rows)
    sides = [
        np.array([w[judge_for(r.features)].probability(prepared(r.features)) for r in rows])
        for w in (before, after)
    ]
    told = [
        {
            "log_loss": round(float(_log_losses(p, y).mean()), 4) if rows else 0.0,
            "brier": round(float(((p - y) ** 2).mean()), 4) if rows else 0.0,
            "ece": calibration_error(p, y),
            "said": round(float(p.mean()), 4) if rows else 0.0,
        }
        for p in sides
    ]
    gains = _log_losses(sides[0], y) - _log_losses(sides[1], y)
    was = {
        "right": round(float(y.mean()), 4) if rows else 0.0,
        # At the usual wait: whom the bot would newly leave to a person, and whom it would newly try to answer.
        "aside": int(((sides[0] >= needed()) & (sides[1] < needed())).sum()),
        "answered": int(((sides[0] < needed()) & (sides[1] >= needed())).sum()),
    }
    return _told(rows, gains) | was | {"before": told[0], "after": told[1]}


def calibration_error(p: Numbers, y: Numbers) -> float:
    """Expected calibration error over ten bins of equal size."""
    bins = [b for b in np.array_split(p.argsort(), 10) if len(b)]
    error = sum(len(b) * abs(p[b].mean() - y[b].mean()) for b in bins) / max(len(p), 1)
    return round(float(error), 4)


# --- which comes first ----------------------------------------------------------------------------


def fitted_ranking(rows: Sequence[Ordered], now: Signals) -> dict[str, dict[str, float]]:
    """Weights of the signals by which the right article comes first more surely. The sum of those that every
    question has stays what it was, so that what reads the distances between articles goes on reading the same."""
    found = {name: dict(signals) for name, signals in now.items()}
    for name in now:
        mine = [row for row in rows if row.judges[0] == name]
        missed = int((_Table.of(mine, list(now)).places(_as_array(now)) > 0).sum())
        if missed < EACH:
            continue  # nearly all come first already, or nobody said what should have

        def loss(
            learnt: Sequence[Ordered], other: Sequence[Ordered], hold: float, name: str = name
        ) -> Numbers:
            weights = {**now, name: _pulled(learnt, now, name, hold)}
            return _Table.of(other, list(now)).losses(_as_array(weights))

        found[name] = _pulled(mine, now, name, _best_hold(mine, loss))
    return found


@dataclass(frozen=True)
class _Table:
    """Many rows at once: signals (rows, articles, signals), what is added, and who is right; where a row has
    fewer articles than another, they are at the end of the world."""

    x: Numbers
    added: Numbers
    judges: NDArray[np.int64]
    right: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Ordered], names: Sequence[str]) -> _Table:
        most = max((len(row.signals) for row in rows), default=1)
        x = np.zeros((len(rows), most, len(SIGNALS)))
        added = np.full((len(rows), most), -np.inf)
        judges = np.zeros((len(rows), most), dtype=np.int64)
        for place, row in enumerate(rows):
            size = len(row.signals)
            x[place, :size] = [[one[name] for name in SIGNALS] for one in row.signals]
            added[place, :size] = row.added
            judges[place, :size] = [names.index(one) for one in row.judges]
        return cls(x, added, judges, np.array([row.right for row in rows], dtype=np.int64))

    def scores(self, weights: Numbers) -> Numbers:
        """`weights`: (judges, signals)."""
        found: Numbers = (self.x * weights[self.judges]).sum(2) + self.added
        return found

    def chances(self, weights: Numbers) -> Numbers:
        """That each of the articles is chosen."""
        scores = self.scores(weights)
        raised = np.exp(SHARP * (scores - scores.max(1, keepdims=True)))
        found: Numbers = raised / raised.sum(1, keepdims=True)
        return found

    def losses(self, weights: Numbers) -> Numbers:
        chosen = self.chances(weights)[np.arange(len(self.right)), self.right]
        losses: Numbers = -np.log(np.clip(chosen, 1e-4, None))
        return losses

    def places(self, weights: Numbers) -> NDArray[np.int64]:
        """Of the right article, from 0."""
        scores = self.scores(weights)
        own = scores[np.arange(len(self.right)), self.right]
        found: NDArray[np.int64] = (scores > own[:, None]).sum(1)
        return found


def _as_array(weights: Signals) -> Numbers:
    return np.array([[one[name] for name in SIGNALS] for one in weights.values()])


def _pulled(rows: Sequence[Ordered], now: Signals, name: str, hold: float) -> dict[str, float]:
    """Newton's method for the likelihood that the right one is chosen, drawn towards the old weights."""
    names = list(now)
    table, weights, mine = _Table.of(rows, names), _as_array(now), names.index(name)
    start = weights[mine].copy()
    # What the other judge weighs moves nothing.
    x = table.x * (table.judges == mine)[:, :, None]
    right = x[np.arange(len(rows)), table.right]
    for _ in range(15):
        p = table.chances(weights)
        mean = np.einsum("rk,rks->rs", p, x)
        slope = hold * (weights[mine] - start) + SHARP * (mean - right).sum(0)
        bend = np.einsum("rk,rks,rkt->st", p, x, x) - mean.T @ mean
        step = np.linalg.solve(SHARP**2 * bend + hold * np.eye(len(SIGNALS)), slope)
        weights[mine] = np.clip(weights[mine] - np.clip(step, -0.5, 0.5), 0.0, None)
    beta, always = weights[mine], np.array([one not in SELDOM for one in SIGNALS])
    beta = beta * (start[always].sum() / beta[always].sum()) if beta[always].any() else start
    return {one: round(float(beta[i]), 5) for i, one in enumerate(SIGNALS)}


def compared_ranking(rows: Sequence[Ordered], before: Signals, after: Signals) -> dict[str, Any]:
    """As `compared_chance`, for the order of articles."""
    table = _Table.of(rows, list(before))
    sides = [_as_array({name: one[name] for name in before}) for one in (before, after)]
    told, losses = [], []
    for weights in sides:
        losses.append(table.losses(weights))
        places = table.places(weights)
        told.append(
            {
                "log_loss": round(float(losses[-1].mean()), 4) if rows else 0.0,
                "first": round(float((places == 0).mean()), 4) if rows else 0.0,
                "mrr": round(float((1 / (1 + places)).mean()), 4) if rows else 0.0,
            }
        )
    return _told(rows, losses[0] - losses[1]) | {"before": told[0], "after": told[1]}


# --- whether it wins ------------------------------------------------------------------------------


def _told(rows: Sequence[Row], gains: Numbers) -> dict[str, Any]:
    """How much smaller the log loss of a turn gets, with the interval that other conversations might have
    shown: they are drawn again as wholes."""
    talks: dict[int, list[float]] = defaultdict(list)
    for row, gain in zip(rows, gains, strict=True):
        talks[row.conversation].append(float(gain))
    told = {"turns": len(rows), "conversations": len(talks)}
    if not talks:
        return {**told, "gain": 0.0, "interval": [0.0, 0.0]}
    sums = np.array([sum(one) for one in talks.values()])
    sizes = np.array([len(one) for one in talks.values()])
    drawn = np.random.default_rng(7).integers(0, len(sums), (RESAMPLED, len(sums)))
    means = np.sort(sums[drawn].sum(1) / sizes[drawn].sum(1))
    cut = int(RESAMPLED * (1 - SURE) / 2)
    interval = [round(float(means[cut]), 4), round(float(means[-1 - cut]), 4)]
    return {**told, "gain": round(float(gains.mean()), 4), "interval": interval}


def objections(found: Mapping[str, Any], *, least: int, margin: float = MARGIN) -> list[str]:
    """What speaks against it, as sentences; none: it wins. `least`: turns that are needed."""
    if found["turns"] < least:
        return [f"Too few outcomes: {found['turns']} of {least}."]
    against = []
    gain, (low, high) = found["gain"], found["interval"]
    if low <= 0:
        against.append(f"The gain of {gain:+.4f} may be chance: {low:+.4f} to {high:+.4f}.")
    elif gain < margin:
        against.append(f"The gain of {gain:+.4f} is not worth a change.")
    before, after = found["before"], found["after"]
    for name, told, allowed in (
        ("brier", "The Brier score gets worse", 0.0),
        ("ece", "The calibration error gets worse", WORSE),
    ):
        if name in after and after[name] > before[name] + allowed:
            against.append(f"{told}: {before[name]:.3f} before, {after[name]:.3f} after.")
    if "first" in after and after["first"] < before["first"]:
        against.append(
            f"The right article comes first less often: {before['first']:.1%} before, {after['first']:.1%} after."
        )
    return against
