"""Training examples out of what helped: well-rated answers of the bot, and answers that people gave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bots.learning.turns import GOOD
from bots.models import BotTrace, LearnedPair, TrainingExample
from bots.training.cleaning import cleaned
from bots.training.examples import LONGEST, Example
from conversations.errors import CannotMove, NotFound

BACK = timedelta(days=14)  # turns of conversations that were rated since
AT_ONCE = 500
_MARK = re.compile(r"\s*\[\d+\]")
FIELDS = ("title", "question", "context", "answer")


def gather(*, at: datetime) -> int:
    """Proposes what is new; answers how many. Running it twice changes nothing."""
    found = [*_rated(at=at), *_learned()]
    fresh = [one for one in found if _stands(one)]
    known = set(
        TrainingExample.objects.filter(origin__in=[one.origin for one in fresh]).values_list(
            "origin", flat=True
        )
    )
    made = [one for one in fresh if one.origin not in known]
    for one in made:
        one.found_at = at
    TrainingExample.objects.bulk_create(made, ignore_conflicts=True, batch_size=200)
    return len(made)


def _rated(*, at: datetime) -> Iterable[TrainingExample]:
    """First answers of the bot to one question, in conversations that ended with a good rating and in
    which no person was needed."""
    rows = BotTrace.objects.filter(
        outcome=BotTrace.Outcome.ANSWER,
        at__gte=at - BACK,
        conversation__rating__score__gte=GOOD,
        conversation__handoffs__isnull=True,
    ).order_by("-at")
    for turn in rows[:AT_ONCE]:
        data = turn.data
        cited = {one["article"] for one in data.get("citations", [])}
        passages = [one for one in data.get("passages", []) if one["article"] in cited]
        if data.get("history") or len(passages) != 1 or len(data.get("requests", [])) > 1:
            continue  # what was meant stands in other lines, or in several articles
        yield TrainingExample(
            source=TrainingExample.Source.RATED,
            origin=f"turn:{turn.uuid}",
            conversation_id=turn.conversation_id,
            title=passages[0]["title"],
            question=data.get("question", ""),
            context=passages[0]["text"],
            answer=_MARK.sub("", data.get("answer", "")),
            language=data.get("language", "en"),
        )


def _learned() -> Iterable[TrainingExample]:
    """What people answered where an article says so, too."""
    rows = LearnedPair.objects.filter(article__isnull=False, asked__isnull=False).exclude(
        state=LearnedPair.State.REJECTED
    )
    for pair in rows.select_related("article", "asked").order_by("-pk")[:AT_ONCE]:
        assert pair.article is not None
        assert pair.asked is not None
        yield TrainingExample(
            source=TrainingExample.Source.LEARNED,
            origin=f"pair:{pair.uuid}",
            conversation_id=pair.asked.conversation_id,
            title=pair.article.title,
            question=pair.question,
            context=pair.article.body[: LONGEST["context"]],
            answer=pair.answer,
            language=pair.language,
        )


def _stands(one: TrainingExample) -> bool:
    """Cleaned in place; False where nothing remains that a passage bears out."""
    try:
        found = cleaned([_as_example(one)]).examples
    except (TypeError, ValueError):
        return False
    if not found:
        return False
    for name in FIELDS:
        setattr(one, name, getattr(found[0], name)[: LONGEST[name]])
    return True


def _as_example(one: TrainingExample, line: int = 0) -> Example:
    return Example(
        question=one.question,
        context=one.context,
        answer=one.answer,
        title=one.title,
        conversation=f"c{one.conversation_id}" if one.conversation_id else "",
        language=one.language,
        line=line,
    )


def accepted() -> list[Example]:
    """What somebody has looked at and accepted, in the order of their coming; `line` counts from 1."""
    rows = TrainingExample.objects.filter(state=TrainingExample.State.ACCEPTED).order_by("pk")
    return [_as_example(one, line) for line, one in enumerate(rows.iterator(), 1)]


@transaction.atomic
def decide(
    *,
    example: UUID,
    state: str,
    by_id: int | None,
    at: datetime,
    words: dict[str, Any] | None = None,
) -> TrainingExample:
    """Accepted or rejected, with other `words` if somebody has changed them. Raises CannotMove when what
    was written is not borne out by its context, or would teach something else that must not be."""
    row = TrainingExample.objects.select_for_update().filter(uuid=example).first()
    if row is None:
        raise NotFound("There is no such example.")
    if words and (changed := {k: v for k, v in words.items() if getattr(row, k) != v}):
        for name, value in changed.items():
            setattr(row, name, value)
        row.is_edited = True
    if state == TrainingExample.State.ACCEPTED:
        _check(row)
    row.state, row.decided_at, row.decided_by_id = state, at, by_id
    row.save()
    return row


def _check(row: TrainingExample) -> None:
    found = cleaned([_as_example(row)])
    if found.problems:
        raise CannotMove(found.problems[0].sentence)
    if found.cut:
        raise CannotMove("Part of the answer is not said by the context.")
    for name in FIELDS:
        setattr(row, name, getattr(found.examples[0], name))
