"""Conversations are put to their topics, and new topics are found, a bit at a time and again and again.

What a conversation is about is the middle of the vectors of its questions, which the bot keeps for
retrieval (`bots.Asked`): nothing is encoded twice. What was decided before stays: a topic keeps its number and
its members, a person's name for it stays, and new ones come only from what belongs to none yet, or
from one that has doubled and turns out to be two. A killed worker loses at most its last batch.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Count, F, QuerySet

from analytics.topics.actions.unasked import language_said, said_first
from analytics.topics.models import About, Topic
from analytics.topics.rules.grouping import FEWEST, GROWN, MOST, is_grown, nearest, together
from analytics.topics.rules.naming import apart
from bots.knowledge.corpus import corpus
from bots.language.model import Vectors
from bots.learning.clusters import around
from bots.models import Asked
from bots.reads.asked_log import logs

TOGETHER = 500  # conversations at once
LATELY = timedelta(days=90)  # what is older and belongs nowhere is no new topic any more
EXAMPLES = 200  # questions of a topic that name it
SPOKEN = 40  # conversations without the bot that do, where questions are few
FRESH = 0.05  # of what belongs nowhere must be new before all of it is compared again


def gather() -> int:
    """Conversations with questions that were not read yet, or have more by now; answers how many."""
    counted = (
        Asked.objects.filter(vector__isnull=False)
        .values("conversation_id")
        .annotate(n=Count("pk"))
        .order_by("conversation_id")
    )
    known = dict(About.objects.values_list("conversation_id", "questions"))
    fresh = [
        row["conversation_id"] for row in counted if known.get(row["conversation_id"]) != row["n"]
    ]
    for start in range(0, len(fresh), TOGETHER):
        _read(fresh[start : start + TOGETHER])
    return len(fresh)


@transaction.atomic
def _read(ids: Sequence[int]) -> None:
    questions: dict[int, list[Asked]] = defaultdict(list)
    for row in Asked.objects.filter(conversation__in=ids, vector__isnull=False).order_by(
        "asked_at"
    ):
        questions[row.conversation_id].append(row)
    middle = corpus().middle
    rows = []
    for key, mine in questions.items():
        seen = around(np.array([one.vector for one in mine], dtype=np.float32), middle)
        mean = seen.sum(axis=0)
        first = mine[0]
        rows.append(
            About(
                conversation_id=key,
                inbox_id=first.inbox_id,
                at=first.asked_at,
                language=first.language,
                vector=mean / max(float(np.linalg.norm(mean)), 1e-9),
                encoder=first.encoder,
                questions=len(mine),
            )
        )
    # A later question does not move a conversation to another topic, only where there is none yet.
    About.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["conversation"],
        update_fields=["vector", "encoder", "questions"],
    )


@transaction.atomic
def sort_new(*, at: datetime) -> int:
    """Puts what belongs to no topic yet to a known one, and makes new ones of the rest; answers how many
    found a place."""
    rows = list(_unsorted(at=at).select_for_update(skip_locked=True)[:MOST])
    if not rows:
        return 0
    topics = list(_alive().select_for_update().order_by("pk"))
    encoder = rows[-1].encoder
    topics = [one for one in topics if one.encoder == encoder]
    rows = [row for row in rows if row.encoder == encoder]
    vectors = np.array([row.vector for row in rows], dtype=np.float32)
    sums = np.array([one.centre for one in topics], dtype=np.float32).reshape(
        len(topics), vectors.shape[1]
    )
    sizes = np.array([one.size for one in topics], dtype=np.float32)
    places, worth = nearest(vectors, sums, sizes)
    for row, place, near in zip(rows, places, worth, strict=True):
        if place >= 0:
            row.topic, row.nearness = topics[place], float(near)
    left = np.flatnonzero(places < 0)
    if sum(not rows[i].is_looked_at for i in left) >= max(FEWEST, FRESH * len(left)):
        found = together(vectors[left])
        for group in range(found.max(initial=-1) + 1):
            mine = left[found == group]
            _make([rows[i] for i in mine], vectors[mine], encoder, at=at)
        seen = [rows[i].pk for i in left if rows[i].topic is None]
        About.objects.filter(pk__in=seen, is_looked_at=False).update(is_looked_at=True)
    put = [row for row in rows if row.topic_id]
    About.objects.bulk_update(put, ["topic", "nearness"], batch_size=500)
    recount([row.topic_id for row in put if row.topic_id])
    return len(put)


@transaction.atomic
def split_grown(*, at: datetime) -> int:
    """What was found in a few questions and is two subjects by now becomes two: the larger part keeps the
    number. What a person has named or pinned is never split. Answers how many were found."""
    grown = _alive().filter(size__gte=F("looked_size") * GROWN, title="", is_pinned=False)
    made = 0
    for topic in grown.select_for_update(of=("self",)).order_by("pk"):
        if not is_grown(topic.size, topic.looked_size):
            continue
        rows = list(About.objects.filter(topic=topic).order_by("-at", "-pk")[:MOST])
        vectors = np.array([row.vector for row in rows], dtype=np.float32)
        found = together(vectors)
        for group in range(1, found.max(initial=-1) + 1):
            mine = np.flatnonzero(found == group)
            _make([rows[i] for i in mine], vectors[mine], topic.encoder, at=at)
            About.objects.bulk_update([rows[i] for i in mine], ["topic", "nearness"])
            made += 1
        Topic.objects.filter(pk=topic.pk).update(looked_size=topic.size)
        recount([topic.pk])
    return made


def _alive() -> QuerySet[Topic]:
    return Topic.objects.filter(merged_into=None)


def _unsorted(*, at: datetime) -> QuerySet[About]:
    return About.objects.filter(topic=None, at__gt=at - LATELY).order_by("-at", "-pk")


def _make(rows: Sequence[About], vectors: Vectors, encoder: str, *, at: datetime) -> None:
    total = vectors.sum(axis=0)
    topic = Topic.objects.create(
        centre=total, size=len(rows), looked_size=len(rows), encoder=encoder, found_at=at
    )
    for row, vector in zip(rows, vectors, strict=True):
        row.topic, row.nearness = topic, float(vector @ total) / len(rows)


def recount(topic_ids: Sequence[int]) -> None:
    """Sums and sizes of these, from their members."""
    members: dict[int, list[Vectors]] = defaultdict(list)
    for topic, vector in About.objects.filter(topic__in=set(topic_ids)).values_list(
        "topic", "vector"
    ):
        members[topic].append(vector)
    rows = list(Topic.objects.filter(pk__in=set(topic_ids)))
    for row in rows:
        mine = members.get(row.pk, [])
        row.size = len(mine)
        if mine:
            row.centre = np.array(mine, dtype=np.float32).sum(axis=0)
    Topic.objects.bulk_update(rows, ["size", "centre"], batch_size=200)


def name_all() -> int:
    """The words that set each topic apart, anew; a name that has not changed is left alone. Answers how many
    changed. A person's name for a topic is never touched."""
    topics = {one.pk: one for one in _alive().filter(size__gte=1).defer("centre")}
    if not topics:
        return 0
    asked = _questions(list(topics))
    by_language: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for (key, language), texts in asked.items():
        by_language[language][key] = texts
    words: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for language, questions in by_language.items():
        for key, found in apart(questions, language).items():
            if found:
                words[key][language] = found
    changed = []
    for pk, topic in topics.items():
        mine = {language: len(texts) for (one, language), texts in asked.items() if one == pk}
        language = max(mine, key=lambda code: mine[code], default="")
        texts = asked.get((pk, language), [])
        example = min(texts, key=lambda text: abs(len(text) - 45), default="")[:300]
        now = (words[pk], language, topic.example if topic.example in texts else example)
        if now != (topic.words, topic.language, topic.example):
            topic.words, topic.language, topic.example = now
            changed.append(topic)
    Topic.objects.bulk_update(changed, ["words", "language", "example"], batch_size=200)
    return len(changed)


def _questions(topics: Sequence[int]) -> dict[tuple[int, str], list[str]]:
    """The newest questions of each topic by language; their words are those without personal data."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = (
        Asked.objects.filter(conversation__about__topic__in=topics)
        .order_by("-asked_at", "-pk")
        .values_list("conversation__about__topic", "language", "text")
    )
    for topic, language, text in rows.iterator(chunk_size=2_000):
        if len(found[(topic, language)]) < EXAMPLES:
            found[(topic, language)].append(text)
    # A topic of conversations without the bot is named by what customers said there.
    told = Counter[int]()
    for (topic, _), texts in found.items():
        told[topic] += len(texts)
    _add_unasked([topic for topic in topics if told[topic] < FEWEST], found)
    return dict(found)


def _add_unasked(topics: Sequence[int], found: dict[tuple[int, str], list[str]]) -> None:
    for topic in topics:
        rows = About.objects.filter(topic=topic, questions=0).order_by("-at", "-pk")
        for log in logs(rows.values_list("conversation_id", flat=True)[:SPOKEN]):
            if text := said_first(log):
                found[(topic, language_said(log, text))].append(text)
