"""A customer who says nothing more after the bot's answer: asked once whether it helped, then closed,
or brought to a person if that is doubtful."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from django.db import transaction

from bots.answering.phrases import phrase
from bots.behaviour.profiles import profile_of
from bots.models import BotProfile
from conversations.actions.customer import end_idle, handover_summary
from conversations.actions.handoff import request_handoff
from conversations.actions.log import append, hold
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.lifecycle import BOT
from conversations.metrics import SILENCES
from conversations.models import Conversation, Event, Handoff

FAREWELLS = frozenset({"thanks", "goodbye"})
"""What was answered like this was over anyway: nobody is asked whether it helped."""
_NAME = "Assistant"


@dataclass(frozen=True, slots=True)
class Answered:
    """The bot's last word, and when it asked whether that helped."""

    at: datetime
    said: dict[str, Any]
    followed_up_at: datetime | None = None


class Next(NamedTuple):
    step: Literal["ask", "close"]
    at: datetime


def next_step(profile: BotProfile, answered: Answered) -> Next | None:
    """What is done next if the customer goes on saying nothing."""
    asked_at = answered.followed_up_at
    asks = profile.follow_up_minutes is not None and answered.said.get("reason") not in FAREWELLS
    if asks and asked_at is None:
        return Next("ask", answered.at + timedelta(minutes=profile.follow_up_minutes or 0))
    if profile.close_minutes is None:
        return None
    return Next("close", (asked_at or answered.at) + timedelta(minutes=profile.close_minutes))


def plan_silence(
    conversation: Conversation, profile: BotProfile, *, reason: str, at: datetime
) -> None:
    """Right after an answer: when its silence is looked at, unless another rule ends it sooner."""
    _plan(conversation, profile, Answered(at, {"reason": reason}))


def _plan(conversation: Conversation, profile: BotProfile, answered: Answered) -> None:
    following = next_step(profile, answered)
    moments = [_idle_end(conversation, answered), following.at if following else None]
    due = min((at for at in moments if at is not None), default=None)
    Conversation.objects.filter(pk=conversation.pk).update(due_at=due)


def _idle_end(conversation: Conversation, answered: Answered) -> datetime | None:
    """When the routing rule for silent conversations ends it; the bot's question is no answer."""
    idle = conversation.idle_seconds
    return answered.at + timedelta(seconds=idle) if idle else None


@transaction.atomic
def attend_silence(*, conversation_id: int, at: datetime) -> bool:
    """Does what is due after an answer that nobody replied to; False: nothing of ours is."""
    conversation = hold(conversation_id)
    due = conversation.due_at is not None and conversation.due_at <= at
    answered = _answered(conversation_id)
    if conversation.state != BOT or conversation.waiting_since or not due or answered is None:
        return False
    profile = profile_of(conversation.inbox_id)
    following = next_step(profile, answered)
    idle = _idle_end(conversation, answered)
    if following is None or (idle is not None and idle <= min(at, following.at)):
        return False
    if following.at > at:  # the profile has changed since
        _plan(conversation, profile, answered)
        return True
    if following.step == "ask":
        _follow_up(conversation, profile, answered, at=at)
        return True
    return _close(conversation, profile, answered, at=at)


def _answered(conversation_id: int) -> Answered | None:
    """None while the bot has not answered since it was opened last."""
    lines = Event.objects.filter(
        conversation=conversation_id, kind__in=("bot_answered", "followed_up", "reopened")
    ).order_by("-offset")
    newest = list(lines[:2])
    if newest and newest[0].kind == "bot_answered":
        return Answered(newest[0].created_at, newest[0].data)
    if [one.kind for one in newest] == ["followed_up", "bot_answered"]:
        return Answered(newest[1].created_at, newest[1].data, newest[0].created_at)
    return None


def _close(
    conversation: Conversation, profile: BotProfile, answered: Answered, *, at: datetime
) -> bool:
    if profile.in_doubt == BotProfile.Doubt.PERSON and is_doubtful(answered.said, profile):
        return _hand_over(conversation, at=at)
    SILENCES.labels("closed").inc()
    words = phrase("closing", conversation.language)
    return end_idle(conversation_id=conversation.pk, text=words, label="", at=at, by="silence")


def is_doubtful(answered: dict[str, Any], profile: BotProfile) -> bool:
    """Whether the bot's last word left the question open, or had little chance to settle it."""
    if answered.get("reason") in FAREWELLS:
        return False
    if answered.get("decision") != "answer":
        return True
    chance = answered.get("chance", answered.get("confidence"))
    return isinstance(chance, int | float) and chance < profile.doubt_below


def _follow_up(
    conversation: Conversation, profile: BotProfile, answered: Answered, *, at: datetime
) -> None:
    post(
        Draft(
            conversation_id=conversation.pk,
            author_kind="bot",
            author_name=_NAME,
            text=phrase("did_it_help", conversation.language),
            run=conversation.bot_run,
            at=at,
        )
    )
    append(conversation, "followed_up", at=at, actor="bot")
    _plan(conversation, profile, replace(answered, followed_up_at=at))
    SILENCES.labels("followed_up").inc()


def _hand_over(conversation: Conversation, *, at: datetime) -> bool:
    SILENCES.labels("handed_over").inc()
    handed = request_handoff(
        conversation_id=conversation.pk,
        reason=Handoff.Reason.SILENT,
        summary=handover_summary(conversation.pk),
        at=at,
    )
    return handed is not None
