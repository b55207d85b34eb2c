"""Suggestions that agents changed before they sent them, as training examples that somebody looks through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from agents.assist.actions.proposing import asked_of
from agents.assist.models import Suggestion
from bots.actions.examples import propose
from bots.answering.context import resolved
from bots.learning.anonymous import Anonymous
from bots.learning.replies import answer_in
from bots.models import Article, LearningProgress, TrainingExample
from bots.reads.asked_log import logs
from bots.training.examples import LONGEST
from conversations.models import Message

NAME = "edits"
AT_ONCE = 200
SETTLED = timedelta(minutes=1)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))\b[^,.!\n]{0,30}[,.!\n]\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(r",?\s*\[NAME\](?=\s*[,.!?])")
LEAST = 0.2  # of likeness: what shares less is another answer, not a better one


def propose_edits(*, at: datetime, most: int = 10) -> int:
    """Reads what was decided since the last time; answers how many examples are new. Being killed in
    between costs nothing: the same is proposed once."""
    made = 0
    for _ in range(most):
        progress, _created = LearningProgress.objects.get_or_create(name=NAME)
        rows = Suggestion.objects.filter(decided_at__lte=at - SETTLED)
        if progress.through_at is not None:
            later = Q(decided_at__gt=progress.through_at)
            same = Q(decided_at=progress.through_at, pk__gt=progress.through_id)
            rows = rows.filter(later | same)
        wanted = rows.select_related("turn", "conversation").order_by("decided_at", "pk")
        found = list(wanted[:AT_ONCE])
        made += propose(_edits([one for one in found if _teaches(one)]), at=at)
        if found:
            progress.through_at, progress.through_id = found[-1].decided_at, found[-1].pk
            progress.save()
        if len(found) < AT_ONCE:
            break
    return made


def _teaches(one: Suggestion) -> bool:
    is_edit = one.outcome == Suggestion.Outcome.EDITED and one.kind == Suggestion.Kind.REPLY
    return bool(is_edit and one.text and one.message_id and (one.likeness or 0.0) >= LEAST)


def _edits(fresh: Sequence[Suggestion]) -> Iterator[TrainingExample]:
    """Of a suggestion that rests on one live article: the customer's question, that article, and what the
    agent sent, without names and numbers."""
    people = {log.conversation_id: log.names for log in logs(one.conversation_id for one in fresh)}
    texts = dict(
        Message.objects.filter(pk__in=[one.message_id for one in fresh]).values_list("pk", "text")
    )
    articles = Article.objects.filter(state=Article.State.PUBLISHED)
    bodies = {str(one.uuid): one for one in articles.filter(uuid__in=_cited(fresh))}
    for one in fresh:
        cited = {source.get("article") for source in one.sources}
        article = bodies.get(next(iter(cited))) if len(cited) == 1 else None
        asked = asked_of(one.conversation, seq=one.turn.seq) if one.turn else None
        if article is None or asked is None or one.message_id not in texts:
            continue
        teller = Anonymous(people.get(one.conversation_id, ()))
        before = [(turn.role, turn.text) for turn in asked.history]
        yield TrainingExample(
            source=TrainingExample.Source.EDITED,
            origin=f"suggestion:{one.uuid}",
            conversation_id=one.conversation_id,
            title=article.title,
            question=teller.told(resolved(asked.question, before)),
            context=article.body[: LONGEST["context"]],
            answer=_for_others(teller.told(texts[one.message_id])),
            instead=teller.told(one.text)[: LONGEST["answer"]],
            language=article.language,
        )


def _for_others(said: str) -> str:
    """Without whom it was said to: a name between commas takes no sentence with it."""
    return answer_in(_NAMED.sub("", _GREETING.sub("", said)))


def _cited(rows: Sequence[Suggestion]) -> set[str]:
    return {source["article"] for one in rows for source in one.sources if "article" in source}
