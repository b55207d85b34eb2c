"""A run in words, for the people of the house."""

from __future__ import annotations

from collections.abc import Sequence

from bots.procedures.filling import label_of
from bots.procedures.shapes import Procedure
from bots.procedures.state import State
from bots.procedures.templates import plain


def summary(procedure: Procedure, state: State, *, names: str = "en") -> str:
    """What an agent reads first: the procedure, the reason, everything gathered, what the business answered."""
    parts = [procedure.name.of(names)]
    if state.reason:
        parts.append(state.reason)
    known = [
        f"{name.replace('_', ' ')}: {shown(procedure, state, name)}"
        for name in procedure.slots
        if name in state.slots
    ]
    if known:
        parts.append(", ".join(known))
    if state.called:
        parts.append("with the business: " + ", ".join(map(_came, state.called[-6:])))
    return " · ".join(parts)


def shown(procedure: Procedure, state: State, name: str) -> str:
    """A slot's value for people of the house; of a sensitive one only the end."""
    slot, value = procedure.slots[name], state.slots.get(name)
    if slot.sensitive:
        return "••••" + plain(value)[-2:]
    label = label_of(procedure, state, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return label or plain(value)


def _came(call: Sequence[str]) -> str:
    name, outcome = (word.replace("_", " ") for word in call)
    return f"{name} – {'done' if outcome == 'ok' else outcome}"
