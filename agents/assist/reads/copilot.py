"""What an agent asks on the side: answered from the articles that they may read, word for word, with
sources, and from past cases that they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.assist.reads.similar import Case, similar_cases
from agents.models import Agent
from bots.actions.turn import reader_of
from bots.knowledge.text import language_of
from bots.knowledge.vectors import light_encoders
from bots.language.model import Turn
from bots.models import Article, Reader
from bots.models.article import open_to
from bots.queries import consult
from bots.reads.found import found_articles
from conversations.models import Conversation

CARDS = 4
WORTH_SAYING = 0.34  # of chance: a person looks it over
# From here on, where the bot itself would ask back, the nearest passages are shown as what they are. “Can worn boots be
# returned?” shares no word with “things must be unused”; a person sees at a glance that it is about that.
NEAR = 0.2


@dataclass(frozen=True, slots=True)
class Answer:
    """`decision`: answer (an article says it), near (articles that come near), none. `confidence` is the chance
    that it answers the question. `is_internal`: this customer may not read where it stands."""

    decision: str
    text: str
    sources: tuple[dict[str, Any], ...]
    confidence: float
    language: str
    cases: tuple[Case, ...]
    is_internal: bool


@dataclass(frozen=True, slots=True)
class Card:
    article: Article
    quote: str

    def frame(self) -> dict[str, Any]:
        return {
            "id": str(self.article.uuid),
            "title": self.article.title,
            "url": self.article.get_absolute_url(),
            "quote": self.quote,
            "language": self.article.language,
            "visibility": self.article.visibility,
        }


def knowledge_cards(conversation: Conversation, about: str) -> list[Card]:
    """The articles that come nearest to what the customer wrote; also such for agents only."""
    if not about.strip():
        return []
    language = language_of(about, otherwise=conversation.language.split("-")[0].lower())
    found = found_articles(
        about,
        language=language,
        inbox_id=conversation.inbox_id,
        most=CARDS,
        reader=Reader.AGENT,
        known=light_encoders(),
    )
    return [Card(one.article, one.excerpt) for one in found]


def answered(
    agent: Agent,
    conversation: Conversation,
    question: str,
    history: Sequence[Turn],
    *,
    at: datetime,
) -> Answer:
    """Nothing is stored, and the customer hears nothing of it."""
    proposal = consult(
        question=question,
        history=history,
        inbox_id=conversation.inbox_id,
        language=conversation.language,
        reader=Reader.AGENT,
        known=light_encoders(),
    )
    cases = tuple(similar_cases(agent, question, besides=conversation.pk))
    is_sure = proposal.decision == "answer"
    enough = NEAR if proposal.decision == "clarify" else WORTH_SAYING
    if not proposal.sources or not (is_sure or proposal.chance >= enough):
        return Answer("none", "", (), proposal.chance, proposal.language, cases, is_internal=False)
    near = proposal.sources[:1] if is_sure else proposal.sources[:2]
    return Answer(
        decision="answer" if is_sure else "near",
        text="\n\n".join(one.quote.text for one in near),
        sources=tuple(one.citation.on_the_wire() for one in near),
        confidence=proposal.chance,
        language=near[0].citation.language,
        cases=cases,
        is_internal=_is_internal([one.citation.article for one in near], conversation, at=at),
    )


def _is_internal(articles: Sequence[UUID], conversation: Conversation, *, at: datetime) -> bool:
    """Whether this customer may not read one of them."""
    theirs = open_to(reader_of(conversation, at=at))
    return Article.objects.filter(uuid__in=articles).exclude(theirs).exists()
