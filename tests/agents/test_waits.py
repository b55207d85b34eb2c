"""What is said about a wait, whatever the queue has lived through."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.estimates import Estimate
from agents.rules.waits import Ladder, Line, Pace

LIVES = st.lists(
    st.tuples(
        st.floats(0, 600),  # seconds since the last departure
        st.floats(0, 7200),  # how long they waited
        st.integers(0, 40),  # slots
        st.booleans(),  # gave up
        st.booleans(),  # they were told something
        st.integers(0, 60),  # ahead of them then
    ),
    max_size=60,
)


def lived(moments: list[tuple[float, float, int, bool, bool, int]]) -> Pace:
    pace, at = Pace(), 1_000_000.0
    for gap, waited, slots, gave_up, told, ahead in moments:
        at += gap
        said = pace.estimate(Line(ahead, slots, urgent=ahead % 2 == 0)) if told else None
        pace.departed(
            at=at, entered=at - waited, slots=slots, gave_up=gave_up, said=said, late=ahead % 3 == 0
        )
    return pace


def steady(*, slots: int = 5, every: float = 40.0, count: int = 60) -> Pace:
    """A queue that was never empty and gave away a place every so many seconds."""
    pace = Pace()
    for n in range(count):
        at = 1_000.0 + n * every
        pace.departed(at=at, entered=at - 600, slots=slots, gave_up=False)
    return pace


@settings(max_examples=120, deadline=None)
@given(
    LIVES,
    st.integers(0, 30),
    st.integers(0, 30),
    st.floats(0, 3600),
    st.booleans(),
)
def test_a_range_is_ordered_and_grows_with_the_place(
    moments: list[tuple[float, float, int, bool, bool, int]],
    slots: int,
    free: int,
    stalled: float,
    urgent: bool,
) -> None:
    pace = lived(moments)
    ladder = Ladder(pace, Line(0, slots, min(slots, free), stalled, urgent))

    said = [ladder.at(ahead) for ahead in range(80)]

    for one in said:
        if one is not None:
            assert 0 <= one.low <= one.high < math.inf
    for nearer, further in itertools.pairwise(said):
        if nearer is not None and further is not None:
            assert nearer.low <= further.low + 1e-6
            assert nearer.high <= further.high + 1e-6


@settings(max_examples=60, deadline=None)
@given(LIVES)
def test_what_is_kept_says_the_same(
    moments: list[tuple[float, float, int, bool, bool, int]],
) -> None:
    pace = lived(moments)
    again = Pace.of(pace.row())

    assert again == pace
    assert again.estimate(Line(7, 3)) == pace.estimate(Line(7, 3))


def test_says_nothing_without_history_or_without_anybody_to_serve() -> None:
    assert Pace().estimate(Line(3, slots=5)) is None
    assert Pace.of({}).estimate(Line(0, slots=5, free=2)) is None
    assert steady().estimate(Line(3, slots=0)) is None
    assert steady().estimate(Line(3, slots=5)) is not None


def test_goes_by_the_pace_and_by_how_many_serve_now() -> None:
    pace = steady(slots=5, every=40.0)

    now, fewer = pace.estimate(Line(9, slots=5)), pace.estimate(Line(9, slots=2))

    assert now is not None
    assert fewer is not None
    assert now.middle == pytest.approx(400, rel=0.05)
    assert fewer.middle == pytest.approx(1000, rel=0.05)
    assert now.low <= 401 <= now.high <= 800


def test_a_queue_that_stands_still_becomes_slower_without_any_departure() -> None:
    pace = steady()
    moving, standing = pace.estimate(Line(4, 5)), pace.estimate(Line(4, 5, stalled=600))
    assert moving is not None
    assert standing is not None
    assert standing.high > 1.2 * moving.high


def test_who_gives_up_makes_the_line_shorter_for_the_others() -> None:
    pace = steady()
    before = pace.estimate(Line(30, 5))
    for n in range(60):
        at = 10_000.0 + n
        pace.departed(at=at, entered=at - 120, slots=5, gave_up=True)
    after = pace.estimate(Line(30, 5))
    assert before is not None
    assert after is not None
    assert after.middle < before.middle


def test_whoever_is_passed_by_urgent_ones_waits_longer_and_the_urgent_do_not() -> None:
    pace = steady(slots=5, every=40.0)
    before = pace.estimate(Line(9, 5))
    for n in range(40):
        at = 10_000.0 + n * 40
        came = at - 30 if n % 2 else at - 600
        pace.departed(at=at, entered=came, slots=5, gave_up=False, urgent=bool(n % 2))

    after, urgent = pace.estimate(Line(9, 5)), pace.estimate(Line(9, 5, urgent=True))

    assert before is not None
    assert after is not None
    assert urgent is not None
    assert after.middle > 1.1 * before.middle
    assert urgent.middle < after.middle


def test_whom_somebody_free_took_says_nothing_of_the_pace() -> None:
    pace = steady(slots=5, every=40.0)
    said = Estimate(2.0, 6.0, 3.0, 0.5, "free")
    before = pace.worked, pace.given
    for n in range(10):
        at = 10_000.0 + n
        pace.departed(at=at, entered=at - 3, slots=5, gave_up=False, said=said)
    assert (pace.worked, pace.given) == before


@pytest.mark.parametrize("truth", [0.3, 1.0, 3.0])
def test_the_lines_find_the_shares_whatever_the_model_is_worth(truth: float) -> None:
    rng = random.Random(7)
    pace = steady(slots=5, every=40.0, count=200)
    below = {"low": 0, "high": 0}
    count = 3_000
    for n in range(count):
        said = pace.estimate(Line(5, 5))
        assert said is not None
        waited = truth * rng.lognormvariate(math.log(240), 0.5)
        if n >= count // 3:
            below["low"] += waited <= said.low
            below["high"] += waited <= said.high
        late = waited > said.high
        if late:
            pace.overdue(said)
        # Neither the pace nor who leaves is of interest here: only what is compared.
        pace._compare(said, waited, gave_up=False, late=late)
    assert below["low"] / (count * 2 / 3) == pytest.approx(0.5, abs=0.04)
    assert below["high"] / (count * 2 / 3) == pytest.approx(0.8, abs=0.04)


def test_who_gave_up_is_neither_a_hit_nor_a_miss() -> None:
    """Leaving early by chance must not make us promise less than those who stay will need."""
    rng = random.Random(11)
    pace = steady(slots=5, every=40.0, count=200)
    met: list[bool] = []
    for n in range(6_000):
        said = pace.estimate(Line(5, 5))
        assert said is not None
        true, patience = rng.lognormvariate(math.log(240), 0.5), rng.expovariate(1 / 300)
        waited = min(true, patience)
        late = waited > said.high
        if late:
            pace.overdue(said)
        pace._compare(said, waited, gave_up=patience < true, late=late)
        if n >= 1_000:
            met.append(true <= said.high)
    assert sum(met) / len(met) == pytest.approx(0.8, abs=0.05)


def test_states_are_learned_apart_and_urgent_ones_begin_where_the_others_are() -> None:
    pace = steady()
    said = pace.estimate(Line(4, 5))
    assert said == Estimate(said.low, said.high, said.middle, said.spread, "busy") if said else None
    assert said is not None
    calm_before = pace.estimate(Line(1, 5))
    assert calm_before is not None
    pace.departed(
        at=10_000, entered=10_000 - calm_before.low, slots=5, gave_up=False, said=calm_before
    )
    for _ in range(5):
        pace.overdue(said)
    urgent, calm = pace.estimate(Line(4, 5, urgent=True)), pace.estimate(Line(1, 5))
    raised = pace.estimate(Line(4, 5))
    assert raised is not None
    assert urgent is not None
    assert calm is not None
    assert raised.high > 1.5 * said.high
    assert urgent.high == pytest.approx(raised.high)
    assert calm.high < said.high
