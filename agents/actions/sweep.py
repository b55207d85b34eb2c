"""What is due is done, and the safety net: whoever was lost is picked up within seconds."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from agents.actions import scheduled
from agents.actions.losing import give_back, take_back
from agents.actions.offers import expire_offers, release_offers
from agents.actions.presence import set_presence
from agents.actions.queueing import rules_of, step
from agents.actions.route import route_waiting
from agents.actions.sla import alert_due
from agents.actions.wrap_up import end_wrap_up
from agents.models import Offer, Presence
from agents.queries import GONE_AFTER, asked_but_not_online, gone_agents, left_behind
from agents.reads.policies import PolicyBook
from agents.rules.registry import words_for
from bots.actions import editing, gate
from bots.actions.silence import attend_silence
from conversations import events
from conversations.actions.customer import end_idle, handover_summary, wake
from conversations.actions.handoff import request_handoff
from conversations.actions.log import hold
from conversations.actions.post import BOT_HAS_AT_MOST, bot_owes_by
from conversations.lifecycle import ASSIGNED, BOT, HELD, OFFERED, QUEUED, SNOOZED, WRAP_UP
from conversations.models import Conversation, Handoff

logger = logging.getLogger(__name__)

BOT_TRIES = 2
_AT_ONCE = 500
_A_TRY = timedelta(seconds=6)


def next_due() -> datetime | None:
    """When something has to be done next, by the clock alone; None: nothing is planned."""
    ours = Conversation.objects.aggregate(at=Min("due_at"), alert=Min("alert_at"))
    moments = (
        ours["at"],
        ours["alert"],
        Offer.objects.filter(ended_at=None).aggregate(at=Min("expires_at"))["at"],
        scheduled.next_due(),
        editing.next_due(),
    )
    return min((at for at in moments if at is not None), default=None)


def run_due(*, at: datetime) -> dict[str, int]:
    """Does everything whose time has come; answers how much of each. One failure stops no other."""
    return _each(
        {
            "bot": lambda: sum(_bot(pk, at=at) for pk in _overdue(BOT, at=at)),
            "stepped": lambda: sum(
                step(conversation_id=pk, at=at)
                for state in (QUEUED, OFFERED)
                for pk in _overdue(state, at=at)
            ),
            "woken": lambda: sum(
                wake(conversation_id=pk, at=at, by="system") for pk in _overdue(SNOOZED, at=at)
            ),
            "assigned": lambda: sum(_assigned(pk, at=at) for pk in _overdue(ASSIGNED, at=at)),
            "written_up": lambda: sum(
                end_wrap_up(conversation_id=pk, at=at) for pk in _overdue(WRAP_UP, at=at)
            ),
            "expired": lambda: expire_offers(at=at),
            "sent": lambda: scheduled.send_due(at=at),
            "articles": lambda: gate.run_due(at=at),
            "alerted": lambda: alert_due(at=at),
        }
    )


def sweep(*, at: datetime) -> dict[str, int]:
    """One round of the safety net: what is due, who is gone, who waits."""
    done = run_due(at=at) | _each(
        {
            "given_back": lambda: _give_back_all(at=at),
            "released": lambda: sum(
                release_offers(agent_id=pk, at=at) for pk in asked_but_not_online()
            ),
            "offered": lambda: route_waiting(at=at),
        }
    )
    if any(done.values()):
        logger.info("Swept", extra=done)
    return done


def _each(parts: dict[str, Callable[[], int]]) -> dict[str, int]:
    done: dict[str, int] = {}
    for name, part in parts.items():
        try:
            done[name] = part()
        except Exception:
            logger.exception("A part of the sweep failed", extra={"part": name})
    return done


def _overdue(state: str, *, at: datetime) -> list[int]:
    return list(
        Conversation.objects.filter(due_at__lte=at, state=state)
        .order_by("due_at")
        .values_list("pk", flat=True)[:_AT_ONCE]
    )


def _bot(conversation_id: int, *, at: datetime) -> bool:
    return (
        _remind_bot(conversation_id, at=at)
        or attend_silence(conversation_id=conversation_id, at=at)
        or _end_idle(conversation_id, at=at)
    )


def _assigned(conversation_id: int, *, at: datetime) -> bool:
    return take_back(conversation_id=conversation_id, at=at) or _end_idle(conversation_id, at=at)


@transaction.atomic
def _remind_bot(conversation_id: int, *, at: datetime) -> bool:
    """The bot is asked once more; after that a person is."""
    conversation = hold(conversation_id)
    if conversation.state != BOT or conversation.due_at is None or conversation.due_at > at:
        return False
    if conversation.waiting_since is None:
        return False
    # A second try must have time enough before the customer has waited too long.
    late = at + _A_TRY > conversation.waiting_since + BOT_HAS_AT_MOST
    if late or conversation.bot_attempts + 1 >= BOT_TRIES:
        request_handoff(
            conversation_id=conversation.pk,
            reason=Handoff.Reason.FAILED,
            summary=handover_summary(conversation.pk),
            at=at,
        )
        return True
    conversation.bot_attempts += 1
    conversation.due_at = bot_owes_by(at=at, asked_at=conversation.waiting_since)
    conversation.save(update_fields=["bot_attempts", "due_at"])
    events.publish(events.bot_needed, conversation_id=conversation.pk)
    return True


def _end_idle(conversation_id: int, *, at: datetime) -> bool:
    """The customer has not written for as long as the rule says; a rule taken back ends nothing."""
    conversation = Conversation.objects.select_related("queue", "inbox").get(pk=conversation_id)
    rule = rules_of(conversation, conversation.queue, PolicyBook.load()).auto_resolve
    if rule is None or (conversation.state == BOT and not rule.bot_too):
        Conversation.objects.filter(pk=conversation_id, due_at__lte=at, waiting_since=None).update(
            due_at=None, idle_seconds=None
        )
        return False
    words = words_for(rule.text, conversation.language)
    return end_idle(conversation_id=conversation_id, text=words, label=rule.label, at=at)


def _give_back_all(*, at: datetime) -> int:
    count = 0
    for agent_id in gone_agents(at=at):
        lost = Presence.objects.filter(agent_id=agent_id, seen_at__lt=at - GONE_AFTER)
        if lost.exclude(status=Presence.Status.OFFLINE).exists():
            set_presence(
                agent_id=agent_id, status="offline", reason="connection lost", at=at, alive=False
            )
        held = Conversation.objects.filter(assignee_id=agent_id, state__in=HELD)
        for pk, state in list(held.values_list("pk", "state")):
            if state == WRAP_UP:
                count += end_wrap_up(conversation_id=pk, at=at, gone=True)
            else:
                count += give_back(conversation_id=pk, agent_id=agent_id, at=at)
    left = left_behind(at=at)
    return count + sum(give_back(conversation_id=c, agent_id=a, at=at) for c, a in left)
