"""A bot's turn within a procedure: begun or gone on with, step by step, so that nothing is done twice.

Before a business is called, the run as it is and the call are written down in one transaction; what is
said, and the run after it, in another. Whoever takes over after a crash finds the one or the other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, transaction

from bots.actions.procedures.calling import Sender, made, send, written_down
from bots.actions.procedures.selecting import (
    chosen,
    live_here,
    shape_of,
    urgent_one,
)
from bots.actions.turn import BotTurn, still_ours, wrote_since
from bots.answering.proposals import Citation, Proposal
from bots.models import ActionCall, ProcedureRun, ProcedureVersion
from bots.procedures.engine import advance, begin, shown, summary
from bots.procedures.matching import Candidate, Match
from bots.procedures.phrases import phrase
from bots.procedures.said import gives_up
from bots.procedures.shapes import Procedure
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
    Note,
    Outcome,
    Said,
    State,
    World,
)
from conversations.actions.log import append, hold
from conversations.errors import NotYourTurn
from conversations.models import Conversation, Customer, Event, Identity, Message

logger = logging.getLogger(__name__)

KNOWN_WELL = 0.5  # of chance: from here on what was not plainly a question is answered as one
_MOST_ROUNDS = 60

Ask = Callable[[str], Proposal | None]


@dataclass(slots=True)
class Taken:
    """What a turn in a procedure came to, not yet said. `keep` stores the run in the transaction that
    says it."""

    text: str
    buttons: tuple[str, ...]
    citations: tuple[Citation, ...]
    person: HandOver | None
    summary: str
    trace: dict[str, Any]
    keep: Callable[[Conversation, datetime], None]


@dataclass(slots=True)
class _Talk:
    """One turn of one run while it is being taken."""

    turn: BotTurn
    run: ProcedureRun
    shape: Procedure
    state: State
    world: World
    clock: Callable[[], datetime]
    ask: Ask
    send: Sender
    said: list[dict[str, Any]] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    is_new: bool = False


def take_procedure(
    turn: BotTurn, *, clock: Callable[[], datetime], ask: Ask, send: Sender = send
) -> Taken | None:
    """Goes on with the procedure of this conversation, or begins the one that its message is for.

    None: there is none, and the articles are asked as ever. `ask` asks them for a question in between.
    """
    run = active_run(turn.conversation_id, at=clock())
    language = turn.language.split("-", maxsplit=1)[0].lower() or "en"
    text = turn.question if run is None else _unread(turn, run.read_seq)
    candidates = live_here(turn, at=clock(), language=language)
    if run is not None:
        talk = _going_on(turn, run, clock, ask, send)
        other = urgent_one(text, candidates) if text else None
        if other is not None and other.pk != run.version_id:
            _end(talk.run, ProcedureRun.State.CANCELLED, "Something urgent came.", at=clock())
            talk = _begun(turn, other, clock, ask, send)
            return _played(talk, Begun(text))
        resumed = _pending(talk)
        return _played(talk, resumed or Said(text), then=text if resumed else "", others=candidates)
    if not candidates or not text:
        return None
    match = chosen(text, candidates) or _named_before(turn, candidates)
    if match is None:
        return None
    if match.others:
        return _which(turn, match)
    return _played(_begun(turn, match.candidate, clock, ask, send), Begun(_whole(turn, text)))


def active_run(conversation_id: int, *, at: datetime) -> ProcedureRun | None:
    """The run that this conversation is in. One that a person or an end came between is over."""
    run = (
        ProcedureRun.objects.select_related("version__procedure")
        .filter(conversation=conversation_id, state=ProcedureRun.State.ACTIVE)
        .first()
    )
    if run is None:
        return None
    between = Event.objects.filter(
        conversation=conversation_id,
        kind__in=("handoff", "reopened", "resolved"),
        created_at__gt=run.started_at,
    )
    if between.exists():
        _end(run, ProcedureRun.State.CANCELLED, "The conversation went another way.", at=at)
        return None
    return run


def _end(run: ProcedureRun, state: str, reason: str, *, at: datetime) -> bool:
    return bool(
        ProcedureRun.objects.filter(pk=run.pk, state=ProcedureRun.State.ACTIVE).update(
            state=state, reason=reason[:400], ended_at=at, updated_at=at, outbox={}
        )
    )


def _unread(turn: BotTurn, after: int) -> str:
    """What the customer has written since the run took something in."""
    rows = Message.objects.filter(
        conversation=turn.conversation_id, author_kind="customer", note=False,
        seq__gt=after, seq__lte=turn.asked_seq,
    )  # fmt: skip
    return "\n".join(text for text in rows.order_by("seq").values_list("text", flat=True) if text)


def _begun(
    turn: BotTurn, candidate: Candidate, clock: Callable[[], datetime], ask: Ask, send: Sender
) -> _Talk:
    at = clock()
    run = ProcedureRun(
        conversation_id=turn.conversation_id, version_id=candidate.pk, started_at=at, updated_at=at
    )
    state = begin(turn.language)
    world = _world(turn, candidate.procedure, state, at)
    return _Talk(turn, run, candidate.procedure, state, world, clock, ask, send, is_new=True)


def _going_on(
    turn: BotTurn, run: ProcedureRun, clock: Callable[[], datetime], ask: Ask, send: Sender
) -> _Talk:
    shape = shape_of(run.version.text)
    state = State.of(run.data)
    world = _world(turn, shape, state, clock())
    return _Talk(
        turn, run, shape, state, world, clock, ask, send, said=list(run.outbox.get("said", []))
    )


def _world(turn: BotTurn, shape: Procedure, state: State, at: datetime) -> World:
    local = at.astimezone(ZoneInfo(shape.zone))
    customer = Customer.objects.get(pk=turn.customer_id)
    known = Identity.objects.filter(customer_id=turn.customer_id, inbox_id=turn.inbox_id).first()
    return World(
        today=local.date(),
        now=f"{local:%Y-%m-%dT%H:%M}",
        language=state.language,
        customer={
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone,
            "external_id": known.external_id if known else "",
            "verified": known is not None,
        },
        conversation={"inbox": turn.inbox_key, "id": str(turn.conversation_uuid)},
    )


def _whole(turn: BotTurn, text: str) -> str:
    """With what was asked when the bot had asked which procedure is meant."""
    before = [one.text for one in turn.history if one.role == "customer"]
    asked_back = turn.history and turn.history[-1].role == "bot" and before
    return f"{before[-1]}\n{text}" if asked_back and len(text) < 40 and _asked_which(turn) else text


def _asked_which(turn: BotTurn) -> bool:
    begins = [phrase("which", code, options="\0").split("\0")[0] for code in ("en", "zh")]
    last = turn.history[-1].text if turn.history and turn.history[-1].role == "bot" else ""
    return any(last.startswith(one) for one in begins)


def _named_before(turn: BotTurn, candidates: list[Candidate]) -> Match | None:
    """The answer to which of two procedures is meant."""
    if not _asked_which(turn):
        return None
    said = turn.question.casefold().strip()
    for one in candidates:
        if any(said == name.casefold() for name in one.procedure.name.said.values()):
            return Match(one, 1.0, "name")
    return None


def _which(turn: BotTurn, match: Match) -> Taken:
    """Two come as near: nothing begins before the customer has said which."""
    language = turn.language
    names = [one.procedure.name.of(language) for one in (match.candidate, *match.others)]
    options = ("、" if language.startswith("zh") else ", ").join(names)
    return Taken(
        phrase("which", language, options=options),
        tuple(names),
        (),
        None,
        "",
        {"which": names},
        lambda _held, _at: None,
    )


# --- playing ----------------------------------------------------------------------------------


def _pending(talk: _Talk) -> Outcome | None:
    """The call that an earlier turn has written down and did not live to hear the answer of."""
    kept = talk.run.outbox.get("call")
    if not kept or not talk.state.waiting.startswith(("call", "validate")):
        return None
    call = Call(**kept)
    row = ActionCall.objects.filter(run=talk.run, number=call.number).first()
    return _made(talk, call, row) if row else None


def _played(
    talk: _Talk, happening: Happening, *, then: str = "", others: list[Candidate] | None = None
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


def _moved(talk: _Talk, happening: Happening) -> Move:
    move = advance(talk.shape, talk.state, happening, talk.world)
    talk.state = move.state
    talk.notes += move.notes
    talk.said += [{"text": one.text, "buttons": list(one.buttons)} for one in move.tells]
    return move


def _other(talk: _Talk, wanted: Consult, others: list[Candidate]) -> Taken | None:
    """A message that fills nothing may be for another procedure: then this one is given up."""
    rest = [one for one in others if one.pk != talk.run.version_id]
    match = chosen(wanted.question, rest) if rest and not gives_up(wanted.question) else None
    if match is None or match.others or talk.state.acted:
        return None
    _end(
        talk.run,
        ProcedureRun.State.CANCELLED,
        "The customer began something else.",
        at=talk.clock(),
    )
    began = _begun(talk.turn, match.candidate, talk.clock, talk.ask, talk.send)
    return _played(began, Begun(wanted.question))


def _consulted(talk: _Talk, wanted: Consult) -> Answered:
    proposal = talk.ask(wanted.question)
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


def _called(talk: _Talk, call: Call) -> Outcome:
    action = talk.shape.actions[call.action]
    with transaction.atomic():
        held = hold(talk.turn.conversation_id)
        if held.bot_run != talk.turn.run or held.state != Conversation.State.BOT:
            raise NotYourTurn
        if action.irreversible and wrote_since(talk.turn):
            raise NotYourTurn  # they may be taking it back
        _store(talk, at=talk.clock(), call=call)
        if talk.is_new:
            _begins(held, talk)
        row = written_down(talk.run, action, call, at=talk.clock())
    return _made(talk, call, row)


def _made(talk: _Talk, call: Call, row: ActionCall) -> Outcome:
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


def _store(talk: _Talk, *, at: datetime, call: Call | None = None, state: str = "") -> None:
    """The run as it is now. What waits to be said waits in it only while a call is on its way."""
    run = talk.run
    run.data = talk.state.as_json()
    run.outbox = {"said": talk.said, "call": asdict(call)} if call else {}
    run.read_seq, run.updated_at = talk.turn.asked_seq, at
    run.step_line = talk.shape.steps[talk.state.place].line
    if state:
        run.state, run.ended_at, run.reason = state, at, talk.state.reason[:400]
    run.save()


def _begins(held: Conversation, talk: _Talk) -> None:
    talk.is_new = False
    _log(held, talk, "active")


def _log(held: Conversation, talk: _Talk, state: str) -> None:
    version = ProcedureVersion.objects.only("number").get(pk=talk.run.version_id)
    append(
        held,
        "procedure",
        at=talk.clock(),
        actor="bot",
        procedure=talk.shape.key,
        version=version.number,
        run=str(talk.run.uuid),
        state=state,
    )


def _over(talk: _Talk, need: Need | None) -> Taken:
    """Everything that is to be said, and how it is kept when it is."""
    person = need if isinstance(need, HandOver) else None
    ending = talk.state.ending if isinstance(need, End | HandOver) else ""
    said = [one["text"] for one in talk.said]
    buttons: list[str] = next((one["buttons"] for one in reversed(talk.said) if one["buttons"]), [])

    def keep(held: Conversation, at: datetime) -> None:
        _store(talk, at=at, state=ending)
        if talk.is_new:
            _begins(held, talk)
        if ending:
            _log(held, talk, ending)

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


def queue_named(name: str) -> int | None:
    """Where a step says that customers wait; None: where they would anyway."""
    if not name:
        return None
    queues = apps.get_model("agents", "Queue").objects
    return queues.filter(name=name).values_list("pk", flat=True).first()


def close_run(*, conversation_id: int, at: datetime) -> str:
    """A person is on it: ends the run that is still going, and answers what was gathered."""
    run = (
        ProcedureRun.objects.select_related("version")
        .filter(conversation=conversation_id, state=ProcedureRun.State.ACTIVE)
        .first()
    )
    if run is None or not _end(
        run, ProcedureRun.State.HANDED_OVER, "A person was asked for.", at=at
    ):
        return ""
    return summary(shape_of(run.version.text), State.of(run.data))
