"""A few examples of each intent are enough to tell which one a message has."""

import numpy as np
import pytest

from bots.knowledge.intents import MOST, NO_INTENT, Examples, IntentHead, Intents
from bots.language.model import Vectors

pytestmark = pytest.mark.unit

NAMES = ["refund", "delivery", "password"]


def around(centres: Vectors, each: int, *, seed: int = 0) -> Vectors:
    """Points near each centre in turn, of length one."""
    dice = np.random.default_rng(seed)
    near = np.repeat(centres, each, axis=0) + 0.15 * dice.standard_normal((each * len(centres), 16))
    points: Vectors = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)
    return points


CENTRES: Vectors = np.eye(16, dtype=np.float32)[:3]
GIVEN = Examples([name for name in NAMES for _ in range(5)], around(CENTRES, 5))


def test_a_message_has_the_intent_of_the_examples_it_is_like() -> None:
    head = IntentHead.learn(GIVEN)
    assert head is not None

    found = head.of(around(CENTRES, 4, seed=1), None)

    assert [one.name for one in found] == [name for name in NAMES for _ in range(4)]
    assert all(one.probability > 0.6 and one.entropy < 0.7 for one in found)


def test_what_is_like_nothing_scores_less_and_is_less_certain() -> None:
    head = IntentHead.learn(GIVEN)
    assert head is not None

    inside = head.of(around(CENTRES, 4, seed=1), None)
    outside = head.of(around(np.eye(16, dtype=np.float32)[8:12], 4, seed=2), None)

    assert min(one.score for one in inside) > max(one.score for one in outside)
    assert np.mean([one.entropy for one in outside]) > np.mean([one.entropy for one in inside])


def test_chances_add_up_to_one_and_entropy_is_a_share() -> None:
    head = IntentHead.learn(GIVEN)
    assert head is not None

    alike = head.of(np.full((1, 16), 0.25, np.float32), None)[0]

    assert 1 / 3 <= alike.probability <= 1
    assert 0 <= alike.entropy <= 1


@pytest.mark.parametrize(
    ("names", "count"),
    [
        pytest.param(["one"] * 6, 6, id="one intent"),
        pytest.param(["one", "two"], 2, id="an example each"),
        pytest.param(["one", "two"] * MOST, 2 * MOST, id="too many to solve"),
    ],
)
def test_where_there_is_nothing_to_learn_nothing_is_claimed(names: list[str], count: int) -> None:
    every = np.ones((count, 4), np.float32)

    assert IntentHead.learn(Examples(names, every)) is None
    assert Intents(None, Examples(names, every)).of(every[0], None) is NO_INTENT


def test_a_second_opinion_is_heard_where_there_is_one() -> None:
    blind = Examples(GIVEN.names, around(np.full((3, 16), 0.25, np.float32), 5, seed=3))
    both = Intents(Examples(GIVEN.names, blind.every, GIVEN.every), blind)
    message = around(CENTRES[1:2], 1, seed=4)[0]

    assert both.of(blind.every[0], message).name == "delivery"
    assert both.of(blind.every[0], None).probability < both.of(blind.every[0], message).probability
