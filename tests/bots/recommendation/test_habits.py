"""What a log says of coming back, counted by hand."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bots.recommendation import habits, neighbours, training
from bots.recommendation.events import gathered
from bots.recommendation.keeping import keep
from bots.recommendation.model import load
from bots.recommendation.ranking import Ranking
from tests.bots.recommendation.logs import DAY, baskets

pytestmark = pytest.mark.unit

# Day 0: milk, bread, jam, tea; day 2: milk alone; day 4: milk and tea.
VISITS = ((0, "milk bread jam tea"), (2, "milk"), (4, "milk tea"))
ROWS = [("ann", item, 1.6e9 + day * DAY) for day, items in VISITS for item in items.split()]


def _told(rows: list[tuple[str, str, float]], item: str) -> dict[str, float]:
    log = gathered(rows)
    history = log.history(log.customers.index("ann"))
    one = np.array([log.items.index(item)], dtype=np.int32)
    columns = habits.known(habits.fitted(log), *history, one)
    return {
        name: float(column[0]) for name, column in zip(habits.NAMES, columns, strict=True)
    }  # fmt: skip


def test_a_small_basket_counts_for_more_and_old_ones_for_less() -> None:
    milk, bread = _told(ROWS, "milk"), _told(ROWS, "bread")

    assert milk["own filling"] == pytest.approx((1 / 4 + 1 + 1 / 2) / 3)
    assert bread["own filling"] == pytest.approx(1 / 12)
    fade = 0.5 ** (2 / 3)
    total = 1 + 0.5 ** (1 / 3) + fade
    assert bread["own rate, halved by 3"] == pytest.approx(fade / total)
    assert (milk["in the last 1"], milk["in the last 3"], bread["in the last 1"]) == (1, 3, 0)


def test_it_is_due_when_as_long_ago_as_usual() -> None:
    milk, tea, jam = (_told(ROWS, item) for item in ("milk", "tea", "jam"))

    assert milk["own due by days"] == pytest.approx(
        1
    )  # every two days, and two days pass to the next visit
    assert tea["own due by days"] == pytest.approx(0.5)
    assert jam["own due by days"] == -1  # once is no habit
    assert tea["own gap"] == pytest.approx(math.log1p(4))
    assert tea["own rate since the first"] == pytest.approx(2 / 4)


def test_what_was_never_had_is_told_apart_from_what_was_had_today() -> None:
    other = [("bob", "soap", 1.6e9), ("bob", "soap", 1.6e9 + DAY)]
    soap, milk = _told(ROWS + other, "soap"), _told(ROWS + other, "milk")

    assert (soap["own filling"], soap["own due by days"]) == (0, -1)
    assert soap["own days"] > milk["own days"] == 0
    assert soap["item: buyers"] == pytest.approx(math.log1p(1))
    assert soap["item: each"] == pytest.approx(math.log(3 / 2))
    assert soap["last size"] == milk["last size"] == pytest.approx(math.log(2))


def test_next_in_baskets_is_what_the_next_basket_holds() -> None:
    rows = [
        (f"c{n}", item, 1.6e9 + day * DAY)
        for n in range(30)
        for day, items in ((0, "flour milk"), (1, "eggs milk"))
        for item in items.split()
    ]
    log = gathered(rows)
    after, weights = neighbours.following_baskets(log).of(log.items.index("flour"))

    assert {log.items[item] for item in after} == {"eggs", "milk"}
    assert len(weights) == 2
    milk, _ = neighbours.following_baskets(log).of(log.items.index("milk"))
    assert [log.items[item] for item in milk] == ["eggs"]  # to itself it is a habit


def test_a_model_of_before_is_read_and_serves_as_it_did(tmp_path: Path) -> None:
    """It knows neither habits nor what its ranking would make of them."""
    done = training.trained(gathered(baskets()), minutes=0.01, told=lambda _done: None)
    keep(done.model, {"made_at": "", "data": {"file": "", "digest": "", **done.facts}, "served": "own", "figures": {}, "curve": []}, tmp_path / "new")  # fmt: skip
    history = [("i1", 1.6e9), ("i2", 1.6e9), ("i1", 1.6e9 + DAY)]
    assert load(tmp_path / "new").recommended(history) == done.model.recommended(history)

    arrays: dict[str, Any] = dict(np.load(tmp_path / "new" / "arrays.npz"))
    older = {name: value for name, value in arrays.items() if not name.startswith("habits")}
    for name, value in older.items():
        if name.startswith(("ranking.mean", "ranking.spread")):
            older[name] = value[:24]
        elif name.endswith((".first.weight", ".direct.weight")) and name.startswith("network"):
            older[name] = value[:, :24]
    np.savez(tmp_path / "new" / "arrays.npz", **older)
    back = load(tmp_path / "new")
    assert back.parts.habits is None
    assert len(back.recommended(history)) == 10


def test_an_older_ranking_looks_at_its_own_columns_alone() -> None:
    one = {"first.weight": np.ones((1, 2), np.float32), "first.bias": np.zeros(1, np.float32), "second.weight": np.ones((1, 1), np.float32), "direct.weight": np.zeros((1, 2), np.float32)}  # fmt: skip
    old = Ranking(np.zeros(2, np.float32), np.ones(2, np.float32), [one], 1.0)
    known = np.array([[1, 2, 99], [0, 1, -99]], np.float32)
    assert old.scored(known).tolist() == [3, 1]
