"""What a customer may do besides writing: ask for a person, finish, rate, read; for a call see `calling`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from conversations import events, live
from conversations.actions.handoff import request_handoff
from conversations.actions.log import append, hold, move
from conversations.actions.post import BOT_OWES_WITHIN, say
from conversations.errors import BadWords, Closed, Merged
from conversations.lifecycle import (
    ABANDONED,
    ASSIGNED,
    BOT,
    CLOSED,
    ENDED,
    ON_HOLD,
    RESOLVED,
    SNOOZED,
    WRAP_UP,
)
from conversations.live import Push, agent_room, customer_room, thread_room
from conversations.models import Conversation, Customer, Rating
from conversations.people import desk
from conversations.phrases import phrase
from conversations.queries import transcript
from conversations.summary import Said, summarise
from conversations.surveys.inviting import NotAsked, content_of, invite
from conversations.surveys.reviewing import ask_for_review
from conversations.words import clean_text

_SHORT = 240  # characters


def ask_for_a_person(*, conversation_id: int, at: datetime) -> None:
    """Always honoured, at any time; asking twice changes nothing."""
    wake(conversation_id=conversation_id, at=at)
    request_handoff(
        conversation_id=conversation_id,
        reason="asked",
        summary=handover_summary(conversation_id),
        at=at,
    )


def handover_summary(conversation_id: int) -> str:
    """What the customer wants, in their own sentences: the ones that say most, and of their last words
    always one. A short conversation is its own summary."""
    lines = [one for one in transcript(conversation_id, last=60) if one.author != "system"]
    plain = plain_summary(conversation_id)
    if len([one for one in lines if one.author == "customer"]) <= 4 and len(plain) <= _SHORT:
        return plain
    last = max((n + 1 for n, one in enumerate(lines) if one.author != "customer"), default=0)
    needs = summarise([Said(one.author, one.text) for one in lines], needs=3, answers=0).needs
    newest = summarise([Said(one.author, one.text) for one in lines[last:]], needs=1, answers=0)
    return " · ".join(dict.fromkeys((*needs, *newest.needs)))


def plain_summary(conversation_id: int) -> str:
    """What the customer said so far, shortly: the floor below which no summary falls."""
    said = [line.text for line in transcript(conversation_id, last=30) if line.author == "customer"]
    return " · ".join(" ".join(text.split())[:200] for text in said[-4:] if text)


@transaction.atomic
def wake(*, conversation_id: int, at: datetime, by: str = "customer") -> bool:
    """A customer came back: what was over goes on with the bot, what was put aside or is being
    written up with whoever had it. Or its time came (`by` the system). False if it was awake."""
    conversation = hold(conversation_id)
    refuse_if_over(conversation)
    if conversation.state in ENDED:
        move(
            conversation,
            BOT,
            at=at,
            assignee_id=None,
            queue_id=None,
            queued_at=None,
            waiting_since=None,
            due_at=None,
            bot_run=conversation.bot_run + 1,
            bot_attempts=0,
            hops=0,
            been_in=[],
        )
        summary = plain_summary(conversation_id)
        append(conversation, "reopened", at=at, actor="customer", summary=summary)
        return True
    if conversation.state in {SNOOZED, ON_HOLD, WRAP_UP}:
        desk().resume(conversation, at=at, by=by)
        return True
    return False


def refuse_if_over(conversation: Conversation) -> None:
    """A held conversation that went on elsewhere, or whose customer may not write any more."""
    if conversation.merged_into_id:
        raise Merged("This conversation goes on in another one.")
    # Asked anew: `hold` has read the customer before it had the lock.
    if Customer.objects.filter(pk=conversation.customer_id, is_blocked=True).exists():
        raise Closed("This conversation is closed.")


def may_reopen(conversation: Conversation, *, at: datetime) -> bool:
    """A resolved conversation goes on only for some days, and only while its inbox is open."""
    if not conversation.inbox.is_active or conversation.customer.is_blocked:
        return False
    if conversation.resolved_at is None:
        return True
    return (at - conversation.resolved_at).days < conversation.inbox.reopen_days


@transaction.atomic
def finish(*, conversation_id: int, at: datetime) -> None:
    """The customer is done. Saying so twice changes nothing."""
    conversation = hold(conversation_id)
    if conversation.state in CLOSED:
        return
    assignee = conversation.assignee_id
    waited = conversation.is_waiting
    told: dict[str, Any] = {"promised": conversation.first_promise} if waited else {}
    left = desk().leave(conversation, at=at)
    ended = ABANDONED if waited else WRAP_UP if left.written_up else RESOLVED
    kind = "abandoned" if waited else "wrapping_up" if left.written_up else "resolved"
    append(conversation, kind, at=at, actor="customer", by="customer", disposition="", **told)
    move(
        conversation,
        ended,
        at=at,
        due_at=left.until,
        waiting_since=None,
        queued_at=None,
        bot_run=conversation.bot_run + 1,
    )
    ask_how_it_was(conversation, at=at)
    events.publish(events.conversation_resolved, conversation_id=conversation.pk, agent_id=assignee)


@transaction.atomic
def end_idle(
    *, conversation_id: int, text: str, label: str, at: datetime, by: str = "inactivity"
) -> bool:
    """Nobody has written for so long that it is over. False if it is not, after all. `by` is
    inactivity, or silence after what the bot said."""
    conversation = hold(conversation_id)
    if conversation.state not in {BOT, ASSIGNED} or conversation.waiting_since is not None:
        return False
    if conversation.due_at is None or conversation.due_at > at:
        return False
    assignee = conversation.assignee_id
    say(conversation, text, at=at)
    if label and label not in conversation.labels:
        conversation.labels = [*conversation.labels, label]
    desk().leave(conversation, at=at, for_good=True)
    append(conversation, "resolved", at=at, by=by, disposition="")
    move(
        conversation,
        RESOLVED,
        at=at,
        due_at=None,
        queued_at=None,
        labels=conversation.labels,
        bot_run=conversation.bot_run + 1,
    )
    ask_how_it_was(conversation, at=at)
    events.publish(events.conversation_resolved, conversation_id=conversation.pk, agent_id=assignee)
    return True


def ask_how_it_was(conversation: Conversation, *, at: datetime) -> None:
    """The survey that is for it, or the one question where the house has none."""
    try:
        invitation = invite(conversation, at=at)
    except NotAsked:
        return
    asked = {"survey": content_of(invitation)} if invitation else {}
    live.announce_on_commit([Push((customer_room(conversation.pk),), {"type": "survey", **asked})])


@transaction.atomic
def rate(*, conversation_id: int, score: int, comment: str, at: datetime) -> Rating:
    """The survey's answer, 1 to 5; a second answer replaces the first."""
    if not 1 <= score <= 5:
        raise BadWords("A score is 1, 2, 3, 4 or 5.")
    conversation = hold(conversation_id)
    rating, _ = Rating.objects.update_or_create(
        conversation=conversation,
        defaults={"score": score, "comment": clean_text(comment)[:1000], "rated_at": at},
    )
    ask_for_review(rating)
    append(conversation, "rated", at=at, actor="customer", score=score)
    return rating


