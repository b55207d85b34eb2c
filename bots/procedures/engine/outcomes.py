"""What the business answered."""

from __future__ import annotations

from bots.procedures.engine.run import Run
from bots.procedures.engine.steps import go
from bots.procedures.state import Need, Outcome


def take_outcome(run: Run, outcome: Outcome) -> Need | None:
    waiting, run.state.waiting = run.state.waiting, ""
    if waiting.startswith("validate:"):
        return take_verdict(run, waiting.removeprefix("validate:"), outcome)
    step = run.step
    action = run.procedure.actions[step.action]
    run.state.called.append([action.name, outcome.name])
    run.note(f"{action.name}: {outcome.name}")
    if action.irreversible:
        run.state.confirmed = False
        if outcome.name in {"ok", "unknown"}:
            run.state.acted.append(action.name)
    if outcome.name == "ok":
        run.state.saved.update(outcome.saved)
        run.state.place += 1
        return go(run)
    if outcome.name in step.cases:
        run.state.place = step.cases[outcome.name]
        return go(run)
    words = "unknown" if outcome.name == "unknown" else "failed"
    return run.person(words, f"{action.name}: {outcome.name}", words=words)


def take_verdict(run: Run, name: str, outcome: Outcome) -> Need | None:
    slot = run.procedure.slots[name]
    run.state.validate = [one for one in run.state.validate if one != name]
    run.state.called.append([slot.validate, outcome.name])
    run.note(f"{slot.validate} for {name}: {outcome.name}")
    if outcome.name == "ok":
        run.state.saved.update(outcome.saved)
        return go(run)
    if outcome.name in {"failed", "unknown"}:
        return run.person("failed", f"{slot.validate}: {outcome.name}", words="failed")
    run.state.slots.pop(name, None)
    run.state.labels.pop(name, None)
    run.back(slot)
    over = run.tried(name)
    if over is not None:
        return over
    run.tell(run.text(slot.wrong) or run.text(slot.again) or run.phrase("not_valid"))
    return go(run)
