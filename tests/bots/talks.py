"""Talks for tests: what customers asked and what came of it, through the real doors of the log."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agents.actions.assign import assign
from agents.actions.wrap_up import resolve
from agents.models import Agent, Queue
from bots.actions.articles import import_articles
from bots.actions.learn import encode_new, read_new
from bots.knowledge.vectors import light_encoders
from bots.models import Article
from bots.queries import consult
from bots.sources.rows import Row
from conversations.actions.customer import finish, rate
from conversations.actions.handoff import request_handoff
from conversations.actions.log import append, hold
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.models import Conversation
from tests import make

MINUTE = timedelta(minutes=1)
RETURNS = Row(
    "returns",
    "Returning an item",
    "You may return anything within 30 days of delivery. It must be unused.\n\n"
    "The refund arrives 5 days after the parcel reached us.",
    ["How long can I return a jacket?", "Can I send a tent back?", "What is your return policy?"],
    "en",
    "Returns",
)
DELIVERY = Row(
    "delivery",
    "Delivery times",
    "Parcels arrive within 3 working days. Express takes one day.",
    ["When will my parcel arrive?", "How long does shipping take?", "Do you ship by express?"],
    "en",
    "Delivery",
)


def knows(at: datetime, *rows: Row) -> list[Article]:
    """These articles, live and found by search."""
    wanted = rows or (RETURNS, DELIVERY)
    import_articles(wanted, encoders=light_encoders(), at=at, bad=lambda _line: None)
    known = Article.objects.in_bulk([row.id for row in wanted], field_name="external_id")
    return [known[row.id] for row in wanted]


class Talk:
    """One conversation; each verb takes place a minute after the one before."""

    def __init__(self, at: datetime, **fields: Any) -> None:
        self.at = at
        self.conversation: Conversation = make.conversation(at=at, **fields)
        self.pk = self.conversation.pk

    def _later(self) -> datetime:
        self.at += MINUTE
        return self.at

    def asks(self, text: str) -> "Talk":
        post(Draft(self.pk, "customer", text, self._later()))
        return self

    def says(self, decision: str = "answer", *articles: Article, text: str = "So it is.") -> "Talk":
        """The bot."""
        run = Conversation.objects.get(pk=self.pk).bot_run
        with transaction.atomic():
            post(Draft(self.pk, "bot", text, self._later(), run=run))
            append(
                hold(self.pk), "bot_answered", at=self.at, actor="bot", decision=decision,
                confidence=0.9, articles=[str(one.uuid) for one in articles], seconds=1.0,
            )  # fmt: skip
        return self

    def is_answered(self, question: str) -> "Talk":
        """What the bot really says to it."""
        proposal = consult(question=question, known=light_encoders())
        cited = Article.objects.filter(uuid__in=[one.article for one in proposal.citations])
        self.asks(question)
        if proposal.decision == "handoff":
            return self.hands_over("unsure")
        return self.says(proposal.decision, *cited, text=proposal.answer)

    def hands_over(self, reason: str = "unsure") -> "Talk":
        if not Queue.objects.filter(is_default=True).exists():
            make.queue(is_default=True)
        request_handoff(conversation_id=self.pk, reason=reason, summary="", at=self._later())
        return self

    def taken(self, agent: Agent) -> "Talk":
        with transaction.atomic():
            assign(hold(self.pk), agent_id=agent.pk, at=self._later(), how="accepted")
        return self

    def replies(self, agent: Agent, text: str) -> "Talk":
        post(Draft(self.pk, "agent", text, self._later(), agent_id=agent.pk))
        return self

    def solved(self, agent: Agent) -> "Talk":
        make.wrap_up_code("solved")
        resolve(
            conversation_id=self.pk, agent_id=agent.pk, disposition="solved", note="",
            at=self._later(),
        )  # fmt: skip
        return self

    def ends(self) -> "Talk":
        finish(conversation_id=self.pk, at=self._later())
        return self

    def rated(self, score: int) -> "Talk":
        rate(conversation_id=self.pk, score=score, comment="", at=self._later())
        return self


def learnt(at: datetime) -> None:
    """Everything that was said is read, and has its vector."""
    read_new(at=at)
    encode_new(encoders=light_encoders())
