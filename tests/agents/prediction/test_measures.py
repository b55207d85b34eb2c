"""What is measured is what scikit-learn and the arithmetic say."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from agents.prediction.columns import Column
from agents.prediction.linear import fit_linear, linear_from
from agents.prediction.measures import alift, auc, calibration_error, caught, gains
from agents.prediction.trees import fit_trees

pytestmark = [pytest.mark.unit]
CHANCE = np.random.default_rng(3)
OUTCOME = (CHANCE.random(500) < 0.2).astype(np.int64)
SCORE = np.round(OUTCOME * 0.3 + CHANCE.random(500), 1)  # with ties


def test_the_order() -> None:
    assert auc(OUTCOME, SCORE) == pytest.approx(roc_auc_score(OUTCOME, SCORE))
    assert auc(np.zeros(3, dtype=np.int64), np.arange(3.0)) == 0.5


def test_gains() -> None:
    outcome = np.array([1, 1, 0, 0])
    x, y = gains(outcome, np.array([4.0, 3.0, 2.0, 1.0]))

    assert x.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert y.tolist() == [0, 0.5, 1, 1, 1]
    assert alift(outcome, np.array([4.0, 3.0, 2.0, 1.0])) == pytest.approx(0.75)
    assert alift(outcome, np.ones(4)) == pytest.approx(0.5)
    assert caught(outcome, np.array([4.0, 1.0, 3.0, 2.0])) == pytest.approx(0.5)
    rate = OUTCOME.mean()
    assert alift(OUTCOME, SCORE) == pytest.approx(rate / 2 + (1 - rate) * auc(OUTCOME, SCORE))


def test_calibration() -> None:
    assert calibration_error(OUTCOME, np.full(500, OUTCOME.mean())) < 0.06
    assert calibration_error(OUTCOME, np.full(500, 0.9)) == pytest.approx(0.9 - OUTCOME.mean())


def test_trees_read_as_they_were_fitted() -> None:
    rows = CHANCE.normal(size=(2000, 4))
    rows[CHANCE.random(rows.shape) < 0.1] = np.nan
    outcome = (np.nan_to_num(rows[:, 0]) + CHANCE.normal(size=2000) > 0.5).astype(np.int64)
    trees = fit_trees(rows, outcome, seed=1, rounds=60, falling=(1,))
    shares, base = trees.contributions(rows)
    chances = 1 / (1 + np.exp(-trees.score(rows)))

    assert np.allclose(shares.sum(axis=1) + base, trees.score(rows))
    assert np.abs(shares).mean(axis=0).argmax() == 0
    assert abs(chances.mean() - outcome.mean()) < 0.01
    more = rows.copy()
    more[:, 1] += 1
    assert (trees.score(more) <= trees.score(rows) + 1e-9).all()


def test_a_regression_is_scikit_learn_s_and_survives_its_keeping() -> None:
    numbers = CHANCE.normal(size=400)
    words = CHANCE.integers(0, 3, 400).astype(float)
    outcome = (numbers + (words == 2) + CHANCE.normal(size=400) > 0.5).astype(np.int64)
    rows = np.column_stack([numbers, words])
    columns = [Column("n", "number"), Column("w", "words", ("", "a", "b"))]
    linear = fit_linear(rows, outcome, columns, strength=400.0)
    blocks = np.hstack([one.of(rows[:, at]) for at, one in enumerate(linear.inputs)])
    expected = LogisticRegression(C=1.0, max_iter=500).fit(blocks, outcome)

    assert np.allclose(linear.score(rows), expected.decision_function(blocks), atol=1e-3)
    assert np.allclose(linear_from(linear.stored()).score(rows), linear.score(rows))
    far = np.array([[1e9, 7.0]])  # never seen: no further than the furthest, and no word
    assert np.isfinite(linear.score(far)).all()
    assert linear.score(far)[0] <= linear.score(rows).max() + 3
