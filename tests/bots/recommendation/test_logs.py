"""Reading events, keeping the newest back, counting neighbours: rules without a model."""

import math

import numpy as np
import pytest

from bots.recommendation import neighbours, popular
from bots.recommendation.events import gathered
from bots.recommendation.figures import figures
from bots.recommendation.holding_out import last
from bots.recommendation.model import joined
from bots.recommendation.reading import LONGEST, BadTable, moment, rows
from tests.bots.recommendation.logs import baskets, courses

pytestmark = pytest.mark.unit
NOW = 1_800_000_000.0


def test_events_are_ordered_by_customer_and_time_and_equal_times_keep_their_order() -> None:
    log = gathered([("b", "x", 5), ("a", "y", 9), ("a", "x", 3), ("b", "z", 5), ("a", "w", 3)])

    named = [[log.items[i] for i in log.history(c)[0]] for c in range(2)]
    assert dict(zip(log.customers, named, strict=True)) == {"b": ["x", "z"], "a": ["x", "w", "y"]}


def test_whether_customers_come_back_and_take_things_together_is_seen_in_the_log() -> None:
    once, again = gathered(courses()), gathered(baskets())

    assert (once.repeats, once.baskets) == (0.0, False)
    assert again.repeats > 0.3
    assert again.baskets


def test_an_item_twice_in_one_basket_is_no_repetition() -> None:
    assert gathered([("a", "x", 1.0), ("a", "x", 1.0), ("a", "y", 2.0)]).repeats == 0.0
    assert gathered([("a", "x", 1.0), ("a", "x", 2.0)]).repeats == 0.5


def test_the_newest_is_kept_back_and_never_what_is_older_than_what_is_learnt() -> None:
    log = gathered(courses())

    learnt, cases = last(log, steps=2)

    assert len(cases) == 240
    assert len(learnt.item) == len(log.item) - 240
    for case in cases:
        items, _ = log.history(case.customer)
        assert items[len(case.items)] == case.wanted[0]
        assert len(learnt.history(case.customer)[0]) <= len(case.items)


def test_a_basket_is_kept_back_whole() -> None:
    log = gathered(baskets())

    learnt, cases = last(log)

    for case in cases:
        items, at = log.history(case.customer)
        assert sorted(set(items[at == at[-1]])) == case.wanted.tolist()
        assert learnt.history(case.customer)[1].max() < at[-1]


def test_who_came_once_has_nothing_to_be_tested_on() -> None:
    assert last(gathered([("a", "x", 1), ("b", "x", 1), ("b", "y", 2)]))[1] == []


def test_neighbours_stand_close_in_histories() -> None:
    log = gathered([(f"c{n}", item, at) for n in range(9) for at, item in enumerate("xyz")])
    x, y, z = (log.items.index(item) for item in "xyz")

    near = neighbours.following(log, reach=1)
    assert near.of(x)[0].tolist() == [y]
    assert near.of(z)[0].tolist() == []
    assert sorted(neighbours.together(log, reach=2).of(z)[0].tolist()) == sorted([x, y])


def test_what_was_popular_long_ago_is_not_popular_lately() -> None:
    log = gathered([(f"c{n}", "old" if n < 60 else "new", float(n)) for n in range(100)])
    found = popular.fitted(log)

    assert found.ever[0] > found.ever[1]
    assert found.recent[1] > found.recent[0]


def test_figures_by_hand() -> None:
    found = figures([([1, 2, 3], [2]), ([4, 5], [9]), ([7, 8], [8, 7, 6])])

    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found.hit == pytest.approx(2 / 3)
    assert found.recall == pytest.approx((1 + 0 + 2 / 3) / 3)
    assert found.ndcg == pytest.approx((1 / math.log2(3) + (1 + 1 / math.log2(3)) / best) / 3)


@pytest.mark.parametrize(
    ("remembered", "given", "wanted"),
    [
        ("abc", "", "abc"),
        ("", "ab", "ab"),
        ("abc", "abcd", "abcd"),  # told wholly
        ("abc", "bc", "abc"),  # told in part
        ("abc", "cd", "abcd"),  # from the last one on
        ("abc", "de", "abcde"),  # what came later
        ("ab", "ba", "ba"),  # the same, in another order
    ],
)
def test_a_history_told_wholly_in_part_or_further(remembered: str, given: str, wanted: str) -> None:
    found = joined([(one, 0.0) for one in remembered], [(one, 1.0) for one in given])

    assert "".join(item for item, _ in found) == wanted


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        ("customer,item\na,b\n", "no column timestamp"),
        ("customer,item,timestamp\na,b,nan\n", "line 2: “nan” is no timestamp"),
        ("customer,item,timestamp\na,b,inf\n", "is no timestamp"),
        ("customer,item,timestamp\na,b,-1\n", "is no timestamp"),
        ("customer,item,timestamp\na,b,yesterday\n", "is no timestamp"),
        ("customer,item,timestamp\na,b,2099-01-01\n", "lies in the future"),
        ("customer,item,timestamp\na,,5\n", "line 2: no item"),
        ("customer,item,timestamp\na,b,5\nc\n", "line 3: too few columns"),
        (f"customer,item,timestamp\na,{'b' * (LONGEST + 1)},5\n", "the item has 201 characters"),
        ('customer,item,timestamp\n"a,b,5\n', "line 2"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(BadTable, match=problem):
        list(rows(text.splitlines(keepends=True), now=NOW))


def test_columns_may_stand_anywhere_and_others_beside_them() -> None:
    text = "Timestamp,rating,item,customer\n2026-01-02T03:04:05Z,5,x,a\n1500000000000,1,y,b\n"

    found = list(rows(text.splitlines(), now=NOW))
    assert found == [("a", "x", 1_767_323_045.0), ("b", "y", 1_500_000_000.0)]


def test_a_moment_without_a_zone_is_in_utc() -> None:
    assert moment("2017-10-01 08:30") == moment("2017-10-01T08:30:00+00:00")
    assert np.isnan(float("nan"))
    assert moment("nan") is None
