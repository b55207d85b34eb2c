"""A customer is erased: what the bot learnt from their words where no reference leads there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

import numpy as np
from django.db.models import Q

from bots.knowledge.corpus import corpus
from bots.learning.clusters import around
from bots.models import Article, Asked, Draft, Gap, LearnedPair

_AT_ONCE = 50  # texts that are looked for by one query


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was read off some conversations before they went: questions without personal data, and the
    groups that these were put into."""

    questions: tuple[str, ...]
    gaps: tuple[int, ...]


def learnt_from(conversation_ids: Collection[int]) -> Learnt:
    rows = Asked.objects.filter(conversation__in=conversation_ids)
    pairs = LearnedPair.objects.filter(asked__in=rows).values_list("question", flat=True)
    gaps = rows.exclude(gap=None).order_by("gap").values_list("gap", flat=True).distinct()
    said = dict.fromkeys((*rows.values_list("text", flat=True), *pairs))
    return Learnt(tuple(text for text in said if text), tuple(one for one in gaps if one))


def forget(learnt: Learnt) -> list[UUID]:
    """After their rows are gone: groups are named and placed by what is left of them, and other people's
    learned answers do not repeat their questions. Answers the articles among whose example questions
    a person put one of theirs: those are the house's own words now. Doing it twice changes nothing."""
    for gap in Gap.objects.select_for_update().filter(pk__in=learnt.gaps).order_by("pk"):
        _without(gap, learnt.questions)
    articles: dict[UUID, None] = {}
    for first in range(0, len(learnt.questions), _AT_ONCE):
        part = learnt.questions[first : first + _AT_ONCE]
        _from_others(part)
        hit = reduce(or_, (Q(questions__contains=[text]) for text in part))
        articles |= dict.fromkeys(Article.objects.filter(hit).values_list("uuid", flat=True))
        drafted = Draft.objects.filter(hit).values_list("article__uuid", flat=True)
        articles |= dict.fromkeys(drafted)
    return list(articles)


def _without(gap: Gap, gone: Collection[str]) -> None:
    left = list(gap.questions.exclude(vector=None).order_by("-asked_at", "-pk"))
    searched = list(gap.searched.order_by("-pk"))
    if not left and not searched and gap.state == Gap.State.OPEN:
        gap.delete()
        return
    vectors = [one.vector for one in left] + [one.vector for one in searched]
    if vectors:
        gap.centre = around(np.array(vectors, dtype=np.float32), corpus().middle).sum(axis=0)
    else:  # somebody decided on it: the decision stays, what it was about does not
        gap.centre = np.zeros(len(gap.centre), dtype=np.float32)
    if gap.title in {text[:300] for text in gone}:
        others = [one.text for one in left] + [one.words for one in searched]
        gap.title = (others or ["(erased)"])[0][:300]
    # Its explanation quotes replies to questions that are gone: it is explained again.
    gap.evidence, gap.kind, gap.looked_size, gap.looked_at = {}, "", 0, None
    gap.size = gap.questions.count()
    gap.save()


def _from_others(questions: Collection[str]) -> None:
    hit = reduce(or_, (Q(others__contains=[text]) for text in questions))
    for pair in LearnedPair.objects.select_for_update().filter(hit):
        pair.others = [text for text in pair.others if text not in questions]
        pair.save(update_fields=["others"])
