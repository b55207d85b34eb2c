"""What the past tells of a new case, and that it is silent where the past does not tell."""

import numpy as np
import pytest

from agents.assist.rules.guide import NOTHING, Item, Known, items
from agents.assist.rules.neighbours import bar, votes
from bots.procedures.reading import read

pytestmark = pytest.mark.unit

FILE = """
procedure: exchange
name: {en: Exchange}
description: Another size.
when: {examples: {en: [exchange it, another size please]}}
slots:
  number: {type: pattern, pattern: 'FW-[0-9]{5}', called: [order number, 订单号], ask: {en: "Which order?"}}
  size: {type: text, ask: {en: "Which size?"}}
  why: {type: text, ask: {en: "Why?"}}
actions:
  look_up: {connection: shop, method: GET, path: /orders, save: {order: .}}
  exchange: {connection: shop, method: POST, path: /exchange, irreversible: true, save: {made: .}}
steps:
  - ask: [number, size]
  - call: look_up
  - if: size == "M"
    then:
      - ask: why
  - confirm: {en: "Exchange {number}?"}
    declined:
      - done: {en: "Nothing was done."}
  - call: exchange
  - done: {en: "Done."}
"""


def groups(*sizes: int, noise: float = 0.2) -> np.ndarray:
    """Unit vectors in groups that have little to do with each other."""
    random = np.random.default_rng(7)
    middles = np.eye(len(sizes), 16, dtype=np.float32)
    rows = [
        middles[group] + noise * random.normal(size=16).astype(np.float32) / 4
        for group, size in enumerate(sizes)
        for _ in range(size)
    ]
    return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


def test_a_vote_is_of_the_nearest_and_only_of_such_as_are_alike() -> None:
    vectors = groups(5, 5)
    values = [["returns"]] * 5 + [["delivery"]] * 5

    (said,) = votes(vectors @ vectors[0], values)
    assert (said.value, round(said.share, 2)) == ("returns", 1.0)
    assert votes(vectors @ np.eye(16, dtype=np.float32)[9], values) == []
    assert votes(vectors[3:5] @ vectors[3], values[3:5]) == []  # two are an accident


def test_the_bar_is_where_the_past_was_told_right() -> None:
    vectors = groups(30, 30)
    known = bar(vectors, [["returns"]] * 30 + [["delivery"]] * 30, frozenset())
    assert known is not None
    assert (known.share, known.precision, known.measured) == (0.5, 1.0, 60)

    random = np.random.default_rng(3)
    coins = [["returns"] if heads else ["delivery"] for heads in random.integers(0, 2, 60)]
    assert bar(vectors, coins, frozenset()) is None
    # Few cases tell nothing, however well they agree; neither does what is usual anyhow.
    assert bar(vectors[:8], [["returns"]] * 8, frozenset()) is None
    assert bar(vectors[:60], [["0"]] * 60, frozenset({"0"})) is None


def test_a_procedure_is_a_list_of_what_is_left_to_do() -> None:
    procedure = read(FILE)

    assert items(procedure, NOTHING) == [
        Item("Order number"),
        Item("Size"),
        Item("Check: look up"),
        Item("The customer agrees"),
        Item("Do: exchange", is_final=True),
    ]
    known = Known(
        {"number": "FW-10234", "why": "too small"}, frozenset({"look_up"}), confirmed=False
    )
    gathered = items(procedure, known)
    assert [(one.text, one.value) for one in gathered if one.done] == [
        ("Order number", "FW-10234"),
        ("Check: look up", ""),
        ("Why", "too small"),
    ]
    assert gathered[0].line() == "Order number: FW-10234"
