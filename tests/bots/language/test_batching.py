"""The batch around a network of three lines: who is served when, and that guessing changes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Event
from typing import Any

import numpy as np
import pytest

from bots.language import asking, batching
from bots.language.asking import End, Request
from bots.language.batching import Engine
from bots.language.beginnings import Beginnings
from bots.language.decoder import Piece, Row
from bots.language.drafts import Drafter
from bots.language.model import ModelUnavailable, Overloaded
from bots.language.pace import Along

pytestmark = pytest.mark.unit

WORDS, END = 50, 49


@dataclass
class Lines:
    values: Row

    def best(self) -> list[int]:
        return [int(word) for word in self.values.argmax(1)]

    def line(self, number: int) -> Row:
        line: Row = self.values[number]
        return line


@dataclass
class Arithmetic:
    """The next word depends on all that a row holds: whoever mixes rows up says something else."""

    slots: int = 3
    context: int = 200
    vocabulary: int = WORDS
    backend: str = "arithmetic"
    precision: str = "exact"
    digest: str = ""
    ends: frozenset[int] = frozenset({END})
    passes: list[list[Piece]] = field(default_factory=list)
    held: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.rows = np.zeros((self.slots, self.context), np.float32)
        self.held.set()

    def step(self, pieces: Sequence[Piece]) -> Lines:
        assert self.held.wait(10)
        assert len({piece.row for piece in pieces}) == len(pieces)
        self.passes.append(list(pieces))
        lines = []
        for piece in pieces:
            end = piece.start + len(piece.tokens)
            self.rows[piece.row, piece.start : end] = piece.tokens
            for at in range(end - piece.told, end):
                line = np.zeros(WORDS, np.float32)
                line[following(self.rows[piece.row, : at + 1])] = 1
                lines.append(line)
        return Lines(np.array(lines).reshape(-1, WORDS))

    def move(self, row: int, to: int, count: int) -> None:
        self.rows[to, :count] = self.rows[row, :count]

    def copied(self, row: int, count: int) -> Any:
        return self.rows[row, :count].copy()

    def fill(self, row: int, known: Any) -> int:
        self.rows[row, : len(known)] = known
        return len(known)

    def rest(self) -> None:
        """What rows hold must not matter any more."""
        self.rows[:] = -1


def following(words: Any) -> int:
    """A sum over everything, and often a copy of what stood twenty words earlier."""
    total = int(sum((at % 7 + 1) * word for at, word in enumerate(words)))
    if total % 3 and len(words) > 20:
        return int(words[-20])
    return END if total % 17 == 0 else total % 49


def alone(prompt: Sequence[int], longest: int) -> list[int]:
    words = list(prompt)
    for _ in range(longest):
        word = following(words)
        if word == END:
            break
        words.append(word)
    return words[len(prompt) :]


def heard(request: Request) -> list[int]:
    said = []
    while not isinstance(news := request.answer.get(timeout=10), End):
        if isinstance(news, ModelUnavailable):
            raise news
        said.append(news)
    return said


def prompt(seed: int, length: int) -> list[int]:
    return [(seed * 13 + n * n * 7) % 49 for n in range(length)]


@pytest.mark.parametrize("drafted", [0, 3])
def test_together_each_says_what_it_says_alone(
    drafted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty conversations in three rows, long and short, some of which begin alike."""
    monkeypatch.setattr(batching, "DRAFTED", drafted)
    monkeypatch.setattr(asking, "LOOP", 1000)
    decoder = Arithmetic()
    engine = Engine(decoder, waiting=30)
    prompts = [prompt(seed % 4, 40) + prompt(seed, 3 + seed * 5 % 60) for seed in range(20)]
    asked = [Request(words, [20, 40], 30) for words in prompts]

    for request in asked:
        engine.submit(request)
    said = [heard(request) for request in asked]
    engine.close()

    assert said == [alone(words, 30) for words in prompts]
    longest = (
        max(len(p.tokens) for pieces in decoder.passes for p in pieces if p.told > 1)
        if drafted
        else 1
    )
    assert (longest > 1) == bool(drafted)


def test_a_joining_prompt_comes_in_pieces_while_others_speak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "LOOP", 1000)
    decoder = Arithmetic(ends=frozenset())
    engine = Engine(decoder, waiting=9)
    first, second = Request(prompt(1, 10), [], 60), Request(prompt(2, 150), [], 2)

    decoder.held.clear()
    engine.submit(first)
    while engine.load().waiting:  # until it is being read
        pass
    engine.submit(second)
    decoder.held.set()
    heard(second)
    engine.close()

    joined = [pieces for pieces in decoder.passes if len(pieces) == 2]
    assert max(len(pieces[1].tokens) for pieces in joined) < 64
    assert all(pieces[0].row == 0 for pieces in joined)


def test_a_crowd_of_one_share_does_not_hold_up_another() -> None:
    decoder = Arithmetic(slots=2, ends=frozenset())
    engine = Engine(decoder, waiting=120)
    decoder.held.clear()
    crowd = [Request(prompt(n, 10), [], 4, share="a") for n in range(100)]
    for request in crowd:
        engine.submit(request)
    late = Request([48, 48, 48], [], 4, share="b")
    engine.submit(late)
    assert engine.load().waiting >= 99
    decoder.held.set()

    heard(late)

    engine.close()
    read = [list(p.tokens) for pieces in decoder.passes for p in pieces if p.start == 0]
    assert read.index([48, 48, 48]) <= 3  # two had been let in already, and one had its turn


