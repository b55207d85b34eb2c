"""Past cases like this one, of those that an agent may see: told without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from pgvector.django import CosineDistance

from agents.access import visible_to
from agents.models import Agent
from bots.knowledge.corpus import corpus
from bots.knowledge.vectors import light_encoders
from bots.learning.clusters import around
from bots.models import Asked
from bots.reads.asked_log import logs
from conversations.models import Conversation
from conversations.queries import transcript
from conversations.summary import Said, summarise

ALIKE = 0.48  # of cosines around the middle: from here on questions mean the same
LOOKED_AT = 24  # nearest questions
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A resolved conversation: its question, and what was said to it, with placeholders for what is
    personal. `likeness` is 0 to 1, `score` the customer's rating."""

    conversation: UUID
    at: datetime
    question: str
    answer: str
    likeness: float
    score: int | None
    disposition: str
    labels: tuple[str, ...]

    def frame(self) -> dict[str, Any]:
        return {
            "conversation": str(self.conversation),
            "at": self.at,
            "question": self.question,
            "answer": self.answer,
            "likeness": round(self.likeness, 3),
            "score": self.score,
            "disposition": self.disposition,
            "labels": list(self.labels),
        }


def what_it_is_about(conversation: Conversation) -> str:
    """The newest needs of the customer, in their own sentences; empty when nothing was said."""
    lines = [one for one in transcript(conversation.pk, last=30) if one.author != "system"]
    newest = lines[
        max((n + 1 for n, one in enumerate(lines) if one.author != "customer"), default=0) :
    ]
    for part in (newest, lines):
        said = [Said(one.author, one.text) for one in part]
        if needs := summarise(said, needs=2, answers=0).needs:
            return " ".join(needs)
    return ""


def similar_cases(agent: Agent, text: str, *, besides: int, most: int = SHOWN) -> list[Case]:
    """The likest first, one of each conversation, and only such in which somebody answered."""
    if not text.strip():
        return []
    every = light_encoders().every
    vector = every.queries([text])[0]
    seen = visible_to(agent).filter(state="resolved", merged_into=None).exclude(pk=besides)
    rows = list(
        Asked.objects.filter(encoder=every.name, conversation__in=seen.values("pk"))
        .annotate(far=CosineDistance("vector", vector))
        .order_by("far")
        .select_related("conversation__rating")[:LOOKED_AT]
    )
    if not rows:
        return []
    middle = corpus().middle
    near = around(np.array([row.vector for row in rows], dtype=np.float32), middle)
    likeness = near @ around(np.array([vector], dtype=np.float32), middle)[0]
    best: dict[int, tuple[Asked, float]] = {}
    for row, like in zip(rows, likeness, strict=True):
        if like >= ALIKE:
            best.setdefault(row.conversation_id, (row, float(like)))
    chosen = sorted(best.values(), key=lambda one: -one[1])[: 2 * most]
    answers = _answers([row for row, _ in chosen])
    found = [_case(row, like, answers[row.conversation_id]) for row, like in chosen]
    return [case for case in found if case.answer][:most]


def _answers(rows: Sequence[Asked]) -> dict[int, str]:
    """What was said to each question, without personal data."""
    asked = {row.conversation_id: row.offset for row in rows}
    told = {}
    for log in logs(asked):
        said = [
            Said(line.author, line.text)
            for line in log.anonymous()
            if line.author in {"agent", "bot"} and line.offset >= asked[log.conversation_id] - 1
        ]
        told[log.conversation_id] = " ".join(summarise(said, needs=0, answers=2).answers)
    return told


def _case(row: Asked, likeness: float, answer: str) -> Case:
    talk = row.conversation
    rating = getattr(talk, "rating", None)
    return Case(
        conversation=talk.uuid,
        at=row.asked_at,
        question=row.text,
        answer=answer,
        likeness=likeness,
        score=rating.score if rating else None,
        disposition=talk.disposition,
        labels=tuple(talk.labels),
    )
