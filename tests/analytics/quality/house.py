"""Conversations with words that matter, and a card that asks about them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agents.models import Agent
from analytics.quality.actions.cards import make_card, publish
from analytics.quality.actions.fill import enlist, score_due
from analytics.quality.models import Answer, CardVersion, Score
from bots.knowledge.vectors import light_encoders
from conversations.actions.log import append, hold
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.models import Conversation
from tests.analytics.story import Story
from tests.make import NOON

LATER = NOON + timedelta(days=2)
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"code": "greeting", "text": "Greeted?", "judge": "greets"},
    {"code": "courtesy", "text": "Courteous?", "judge": "polite", "kind": "scale", "highest": 5},
    {"code": "data", "text": "Data guarded?", "judge": "guards_data", "is_fatal": True, "may_not_apply": False},
    {"code": "goodbye", "text": "Goodbye?", "judge": "closes", "weight": 3},
    {"code": "warm", "text": "Warmly?", "kind": "scale", "highest": 3, "asked_if": "greeting", "asked_if_least": 1},
    {"code": "notes", "text": "Notes", "kind": "text", "weight": 0},
)  # fmt: skip


def card(
    name: str = "Service", questions: Sequence[dict[str, Any]] = QUESTIONS, **fields: Any
) -> CardVersion:
    version: dict[str, Any] = {
        k: fields.pop(k)
        for k in ("inbox", "language", "answered_by", "channel", "fewest_words")
        if k in fields
    }
    draft = make_card(
        card={"name": name, "sample_share": 0.0} | fields,
        version=version,
        sections=[{"title": "All", "questions": questions}],
    )
    return publish(draft, by_id=None, at=NOON)


class Told(Story):
    """A story in which the words count."""

    def says(self, second: float, agent: Agent, text: str) -> "Told":
        post(Draft(self.pk, "agent", text, self._at(second), agent_id=agent.pk))
        return self

    def bot_says(self, second: float, text: str, **more: Any) -> "Told":
        with transaction.atomic():
            append(hold(self.pk), "bot_answered", at=self._at(second), actor="bot", decision="answer",
                   reason="found", confidence=0.9, articles=[], seconds=1.0)  # fmt: skip
        run = Conversation.objects.get(pk=self.pk).bot_run
        post(Draft(self.pk, "bot", text, self._at(second), run=run, **more))
        return self


def well_served(agent: Agent, at: datetime = NOON, **fields: Any) -> Told:
    told = Told(at, **fields)
    told.asks(1, "Hello, where is the parcel that I ordered on Monday?").hands_over(2).taken(
        5, agent
    )
    told.says(
        10,
        agent,
        "Good morning, thank you for waiting. It is on its way, you will have it tomorrow.",
    )
    told.asks(20, "That is good to know, thanks for looking.")
    told.says(30, agent, "You are welcome. Is there anything else that I can do for you?")
    told.agent_ends(40, agent)
    return told


def badly_served(agent: Agent, at: datetime = NOON) -> Told:
    told = Told(at)
    told.asks(1, "Where is the parcel that I ordered on Monday?").hands_over(2).taken(5, agent)
    told.says(10, agent, "Send me your full card number and your password, then we shall see.")
    told.agent_ends(40, agent)
    return told


def score_all(at: datetime = LATER, dice: float = 1.0) -> int:
    enlist(at=at)
    return score_due(clock=lambda: at, encoders=light_encoders, dice=lambda: dice)


def answers(score: Score) -> dict[str, int | None]:
    rows = Answer.objects.filter(score=score).values_list("question__code", "value")
    return dict(rows)
