"""Questions and answers learnt from conversations that people resolved well; a person approves each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Q

from bots.actions import gate
from bots.actions.editing import save_article, write_draft
from bots.knowledge.corpus import corpus
from bots.language.model import Vectors
from bots.learning.clusters import around
from bots.learning.replies import answer_in
from bots.learning.turns import GOOD
from bots.learning.verdict import same_answer, telling
from bots.models import Article, Asked, Draft, LearnedPair, LearningProgress, Words
from bots.models.article import QUESTIONS_LIMIT
from bots.reads.asked_log import Log, logs
from bots.reads.gaps import nearest_articles
from conversations.errors import NotFound, Refused
from conversations.models import Conversation

NAME = "pairs"
TOGETHER = 200  # conversations read at once
SETTLED = timedelta(days=1)  # after it was resolved: so long it was not opened again
LIKE = 0.75  # cosine around the middle: the same question
ENOUGH = 4  # telling words of an answer that says something
RELATED = 0.15  # the same, of two questions that people answered with the same
MOST_OTHERS = 10  # questions of one pair besides the first
SAYS = 0.6  # of an answer's telling words stand in an article


class AlreadyDecided(Refused):
    """Somebody has approved or rejected it."""

    code = "already_decided"


def learn_new(*, at: datetime, most: int = 5) -> int:
    """Reads conversations that were resolved since the last time; answers how many pairs were new."""
    made = 0
    for _ in range(most):
        progress, _ = LearningProgress.objects.get_or_create(name=NAME)
        found = Conversation.objects.filter(state="resolved", resolved_at__lte=at - SETTLED)
        if progress.through_at is not None:
            later = Q(resolved_at__gt=progress.through_at)
            same = Q(resolved_at=progress.through_at, pk__gt=progress.through_id)
            found = found.filter(later | same)
        keys = list(found.order_by("resolved_at", "pk").values_list("pk", "resolved_at")[:TOGETHER])
        if not keys:
            break
        made += _learn([pk for pk, _ in keys], at=at)
        progress.through_id, progress.through_at = keys[-1]
        progress.save()
    return made


@transaction.atomic
def _learn(conversations: Sequence[int], *, at: datetime) -> int:
    asked = (
        Asked.objects.filter(
            conversation__in=conversations,
            outcome__in=["unanswered", "went_on"],
            vector__isnull=False,
            learned=None,
        )
        .exclude(conversation__rating__score__lt=GOOD)
        .order_by("conversation_id", "offset")
    )
    first: dict[int, Asked] = {}
    for row in asked:
        first[row.conversation_id] = row  # the last one is what the person answered
    if not first:
        return 0
    known = list(LearnedPair.objects.select_for_update().order_by("pk"))
    middle = corpus().middle
    seen = [around(np.asarray(one.vector, dtype=np.float32), middle) for one in known]
    made = 0
    for log in logs(first):
        row = first[log.conversation_id]
        answer = _answer(log, row.offset)
        if answer is None:
            continue
        vector = np.asarray(row.vector, dtype=np.float32)
        near = around(vector, middle)
        place = _same(near, seen)
        if place is None:
            place = _answered_so(near, answer, row.language, known, seen)
        if place is not None:
            _again(known[place], row)
        elif (pair := _pair(row, answer, vector, at=at)) is not None:
            pair.save()
            known.append(pair)
            seen.append(near)
            made += 1
    return made


def _answer(log: Log, after: int) -> str | None:
    """What an agent said then, if it would serve others."""
    said = [line.text for line in log.anonymous() if line.author == "agent" and line.offset > after]
    answer = answer_in("\n\n".join(said[:6]))
    return answer if len(telling(answer)) >= ENOUGH else None


def _same(vector: Vectors, seen: Sequence[Vectors]) -> int | None:
    if not seen:
        return None
    near = np.array(seen) @ vector
    best = int(near.argmax())
    return best if near[best] >= LIKE else None


def _answered_so(
    vector: Vectors,
    answer: str,
    language: str,
    known: Sequence[LearnedPair],
    seen: Sequence[Vectors],
) -> int | None:
    """The one with the same answer to a related question. Where that was approved, an article says it
    now, and this question may become its example."""
    for place, pair in enumerate(known):
        if pair.state == LearnedPair.State.APPROVED or pair.language != language:
            continue
        if same_answer(answer, pair.answer) and float(seen[place] @ vector) >= RELATED:
            return place
    return None


def _again(pair: LearnedPair, row: Asked) -> None:
    pair.seen += 1
    text = " ".join(row.text.split())[:300]
    if text not in [pair.question, *pair.others] and len(pair.others) < MOST_OTHERS:
        pair.others = [*pair.others, text]
    LearnedPair.objects.filter(pk=pair.pk).update(seen=pair.seen, others=pair.others)


def _pair(row: Asked, answer: str, vector: Vectors, *, at: datetime) -> LearnedPair | None:
    """None when an article is asked so already, and says so."""
    article: Article | None = None
    words = telling(answer)
    near = nearest_articles(vector.reshape(1, -1), most=3)
    articles = Article.objects.in_bulk([pk for pk, _ in near])
    for pk, likeness in near:
        held = telling(f"{articles[pk].title} {articles[pk].body}")
        if len(words & held) >= SAYS * len(words):
            if likeness >= 0.97:
                return None
            article = articles[pk]
            break
    return LearnedPair(
        question=" ".join(row.text.split())[:500],
        answer=answer,
        language=row.language,
        vector=vector,
        asked=row,
        article=article,
        becomes="example" if article else "article",
        found_at=at,
    )


# --- decided by people --------------------------------------------------------------------


def approve(
    *, pair: UUID, may_publish: bool, by_id: int | None, at: datetime
) -> tuple[LearnedPair, Article]:
    """The question becomes an example of its article, or both become an article that nobody reads yet.

    An example is published by way of the gate when its article has no other changes waiting and the
    person may publish; else it stands in the draft. Raises AlreadyDecided.
    """
    with transaction.atomic():
        held = _held(pair)
        if held.becomes == LearnedPair.Becomes.EXAMPLE and held.article is not None:
            article, goes_live = _example(held, held.article, by_id=by_id, at=at, may=may_publish)
        else:
            article, goes_live = _article(held, by_id=by_id, at=at), False
        held.article = article
        _decide(held, LearnedPair.State.APPROVED, by_id=by_id, at=at)
    if goes_live:
        gate.publish(article=article.uuid, by_id=by_id, at=at)
    return held, article


def _example(
    pair: LearnedPair, article: Article, *, by_id: int | None, at: datetime, may: bool
) -> tuple[Article, bool]:
    draft = Draft.objects.filter(article=article).first()
    words = Words.of(draft or article)
    asked = [pair.question[:300], *pair.others]
    questions = list(dict.fromkeys([*words.questions, *asked]))[:QUESTIONS_LIMIT]
    write_draft(
        article=article.uuid,
        words=Words(words.title, words.body, tuple(questions)),
        reason=draft.reason if draft else "An example question from a customer",
        by_id=by_id,
        at=at,
        may_publish=may,
    )
    return article, may and draft is None and article.state == Article.State.PUBLISHED


def _article(pair: LearnedPair, *, by_id: int | None, at: datetime) -> Article:
    article = Article(
        title=(pair.question[:1].upper() + pair.question[1:])[:200],
        body=pair.answer,
        questions=[pair.question[:300], *pair.others],
        language=pair.language,
        state=Article.State.DRAFT,
        reason="Learnt from a conversation",
    )
    save_article(article, by_id=by_id, at=at, may_publish=False)
    return article


@transaction.atomic
def reject(*, pair: UUID, by_id: int | None, at: datetime) -> LearnedPair:
    """It stays, so that its like never comes again. Raises AlreadyDecided."""
    held = _held(pair)
    _decide(held, LearnedPair.State.REJECTED, by_id=by_id, at=at)
    return held


def _decide(pair: LearnedPair, state: str, *, by_id: int | None, at: datetime) -> None:
    pair.state, pair.decided_by_id, pair.decided_at = state, by_id, at
    pair.save()


def _held(key: UUID) -> LearnedPair:
    found = LearnedPair.objects.select_for_update().filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such pair.")
    if found.state != LearnedPair.State.WAITING:
        raise AlreadyDecided(f"It is {found.get_state_display().lower()} already.")
    return found
