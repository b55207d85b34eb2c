"""Which procedure a message is for, with vectors that say plainly what they mean."""

from dataclasses import replace

import numpy as np
import pytest

from bots.procedures import matching
from bots.procedures.matching import Candidate, Matcher, Read
from bots.procedures.shapes import Procedure, Text, When

pytestmark = pytest.mark.unit

SIZE = 32
NOTHING = Procedure("nothing", Text({"": "Nothing"}), Text({}), "UTC", When(), {}, {}, {}, ())


def near(*axes: int, seed: int = 0, english: bool = False) -> Read:
    """A text for each axis: mostly along it, as sentences about one thing are."""
    dice = np.random.default_rng(seed)
    rows = np.eye(SIZE, dtype=np.float32)[list(axes)]
    rows = rows + 0.03 * dice.standard_normal(rows.shape).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Read(rows, rows if english else np.zeros_like(rows))


def candidate(pk: int, *axes: int, english: bool = False) -> Candidate:
    shape = replace(NOTHING, key=f"number_{pk}")
    return Candidate(pk, shape, near(*axes, seed=pk, english=english), None)


@pytest.mark.parametrize("english", [False, True])
def test_each_message_begins_what_its_like_began(english: bool) -> None:
    one = candidate(1, 0, 1, 2, english=english)
    other = candidate(2, 5, 6, 7, english=english)
    matcher = Matcher.learn([one, other], near(10, 11, 12, english=english))
    assert matcher is not None

    for axis, expected in ((1, one), (6, other)):
        found = matcher.match("do it", near(axis, seed=9, english=english))
        assert found is not None
        assert (found.candidate, found.is_sure, found.others) == (expected, True, ())
    assert matcher.match("do it", near(11, seed=9, english=english)) is None
    assert matcher.match("do it", near(20, seed=9, english=english)) is None


def test_less_is_offered_and_how_it_is_done_is_less(monkeypatch: pytest.MonkeyPatch) -> None:
    matcher = Matcher.learn([candidate(1, 0, 1, 2)], near(10, 11, 12))
    assert matcher is not None
    asked = near(1, seed=9)
    score = float(matcher.scores(asked).max())
    monkeypatch.setattr(matching, "SURE", score - 0.1)
    monkeypatch.setattr(matching, "MAYBE", score - matching.HOW - 0.1)

    plain, how = matcher.match("return it", asked), matcher.match("how do I return it", asked)

    assert plain is not None
    assert plain.is_sure
    assert how is not None
    assert not how.is_sure


def test_without_examples_there_is_nothing_to_learn() -> None:
    assert Matcher.learn([Candidate(1, NOTHING, None, None)], near(1)) is None
