"""One inbox's crowd does not keep another's customers waiting."""

from collections import Counter, deque
from random import Random

import pytest

from bots.language.admission import Admission

pytestmark = pytest.mark.unit


def test_each_line_is_served_in_its_order() -> None:
    line = Admission[str](10)
    for item in ("a1", "a2", "a3"):
        assert line.put(item, "a") is None
    line.put("b1", "b")

    assert [line.take({}) for _ in range(5)] == ["a1", "b1", "a2", "a3", None]


def test_a_crowd_in_one_line_does_not_delay_the_others() -> None:
    line = Admission[str](200)
    for number in range(100):
        line.put(f"a{number}", "a")
    line.put("b", "b")
    line.put("c", "c")

    assert {line.take({"a": 3}), line.take({"a": 3, "b": 1})} == {"b", "c"}


def test_when_full_the_longest_line_gives_way_from_its_end() -> None:
    line = Admission[str](4)
    for item in ("a1", "a2", "a3", "a4"):
        line.put(item, "a")

    assert line.put("a5", "a") == "a5"
    assert line.put("b1", "b") == "a4"
    assert line.put("b2", "b") == "a3"
    assert line.put("b3", "b") == "b3"
    assert line.put("c1", "c") == "a2"
    assert len(line) == 4


def test_who_leaves_makes_room() -> None:
    line = Admission[str](1)
    line.put("a1", "a")

    assert line.leave("a1", "a")
    assert not line.leave("a1", "a")
    assert line.put("b1", "b") is None
    assert line.clear() == ["b1"]
    assert len(line) == 0


@pytest.mark.parametrize("seed", range(20))
def test_nobody_waits_longer_than_a_turn_of_every_line(seed: int) -> None:
    """Whatever arrives in whatever order, with answers that take whatever long: a share that has
    somebody in line and no more under way than any other is served within as many turns as there
    are shares; nobody is lost or served twice; the limit holds."""
    chance, slots, shares = Random(seed), 4, "abcdef"
    line = Admission[tuple[str, int]](12)
    waiting: dict[str, deque[tuple[str, int]]] = {share: deque() for share in shares}
    running: list[tuple[tuple[str, int], int]] = []
    turns_missed: Counter[str] = Counter()
    served = set()
    for step in range(600):
        share = chance.choices(shares, weights=[50, 5, 5, 1, 1, 1])[0]
        item = (share, step)
        gone = line.put(item, share)
        if gone != item:
            waiting[share].append(item)
        if gone is not None and gone != item:
            assert waiting[gone[0]].pop() == gone
        running = [(who, left - 1) for who, left in running if left > 1]
        while len(running) < slots:
            under_way = Counter(who[0] for who, _ in running)
            taken = line.take(under_way)
            if taken is None:
                break
            assert waiting[taken[0]].popleft() == taken
            assert taken not in served
            served.add(taken)
            fewest = min(under_way[s] for s in [taken[0], *(s for s in shares if waiting[s])])
            assert under_way[taken[0]] == fewest
            for other in shares:
                waits = waiting[other] and other != taken[0] and under_way[other] == fewest
                turns_missed[other] = turns_missed[other] + 1 if waits else 0
                assert turns_missed[other] < len(shares)
            running.append((taken, chance.randint(1, 9)))
        assert len(line) == sum(map(len, waiting.values())) <= 12
