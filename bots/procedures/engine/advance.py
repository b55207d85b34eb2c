"""The engine's door. Nothing behind it waits, calls or stores; whoever drives it does what it wants and
says what came of it."""

from __future__ import annotations

from copy import deepcopy

from bots.procedures.engine.hearing import after_question, hear, hear_first
from bots.procedures.engine.outcomes import take_outcome
from bots.procedures.engine.run import Run
from bots.procedures.shapes import Procedure
from bots.procedures.state import (
    Begun,
    End,
    HandOver,
    Happening,
    Move,
    Outcome,
    Said,
    State,
    World,
)


def begin(language: str) -> State:
    return State(language=language.split("-", maxsplit=1)[0].lower() or "en")


def advance(procedure: Procedure, state: State, happening: Happening, world: World) -> Move:
    """What comes of a happening; the given state is not touched."""
    run = Run(procedure, deepcopy(state), world)
    match happening:
        case Begun(text=text):
            need = hear_first(run, text)
        case Said(text=text):
            need = hear(run, text)
        case Outcome():
            need = take_outcome(run, happening)
        case _:
            need = after_question(run, happening)
    if isinstance(need, End):
        run.state.ending = need.how
    elif isinstance(need, HandOver):
        run.state.ending, run.state.reason = "handed_over", need.reason
    return Move(run.state, tuple(run.tells), need, tuple(run.notes))
