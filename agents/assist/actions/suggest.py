"""Looks for help whenever a customer writes while an agent has the conversation. Nothing waits for it:
one thread of the model's worker, behind everybody else, the newest first, and only while it is news."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from agents.assist.actions.hinting import hint
from agents.assist.actions.proposing import (
    Asked,
    Reply,
    asked_of,
    is_busy,
    propose,
    quoted,
    written,
)
from agents.assist.models import HelpTurn, Suggestion
from agents.assist.reads.shown import suggestions_frame
from agents.assist.rules.holdout import is_held_out
from agents.models import Assignment
from bots.answering.proposals import Proposal
from bots.language.model import LanguageModel
from conversations import live
from conversations.live import Push, agent_room
from conversations.models import Conversation, Message

logger = logging.getLogger(__name__)

# Who writes in pieces is heard out: help for half a question is none.
PAUSE = timedelta(seconds=1.5)
FRESH = timedelta(minutes=10)  # since the words, or since the agent took it: then they have begun
AT_ONCE = 20
RESTS = 4.0  # times as long as it worked, between two conversations: others compute, too
Model = Callable[[], LanguageModel | None]


def suggest(*, model: Model, clock: Callable[[], datetime]) -> int:
    """One round; answers how many conversations were looked at. A conversation that fails is left out."""
    looked = 0
    waiting = _waiting(at=clock())
    for place, (conversation, seq) in enumerate(waiting):
        began = time.monotonic()
        try:
            shown = _quote(conversation, seq, clock=clock)
            # Before the model writes: that takes seconds, and whoever dies meanwhile is not asked again.
            _hint(conversation, at=clock())
            if shown is not None:
                looked += 1
                _write(shown, model=model, clock=clock)
        except Exception:
            logger.exception("No help", extra={"conversation": conversation.pk})
            _remember(conversation, seq, None, at=clock())
        finally:
            connection.close()
        if place + 1 < len(waiting):
            time.sleep(min(RESTS * (time.monotonic() - began), 1.0))
    return looked


def _waiting(*, at: datetime) -> Sequence[tuple[Conversation, int]]:
    """Conversations of agents whose customer has paused and whose last words nobody has looked at, the
    newest first."""
    customers = Message.objects.filter(conversation=OuterRef("pk"), author_kind="customer")
    newest = Subquery(customers.order_by("-seq").values("seq")[:1])
    looked = HelpTurn.objects.filter(conversation=OuterRef("pk"), seq__gte=OuterRef("asked"))
    taken = Assignment.objects.filter(
        conversation=OuterRef("pk"), ended_at=None, started_at__gt=at - FRESH
    )
    rows = (
        _served()
        .filter(
            Q(last_message_at__gt=at - FRESH) | Exists(taken),
            last_message_at__lte=at - PAUSE,
        )
        .annotate(asked=newest)
        .filter(~Exists(looked), asked__isnull=False)
        .order_by("-last_message_at")
        .values_list("pk", "asked")[:AT_ONCE]
    )
    asked = dict(rows)
    found = Conversation.objects.in_bulk(asked)
    return [(found[pk], seq) for pk, seq in asked.items() if pk in found]


def next_pause(*, at: datetime) -> timedelta | None:
    """How long until the first of those who are still writing has paused; None: nobody writes. Whoever does
    not come back then leaves them to the next round by the clock."""
    writing = _served().filter(last_message_at__gt=at - PAUSE)
    last: datetime | None = writing.aggregate(last=Min("last_message_at"))["last"]
    return None if last is None else min(last + PAUSE - at, PAUSE)  # clocks may differ


def _served() -> QuerySet[Conversation]:
    """Whose customer waits for an agent that is suggested something."""
    agents = Q(assignee__username__in=settings.SUGGESTIONS_FOR) if settings.SUGGESTIONS_FOR else Q()
    return Conversation.objects.filter(
        agents, state="assigned", assignee__isnull=False, waiting_since__isnull=False
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """What articles say stands on the agent's screen."""

    conversation: Conversation
    asked: Asked
    proposal: Proposal
    turn: HelpTurn


def _quote(conversation: Conversation, seq: int, *, clock: Callable[[], datetime]) -> _Shown | None:
    """What articles say, shown at once; None: there is nothing to show, or it was looked at already."""
    asked = asked_of(conversation, seq=seq)
    if asked is None:
        _remember(conversation, seq, None, at=clock())
        return None
    proposal = propose(asked, conversation, at=clock())
    turn = _remember(conversation, seq, asked, quoted(proposal), at=clock())
    return _Shown(conversation, asked, proposal, turn) if turn is not None else None


