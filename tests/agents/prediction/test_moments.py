"""What lies shortly before and after a moment counts for it, where rows are in time order."""

import json

import numpy as np
import pytest

from agents.prediction.columns import Floats, Ints
from agents.prediction.moments import NEAR, Moments, count_moments, moments_from

pytestmark = pytest.mark.unit


def days(rates: list[float], *, each: int = 40) -> tuple[dict[str, Floats], Ints]:
    """Each day has as many rows; of them that share goes well."""
    day = np.repeat(np.arange(len(rates), dtype=np.float64), each)
    outcome = np.concatenate([np.arange(each) < rate * each for rate in rates]).astype(np.int64)
    return {"day": day}, outcome


def counted(rates: list[float], **more: bool) -> Moments:
    values, outcome = days(rates)
    return count_moments(("day",), (), values, outcome, **more)


def test_a_moment_between_good_ones_is_better_than_one_between_bad_ones() -> None:
    moments = counted([0.8, 0.8, 0.2, 0.8, 0.8, *[0.2] * 20])
    shown = moments.read({"day": np.array([2.0, 15.0])})
    at, near = moments.names.index("moment"), moments.names.index(f"moment ± {NEAR[0]}")

    assert shown[0, at] == pytest.approx(shown[1, at])
    assert shown[0, near] > shown[1, near] + 0.5


def test_a_moment_that_nobody_has_seen_is_as_the_whole() -> None:
    moments = counted([0.8, 0.2, 0.2, 0.2])
    near = moments.read({"day": np.array([99.0])})[0, -len(NEAR) :]

    assert near == pytest.approx([float(np.log(0.35 / 0.65))] * len(NEAR))


def test_shuffled_rows_have_no_neighbours() -> None:
    values, outcome = days([0.8, 0.2, 0.2, 0.2])
    order = np.random.default_rng(1).permutation(len(outcome))
    moments = count_moments(("day",), (), {"day": values["day"][order]}, outcome[order])

    assert not moments.in_order
    assert moments.names == ["moment", "volume"]
    assert moments.read(values).shape == (len(outcome), 2)


def test_they_are_read_back_as_they_were_kept() -> None:
    moments = counted([0.8, 0.2, 0.6, 0.4, 0.5])
    again = moments_from(json.loads(json.dumps(moments.stored())))
    rows = {"day": np.array([0.0, 3.0, 7.0])}

    assert again.names == moments.names
    assert again.read(rows) == pytest.approx(moments.read(rows))
    older = {key: value for key, value in moments.stored().items() if key != "in_order"}
    assert moments_from(older).names == ["moment", "volume"]
