"""What only the whole procedure tells: names that nobody fills, steps that nobody reaches, and
irreversible actions that nobody has confirmed."""

from __future__ import annotations

from bots.procedures.reader import GIVEN, Reader, nearest
from bots.procedures.shapes import Procedure, Step


def check(reader: Reader, procedure: Procedure, sets: dict[str, int]) -> None:
    _names(reader, procedure, sets)
    _steps(reader, procedure)
    if not reader.mistakes:  # of a program that is whole
        _reached(reader, procedure)
        _confirmed(reader, procedure)


def _names(reader: Reader, procedure: Procedure, sets: dict[str, int]) -> None:
    saved: dict[str, str] = {}
    for action in procedure.actions.values():
        for name in action.save:
            if name in procedure.slots:
                reader.bad(action.line, f"“{name}” is a slot; an answer is kept by another name.")
            saved[name] = action.name
    known = {*procedure.slots, *saved, *sets, *GIVEN}
    for name, line in reader.uses:
        root = name.split(".", maxsplit=1)[0]
        if root not in known:
            reader.bad(line, f"Nothing is called “{root}”{nearest(root, tuple(sorted(known)))}.")
    for kind, name, argument, line in reader.filters:
        if kind == "label" and name not in procedure.slots:
            reader.bad(line, f"|label is of a slot, and “{name}” is none.")
        if kind == "word" and argument not in procedure.words:
            reader.bad(line, f"“words” has no “{argument}”.")
    _validates(reader, procedure)


def _validates(reader: Reader, procedure: Procedure) -> None:
    for slot in procedure.slots.values():
        if slot.validate and slot.validate not in procedure.actions:
            near = nearest(slot.validate, tuple(procedure.actions))
            reader.bad(slot.line, f"There is no action “{slot.validate}”{near}.")
        elif slot.validate and procedure.actions[slot.validate].irreversible:
            reader.bad(slot.line, "An irreversible action does not validate anything.")


def _steps(reader: Reader, procedure: Procedure) -> None:
    slots, actions = procedure.slots, procedure.actions
    for step in procedure.steps:
        for name in step.slots:
            if name not in slots:
                reader.bad(step.line, f"There is no slot “{name}”{nearest(name, tuple(slots))}.")
            elif step.op == "ask" and not slots[name].ask.said:
                reader.bad(slots[name].line, f"The slot “{name}” has no “ask”: what is asked?")
        if step.op == "call":
            _call(reader, step, procedure)
    for name in actions:
        if not any(
            step.action == name for step in procedure.steps if step.op == "call"
        ) and not any(slot.validate == name for slot in slots.values()):
            reader.bad(actions[name].line, f"No step calls the action “{name}”.")


def _call(reader: Reader, step: Step, procedure: Procedure) -> None:
    action = procedure.actions.get(step.action)
    if action is None:
        near = nearest(step.action, tuple(procedure.actions))
        reader.bad(step.line, f"There is no action “{step.action}”{near}.")
        return
    names = {*action.outcomes.values(), "failed"} | ({"unknown"} if action.irreversible else set())
    for case in step.cases:
        if case == "ok":
            reader.bad(step.line, "“ok” needs no case: the steps just go on.")
        elif case not in names:
            near = nearest(case, tuple(sorted(names)))
            reader.bad(step.line, f"“{step.action}” has no outcome “{case}”{near}.")


def following(procedure: Procedure, place: int) -> list[int]:
    """Where the program may go on."""
    step = procedure.steps[place]
    match step.op:
        case "done" | "hand_over":
            return []
        case "jump":
            return [step.to]
        case "branch":
            return [place + 1, step.to]
        case "confirm":
            return [place + 1, *([step.to] if step.to >= 0 else [])]
        case "call":
            return [place + 1, *step.cases.values()]
    return [place + 1]


def _reached(reader: Reader, procedure: Procedure) -> None:
    seen: set[int] = set()
    waiting = [0]
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            waiting += following(procedure, place)
    for place, step in enumerate(procedure.steps[:-1]):
        if place not in seen and step.op != "jump":
            reader.bad(step.line, "No way leads to this step.")
            return
    for place in seen:
        if _circles(procedure, place):
            reader.bad(
                procedure.steps[place].line, "These steps go round for ever, asking nothing."
            )
            return


def _circles(procedure: Procedure, start: int) -> bool:
    """A jump that comes back to itself over nothing that could change anything."""
    if procedure.steps[start].op != "jump":
        return False
    seen: set[int] = set()
    waiting = following(procedure, start)
    while waiting:
        place = waiting.pop()
        if place == start:
            return True
        if place in seen or procedure.steps[place].op in {"ask", "confirm", "call"}:
            continue
        seen.add(place)
        waiting += following(procedure, place)
    return False


def _confirmed(reader: Reader, procedure: Procedure) -> None:
    """Each way to an irreversible call passes a confirmation after the last question and after the
    last such call: the smallest solution of a forward analysis in which every way must agree."""
    holds: dict[int, bool] = {0: False}
    waiting = [0]
    while waiting:
        place = waiting.pop()
        step = procedure.steps[place]
        for to in following(procedure, place):
            after = _after(procedure, step, holds[place], declined=_declined(step, place, to))
            before = holds.get(to)
            if before is None or (before and not after):
                holds[to] = after
                waiting.append(to)
    for place, step in enumerate(procedure.steps):
        if step.op != "call" or place not in holds or holds[place]:
            continue
        if procedure.actions[step.action].irreversible:
            reader.bad(
                step.line,
                f"“{step.action}” is irreversible: on every way to it, after the last “ask”, "
                "a “confirm” is needed.",
            )


def _declined(step: Step, place: int, to: int) -> bool:
    return step.op == "confirm" and to == step.to and to != place + 1


def _after(procedure: Procedure, step: Step, held: bool, *, declined: bool) -> bool:  # noqa: FBT001 -- what held
    match step.op:
        case "confirm":
            return not declined
        case "ask" | "clear" | "set":
            return False
        case "call":
            return held and not procedure.actions[step.action].irreversible
    return held
