"""Follows a run until it waits for the customer: calls, questions in between, other procedures.

Before a business is called, the run as it is and the call are written down in one transaction; what is
said, and the run after it, in another. Whoever takes over after a crash finds the one or the other.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from bots.actions.procedures.calling import made, written_down
from bots.actions.procedures.runs import begins, end_run, log, store
from bots.actions.procedures.selecting import another
from bots.actions.procedures.talk import Taken, Talk, begun
from bots.actions.remembered import offered
from bots.actions.turn import still_ours, wrote_since
from bots.models import ActionCall, ProcedureRun
from bots.procedures.engine.advance import advance
from bots.procedures.engine.summary import shown, summary
from bots.procedures.matching import Candidate
from bots.procedures.said import gives_up
from bots.procedures.state import (
    Answered,
    Begun,
    Call,
    Consult,
    End,
    HandOver,
    Happening,
    Move,
    Need,
    Outcome,
    Said,
)
from conversations.actions.log import hold
from conversations.errors import NotYourTurn
from conversations.models import Conversation

KNOWN_WELL = 0.5  # of chance: from here on what was not plainly a question is answered as one
_MOST_ROUNDS = 60


def pending(talk: Talk) -> Outcome | None:
    """The call that an earlier turn has written down and did not live to hear the answer of."""
    kept = talk.run.outbox.get("call")
    if not kept or not talk.state.waiting.startswith(("call", "validate")):
        return None
    call = Call(**kept)
    row = ActionCall.objects.filter(run=talk.run, number=call.number).first()
    return _made(talk, call, row) if row else None


def played(
    talk: Talk, happening: Happening, *, then: str = "", others: list[Candidate] | None = None
) -> Taken:
    move = _moved(talk, happening)
    for _ in range(_MOST_ROUNDS):
        match move.need:
            case Call() as call:
                move = _moved(talk, _called(talk, call))
            case Consult() as wanted:
                switched = _other(talk, wanted, others or [])
                if switched is not None:
                    return switched
                move = _moved(talk, _consulted(talk, wanted))
            case None if then:
                happening, then = Said(then), ""
                move = _moved(talk, happening)
            case _:
                break
    return _over(talk, move.need)


def _moved(talk: Talk, happening: Happening) -> Move:
    move = advance(talk.shape, talk.state, happening, talk.world)
    talk.state = move.state
    talk.notes += move.notes
    talk.said += [{"text": one.text, "buttons": list(one.buttons)} for one in move.tells]
    return move


def _other(talk: Talk, wanted: Consult, others: list[Candidate]) -> Taken | None:
    """A message that fills nothing may be for another procedure: then this one is given up."""
    if not others or talk.state.acted or gives_up(wanted.question):
        return None
    match = another(wanted.question, others, talk.shape, talk.state, talk.world)
    if match is None:
        return None
    end_run(
        talk.run,
        ProcedureRun.State.CANCELLED,
        "The customer began something else.",
        at=talk.clock(),
    )
    began = begun(talk.turn, match.candidate, talk.clock, talk.ask, talk.send)
    return played(began, Begun(wanted.question))


def _consulted(talk: Talk, wanted: Consult) -> Answered:
    try:
        proposal = talk.ask(wanted.question)
    except TimeoutError:
        return Answered(known=False, late=True)
    finally:
        connection.close()
    if proposal is None or proposal.decision != "answer" or not proposal.citations:
        return Answered(known=False)
    if not wanted.plainly and proposal.chance < KNOWN_WELL:
        return Answered(known=False)
    first = len(talk.citations)
    text = proposal.answer
    for number in range(len(proposal.citations), 0, -1):  # marks count on from those before
        text = text.replace(f"[{number}]", f"[{number + first}]")
    talk.citations += proposal.citations
    talk.said.append({"text": text, "buttons": []})
    return Answered(known=True)


def _called(talk: Talk, call: Call) -> Outcome:
    action = talk.shape.actions[call.action]
    with transaction.atomic():
        held = hold(talk.turn.conversation_id)
        if held.bot_run != talk.turn.run or held.state != Conversation.State.BOT:
            raise NotYourTurn
        if action.irreversible and wrote_since(talk.turn):
            raise NotYourTurn  # they may be taking it back
        store(talk, at=talk.clock(), call=call)
        if talk.is_new:
            begins(held, talk)
        row = written_down(talk.run, action, call, at=talk.clock())
    return _made(talk, call, row)


def _made(talk: Talk, call: Call, row: ActionCall) -> Outcome:
    outcome = made(
        row,
        talk.shape.actions[call.action],
        call,
        send=talk.send,
        clock=talk.clock,
        alive=lambda: still_ours(talk.turn, at=talk.clock()),
    )
    connection.close()
    return outcome


def _over(talk: Talk, need: Need | None) -> Taken:
    """Everything that is to be said, and how it is kept when it is."""
    person = need if isinstance(need, HandOver) else None
    ending = talk.state.ending if isinstance(need, End | HandOver) else ""
    said = [one["text"] for one in talk.said]
    buttons: list[str] = next((one["buttons"] for one in reversed(talk.said) if one["buttons"]), [])
    buttons = buttons or list(offered(talk.state.asked_slot, talk.turn.customer_id))

    def keep(held: Conversation, at: datetime) -> None:
        store(talk, at=at, state=ending)
        if talk.is_new:
            begins(held, talk)
        if ending:
            log(held, talk, ending)

    return Taken(
        "\n\n".join(said),
        () if ending else tuple(buttons),
        tuple(talk.citations),
        person,
        summary(talk.shape, talk.state) if person else "",
        {
            "key": talk.shape.key,
            "name": talk.shape.name.of("en"),
            "run": str(talk.run.uuid),
            "steps": [{"line": one.line, "what": one.what} for one in talk.notes],
            "slots": {
                name: shown(talk.shape, talk.state, name)
                for name in talk.shape.slots
                if name in talk.state.slots
            },
            "ending": ending,
        },
        keep,
    )
