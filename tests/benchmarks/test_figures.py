"""What the chat's benchmark makes of numbers."""

import pytest

from benchmarks.load.figures import Target, differ, latency, percentile, ratio, targets

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("share", "value"),
    [
        pytest.param(0.5, 50, id="the median"),
        pytest.param(0.95, 95, id="all but five of a hundred"),
        pytest.param(0.99, 99, id="all but one"),
        pytest.param(1.0, 100, id="the worst"),
    ],
)
def test_percentile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert percentile(list(range(1, 101)), share) == value


def test_percentile_of_one_is_that_one() -> None:
    assert percentile([7.0], 0.5) == percentile([7.0], 0.99) == 7.0


def test_latency_is_in_milliseconds_and_nothing_is_not_zero() -> None:
    of = latency([0.002, 0.001, 0.003])

    assert latency([]) is None
    assert of is not None
    assert (of.p50, of.p95, of.count) == (2.0, 3.0, 3)


def test_anchors_differ_by_a_share_of_the_larger() -> None:
    assert differ(100, 70) == differ(70, 100) == pytest.approx(0.3)


def test_a_ratio_to_nothing_is_unknown() -> None:
    assert ratio(3, None) is None
    assert ratio(None, 3) is None
    assert ratio(3, 0) is None
    assert ratio(3, 2) == 1.5


@pytest.mark.parametrize(
    ("target", "kept", "word"),
    [
        pytest.param(Target("a", 3.1, 3, at_least=True), True, "yes", id="enough"),
        pytest.param(Target("a", 2.9, 3, at_least=True), False, "NO", id="too little"),
        pytest.param(Target("a", 3.1, 3, at_least=False), False, "NO", id="too much"),
        pytest.param(Target("a", None, 3, at_least=False), None, "–", id="not measured"),
    ],
)
def test_a_target_is_kept_missed_or_unknown(target: Target, kept: bool | None, word: str) -> None:
    assert target.kept is kept
    assert target.line().endswith(word)


def test_a_run_that_measured_nothing_keeps_no_promise() -> None:
    assert {t.kept for t in targets({"faults": 0})} == {None, True}
    assert [t.name for t in targets({"faults": 2}) if t.kept is False] == [
        "messages lost, repeated or out of order"
    ]
