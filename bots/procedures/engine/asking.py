"""Slots are asked for, and irreversible actions confirmed."""

from __future__ import annotations

from bots.procedures.engine.run import MOST_BUTTONS, MOST_ROWS, Run
from bots.procedures.filling import around, choices_of, judged
from bots.procedures.shapes import Slot, Step
from bots.procedures.state import Need
from bots.procedures.understanding import heard

_LONGEST_BUTTON = 60


def ask_what_is_missing(run: Run, step: Step) -> tuple[bool, Need | None]:
    """The next slot that is not known; False when all are."""
    if run.state.place not in run.state.visited:
        run.state.visited.append(run.state.place)
    for name in step.slots:
        slot = run.procedure.slots[name]
        check_again(run, slot)
        if name in run.state.slots or name in run.state.skipped:
            continue
        if run.state.tries.get(name, 0) >= slot.attempts:
            need: Need | None = run.person(
                "misunderstood", f"“{slot.in_words}” could not be found out.", words="misunderstood"
            )
            return True, need
        return True, ask(run, slot)
    run.state.waiting = ""
    return False, None


def check_again(run: Run, slot: Slot) -> None:
    """A value from before is one still; a choice that could not be heard before is heard now."""
    state = run.state
    if slot.name in state.slots:
        value = state.slots[slot.name]
        kept, allowed = judged(slot, value, run.procedure, state, run.world)
        choices = choices_of(slot, run.procedure, state, run.world)
        if slot.options_from and all(one.value != kept for one in choices):
            allowed = False
        if allowed:
            state.slots[slot.name] = kept
            return
        del state.slots[slot.name]
        state.labels.pop(slot.name, None)
        if not slot.options_from:
            run.tell(run.text(slot.wrong) or run.text(slot.again))
    elif slot.options_from and slot.listen:
        listen_back(run, slot)


def listen_back(run: Run, slot: Slot) -> None:
    for text in reversed(run.state.heard):
        found = heard(slot, text, around(slot, run.procedure, run.state, run.world))
        values = {str(one.value): one.value for one in found}
        if len(values) == 1:
            kept, allowed = judged(
                slot, next(iter(values.values())), run.procedure, run.state, run.world
            )
            if allowed:
                run.keep(slot, kept)
            return


def ask(run: Run, slot: Slot, *, instead: str = "") -> Need | None:
    choices = choices_of(slot, run.procedure, run.state, run.world)
    if slot.options_from and not choices:
        return run.person(
            "failed", f"There is nothing to choose for “{slot.in_words}”.", words="failed"
        )
    text = instead or run.text(slot.ask)
    if slot.options_from:
        rows = [f"{number}. {one.label}" for number, one in enumerate(choices[:MOST_ROWS], 1)]
        text += "\n" + "\n".join(rows)
    run.note(f"asks for {slot.name}")
    run.state.waiting = f"slot:{slot.name}"
    run.tell(text, buttons_of(run, slot, [one.label for one in choices]))
    return None


def buttons_of(run: Run, slot: Slot, labels: list[str]) -> tuple[str, ...]:
    if slot.kind == "yes_no":
        labels = [run.phrase("yes"), run.phrase("no")]
    written = [run.text(one) for one in slot.buttons] or labels
    fitting = [one for one in written if one and len(one) <= _LONGEST_BUTTON]
    if slot.optional and len(fitting) < MOST_BUTTONS:
        fitting.append(run.phrase("skip"))
    return tuple(dict.fromkeys(fitting))[:MOST_BUTTONS]


def ask_to_confirm(run: Run, step: Step) -> Need | None:
    run.note("asks for a confirmation")
    run.state.waiting, run.state.confirmed = "confirm", False
    run.tell(run.text(step.text), (run.phrase("yes"), run.phrase("no")))
    return None
