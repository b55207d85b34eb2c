"""Weights fitted to outcomes: what is better wins, what is not does not, and the later ones judge."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bots.answering.chance import logit, prepared, shipped
from bots.knowledge.calibration import SELDOM, calibration
from bots.learning.refit import (
    Ordered,
    Resolved,
    apart,
    compared_chance,
    compared_ranking,
    fitted_chance,
    fitted_ranking,
    objections,
)

pytestmark = pytest.mark.unit

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)


def features(dice: random.Random) -> dict[str, float]:
    right = dice.uniform(0.05, 0.98)
    return {
        "right": right, "answerable": min(0.99, right + 0.1), "floor": 0.4, "margin": dice.uniform(0, 1),
        "share": dice.uniform(0.2, 1), "entropy": dice.uniform(0, 2), "agreement": dice.random(),
        "words": dice.random(), "length": dice.uniform(1, 3), "asked": dice.random(), "language": 1.0,
        "bilingual": 1.0,
    }  # fmt: skip


def outcomes(count: int, *, slope: float, shift: float, seed: int) -> list[Resolved]:
    """As often resolved as the shipped weights say, after a twist of their log-odds."""
    dice, judge = random.Random(seed), shipped()["bilingual"]
    found = []
    for number in range(count):
        found_ = features(dice)
        said = logit(judge.probability(prepared(found_))) * slope + shift
        is_right = dice.random() < 1 / (1 + 2.718281828 ** (-said))
        at = BEGIN + timedelta(minutes=number)
        found.append(Resolved(number // 2, at, found_, is_right))
    return found


def tried(rows: list[Resolved]) -> list[str]:
    earlier, later = apart(rows)
    found = compared_chance(later, shipped(), fitted_chance(earlier, shipped()))
    return objections(found, least=60)


def test_where_the_bot_is_too_sure_other_weights_win() -> None:
    assert tried(outcomes(900, slope=0.6, shift=-1.0, seed=1)) == []


@pytest.mark.parametrize("seed", range(4))
def test_where_the_weights_are_right_nothing_is_adopted(seed: int) -> None:
    assert tried(outcomes(500, slope=1.0, shift=0.0, seed=seed))


def test_what_was_true_once_and_is_not_any_more_does_not_win() -> None:
    rows = outcomes(900, slope=0.6, shift=-1.0, seed=1)
    _, later = apart(rows)
    after = {row.conversation for row in later}
    turned = [replace(r, is_right=not r.is_right) if r.conversation in after else r for r in rows]

    assert any("chance" in one for one in tried(turned))


def test_a_handful_moves_nothing_and_says_how_few_there_are() -> None:
    rows = outcomes(30, slope=0.2, shift=-2.0, seed=1)

    assert fitted_chance(rows, shipped()) == shipped()
    assert tried(rows) == ["Too few outcomes: 8 of 60."]


def test_no_conversation_is_on_both_sides_and_the_later_ones_judge() -> None:
    rows = outcomes(100, slope=1, shift=0, seed=1)
    rows[-1] = replace(rows[-1], conversation=0)  # somebody who came back much later

    earlier, later = apart(random.Random(3).sample(rows, len(rows)))

    assert {row.conversation for row in earlier} & {row.conversation for row in later} == set()
    assert rows[-1] in earlier
    assert min(row.at for row in later) > max(r.at for r in earlier if r is not rows[-1])
    assert len(later) == 29


# --- which article comes first --------------------------------------------------------------------

NOW = {
    "bilingual": dict(calibration().bilingual.signals),
    "alone": dict(calibration().alone.signals),
}


def orders(count: int, truth: Mapping[str, float], *, seed: int) -> list[Ordered]:
    """Three articles each; the one that `truth` puts first is right."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        signals = [{name: dice.uniform(0, 1) for name in truth} for _ in range(3)]
        totals = [sum(truth[name] * one[name] for name in truth) for one in signals]
        at = BEGIN + timedelta(minutes=number)
        right = totals.index(max(totals))
        found.append(Ordered(number, at, signals, [0.0] * 3, ["bilingual"] * 3, right))
    return found


def test_the_order_is_learnt_where_people_said_what_was_right() -> None:
    truth = dict.fromkeys(NOW["bilingual"], 0.1) | {"words": 2.0}
    earlier, later = apart(orders(600, truth, seed=1))

    fitted = fitted_ranking(earlier, NOW)
    found = compared_ranking(later, NOW, fitted)

    assert objections(found, least=60) == []
    assert found["after"]["first"] > found["before"]["first"]
    assert fitted["bilingual"]["words"] > NOW["bilingual"]["words"]
    assert always(fitted["bilingual"]) == pytest.approx(always(NOW["bilingual"]), 1e-3)
    assert fitted["alone"] == NOW["alone"]


def always(weights: Mapping[str, float]) -> float:
    """The sum of the weights of what every question has."""
    return sum(weight for name, weight in weights.items() if name not in SELDOM)


def test_a_centre_learns_what_a_name_is_worth_to_it() -> None:
    rows = orders(600, dict(NOW["bilingual"]) | {"named": 1.5}, seed=4)
    nameless = [
        replace(row, signals=[{**one, "named": 0.0} for one in row.signals])
        for row in orders(200, NOW["bilingual"], seed=5)
    ]

    fitted = fitted_ranking([*rows, *nameless], NOW)["bilingual"]

    assert fitted["named"] > 2 * NOW["bilingual"]["named"]
    assert always(fitted) == pytest.approx(always(NOW["bilingual"]), 1e-3)


def test_an_order_that_is_right_already_stays() -> None:
    assert fitted_ranking(orders(300, NOW["bilingual"], seed=2), NOW) == NOW
