"""One step of a procedure: a state and what happened → the next state and what it wants. Pure.

Nothing here waits, calls or stores; whoever drives it does what it wants and says what came of it.
"""

from __future__ import annotations

import zlib
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from bots.answering.wishes import Wish, wish_of
from bots.knowledge.text import language_of
from bots.procedures.filling import (
    Fills,
    around,
    choices_of,
    judged,
    known_of,
    label_of,
    listen,
    names_of,
    said_in,
    value_of,
)
from bots.procedures.phrases import phrase
from bots.procedures.said import (
    agrees_to,
    asks,
    folded,
    gives_up,
    only_greets,
    sentences,
    skips,
    wants_a_person,
    wants_to_know,
    yes_or_no,
)
from bots.procedures.shapes import Procedure, Slot, Step
from bots.procedures.state import (
    Begun,
    Call,
    Consult,
    End,
    HandOver,
    Happening,
    Move,
    Need,
    Note,
    Outcome,
    Said,
    State,
    Tell,
    World,
)
from bots.procedures.templates import path_of, plain
from bots.procedures.templates import value_of as filled_value
from bots.procedures.understanding import heard

MOST_MOVES = 300  # steps in one go
MOST_CALLS = 40  # of one run
_MOST_BUTTONS, _LONGEST_BUTTON = 8, 60
_MOST_ROWS = 20


def advance(procedure: Procedure, state: State, happening: Happening, world: World) -> Move:
    """What comes of a happening; the given state is not touched."""
    return _Run(procedure, deepcopy(state), world).move(happening)


def begin(language: str) -> State:
    return State(language=language.split("-", maxsplit=1)[0].lower() or "en")


