"""What an agent was answered is a line in the log of suggestions; what they asked is not kept."""

from __future__ import annotations

from datetime import datetime

from agents.assist.models import Suggestion
from agents.assist.reads.copilot import Answer
from conversations.models import Conversation


def keep_answer(
    answer: Answer, *, conversation: Conversation, agent_id: int, at: datetime
) -> Suggestion:
    return Suggestion.objects.create(
        conversation=conversation,
        agent_id=agent_id,
        kind=Suggestion.Kind.ANSWER,
        text=answer.text,
        language=answer.language[:16],
        sources=list(answer.sources),
        by=Suggestion.By.QUOTE,
        confidence=answer.confidence,
        at=at,
        shown_at=at,
    )
