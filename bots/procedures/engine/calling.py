"""What is called, and with which values."""

from __future__ import annotations

from bots.procedures.engine.run import Run
from bots.procedures.filling import known_of
from bots.procedures.shapes import Step
from bots.procedures.state import Call, Need
from bots.procedures.templates import path_of, value_of

MOST_CALLS = 40  # of one run


def call_to_validate(run: Run) -> Need | None:
    name = run.state.validate[0]
    run.state.waiting = f"validate:{name}"
    return call_wanted(run, run.procedure.slots[name].validate)


def call_action(run: Run, step: Step) -> Need | None:
    action = run.procedure.actions[step.action]
    if action.irreversible and not run.state.confirmed:
        return run.person("failed", f"“{action.name}” was not confirmed.", words="failed")
    run.state.waiting = "call"
    return call_wanted(run, step.action)


def call_wanted(run: Run, name: str) -> Need | None:
    if run.state.calls >= MOST_CALLS:
        return run.person("failed", "Too many calls.", words="failed")
    run.state.calls += 1
    action = run.procedure.actions[name]
    known = known_of(run.procedure, run.state, run.world)
    run.note(f"calls {name}")
    return Call(
        name,
        run.state.calls,
        path_of(action.path, known),
        value_of(dict(action.query), known),
        value_of(dict(action.headers), known),
        value_of(action.body, known) if action.body is not None else None,
    )
