"""One turn of one run, while it is being taken and before it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bots.actions.procedures.calling import Sender
from bots.actions.procedures.candidates import shape_of
from bots.actions.turn import BotTurn
from bots.answering.proposals import Citation, Proposal
from bots.models import ProcedureRun
from bots.procedures.engine.advance import begin
from bots.procedures.matching import Candidate
from bots.procedures.shapes import Procedure
from bots.procedures.state import HandOver, Note, State, World
from conversations.models import Conversation, Customer, Identity

Ask = Callable[[str], Proposal | None]
"""What the articles say to a question. Raises TimeoutError where they take longer than a customer waits."""


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
class Talk:
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


def begun(
    turn: BotTurn, candidate: Candidate, clock: Callable[[], datetime], ask: Ask, send: Sender
) -> Talk:
    at = clock()
    run = ProcedureRun(
        conversation_id=turn.conversation_id, version_id=candidate.pk, started_at=at, updated_at=at
    )
    state = begin(turn.language)
    world = world_of(turn, candidate.procedure, state, at)
    return Talk(turn, run, candidate.procedure, state, world, clock, ask, send, is_new=True)


def going_on(
    turn: BotTurn, run: ProcedureRun, clock: Callable[[], datetime], ask: Ask, send: Sender
) -> Talk:
    shape = shape_of(run.version.text)
    state = State.of(run.data)
    world = world_of(turn, shape, state, clock())
    return Talk(
        turn, run, shape, state, world, clock, ask, send, said=list(run.outbox.get("said", []))
    )


def world_of(turn: BotTurn, shape: Procedure, state: State, at: datetime) -> World:
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
