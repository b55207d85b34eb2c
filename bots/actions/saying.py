"""How a turn of the bot ends: its words are stored, or a person is asked. Each is one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.db import transaction

from bots.actions.procedures.running import queue_named
from bots.actions.procedures.talk import Taken
from bots.actions.silence import plan_silence
from bots.actions.speech import Spoken
from bots.actions.tracing import Notes
from bots.actions.turn import BotTurn, wrote_since
from bots.answering.proposals import Proposal
from bots.behaviour.quotas import count_tokens
from bots.models import BotProfile
from conversations.actions.calling import offer_a_call
from conversations.actions.customer import handover_summary
from conversations.actions.handoff import request_handoff
from conversations.actions.log import append, hold
from conversations.actions.post import post
from conversations.drafts import Draft, Stored
from conversations.errors import NotYourTurn
from conversations.metrics import ANSWER_SECONDS, DECISIONS, DEGRADED, HANDED_OVER
from conversations.models import Handoff

BOT_NAME = "Assistant"


@dataclass(frozen=True, slots=True)
class Aside:
    """A person is wanted instead, and why."""

    reason: Handoff.Reason
    queue_id: int | None = None
    offers_call: bool = False


@transaction.atomic
def say(
    turn: BotTurn,
    notes: Notes,
    proposal: Proposal,
    spoken: Spoken,
    profile: BotProfile,
    *,
    at: datetime,
) -> None:
    """Stored under a name made from the turn, so that a repeated task says it once.

    Raises NotYourTurn if the customer has written meanwhile: that is answered together with this.
    """
    held = hold(turn.conversation_id)
    if wrote_since(turn):
        raise NotYourTurn
    stored = _posted(turn, spoken, list(proposal.suggestions), at=at)
    if notes.rung.step != "generate":
        DEGRADED.labels(notes.rung.step, notes.rung.why).inc()
        append(held, "bot_degraded", at=at, actor="bot", step=notes.rung.step, why=notes.rung.why)
    append(
        held,
        "bot_answered",
        at=at,
        actor="bot",
        decision=proposal.decision,
        reason=proposal.reason,
        confidence=round(proposal.confidence, 3),
        chance=round(proposal.chance, 3),
        articles=[str(c.article) for c in spoken.citations],
        by=spoken.by,
        seconds=round((at - turn.asked_at).total_seconds(), 3),
        turn=turn.key,
        **_spent(notes),
    )
    if spoken.by == "model":
        count_tokens(turn.inbox_id, tokens=spoken.tokens, at=at)
    plan_silence(held, profile, reason=str(proposal.reason), at=at)
    notes.keep(proposal.decision, reason=proposal.reason, at=at, answer_seq=stored.seq)
    ANSWER_SECONDS.observe((at - turn.asked_at).total_seconds())


def say_taken(
    turn: BotTurn, notes: Notes, taken: Taken, profile: BotProfile, *, at: datetime
) -> str:
    with notes.stage("redact"):
        _ = notes.vault  # reads before the transaction: it gives its connection back
    return _stored_taken(turn, notes, taken, profile, at=at)


@transaction.atomic
def _stored_taken(
    turn: BotTurn, notes: Notes, taken: Taken, profile: BotProfile, *, at: datetime
) -> str:
    """A turn of a procedure: its words, the run as it is after them, and a person if it wants one."""
    held = hold(turn.conversation_id)
    if wrote_since(turn) or held.bot_run != turn.run:
        raise NotYourTurn
    notes.procedure = taken.trace
    stored = None
    if taken.text:
        notes.spoken = Spoken(taken.text, taken.citations, "steps")
        stored = _posted(turn, notes.spoken, list(taken.buttons), at=at)
    taken.keep(held, at)
    if taken.person is not None:
        asked = taken.person.code == "asked"
        reason = Handoff.Reason.ASKED if asked else Handoff.Reason.PROCEDURE
        request_handoff(
            conversation_id=turn.conversation_id,
            reason=reason,
            summary=taken.summary,
            at=at,
            run=turn.run,
            queue_id=queue_named(taken.person.queue),
        )
        HANDED_OVER.labels(str(reason)).inc()
        notes.keep("handoff", reason=str(reason), at=at, answer_seq=stored.seq if stored else None)
        return "handoff"
    DECISIONS.labels("answer").inc()
    append(
        held,
        "bot_answered",
        at=at,
        actor="bot",
        decision="answer",
        reason="procedure",
        confidence=1.0,
        chance=1.0,
        articles=[str(one.article) for one in taken.citations],
        by="steps",
        seconds=round((at - turn.asked_at).total_seconds(), 3),
        turn=turn.key,
    )
    plan_silence(held, profile, reason="procedure", at=at)
    notes.keep("answer", reason="procedure", at=at, answer_seq=stored.seq if stored else None)
    ANSWER_SECONDS.observe((at - turn.asked_at).total_seconds())
    return "answer"


def _posted(turn: BotTurn, spoken: Spoken, suggestions: list[str], *, at: datetime) -> Stored:
    return post(
        Draft(
            conversation_id=turn.conversation_id,
            client_id=uuid5(turn.conversation_uuid, f"bot-{turn.run}"),
            author_kind="bot",
            author_name=BOT_NAME,
            text=spoken.text,
            citations=[one.on_the_wire() for one in spoken.citations],
            suggestions=suggestions,
            reply_to=turn.asked_seq,
            run=turn.run,
            at=at,
        )
    )


def _spent(notes: Notes) -> dict[str, Any]:
    return {"quota": notes.quota} if notes.quota else {}


def step_aside(turn: BotTurn, notes: Notes, aside: Aside, *, at: datetime) -> None:
    summary = handover_summary(turn.conversation_id)
    with transaction.atomic():
        held = hold(turn.conversation_id)
        if notes.spoken is not None and aside.reason != Handoff.Reason.FAILED:
            if wrote_since(turn):
                raise NotYourTurn
            _posted(turn, notes.spoken, [], at=at)
        handed = request_handoff(
            conversation_id=turn.conversation_id,
            reason=aside.reason,
            summary=summary,
            at=at,
            run=turn.run,
            queue_id=aside.queue_id,
        )
        if handed and aside.offers_call:
            offer_a_call(held, at=at)
    outcome = "handoff" if handed else "lost"
    if handed:
        HANDED_OVER.labels(str(aside.reason)).inc()
    if notes.rung.step == "person":
        DEGRADED.labels("person", notes.rung.why).inc()
    notes.keep(outcome, reason=str(aside.reason), at=at)
