"""Kappa against scikit-learn's, and an interval that holds what it should."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from analytics.quality.rules.agreement import FEWEST, Pair, agreement, best_limit

pytestmark = pytest.mark.unit


def drawn(n: int, seed: int, noise: float, highest: int) -> list[Pair]:
    dice = np.random.default_rng(seed)
    truth = dice.integers(1, highest + 1, n)
    other = np.where(dice.random(n) < noise, dice.integers(1, highest + 1, n), truth)
    return [
        Pair(int(a), int(b), cluster)
        for cluster, (a, b) in enumerate(zip(truth, other, strict=True))
    ]


@pytest.mark.parametrize("highest", [3, 5])
def test_a_scale_is_weighted_quadratically(highest: int) -> None:
    pairs = drawn(200, 1, 0.4, highest)

    found = agreement(pairs, highest=highest)

    expected = cohen_kappa_score(
        [p.one for p in pairs],
        [p.other for p in pairs],
        weights="quadratic",
        labels=range(1, highest + 1),
    )
    assert found.kappa == pytest.approx(expected)
    assert found.low is not None
    assert found.high is not None
    assert found.low < expected < found.high


def test_yes_and_no_are_plain_and_not_applicable_is_an_answer() -> None:
    said = [(1, 1), (0, 0), (None, None), (1, 0), (0, 1), (None, 1)] * 10
    pairs = [Pair(a, b, i) for i, (a, b) in enumerate(said)]

    found = agreement(pairs, highest=None)

    names = {None: 0, 0: 1, 1: 2}
    expected = cohen_kappa_score([names[a] for a, _ in said], [names[b] for _, b in said])
    assert found.kappa == pytest.approx(expected)
    assert found.agreed == pytest.approx(0.5)


def test_what_was_drawn_with_a_small_chance_stands_for_many() -> None:
    rare = [Pair(1, 0, i, weight=20) for i in range(10)]
    usual = [Pair(v, v, 100 + i) for i in range(30) for v in (0, 1)]

    light = agreement([*usual, *(Pair(1, 0, i) for i in range(10))], highest=None)
    heavy = agreement([*usual, *rare], highest=None)

    assert light.kappa is not None
    assert heavy.kappa is not None
    assert heavy.kappa < light.kappa - 0.3


def test_few_pairs_have_no_interval_and_one_kind_of_answer_no_kappa() -> None:
    few = agreement(drawn(FEWEST - 1, 2, 0.2, 5), highest=5)
    same = agreement([Pair(1, 1, i) for i in range(100)], highest=None)

    assert (few.pairs, few.low) == (FEWEST - 1, None)
    assert few.kappa is not None
    assert (same.kappa, same.low, same.agreed) == (None, None, 1.0)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    truth = agreement(drawn(20_000, 99, 0.3, 5), highest=5, rounds=2).kappa
    assert truth is not None
    hits = 0
    for seed in range(60):
        found = agreement(drawn(120, seed, 0.3, 5), highest=5, rounds=200)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high

    assert hits >= 51  # 85 %: of 60 draws with a chance of 95 % fewer happen once in a thousand


def test_lines_of_one_conversation_are_not_many_witnesses() -> None:
    apart = drawn(200, 3, 0.3, 5)
    together = [Pair(p.one, p.other, p.cluster // 20) for p in apart]

    narrow, wide = agreement(apart, highest=5), agreement(together, highest=5)

    assert narrow.low is not None
    assert narrow.high is not None
    assert wide.low is not None
    assert wide.high is not None
    assert narrow.kappa == wide.kappa
    # Ten conversations say less than two hundred, and never more.
    assert wide.high - wide.low != narrow.high - narrow.low


def test_a_limit_moves_where_people_say_yes() -> None:
    dice = np.random.default_rng(4)
    signals = dice.random(300)
    said = [int(value > 0.8) for value in signals]

    found = best_limit(list(signals), said)

    assert found is not None
    limit, before, after = found
    assert 0.75 < limit < 0.85
    assert after > 0.9 > before


def test_no_limit_without_both_answers() -> None:
    assert best_limit([0.1] * 50, [1] * 50) is None
