"""Why questions are unanswered: no article, one that is not found, or articles that disagree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import F

from bots.actions.gaps import EXAMPLES
from bots.knowledge.corpus import corpus
from bots.knowledge.vectors import Encoders
from bots.learning.clusters import around, best_reply, spread
from bots.learning.contradictions import contradictions
from bots.learning.replies import answer_in
from bots.learning.verdict import same_answer, telling
from bots.models import Article, ArticlePair, Asked, Gap, GapSearch
from bots.queries import Inquiry, consult_many
from bots.reads.asked_log import logs
from bots.reads.gaps import nearest_articles

LOOKED_AT = 20  # gaps explained in one go
REPLIES = 3  # of people, that are kept
NEAR = 0.45  # cosine around the middle: an article is about the question
BORNE_OUT = 0.6  # of a reply's telling words stand in the article
MOSTLY, LIKELY = 0.5, 0.5  # of the questions, and of chance: an article that nobody has spoken for
RELATED = 0.15  # cosine around the middle of two questions that people answer with the same
GROWN = 1.5  # a gap that has grown so much is explained again


def explain_new(*, encoders: Encoders, at: datetime, most: int = LOOKED_AT) -> int:
    """Says of gaps that are new, or have grown, why they are there; those that cost most first."""
    known = Gap.objects.filter(state="open").order_by("-weekly", "-size", "pk")
    stale = [
        pk
        for pk, size, looked in known.values_list("pk", F("size") + F("searches"), "looked_size")
        if size >= GROWN * looked or not looked
    ]
    for pk in stale[:most]:
        explain(pk, encoders=encoders, at=at)
    return len(stale[:most])


def explain(gap_id: int, *, encoders: Encoders, at: datetime) -> None:
    """*Not found*: an article says what people answered. *Articles disagree*: two of the nearest do, or
    the nearest and what people answered. Else there is *no article*. Where no person has answered yet,
    *not found* is said by search alone."""
    gap = Gap.objects.filter(pk=gap_id).first()
    if gap is None:
        return
    rows: list[Asked | GapSearch] = [
        *gap.questions.exclude(vector=None).order_by("-asked_at", "-pk")[:200],
        *gap.searched.order_by("-pk")[:50],
    ]
    if not rows:
        return
    vectors = around(np.array([row.vector for row in rows], dtype=np.float32), corpus().middle)
    chosen = [rows[place] for place in spread(vectors, most=EXAMPLES)]
    replies = _replies([row for row in chosen if isinstance(row, Asked)], encoders)
    near = nearest_articles(np.array([row.vector for row in chosen], dtype=np.float32))
    told = nearest_articles(encoders.every.passages([replies[0][0]]), most=3) if replies else []
    articles = Article.objects.in_bulk([pk for pk, _ in [*near, *told]])
    close = [articles[pk] for pk, likeness in near if likeness >= NEAR and pk in articles]
    saying = [articles[pk] for pk, _ in told if pk in articles]
    kind, because = _kind(close, saying, replies)
    if kind == "missing" and not replies:
        kind, because = _by_search(
            list(dict.fromkeys(map(_words_of, chosen))), gap.language, encoders
        )
    with transaction.atomic():
        held = Gap.objects.select_for_update().filter(pk=gap_id).first()
        if held is None:
            return
        said = next((row for row in chosen if isinstance(row, Asked)), None)
        if said is not None:  # whole questions are better names than what is typed into a search
            held.title, held.language = said.text[:300], said.language
        held.kind = kind
        held.evidence = {
            "questions": list(dict.fromkeys(map(_words_of, chosen))),
            "replies": [{"text": text, "conversation": key} for text, key in replies[:REPLIES]],
            "articles": [
                {
                    "id": str(articles[pk].uuid),
                    "title": articles[pk].title,
                    "likeness": round(likeness, 3),
                }
                for pk, likeness in near[:3]
                if pk in articles
            ],
            "because": because,
        }
        held.looked_size, held.looked_at = max(held.size + held.searches, 1), at
        held.save()
        if replies:
            _join(held, replies[0][0])


def _join(gap: Gap, reply: str) -> None:
    """Questions in other words that people answer with the same are one: it joins the larger one. What
    somebody has decided about stays."""
    others = Gap.objects.select_for_update().filter(state="open", article=None).exclude(pk=gap.pk)
    if gap.state != Gap.State.OPEN or gap.article_id is not None:
        return
    for other in others.filter(language=gap.language).order_by("-size", "pk"):
        said = other.evidence.get("replies") or []
        if not said or not same_answer(reply, str(said[0]["text"])) or not _related(gap, other):
            continue
        kept, gone = sorted((gap, other), key=lambda one: (-one.size, one.pk))
        gone.questions.update(gap=kept)
        gone.searched.update(gap=kept)
        kept.centre = np.asarray(kept.centre) + np.asarray(gone.centre)
        kept.size, kept.searches = kept.size + gone.size, kept.searches + gone.searches
        kept.weekly += gone.weekly
        kept.first_at, kept.last_at = (
            min(kept.first_at, gone.first_at),
            max(kept.last_at, gone.last_at),
        )
        kept.looked_size = 0  # it is explained again, with all of its questions
        kept.save()
        gone.delete()
        return


def _related(one: Gap, other: Gap) -> bool:
    first, second = np.asarray(one.centre), np.asarray(other.centre)
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) >= RELATED * length


def _words_of(row: Asked | GapSearch) -> str:
    return row.text if isinstance(row, Asked) else row.words


def _replies(rows: Sequence[Asked], encoders: Encoders) -> list[tuple[str, str]]:
    """(answer, conversation) of what people said next, the one that most others say first."""
    wanted = {row.conversation_id: row.offset for row in rows}
    keys = dict(Asked.objects.filter(pk__in=[r.pk for r in rows]).values_list("conversation_id", "conversation__uuid"))  # fmt: skip
    found: list[tuple[str, str]] = []
    for log in logs(wanted):
        said = [
            line.text
            for line in log.anonymous()
            if line.author == "agent" and line.offset > wanted[log.conversation_id]
        ]
        if text := answer_in("\n\n".join(said[:4])):
            found.append((text, str(keys[log.conversation_id])))
    if len(found) < 2:
        return found
    vectors = encoders.every.passages([text for text, _ in found])
    best = best_reply([text for text, _ in found], vectors)
    order = np.argsort(-(vectors @ vectors[best]), kind="stable")
    return [found[best], *(found[int(i)] for i in order if int(i) != best)]


def _kind(
    close: Sequence[Article], saying: Sequence[Article], replies: Sequence[tuple[str, str]]
) -> tuple[str, dict[str, str]]:
    keys = [article.pk for article in close]
    pair = (
        ArticlePair.objects.filter(
            kind="contradiction", state="open", first__in=keys, second__in=keys
        )
        .select_related("first", "second")
        .first()
    )
    if pair is not None and pair.sentences:
        said = pair.sentences[0]
        return "contradictory", {"first": said["first"], "second": said["second"]}
    said_by_people = "\n\n".join(text for text, _ in replies[:REPLIES])
    for article in close:
        found = contradictions((article.title, article.body), (article.title, said_by_people))
        if found:
            return "contradictory", {"first": found[0].first.text, "second": found[0].second.text}
    for article in [*close, *saying]:
        if replies and _says(article, replies[0][0]):
            return "not_retrieved", {"first": article.title, "second": replies[0][0]}
    return "missing", {}


def _by_search(
    questions: Sequence[str], language: str, encoders: Encoders
) -> tuple[str, dict[str, str]]:
    """Nobody has answered it, so search alone can tell: where one article comes first for most of the
    questions, and is likely to be the answer, it was only not found surely enough."""
    asked = [Inquiry(text, language=language) for text in questions]
    first: dict[UUID, list[float]] = {}
    for proposal in consult_many(asked, known=encoders):
        if proposal.citations:
            first.setdefault(proposal.citations[0].article, []).append(proposal.chance)
    if not first:
        return "missing", {}
    best, chances = max(first.items(), key=lambda pair: sum(pair[1]))
    if len(chances) < MOSTLY * len(questions) or sum(chances) < LIKELY * len(chances):
        return "missing", {}
    title = Article.objects.values_list("title", flat=True).get(uuid=best)
    return "not_retrieved", {"first": title, "second": ""}


def _says(article: Article, reply: str) -> bool:
    words = telling(reply)
    held = telling(f"{article.title} {article.body}")
    return len(words) >= 3 and len(words & held) >= BORNE_OUT * len(words)
