"""Training examples out of what helped: well-rated answers of the bot, answers that people gave, and what agents
made of suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from bots.learning.turns import GOOD
from bots.models import Asked, BotTrace, LearnedPair, TrainingExample
from bots.training.cleaning import cleaned
from bots.training.duplicates import bare
from bots.training.examples import LONGEST, Example
from conversations.errors import CannotMove, NotFound
from conversations.models import Event

BACK = timedelta(days=14)  # turns of conversations that were rated since
AT_ONCE = 500
_MARK = re.compile(r"\s*\[\d+\]")
FIELDS = ("title", "question", "context", "answer")


def gather(*, at: datetime) -> int:
    """Proposes what is new; answers how many. Running it twice changes nothing."""
    return propose([*_rated(at=at), *_learned()], at=at)


def propose(found: Iterable[TrainingExample], *, at: datetime) -> int:
    """What of these a model may be taught, for people to look through; answers how many are new."""
    given = {one.origin: one for one in found}
    known = TrainingExample.objects.filter(origin__in=given).values_list("origin", flat=True)
    for origin in known:
        del given[origin]
    fresh = [one for one in given.values() if _stands(one)]
    for one in fresh:
        one.found_at, one.fingerprint = at, _fingerprint(one)
    made = TrainingExample.objects.filter(fingerprint__in=[one.fingerprint for one in fresh])
    same = set(made.values_list("fingerprint", flat=True))
    new = {one.fingerprint: one for one in reversed(fresh) if one.fingerprint not in same}
    TrainingExample.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=200)
    return len(new)


def _fingerprint(one: TrainingExample) -> str:
    told = f"{one.language}\n{bare(one.question)}\n{bare(one.answer)}"
    return sha256(told.encode()).hexdigest()[:40]


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
    """What people answered where an article says so, too; with what the bot had said before them, if it
    had said anything."""
    rows = LearnedPair.objects.filter(article__isnull=False, asked__isnull=False).exclude(
        state=LearnedPair.State.REJECTED
    )
    pairs = list(rows.select_related("article", "asked").order_by("-pk")[:AT_ONCE])
    said = _said_before([pair.asked for pair in pairs if pair.asked is not None])
    for pair in pairs:
        assert pair.article is not None
        assert pair.asked is not None
        instead = said.get(pair.asked.pk, "")
        yield TrainingExample(
            source=TrainingExample.Source.CORRECTED if instead else TrainingExample.Source.LEARNED,
            origin=f"pair:{pair.uuid}",
            conversation_id=pair.asked.conversation_id,
            title=pair.article.title,
            question=pair.question,
            context=pair.article.body[: LONGEST["context"]],
            answer=pair.answer,
            instead=instead[: LONGEST["answer"]],
            language=pair.language,
        )


def _said_before(asked: Sequence[Asked]) -> dict[int, str]:
    """The bot's own answers to these questions, without personal data, as far as they are kept."""
    answered = [one for one in asked if one.decision == Asked.Decision.ANSWER]
    lines = Event.objects.filter(
        kind="bot_answered",
        conversation__in=[one.conversation_id for one in answered],
        offset__in=[one.offset for one in answered],
    )
    turns = {(one.conversation_id, one.offset): one.data.get("turn") for one in lines}
    wanted = [key for key in turns.values() if key]
    told = dict(BotTrace.objects.filter(uuid__in=wanted).values_list("uuid", "data__answer"))
    answers = {str(key): _MARK.sub("", text or "") for key, text in told.items()}
    return {
        one.pk: answers.get(str(turns.get((one.conversation_id, one.offset))), "")
        for one in answered
    }


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


def accepted(*, by: datetime | None = None) -> list[Example]:
    """What somebody has looked at and accepted, in the order of their coming; `line` counts from 1. `by`:
    not what was accepted later."""
    rows = TrainingExample.objects.filter(state=TrainingExample.State.ACCEPTED).order_by("pk")
    if by is not None:
        rows = rows.filter(decided_at__lte=by)
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
