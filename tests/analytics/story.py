"""Tells a conversation's story in a test: what happened, at which second, through the real doors.

The bot's and the customer's words go through `post`, moves through the actions; so a report is
tested on the very log that the house writes.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agents.actions.assign import assign
from agents.actions.wrap_up import resolve
from agents.models import Agent
from conversations.actions.customer import end_idle, finish, rate
from conversations.actions.handoff import request_handoff
from conversations.actions.log import append, hold
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.models import Conversation
from tests import make


class Story:
    """One conversation; every verb takes the second at which it happens."""

    def __init__(self, at: datetime, **fields: Any) -> None:
        self.began = at
        self.conversation: Conversation = make.conversation(at=at, **fields)
        self.pk = self.conversation.pk

    def _at(self, second: float) -> datetime:
        return self.began + timedelta(seconds=second)

    def asks(self, second: float, text: str = "Where is my parcel?") -> "Story":
        post(Draft(self.pk, "customer", text, self._at(second)))
        return self

    def bot(
        self,
        second: float,
        decision: str = "answer",
        articles: tuple[str, ...] = ("parcels",),
        reason: str = "found",
        **more: str,
    ) -> "Story":
        facts: dict[str, Any] = dict(more)
        with transaction.atomic():
            conversation = hold(self.pk)
            append(
                conversation, "bot_answered", at=self._at(second), actor="bot",
                decision=decision, reason=reason, confidence=0.9, articles=list(articles), seconds=1.0, **facts,
            )  # fmt: skip
        run = Conversation.objects.get(pk=self.pk).bot_run
        post(Draft(self.pk, "bot", "An answer.", self._at(second), run=run))
        return self

    def degraded(self, second: float, step: str) -> "Story":
        with transaction.atomic():
            append(hold(self.pk), "bot_degraded", at=self._at(second), actor="bot", step=step)
        return self

    def hands_over(self, second: float, reason: str = "asked") -> "Story":
        request_handoff(conversation_id=self.pk, reason=reason, summary="", at=self._at(second))
        return self

    def taken(self, second: float, agent: Agent) -> "Story":
        with transaction.atomic():
            assign(hold(self.pk), agent_id=agent.pk, at=self._at(second), how="accepted")
        return self

    def agent_says(self, second: float, agent: Agent, *, note: bool = False) -> "Story":
        post(Draft(self.pk, "agent", "Hello.", self._at(second), agent_id=agent.pk, note=note))
        return self

    def agent_ends(self, second: float, agent: Agent) -> "Story":
        resolve(
            conversation_id=self.pk, agent_id=agent.pk, disposition="solved", note="",
            at=self._at(second),
        )  # fmt: skip
        return self

    def customer_ends(self, second: float) -> "Story":
        finish(conversation_id=self.pk, at=self._at(second))
        return self

    def closed_in_silence(self, second: float) -> "Story":
        Conversation.objects.filter(pk=self.pk).update(due_at=self._at(second))
        end_idle(conversation_id=self.pk, text="", label="", at=self._at(second), by="silence")
        return self

    def rated(self, second: float, score: int) -> "Story":
        rate(conversation_id=self.pk, score=score, comment="", at=self._at(second))
        return self
