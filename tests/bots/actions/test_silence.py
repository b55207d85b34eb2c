"""A customer who says nothing more: asked once, then closed, or brought to a person."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from agents.actions.sweep import run_due
from bots.actions.silence import Answered, Next, next_step, plan_silence
from bots.models import BotProfile
from conversations.actions.log import append, hold
from conversations.actions.post import post, store
from conversations.drafts import Draft
from conversations.models import Conversation, Event, Handoff, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def answered(
    at: datetime, *, decision: str = "answer", reason: str = "found", chance: float = 0.9,
    **fields: object,
) -> Conversation:  # fmt: skip
    """The bot has answered, under this profile."""
    inbox = make.inbox()
    profile = BotProfile.objects.create(inbox=inbox, **fields)
    talk = make.conversation(inbox=inbox, at=at)
    store([make.draft(talk, "How do I return it?", at=at)])
    with transaction.atomic():
        held = hold(talk.pk)
        post(Draft(talk.pk, "bot", "Like this.", at, run=0))
        append(
            held, "bot_answered", at=at, actor="bot",
            decision=decision, reason=reason, chance=chance,
        )  # fmt: skip
        plan_silence(held, profile, reason=reason, at=at)
    return talk


def minutes(at: datetime, count: float) -> datetime:
    return at + timedelta(minutes=count)


def kinds(talk: Conversation) -> list[str]:
    lines = Event.objects.filter(conversation=talk).exclude(kind="message").order_by("offset")
    return list(lines.values_list("kind", flat=True))[2:]


def test_silence_is_followed_up_once_and_then_closed_apart_from_solved(at: datetime) -> None:
    talk = answered(at, follow_up_minutes=5, close_minutes=10)

    assert run_due(at=minutes(at, 4.9))["bot"] == 0
    assert [run_due(at=minutes(at, 5))["bot"], run_due(at=minutes(at, 6))["bot"]] == [1, 0]
    assert run_due(at=minutes(at, 15))["bot"] == 1

    assert kinds(talk) == ["followed_up", "resolved"]
    talk.refresh_from_db()
    assert (talk.state, talk.due_at) == ("resolved", None)
    assert Event.objects.get(conversation=talk, kind="resolved").data["by"] == "silence"
    assert Message.objects.filter(conversation=talk, text__startswith="Did that help").count() == 1


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"chance": 0.3}, "queued"),
        ({"decision": "clarify", "reason": "close_call"}, "queued"),
        ({"decision": "clarify", "reason": "thanks"}, "resolved"),
        ({"chance": 0.3, "in_doubt": "close"}, "resolved"),
    ],
)
def test_a_doubtful_answer_is_brought_to_a_person(
    said: dict[str, object], state: str, at: datetime
) -> None:
    make.queue(is_default=True)
    talk = answered(at, close_minutes=10, **said)  # type: ignore[arg-type]

    assert run_due(at=minutes(at, 10))["bot"] == 1

    talk.refresh_from_db()
    assert talk.state == state
    reasons = Handoff.objects.filter(conversation=talk).values_list("reason", flat=True)
    assert list(reasons) == (["silent"] if state == "queued" else [])


def test_a_word_of_the_customer_ends_the_silence(at: datetime) -> None:
    talk = answered(at, follow_up_minutes=5, close_minutes=10)
    store([make.draft(talk, "And boots?", at=minutes(at, 4))])

    talk.refresh_from_db()
    assert talk.due_at == minutes(at, 4) + timedelta(seconds=10)


def test_a_silence_that_was_missed_is_attended_later(at: datetime) -> None:
    talk = answered(at, follow_up_minutes=5, close_minutes=10)

    # Everything was down for a day: first the question, later the end.
    assert run_due(at=minutes(at, 1440))["bot"] == 1
    assert run_due(at=minutes(at, 1441))["bot"] == 0
    assert run_due(at=minutes(at, 1450))["bot"] == 1
    assert kinds(talk) == ["followed_up", "resolved"]


def test_the_rule_for_silent_conversations_ends_it_if_it_is_sooner(at: datetime) -> None:
    talk = answered(at, close_minutes=10)
    Conversation.objects.filter(pk=talk.pk).update(idle_seconds=60, due_at=minutes(at, 1))

    run_due(at=minutes(at, 1))

    talk.refresh_from_db()
    # No rule of routing says so any more: its own end stands again.
    assert (talk.state, talk.due_at) == ("bot", None)


def test_who_says_goodbye_is_not_asked(at: datetime) -> None:
    profile = BotProfile(follow_up_minutes=5, close_minutes=10)

    assert next_step(profile, Answered(at, {"reason": "goodbye"})) == Next("close", minutes(at, 10))
    assert next_step(profile, Answered(at, {"reason": "found"})) == Next("ask", minutes(at, 5))
    assert next_step(BotProfile(), Answered(at, {})) is None