def mark_read(*, conversation_id: int, seq: int) -> None:
    """The customer has seen everything up to `seq`; never goes back."""
    updated = Conversation.objects.filter(
        pk=conversation_id, customer_read_seq__lt=seq, seq__gte=seq
    ).update(customer_read_seq=Greatest(F("customer_read_seq"), seq))
    if updated:
        conversation = Conversation.objects.only("uuid", "assignee_id").get(pk=conversation_id)
        rooms = [thread_room(conversation_id)]
        if conversation.assignee_id:
            rooms.append(agent_room(conversation.assignee_id))
        live.announce(
            [
                Push(
                    tuple(rooms),
                    {"type": "read", "conversation": str(conversation.uuid), "seq": seq},
                )
            ]
        )


@transaction.atomic
def return_to_bot(*, conversation_id: int, at: datetime) -> None:
    """An agent gives the conversation back; a customer who waits is the bot's to answer."""
    conversation = hold(conversation_id)
    move(
        conversation,
        BOT,
        at=at,
        assignee_id=None,
        queue_id=None,
        queued_at=None,
        due_at=at + BOT_OWES_WITHIN if conversation.waiting_since else None,
        bot_run=conversation.bot_run + 1,
        bot_attempts=0,
    )
    if conversation.waiting_since:
        events.publish(events.bot_needed, conversation_id=conversation.pk)
    say(conversation, phrase("with_bot", conversation.language), at=at)
