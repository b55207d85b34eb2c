"""What the customer says, whatever was asked."""

from __future__ import annotations

from bots.answering.wishes import Wish, wish_of
from bots.knowledge.text import language_of
from bots.procedures.engine.asking import ask
from bots.procedures.engine.run import Run
from bots.procedures.engine.steps import go
from bots.procedures.engine.values import keep_values
from bots.procedures.filling import Fills, around, listen
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
from bots.procedures.shapes import Slot
from bots.procedures.state import Answered, Consult, End, Need
from bots.procedures.switching import only_values
from bots.procedures.understanding import heard


def hear_first(run: Run, text: str) -> Need | None:
    follow_language(run, text)
    for slot in run.procedure.slots.values():
        given = run.world.customer.get(slot.source.removeprefix("customer."))
        if slot.source and given and run.world.customer.get("verified"):
            run.keep(slot, given)
    run.state.hears(text)
    fills = listen(run.procedure, run.state, run.world, text)
    is_over, need = keep_values(run, fills)
    if is_over:
        return need
    for one in sentences(text) if len(sentences(text)) > 1 else ():
        if wants_to_know(one) and not says_a_value(run, one):
            run.state.question = one
            return Consult(one, plainly=True)
    return go(run)


def hear(run: Run, text: str) -> Need | None:
    follow_language(run, text)
    slot = run.procedure.slots.get(run.state.asked_slot)
    if wish_of(text) == Wish.HUMAN or wants_a_person(text):
        return run.person("asked", "The customer asked for a person.")
    fills = listen(run.procedure, run.state, run.world, text)
    if not fills and only_values(text, run.procedure, run.state, run.world):
        # “next Friday”, and no day was asked for: it is to be that one
        fills = listen(run.procedure, run.state, run.world, text, anew=True)
    chose = fills.own and slot is not None and slot.kind == "choice"
    if (gives_up(text) and not chose) or (not fills and wish_of(text) == Wish.GOODBYE):
        return give_up(run)
    run.state.hears(text)
    if run.state.waiting == "confirm":
        return hear_confirmation(run, text, fills)
    if slot is None:  # nothing was asked: it only goes on
        is_over, need = keep_values(run, fills)
        return need if is_over else go(run)
    if fills:
        return take_in(run, text, fills)
    return hear_nothing_new(run, slot, text)


def take_in(run: Run, text: str, fills: Fills) -> Need | None:
    is_over, need = keep_values(run, fills)
    if need is not None:
        return need
    aside = question_beside(text, fills)
    if aside:
        run.state.question = aside
        return Consult(aside, plainly=True)
    return None if is_over else go(run)


def hear_nothing_new(run: Run, slot: Slot, text: str) -> Need | None:
    """Nothing in the message fills anything."""
    if slot.optional and skips(text):
        run.state.skipped.append(slot.name)
        run.note(f"{slot.name} was left out")
        return go(run)
    if only_greets(text):
        run.tell(run.phrase("please_wait"))
        return go(run)
    run.state.question = text
    return Consult(text, plainly=asks(text))


def follow_language(run: Run, text: str) -> None:
    """A customer who changes the language is answered in it, if the procedure has it."""
    found = language_of(text, otherwise=run.state.language).split("-")[0]
    if found in {"en", "zh"} and len(folded(text)) > 3 and found != run.state.language:
        texts = run.procedure.steps[0].text.said or next(
            (slot.ask.said for slot in run.procedure.slots.values()), {}
        )
        if found in texts:
            run.state.language = found


def says_a_value(run: Run, sentence: str) -> bool:
    return any(
        heard(slot, sentence, around(slot, run.procedure, run.state, run.world))
        for slot in run.procedure.slots.values()
        if slot.listen
    )


def question_beside(text: str, fills: Fills) -> str:
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


def hear_a_correction(run: Run, fills: Fills) -> Need | None:
    place = run.state.place
    is_over, need = keep_values(run, fills)
    if is_over:
        return need
    if run.state.place == place:
        run.state.waiting = ""
    return go(run)


def hear_confirmation(run: Run, text: str, fills: Fills) -> Need | None:
    said = yes_or_no(text)
    if said is None and fills:
        return hear_a_correction(run, fills)
    if said is None and agrees_to(text, run.text(run.step.text)):
        said = True
    if said is True:
        run.note("confirmed")
        run.state.confirmed, run.state.waiting = True, ""
        run.state.place += 1
        return go(run)
    if said is False:
        run.note("declined")
        run.state.waiting = ""
        if run.step.to < 0:
            run.tell(run.phrase("declined"))
            return End("cancelled")
        run.state.place = run.step.to
        return go(run)
    if only_greets(text):
        run.tell(run.phrase("please_say"))
        return None
    run.state.question = text
    return Consult(text, plainly=asks(text))


def after_question(run: Run, answered: Answered) -> Need | None:
    """Goes on where it was after a question in between."""
    question, run.state.question = run.state.question, ""
    known = answered.known
    if answered.late and (asks(question) or wants_to_know(question)):
        run.note("a question in between was not answered in time")
        run.tell(run.phrase("not_now"))
        return go(run)
    run.note("a question in between " + ("was answered" if known else "had no answer"))
    slot = run.procedure.slots.get(run.state.asked_slot)
    if known or (slot is not None and slot.name in run.state.slots):
        if not known:
            run.tell(run.phrase("no_answer"))
        return go(run)
    if asks(question) and len(sentences(question)) >= 1 and wants_to_know(question):
        run.tell(run.phrase("no_answer"))
        return run.tried(slot.name if slot else "confirm") or go(run)
    return ask_again(run, slot)


def ask_again(run: Run, slot: Slot | None) -> Need | None:
    over = run.tried(slot.name if slot else "confirm")
    if over is not None:
        return over
    if slot is None:
        run.tell(run.phrase("please_say"))
        return go(run)
    again = run.text(slot.again)
    if again:
        return ask(run, slot, instead=again)
    run.tell(run.phrase("again"))
    return go(run)


def give_up(run: Run) -> Need:
    run.note("the customer gave up")
    run.tell(run.phrase("cancelled"))
    return End("cancelled")