def test_beyond_the_bound_it_says_busy_and_who_leaves_makes_room() -> None:
    decoder = Arithmetic(slots=1)
    engine = Engine(decoder, waiting=1)
    decoder.held.clear()
    first, second, third = (Request(prompt(n, 10), [], 4) for n in range(3))
    engine.submit(first)
    while engine.load().waiting:  # until it is being read
        pass
    engine.submit(second)

    with pytest.raises(Overloaded) as refusal:
        engine.submit(third)
    engine.leave(second)
    engine.submit(third)
    decoder.held.set()

    assert refusal.value.code == "busy"
    assert second.answer.get(timeout=10) is End.CANCELLED
    assert heard(third) == alone(third.prompt, 4)
    engine.close()


def test_what_is_known_is_not_read_again_and_the_oldest_goes_first() -> None:
    decoder = Arithmetic()
    beginnings = Beginnings(decoder, limit=4 * 50)  # bytes: fifty places
    requests = [Request(prompt(n, 40), [20], 1) for n in range(3)]
    for request in requests:
        decoder.fill(0, np.array(request.prompt))
        beginnings.keep(request.prompt, [20], 0, 40)

    assert [beginnings.recall(one.prompt, [20], 1) for one in requests] == [0, 20, 20]
    assert decoder.rows[1, :20].tolist() == requests[2].prompt[:20]


@pytest.mark.parametrize("broken", [batching.DEAD - 1, batching.DEAD])
def test_a_network_that_fails_again_and_again_is_given_up(
    broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder = Arithmetic()
    whole, left = decoder.step, [broken]

    def step(pieces: Sequence[Piece]) -> Lines:
        left[0] -= 1
        if left[0] >= 0:
            raise RuntimeError("the card has gone")
        return whole(pieces)

    monkeypatch.setattr(decoder, "step", step)
    engine = Engine(decoder, waiting=9)
    for _ in range(broken):
        request = Request(prompt(1, 10), [], 4)
        engine.submit(request)
        with pytest.raises(ModelUnavailable):
            heard(request)
    last = Request(prompt(1, 10), [], 4)

    if broken < batching.DEAD:
        engine.submit(last)
        assert heard(last) == alone(last.prompt, 4)
        engine.close()
        return
    with pytest.raises(ModelUnavailable, match="has been closed"):
        engine.submit(last)
    assert not engine.open


def test_those_who_begin_alike_in_one_moment_have_it_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody has asked about the article before, and now several do; one asks about another."""
    monkeypatch.setattr(asking, "LOOP", 1000)
    monkeypatch.setattr(batching, "DRAFTED", 0)
    decoder = Arithmetic(slots=6, ends=frozenset())
    engine = Engine(decoder, waiting=9)
    decoder.held.clear()
    first = Request(prompt(9, 4), [], 2)
    engine.submit(first)
    while engine.load().waiting:  # until it is being read
        pass
    asked = [Request(prompt(1, 60) + prompt(n, 5), [20, 60], 6) for n in range(4)]
    asked.append(Request(prompt(1, 20) + prompt(2, 45), [20, 60], 6))
    for request in asked:
        engine.submit(request)
    decoder.held.set()

    said = [heard(request) for request in asked]
    engine.close()

    assert said == [alone(request.prompt, 6) for request in asked]
    read = 4 + (60 + 4 * 5) + 45  # of prompts; and every word said but the last is read, too
    assert sum(len(p.tokens) for pieces in decoder.passes for p in pieces) == read + 1 + 5 * 5


def test_expected_waits_grow_with_the_line() -> None:
    engine = Engine(Arithmetic(), waiting=9)
    assert engine.load().seconds_to_first == 0
    heard_one = Request(prompt(1, 10), [], 4)
    engine.submit(heard_one)
    heard(heard_one)
    engine.close()
    waits = [engine._pace.seconds_to_first(2, waiting, 3) for waiting in range(9)]

    assert all(0 < a <= b for a, b in pairwise(waits))


def test_a_piece_is_as_long_as_makes_a_step_at_most_twice_as_long() -> None:
    """On a box where a word costs a twentieth of a step, on a card where it costs nothing, and on one
    where it costs a fifth; now and then the box does something else meanwhile."""
    found = []
    for cost in (0.05, 0.0, 0.2):
        along = Along()
        for turn in range(400):
            busy = 1.0 if turn % 20 == 7 else 0.0
            along.stepped(1.0 + busy, 8, 0)
            along.stepped(1.0 + cost * along.words + busy, 8, along.words)
        found.append(along.words)

    assert 10 <= found[0] <= 18
    assert found[1:] == [64, 12]


def test_a_guess_is_what_follows_the_newest_words() -> None:
    drafter = Drafter([1, 2, 3, 4, 5, 6, 2, 3, 9])

    assert drafter.guess([8, 1, 2, 3]) == [4, 5, 6, 2, 3, 9]
    assert drafter.guess([8, 2, 3]) == [9]
    assert drafter.guess([3]) == []
    assert Counter(drafter.guess([7, 7])) == Counter()