def _write(shown: _Shown, *, model: Model, clock: Callable[[], datetime]) -> None:
    """The model's words, too, where it has nothing else to do."""
    if shown.proposal.decision != "answer":
        return
    writer = model()
    if writer is None or is_busy(writer):
        return
    said = written(
        shown.proposal,
        shown.asked,
        shown.conversation,
        writer=writer,
        is_over=_watch(shown.conversation, shown.asked.seq),
    )
    if said is not None:
        _add(shown.turn, said, at=clock())


def _watch(conversation: Conversation, seq: int) -> Callable[[], bool]:
    """Whether nobody wants the help any more: asked of the database twice a second at most."""
    looked_at, over = time.monotonic(), False

    def is_over() -> bool:
        nonlocal looked_at, over
        if not over and time.monotonic() - looked_at > 0.5:
            looked_at = time.monotonic()
            over = not _still_waits(conversation, seq)
            connection.close()
        return over

    return is_over


def _still_waits(conversation: Conversation, seq: int) -> bool:
    held = Conversation.objects.filter(
        pk=conversation.pk, state="assigned", assignee=conversation.assignee_id
    )
    newer = Message.objects.filter(
        conversation=conversation.pk, seq__gt=seq, author_kind__in=["customer", "agent"]
    )
    return held.exists() and not newer.exists()


@transaction.atomic
def _remember(
    conversation: Conversation,
    seq: int,
    asked: Asked | None,
    replies: Sequence[Reply] = (),
    *,
    at: datetime,
) -> HelpTurn | None:
    """Stores what was found, and shows it, if the customer still waits for this agent, and the conversation is
    not one that goes without; None if this was looked at already, if it is over, or nothing is shown."""
    if replies and not _still_waits(conversation, seq):
        replies = ()
    withheld = 0
    if is_held_out(conversation.uuid, percent=settings.SUGGESTION_HOLDOUT):
        withheld, replies = len(replies), ()
    turn, made = HelpTurn.objects.get_or_create(
        conversation=conversation,
        seq=seq,
        defaults={
            "inbox_id": conversation.inbox_id,
            "agent_id": conversation.assignee_id,
            "at": at,
            "seconds": max((at - asked.at).total_seconds(), 0.0) if asked else 0.0,
            "proposed": len(replies),
            "withheld": withheld,
        },
    )
    if not made:
        return None
    rows = [_row(turn, place, reply, at=at) for place, reply in enumerate(replies, 1)]
    Suggestion.objects.bulk_create(rows)
    _show(turn, rows)
    return turn if rows else None


def _hint(conversation: Conversation, *, at: datetime) -> None:
    """Whose console shows it asks for it: what is to be seen depends on what is so by then."""
    fresh = hint(conversation, at=at)
    if fresh and conversation.assignee_id:
        frame = {"type": "hints", "conversation": str(conversation.uuid)}
        live.announce([Push((agent_room(conversation.assignee_id),), frame)])


@transaction.atomic
def _add(turn: HelpTurn, reply: Reply, *, at: datetime) -> None:
    """The model's words stand before the quotes that were shown meanwhile, unless it is over."""
    if not _still_waits(turn.conversation, turn.seq):
        return
    HelpTurn.objects.filter(pk=turn.pk).update(proposed=turn.proposed + 1)
    row = _row(turn, 0, reply, at=at)
    row.save()
    rows = Suggestion.objects.filter(turn=turn, outcome="").order_by("place", "pk")
    _show(turn, list(rows))


def _row(turn: HelpTurn, place: int, reply: Reply, *, at: datetime) -> Suggestion:
    return Suggestion(
        turn=turn,
        conversation_id=turn.conversation_id,
        agent_id=turn.agent_id,
        place=place,
        text=reply.text,
        language=reply.language[:16],
        sources=list(reply.sources),
        by=reply.by,
        model=reply.model[:200],
        confidence=reply.confidence,
        at=at,
    )


def _show(turn: HelpTurn, rows: Sequence[Suggestion]) -> None:
    """Also that there are none: what was suggested before is old."""
    if turn.agent_id is None:
        return
    frame = suggestions_frame(turn.conversation.uuid, turn.seq, rows)
    live.announce_on_commit([Push((agent_room(turn.agent_id),), frame)])
