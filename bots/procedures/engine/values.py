"""Values that a message has are kept, or refused."""

from __future__ import annotations

from bots.procedures.engine.asking import ask
from bots.procedures.engine.run import Run
from bots.procedures.engine.steps import go
from bots.procedures.filling import Fills, judged
from bots.procedures.shapes import Slot
from bots.procedures.state import Need
from bots.procedures.templates import plain


def keep_values(run: Run, fills: Fills) -> tuple[bool, Need | None]:
    """Keeps what is possible. Whether that was all there is to say, and what is wanted then: of a value that
    is not possible the customer was told, and was asked."""
    refused: Slot | None = None
    for name, value in fills.fresh.items():
        slot = run.procedure.slots[name]
        kept, allowed = judged(slot, value, run.procedure, run.state, run.world)
        if allowed:
            run.keep(slot, kept)
        elif name == run.state.asked_slot:
            refused = slot
    for name, value in fills.changed.items():
        slot = run.procedure.slots[name]
        kept, allowed = judged(slot, value, run.procedure, run.state, run.world)
        if not allowed:
            refused = refused or slot
        elif kept != run.state.slots.get(name):
            if run.state.acted:
                return True, run.person(
                    "changed",
                    f"After it was done: {slot.in_words} is to be {plain(kept)}.",
                    words="after",
                )
            run.keep(slot, kept)
            run.back(slot)
    return (False, None) if refused is None else (True, refuse(run, refused))


def refuse(run: Run, slot: Slot) -> Need | None:
    run.note(f"{slot.name} is not possible")
    over = run.tried(slot.name)
    if over is not None:
        return over
    said = run.text(slot.wrong) or run.text(slot.again) or run.phrase("not_valid")
    if slot.name == run.state.asked_slot and slot.name not in run.state.slots:
        return ask(run, slot, instead=said)
    run.tell(said)  # what it was stays
    return go(run)
