"""The program: one step after another until something is wanted from outside."""

from __future__ import annotations

import zlib

from bots.procedures.engine.asking import ask_to_confirm, ask_what_is_missing
from bots.procedures.engine.calling import call_action, call_to_validate
from bots.procedures.engine.run import MOST_ROWS, Run
from bots.procedures.filling import names_of, value_of
from bots.procedures.shapes import Step
from bots.procedures.state import End, HandOver, Need

MOST_MOVES = 300  # steps in one go


def go(run: Run) -> Need | None:  # noqa: PLR0911 -- a case a step
    """Runs until something is wanted from outside; None: from the customer."""
    for _ in range(MOST_MOVES):
        if run.state.validate:
            return call_to_validate(run)
        step = run.step
        match step.op:
            case "ask":
                waits, need = ask_what_is_missing(run, step)
                if waits:
                    return need
                run.state.place += 1
            case "confirm":
                return ask_to_confirm(run, step)
            case "call":
                return call_action(run, step)
            case "hand_over":
                run.tell(run.text(step.words))
                reason = run.text(step.text)
                run.note(f"hand over: {reason}")
                return HandOver("step", reason, step.action)
            case "done":
                run.tell(run.text(step.text))
                run.note("done")
                return End("done")
            case _:
                do_alone(run, step)
    return run.person("failed", "The procedure went round in circles.", words="failed")


def do_alone(run: Run, step: Step) -> None:
    """A step that needs nobody."""
    state = run.state
    match step.op:
        case "say":
            say(run, step)
            state.place += 1
        case "branch":
            holds = bool(value_of(step.test, names_of(run.procedure, state, run.world)))
            run.note(f"{step.test}: {'yes' if holds else 'no'}")
            state.place = state.place + 1 if holds else step.to
        case "jump":
            state.place = step.to
        case "set":
            for name, source in step.sets.items():
                names = names_of(run.procedure, state, run.world)
                where = state.slots if name in run.procedure.slots else state.saved
                where[name] = value_of(source, names)
            state.place += 1
        case "clear":
            for name in step.slots:
                state.slots.pop(name, None)
                state.labels.pop(name, None)
                state.tries[name] = state.tries.get(name, 0) + 1
            state.heard, state.confirmed = [], False
            # Why it is asked anew is said each time, also when the same answer comes again
            state.told = [one for one in state.told if not one.startswith(f"{state.place - 1}:")]
            state.place += 1


def say(run: Run, step: Step) -> None:
    text = run.text(step.text)
    rows = value_of(step.each, names_of(run.procedure, run.state, run.world))
    if isinstance(rows, list):
        text += "".join("\n" + run.text(step.row, one) for one in rows[:MOST_ROWS])
    mark = f"{run.state.place}:{zlib.crc32(text.encode()):x}"
    if mark not in run.state.told:
        run.state.told.append(mark)
        run.note("said")
        run.tell(text, tuple(run.text(one) for one in step.buttons))
