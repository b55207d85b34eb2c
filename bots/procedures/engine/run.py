"""A run while it is moved: what it knows, what it says, and what is noted for the trace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bots.procedures.filling import choices_of, said_in
from bots.procedures.phrases import phrase
from bots.procedures.shapes import Procedure, Slot, Step
from bots.procedures.state import HandOver, Need, Note, State, Tell, World

MOST_BUTTONS = 8
MOST_ROWS = 20  # of a list that is said or asked from


@dataclass(slots=True)
class Run:
    procedure: Procedure
    state: State
    world: World
    tells: list[Tell] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def step(self) -> Step:
        return self.procedure.steps[self.state.place]

    def note(self, what: str, line: int = 0) -> None:
        self.notes.append(Note(line or self.step.line, what))

    def tell(self, text: str, buttons: tuple[str, ...] = ()) -> None:
        if text.strip():
            self.tells.append(Tell(text.strip(), buttons[:MOST_BUTTONS]))

    def phrase(self, name: str) -> str:
        return phrase(name, self.state.language)

    def text(self, text: Any, it: Any = None) -> str:
        return said_in(text, self.procedure, self.state, self.world, it)

    def person(self, code: str, reason: str, *, words: str = "") -> HandOver:
        if words:
            self.tell(self.phrase(words))
        self.note(f"asked for a person: {reason}")
        return HandOver(code, reason)

    def tried(self, name: str) -> Need | None:
        self.state.tries[name] = self.state.tries.get(name, 0) + 1
        slot = self.procedure.slots.get(name)
        if self.state.tries[name] < (slot.attempts if slot else 3):
            return None
        called = slot.in_words if slot else name
        return self.person(
            "misunderstood", f"“{called}” could not be found out.", words="misunderstood"
        )

    def keep(self, slot: Slot, value: Any) -> None:
        state = self.state
        self.note(f"{slot.name} is known")
        state.slots[slot.name] = value
        state.order = [*(n for n in state.order if n != slot.name), slot.name]
        state.skipped = [name for name in state.skipped if name != slot.name]
        state.confirmed = False
        for choice in choices_of(slot, self.procedure, state, self.world):
            if choice.value == value:
                state.labels[slot.name] = choice.label
        if slot.validate and slot.name not in state.validate:
            state.validate.append(slot.name)

    def back(self, slot: Slot) -> None:
        """To the step that asked for what is changed: what depends on it is done again."""
        for place in self.state.visited:
            if slot.name in self.procedure.steps[place].slots and place <= self.state.place:
                self.note(f"back, since {slot.name} has changed")
                self.state.place, self.state.waiting = place, ""
                self.state.confirmed = False
                return
