"""Intervals that hold what they promise, on data whose truth is known."""

import numpy as np
import pytest

from analytics.satisfaction.intervals import Seen, chances, corrected, expected, said


def truth(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores, true chances, outcomes: the score is the truth, bent."""
    chance = rng.beta(2, 1.2, n)
    return chance**3, chance, (rng.random(n) < chance).astype(int)


def test_chances_are_calibrated_whatever_the_score() -> None:
    rng = np.random.default_rng(5)
    score, _, outcome = truth(rng, 2000)
    held_out = [(float(s), int(y)) for s, y in zip(score, outcome, strict=True)]
    new, real, _ = truth(rng, 400)

    found = chances(held_out, new)

    assert all(0 <= one.low <= one.chance <= one.high <= 1 for one in found)
    errors = np.abs(np.array([one.chance for one in found]) - real)
    assert errors.mean() < 0.05
    assert np.mean([one.high - one.low for one in found]) < 0.1


def test_few_outcomes_make_wide_intervals() -> None:
    rng = np.random.default_rng(6)
    widths = {}
    for n in (20, 1000):
        score, _, outcome = truth(rng, n)
        held_out = [(float(s), int(y)) for s, y in zip(score, outcome, strict=True)]
        found = chances(held_out, truth(rng, 100)[0])
        widths[n] = np.mean([one.high - one.low for one in found])

    assert widths[20] > 3 * widths[1000]


def test_a_score_never_seen_is_as_the_nearest() -> None:
    (far,) = chances([(0.0, 0), (1.0, 1)], np.array([9.0]))

    assert far.high == 1.0
    assert far.low == pytest.approx(0.5)


def world(
    rng: np.random.Generator, *, n: int, model: str, weights: str
) -> tuple[list[Seen], float]:
    """Unhappy customers answer more often. The forecast or the chance of an answer may be wrong."""
    happy_chance = rng.beta(3, 1.5, n)
    happy = rng.random(n) < happy_chance
    answers = np.where(happy_chance > 0.6, 0.15, 0.5)
    answered = rng.random(n) < answers
    forecast = happy_chance if model == "right" else np.full(n, 0.5)
    weight = answers if weights == "right" else np.full(n, answers.mean())
    seen = [
        Seen(float(f), float(w), bool(h) if a else None)
        for f, w, h, a in zip(forecast, weight, happy, answered, strict=True)
    ]
    return seen, float(happy_chance.mean())


@pytest.mark.parametrize(("model", "weights"), [("right", "right"), ("wrong", "right"), ("right", "wrong")])  # fmt: skip
def test_who_answers_does_not_bend_the_whole(model: str, weights: str) -> None:
    """95 % intervals over 200 worlds hold the truth in 90 to 99 of 100; plain answers do so seldom."""
    rng = np.random.default_rng(7)
    held, plain = 0, 0
    for _ in range(200):
        seen, real = world(rng, n=600, model=model, weights=weights)
        of_all, of_those = corrected(seen), said(seen)
        assert of_all.low is not None
        assert of_all.high is not None
        assert of_those.low is not None
        assert of_those.high is not None
        held += of_all.low <= real <= of_all.high
        plain += of_those.low <= real <= of_those.high

    assert 180 <= held <= 198
    assert plain < 100


def test_a_few_conversations_are_not_said_to_be_known() -> None:
    """The truth of six is in their interval, though mostly one or two of them answered."""
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(400):
        seen, _ = world(rng, n=6, model="right", weights="right")
        found = corrected(seen)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 2 / 3 <= found.high
    happy = corrected([Seen(0.94, 0.5, True), Seen(0.95, 0.4, None), Seen(0.93, 0.4, None)])
    rest = corrected([Seen(0.5, 0.5, True), Seen(0.5, 0.5, False), *[Seen(0.5, 0.5, None)] * 100])

    assert held >= 360
    assert not happy.is_apart_from(rest)


def test_nobody_and_one() -> None:
    assert said([]).value is None
    assert expected([]) is None
    assert corrected([Seen(0.5, 0.2, None)]).value is None
    assert expected([Seen(0.5, 0.2, None), Seen(0.7, 0.2, True)]) == pytest.approx(0.6)


def test_only_intervals_that_share_nothing_are_apart() -> None:
    good = corrected([Seen(0.9, 1.0, True)] * 200 + [Seen(0.9, 1.0, False)] * 10)
    bad = corrected([Seen(0.5, 1.0, True)] * 100 + [Seen(0.5, 1.0, False)] * 100)
    few = corrected([Seen(0.9, 1.0, True)] * 3 + [Seen(0.5, 1.0, False)])

    assert good.is_apart_from(bad)
    assert not few.is_apart_from(bad)
    assert not good.is_apart_from(said([]))
