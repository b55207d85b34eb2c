"""Values that are not possible: said once, and what else the message had is kept."""

from datetime import date
from typing import Any

import pytest

from bots.procedures.engine.advance import advance, begin
from bots.procedures.reading import read
from bots.procedures.state import Answered, Begun, Call, Consult, Move, Outcome, Said, State, World
from contactcenter.demo.packs.pack import HERE as PACKS

pytestmark = pytest.mark.unit

LOAN = read((PACKS / "banking" / "procedures" / "loan.yaml").read_text(encoding="utf-8"))
WORLD = World(
    today=date(2026, 11, 23), now="2026-11-23T16:00", language="en", customer={}, conversation={}
)
ANSWERS: dict[str, dict[str, Any]] = {
    "identify": {"session": "s-1", "holder": "Clara Brandt", "name": "Clara Brandt"},
    "quote": {"offer": {"rate": 6.19, "monthly": 274.59, "total": 9885.24}},
}


def turn(state: State, happening: Begun | Said) -> tuple[State, list[str]]:
    """What the bot says to it, with the bank's answers in between; articles know nothing."""
    move: Move = advance(LOAN, state, happening, WORLD)
    said = [one.text for one in move.tells]
    while isinstance(move.need, Call | Consult):
        came = (
            Outcome("ok", ANSWERS[move.need.action])
            if isinstance(move.need, Call)
            else Answered(known=False)
        )
        move = advance(LOAN, move.state, came, WORLD)
        said += [one.text for one in move.tells]
    return move.state, said


def said_after(*lines: str) -> tuple[State, list[str]]:
    state, said = turn(begin("en"), Begun(lines[0]))
    for line in lines[1:]:
        state, said = turn(state, Said(line))
    return state, said


def test_what_is_not_possible_is_asked_once_more_and_in_other_words_only() -> None:
    _, said = said_after("I want a loan", "500 euros")

    assert said == ["Please say an amount from 1,000 to 50,000 €."]


def test_what_else_was_said_beside_it_is_not_asked_again() -> None:
    state, _ = said_after("I want a loan", "500 euros over 24 months")

    assert state.slots["months"] == 24


def test_a_change_that_is_not_possible_leaves_one_question_to_confirm() -> None:
    state, said = said_after(
        "I need a loan of 9000 euros over 36 months for a car", "2600",
        "NB-204817, 12 April 1988", "48291", "wait, actually 48",
    )  # fmt: skip

    assert [text[:32] for text in said] == [
        "Please say it as a number, such ",
        "Shall I send the application: €9",
    ]
    assert (state.waiting, state.slots["income"]) == ("confirm", 2600)
