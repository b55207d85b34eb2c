"""Runs as rows: which one a conversation is in, how it is kept and how it ends."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from bots.actions.procedures.candidates import shape_of
from bots.actions.procedures.talk import Talk
from bots.models import ProcedureRun, ProcedureVersion
from bots.procedures.engine.summary import summary
from bots.procedures.state import Call, State
from conversations.actions.log import append
from conversations.models import Conversation, Event


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
        end_run(run, ProcedureRun.State.CANCELLED, "The conversation went another way.", at=at)
        return None
    return run


def end_run(run: ProcedureRun, state: str, reason: str, *, at: datetime) -> bool:
    return bool(
        ProcedureRun.objects.filter(pk=run.pk, state=ProcedureRun.State.ACTIVE).update(
            state=state, reason=reason[:400], ended_at=at, updated_at=at, outbox={}
        )
    )


def close_run(*, conversation_id: int, at: datetime) -> str:
    """A person is on it: ends the run that is still going, and answers what was gathered."""
    run = (
        ProcedureRun.objects.select_related("version")
        .filter(conversation=conversation_id, state=ProcedureRun.State.ACTIVE)
        .first()
    )
    if run is None or not end_run(
        run, ProcedureRun.State.HANDED_OVER, "A person was asked for.", at=at
    ):
        return ""
    return summary(shape_of(run.version.text), State.of(run.data))


def store(talk: Talk, *, at: datetime, call: Call | None = None, state: str = "") -> None:
    """The run as it is now. What waits to be said waits in it only while a call is on its way."""
    run = talk.run
    run.data = talk.state.as_json()
    run.outbox = {"said": talk.said, "call": asdict(call)} if call else {}
    run.read_seq, run.updated_at = talk.turn.asked_seq, at
    run.step_line = talk.shape.steps[talk.state.place].line
    if state:
        run.state, run.ended_at, run.reason = state, at, talk.state.reason[:400]
    run.save()


def begins(held: Conversation, talk: Talk) -> None:
    talk.is_new = False
    log(held, talk, "active")


def log(held: Conversation, talk: Talk, state: str) -> None:
    version = ProcedureVersion.objects.only("number").get(pk=talk.run.version_id)
    append(
        held,
        "procedure",
        at=talk.clock(),
        actor="bot",
        procedure=talk.shape.key,
        name=talk.shape.name.of("en"),
        version=version.number,
        run=str(talk.run.uuid),
        state=state,
    )
