"""The thread that indexes: woken by many, it works for all of them together."""

import threading

import pytest

from bots.indexer import Indexer

pytestmark = pytest.mark.unit


def test_many_who_wake_it_are_served_together() -> None:
    begun, may_end = threading.Event(), threading.Event()
    rounds: list[int] = []

    def work() -> None:
        rounds.append(len(rounds))
        begun.set()
        may_end.wait(5)

    indexer = Indexer(work)
    indexer.wake()
    assert begun.wait(5)

    for _ in range(100):
        indexer.wake()
    may_end.set()

    assert indexer.wait(5)
    assert len(rounds) == 2  # the one that ran, and one for all who came meanwhile


def test_it_can_be_woken_again_after_it_has_rested() -> None:
    done: list[str] = []
    indexer = Indexer(lambda: done.append("once"))

    for _ in range(3):
        indexer.wake()
        assert indexer.wait(5)

    assert done == ["once"] * 3


def test_who_wakes_it_while_it_rests_is_heard_at_once() -> None:
    rests, rounds = threading.Event(), list[str]()

    def work() -> None:
        rounds.append("first")
        rests.set()
        indexer.rest(60)
        rounds.append("second")

    indexer = Indexer(work)
    indexer.wake()
    assert rests.wait(5)
    assert not indexer.wait(0.05)

    indexer.wake()

    assert indexer.wait(5)
    assert rounds == ["first", "second"]  # heard in the rest, so no third one is due


def test_a_rest_that_nobody_disturbs_ends_by_itself() -> None:
    indexer = Indexer(lambda: indexer.rest(0.01))
    indexer.wake()
    assert indexer.wait(5)


def test_what_breaks_does_not_keep_the_next_from_its_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries: list[str] = []

    def work() -> None:
        tries.append("try")
        if len(tries) == 1:
            raise RuntimeError("the encoder is gone")

    indexer = Indexer(work)
    indexer.wake()
    assert indexer.wait(5)
    indexer.wake()
    assert indexer.wait(5)

    assert len(tries) == 2
    assert "Work in the background failed" in caplog.text