@dataclass(slots=True)
class _Run:
    procedure: Procedure
    state: State
    world: World
    tells: list[Tell] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def move(self, happening: Happening) -> Move:
        match happening:
            case Begun(text=text):
                need = self._begun(text)
            case Said(text=text):
                need = self._said(text)
            case Outcome():
                need = self._outcome(happening)
            case _:
                need = self._answered(known=happening.known)
        if isinstance(need, End):
            self.state.ending = need.how
        elif isinstance(need, HandOver):
            self.state.ending, self.state.reason = "handed_over", need.reason
        return Move(self.state, tuple(self.tells), need, tuple(self.notes))

    # --- helpers ------------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        return self.procedure.steps[self.state.place]

    def _note(self, what: str, line: int = 0) -> None:
        self.notes.append(Note(line or self.step.line, what))

    def _tell(self, text: str, buttons: tuple[str, ...] = ()) -> None:
        if text.strip():
            self.tells.append(Tell(text.strip(), buttons[:_MOST_BUTTONS]))

    def _phrase(self, name: str) -> str:
        return phrase(name, self.state.language)

    def _text(self, text: Any, it: Any = None) -> str:
        return said_in(text, self.procedure, self.state, self.world, it)

    def _person(self, code: str, reason: str, *, words: str = "") -> HandOver:
        if words:
            self._tell(self._phrase(words))
        self._note(f"asked for a person: {reason}")
        return HandOver(code, reason)

    # --- the customer -------------------------------------------------------------------------

    def _begun(self, text: str) -> Need | None:
        self._languages(text)
        for slot in self.procedure.slots.values():
            given = self.world.customer.get(slot.source.removeprefix("customer."))
            if slot.source and given and self.world.customer.get("verified"):
                self._keep(slot, given)
        self.state.hears(text)
        fills = listen(self.procedure, self.state, self.world, text)
        refused = self._fill(fills)
        if refused is not None:
            return refused
        for one in sentences(text) if len(sentences(text)) > 1 else ():
            if wants_to_know(one) and not self._says_something(one):
                self.state.question = one
                return Consult(one, plainly=True)
        return self._go()

    def _said(self, text: str) -> Need | None:
        self._languages(text)
        slot = self.procedure.slots.get(self.state.asked_slot)
        if wish_of(text) == Wish.HUMAN or wants_a_person(text):
            return self._person("asked", "The customer asked for a person.")
        fills = listen(self.procedure, self.state, self.world, text)
        if gives_up(text) and not (fills.own and slot is not None and slot.kind == "choice"):
            return self._cancelled()
        self.state.hears(text)
        if self.state.waiting == "confirm":
            return self._at_confirm(text, fills)
        if slot is None:  # nothing was asked: it only goes on
            return self._fill(fills) or self._go()
        if fills:
            return self._filled(text, fills)
        return self._without(slot, text)

    def _filled(self, text: str, fills: Fills) -> Need | None:
        refused = self._fill(fills)
        if refused is not None:
            return refused
        aside = self._aside(text, fills)
        if aside:
            self.state.question = aside
            return Consult(aside, plainly=True)
        return self._go()

    def _without(self, slot: Slot, text: str) -> Need | None:
        """Nothing in the message fills anything."""
        if slot.optional and skips(text):
            self.state.skipped.append(slot.name)
            self._note(f"{slot.name} was left out")
            return self._go()
        if only_greets(text):
            self._tell(self._phrase("please_wait"))
            return self._go()
        self.state.question = text
        return Consult(text, plainly=asks(text))

    def _languages(self, text: str) -> None:
        """A customer who changes the language is answered in it, if the procedure has it."""
        found = language_of(text, otherwise=self.state.language).split("-")[0]
        if found in {"en", "zh"} and len(folded(text)) > 3 and found != self.state.language:
            texts = self.procedure.steps[0].text.said or next(
                (slot.ask.said for slot in self.procedure.slots.values()), {}
            )
            if found in texts:
                self.state.language = found

    def _says_something(self, sentence: str) -> bool:
        return any(
            heard(slot, sentence, around(slot, self.procedure, self.state, self.world))
            for slot in self.procedure.slots.values()
            if slot.listen
        )

    def _aside(self, text: str, fills: Fills) -> str:
        """A question beside the value."""
        parts = sentences(text)
        if len(parts) < 2:
            return ""
        place = 0
        for part in parts:
            start = folded(text).find(folded(part), place)
            end = start + len(folded(part))
            place = max(place, start)
            inside = any(start < b and a < end for a, b in fills.spans)
            whole = any(b - a >= len(folded(text)) for a, b in fills.spans)
            if asks(part) and wants_to_know(part) and (whole or not inside):
                return part
        return ""

    def _answered(self, *, known: bool) -> Need | None:
        """Goes on where it was after a question in between."""
        question, self.state.question = self.state.question, ""
        self._note("a question in between " + ("was answered" if known else "had no answer"))
        slot = self.procedure.slots.get(self.state.asked_slot)
        if known or (slot is not None and slot.name in self.state.slots):
            if not known:
                self._tell(self._phrase("no_answer"))
            return self._go()
        if asks(question) and len(sentences(question)) >= 1 and wants_to_know(question):
            self._tell(self._phrase("no_answer"))
            return self._tried(slot.name if slot else "confirm") or self._go()
        return self._misunderstood(slot)

    def _misunderstood(self, slot: Slot | None) -> Need | None:
        over = self._tried(slot.name if slot else "confirm")
        if over is not None:
            return over
        if slot is None:
            self._tell(self._phrase("please_say"))
            return self._go()
        again = self._text(slot.again)
        if again:
            return self._ask(slot, instead=again)
        self._tell(self._phrase("again"))
        return self._go()

    def _tried(self, name: str) -> Need | None:
        self.state.tries[name] = self.state.tries.get(name, 0) + 1
        slot = self.procedure.slots.get(name)
        if self.state.tries[name] < (slot.attempts if slot else 3):
            return None
        return self._person(
            "misunderstood", f"“{name}” could not be found out.", words="misunderstood"
        )

    def _cancelled(self) -> Need:
        self._note("the customer gave up")
        self._tell(self._phrase("cancelled"))
        return End("cancelled")

    # --- values -------------------------------------------------------------------------------

    def _fill(self, fills: Fills) -> Need | None:
        for name, value in fills.fresh.items():
            slot = self.procedure.slots[name]
            kept, allowed = judged(slot, value, self.procedure, self.state, self.world)
            if allowed:
                self._keep(slot, kept)
            elif name == self.state.asked_slot:
                return self._refused(slot)
        for name, value in fills.changed.items():
            slot = self.procedure.slots[name]
            kept, allowed = judged(slot, value, self.procedure, self.state, self.world)
            if not allowed:
                return self._refused(slot)
            if kept == self.state.slots.get(name):
                continue
            if self.state.acted:
                return self._person(
                    "changed", f"After it was done: {name} is to be {plain(kept)}.", words="after"
                )
            self._keep(slot, kept)
            self._back(slot)
        return None

    def _refused(self, slot: Slot) -> Need | None:
        self._note(f"{slot.name} is not possible")
        over = self._tried(slot.name)
        if over is not None:
            return over
        said = self._text(slot.wrong) or self._text(slot.again) or self._phrase("not_valid")
        if slot.name in self.state.slots:  # what it was stays
            self._tell(said)
            return self._go()
        return self._ask(slot, instead=said) if slot.name == self.state.asked_slot else None

    def _keep(self, slot: Slot, value: Any) -> None:
        state = self.state
        self._note(f"{slot.name} is known")
        state.slots[slot.name] = value
        state.order = [*(n for n in state.order if n != slot.name), slot.name]
        state.skipped = [name for name in state.skipped if name != slot.name]
        state.confirmed = False
        for choice in choices_of(slot, self.procedure, state, self.world):
            if choice.value == value:
                state.labels[slot.name] = choice.label
        if slot.validate and slot.name not in state.validate:
            state.validate.append(slot.name)

    def _back(self, slot: Slot) -> None:
        """To the step that asked for what is changed: what depends on it is done again."""
        for place in self.state.visited:
            if slot.name in self.procedure.steps[place].slots and place <= self.state.place:
                self._note(f"back, since {slot.name} has changed")
                self.state.place, self.state.waiting = place, ""
                self.state.confirmed = False
                return

    def _at_confirm(self, text: str, fills: Fills) -> Need | None:
        said = yes_or_no(text)
        if said is None and fills:
            place = self.state.place
            refused = self._fill(fills)
            if refused is None and self.state.place == place:
                self.state.waiting = ""
            return refused or self._go()
        if said is None and agrees_to(text, self._text(self.step.text)):
            said = True
        if said is True:
            self._note("confirmed")
            self.state.confirmed, self.state.waiting = True, ""
            self.state.place += 1
            return self._go()
        if said is False:
            self._note("declined")
            self.state.waiting = ""
            if self.step.to < 0:
                self._tell(self._phrase("declined"))
                return End("cancelled")
            self.state.place = self.step.to
            return self._go()
        if only_greets(text):
            self._tell(self._phrase("please_say"))
            return None
        self.state.question = text
        return Consult(text, plainly=asks(text))

    # --- the program --------------------------------------------------------------------------

    def _go(self) -> Need | None:  # noqa: PLR0911 -- a case a step
        """Runs until something is wanted from outside; None: from the customer."""
        for _ in range(MOST_MOVES):
            if self.state.validate:
                return self._validating()
            step = self.step
            match step.op:
                case "ask":
                    waits, need = self._asking(step)
                    if waits:
                        return need
                    self.state.place += 1
                case "confirm":
                    return self._confirming(step)
                case "call":
                    return self._calling(step)
                case "hand_over":
                    self._tell(self._text(step.words))
                    reason = self._text(step.text)
                    self._note(f"hand over: {reason}")
                    return HandOver("step", reason, step.action)
                case "done":
                    self._tell(self._text(step.text))
                    self._note("done")
                    return End("done")
                case _:
                    self._plain(step)
        return self._person("failed", "The procedure went round in circles.", words="failed")

    def _plain(self, step: Step) -> None:
        """A step that needs nobody."""
        state = self.state
        match step.op:
            case "say":
                self._saying(step)
                state.place += 1
            case "branch":
                holds = bool(value_of(step.test, names_of(self.procedure, state, self.world)))
                self._note(f"{step.test}: {'yes' if holds else 'no'}")
                state.place = state.place + 1 if holds else step.to
            case "jump":
                state.place = step.to
            case "set":
                for name, source in step.sets.items():
                    names = names_of(self.procedure, state, self.world)
                    where = state.slots if name in self.procedure.slots else state.saved
                    where[name] = value_of(source, names)
                state.place += 1
            case "clear":
                for name in step.slots:
                    state.slots.pop(name, None)
                    state.labels.pop(name, None)
                    state.tries[name] = state.tries.get(name, 0) + 1
                state.heard, state.confirmed = [], False
                state.place += 1

    def _saying(self, step: Step) -> None:
        text = self._text(step.text)
        rows = value_of(step.each, names_of(self.procedure, self.state, self.world))
        if isinstance(rows, list):
            text += "".join("\n" + self._text(step.row, one) for one in rows[:_MOST_ROWS])
        mark = f"{self.state.place}:{zlib.crc32(text.encode()):x}"
        if mark not in self.state.told:
            self.state.told.append(mark)
            self._note("said")
            self._tell(text, tuple(self._text(one) for one in step.buttons))

    # --- asking -------------------------------------------------------------------------------

    def _asking(self, step: Step) -> tuple[bool, Need | None]:
        """The next slot that is not known; False when all are."""
        if self.state.place not in self.state.visited:
            self.state.visited.append(self.state.place)
        for name in step.slots:
            slot = self.procedure.slots[name]
            self._recheck(slot)
            if name in self.state.slots or name in self.state.skipped:
                continue
            if self.state.tries.get(name, 0) >= slot.attempts:
                need: Need | None = self._person(
                    "misunderstood", f"“{name}” could not be found out.", words="misunderstood"
                )
                return True, need
            return True, self._ask(slot)
        self.state.waiting = ""
        return False, None

    def _recheck(self, slot: Slot) -> None:
        """A value from before is one still; a choice that could not be heard before is heard now."""
        state = self.state
        if slot.name in state.slots:
            value = state.slots[slot.name]
            kept, allowed = judged(slot, value, self.procedure, state, self.world)
            choices = choices_of(slot, self.procedure, state, self.world)
            if slot.options_from and all(one.value != kept for one in choices):
                allowed = False
            if allowed:
                state.slots[slot.name] = kept
                return
            del state.slots[slot.name]
            state.labels.pop(slot.name, None)
            if not slot.options_from:
                self._tell(self._text(slot.wrong) or self._text(slot.again))
        elif slot.options_from and slot.listen:
            self._heard_before(slot)

    def _heard_before(self, slot: Slot) -> None:
        for text in reversed(self.state.heard):
            found = heard(slot, text, around(slot, self.procedure, self.state, self.world))
            values = {str(one.value): one.value for one in found}
            if len(values) == 1:
                kept, allowed = judged(
                    slot, next(iter(values.values())), self.procedure, self.state, self.world
                )
                if allowed:
                    self._keep(slot, kept)
                return

    def _ask(self, slot: Slot, *, instead: str = "") -> Need | None:
        choices = choices_of(slot, self.procedure, self.state, self.world)
        if slot.options_from and not choices:
            return self._person(
                "failed", f"There is nothing to choose for “{slot.name}”.", words="failed"
            )
        text = instead or self._text(slot.ask)
        if slot.options_from:
            rows = [f"{number}. {one.label}" for number, one in enumerate(choices[:_MOST_ROWS], 1)]
            text += "\n" + "\n".join(rows)
        self._note(f"asks for {slot.name}")
        self.state.waiting = f"slot:{slot.name}"
        self._tell(text, self._buttons(slot, [one.label for one in choices]))
        return None

    def _buttons(self, slot: Slot, labels: list[str]) -> tuple[str, ...]:
        if slot.kind == "yes_no":
            labels = [self._phrase("yes"), self._phrase("no")]
        written = [self._text(one) for one in slot.buttons] or labels
        fitting = [one for one in written if one and len(one) <= _LONGEST_BUTTON]
        if slot.optional and len(fitting) < _MOST_BUTTONS:
            fitting.append(self._phrase("skip"))
        return tuple(dict.fromkeys(fitting))[:_MOST_BUTTONS]

    def _confirming(self, step: Step) -> Need | None:
        self._note("asks for a confirmation")
        self.state.waiting, self.state.confirmed = "confirm", False
        self._tell(self._text(step.text), (self._phrase("yes"), self._phrase("no")))
        return None

    # --- calling ------------------------------------------------------------------------------

    def _validating(self) -> Need | None:
        name = self.state.validate[0]
        self.state.waiting = f"validate:{name}"
        return self._wanted(self.procedure.slots[name].validate)

    def _calling(self, step: Step) -> Need | None:
        action = self.procedure.actions[step.action]
        if action.irreversible and not self.state.confirmed:
            return self._person("failed", f"“{action.name}” was not confirmed.", words="failed")
        self.state.waiting = "call"
        return self._wanted(step.action)

    def _wanted(self, name: str) -> Need | None:
        if self.state.calls >= MOST_CALLS:
            return self._person("failed", "Too many calls.", words="failed")
        self.state.calls += 1
        action = self.procedure.actions[name]
        known = known_of(self.procedure, self.state, self.world)
        self._note(f"calls {name}")
        return Call(
            name,
            self.state.calls,
            path_of(action.path, known),
            filled_value(dict(action.query), known),
            filled_value(dict(action.headers), known),
            filled_value(action.body, known) if action.body is not None else None,
        )

    def _outcome(self, outcome: Outcome) -> Need | None:
        waiting, self.state.waiting = self.state.waiting, ""
        if waiting.startswith("validate:"):
            return self._validated(waiting.removeprefix("validate:"), outcome)
        step = self.step
        action = self.procedure.actions[step.action]
        self.state.called.append([action.name, outcome.name])
        self._note(f"{action.name}: {outcome.name}")
        if action.irreversible:
            self.state.confirmed = False
            if outcome.name in {"ok", "unknown"}:
                self.state.acted.append(action.name)
        if outcome.name == "ok":
            self.state.saved.update(outcome.saved)
            self.state.place += 1
            return self._go()
        if outcome.name in step.cases:
            self.state.place = step.cases[outcome.name]
            return self._go()
        words = "unknown" if outcome.name == "unknown" else "failed"
        return self._person(words, f"{action.name}: {outcome.name}", words=words)

    def _validated(self, name: str, outcome: Outcome) -> Need | None:
        slot = self.procedure.slots[name]
        self.state.validate = [one for one in self.state.validate if one != name]
        self.state.called.append([slot.validate, outcome.name])
        self._note(f"{slot.validate} for {name}: {outcome.name}")
        if outcome.name == "ok":
            self.state.saved.update(outcome.saved)
            return self._go()
        if outcome.name in {"failed", "unknown"}:
            return self._person("failed", f"{slot.validate}: {outcome.name}", words="failed")
        self.state.slots.pop(name, None)
        self.state.labels.pop(name, None)
        self._back(slot)
        over = self._tried(name)
        if over is not None:
            return over
        self._tell(self._text(slot.wrong) or self._text(slot.again) or self._phrase("not_valid"))
        return self._go()


def summary(procedure: Procedure, state: State, *, names: str = "en") -> str:
    """What an agent reads first: the procedure, the reason, everything gathered, what was called."""
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
        parts.append("called " + ", ".join(f"{name} ({came})" for name, came in state.called[-6:]))
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
