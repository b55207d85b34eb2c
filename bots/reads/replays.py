"""Reads for replays: which questions to ask again, what a change is, and whether a result still holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from bots.behaviour.conduct import Behaviour, Touched
from bots.knowledge.statement import literal
from bots.language.model import Vectors
from bots.models import Article, Asked, BotProfile, Draft, Replay, ReplayRule, Words

NEAR = 0.87  # the cosine from which a question may find a passage
PASSAGES = 60  # of an article, by which its questions are looked for
EACH = 5  # questions of one conversation


def rule_of_the_house() -> ReplayRule:
    """The one row, or what holds until somebody makes it."""
    return ReplayRule.objects.filter(pk=1).first() or ReplayRule(pk=1)


# --- what a change is ---------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One article's words before and after. None: nobody reads it then."""

    article: Article
    what: str
    before: Words | None
    after: Words | None

    @property
    def words(self) -> dict[str, Any]:
        """As a replay keeps them."""
        return {"before": _kept(self.before), "after": _kept(self.after)}

    @property
    def fingerprint(self) -> str:
        """Of the change and of all other knowledge that it would meet."""
        said = json.dumps([self.what, self.words, others(self.article)], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def change_of(article: Article, *, what: str = Replay.What.PUBLISH) -> Change:
    """What publishing (or archiving) it as it stands saved now would change."""
    is_live = article.state == Article.State.PUBLISHED
    before = Words.of(article) if is_live else None
    if what == Replay.What.ARCHIVE:
        return Change(article, what, before, None)
    draft = Draft.objects.filter(article=article).first()
    return Change(article, what, before, Words.of(draft or article))


def is_stale(replay: Replay) -> bool:
    """Whether the article, its draft, the bot, or other articles are different by now."""
    return replay.fingerprint != print_now(replay)


def print_now(replay: Replay) -> str | None:
    """The fingerprint of this change among the knowledge of this moment; None when the change itself
    is another one by now."""
    if replay.article is not None:
        change = change_of(replay.article, what=replay.what)
        return change.fingerprint if change.words == replay.words else None
    before = behaviour_before(replay)
    if Behaviour.of(bot_of(replay)) != before:
        return None
    return manner_print(before, behaviour_after(replay))


def bot_of(replay: Replay) -> BotProfile:
    """As it is saved now; of a replay of a bot."""
    return BotProfile.objects.whole().get(replays=replay)


def manner_print(before: Behaviour, after: Behaviour) -> str:
    """Of a change of a bot, and of the knowledge that it would meet."""
    said = json.dumps([before.kept, after.kept, others()], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def behaviour_before(replay: Replay) -> Behaviour:
    return Behaviour.read(replay.words["before"])


def behaviour_after(replay: Replay) -> Behaviour:
    return Behaviour.read(replay.words["after"])


def others(article: Article | None = None) -> str:
    """All published knowledge but this article, and where and to whom this one is shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(coalesce(string_agg(id || ':' || version || ':' || visibility || audience, ',' ORDER BY id)"
            " FILTER (WHERE state = 'published' AND id <> %(id)s), ''))"
            " || coalesce(max(visibility || audience || ':' || language) FILTER (WHERE id = %(id)s), '')"
            " FROM bots_article",
            {"id": article.pk if article else 0},
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def before_of(replay: Replay) -> Words | None:
    return _words(replay.words.get("before"))


def after_of(replay: Replay) -> Words | None:
    return _words(replay.words.get("after"))


def _kept(words: Words | None) -> dict[str, Any] | None:
    if words is None:
        return None
    return {"title": words.title, "body": words.body, "questions": list(words.questions)}


def _words(kept: Mapping[str, Any] | None) -> Words | None:
    return Words(kept["title"], kept["body"], tuple(kept["questions"])) if kept else None


# --- which questions ----------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """Of those that find the article (True) and of all others (False): how many conversations there
    were, which of them were drawn, and their questions."""

    population: Mapping[bool, int]
    conversations: Mapping[bool, Sequence[int]]
    questions: Mapping[bool, Sequence[int]]


_DRAWN = """
WITH asked AS (
    SELECT id, conversation_id, coalesce({near}, false) AS near
    FROM bots_asked WHERE asked_at >= %(since)s
        AND (%(inboxes)s::bigint[] IS NULL OR inbox_id = ANY(%(inboxes)s))
), talks AS (
    SELECT conversation_id, bool_or(near) AS near,
        array_agg(id ORDER BY id) FILTER (WHERE near) AS finding, array_agg(id ORDER BY id) AS every
    FROM asked GROUP BY conversation_id
), ranked AS (
    SELECT *, count(*) OVER (PARTITION BY near) AS population,
        row_number() OVER (
            PARTITION BY near ORDER BY md5(%(seed)s || conversation_id::text)
        ) AS place
    FROM talks
)
SELECT near, population, conversation_id, (CASE WHEN near THEN finding ELSE every END)[:%(each)s]
FROM ranked WHERE place <= CASE WHEN near THEN %(near_most)s ELSE %(rest_most)s END
"""


def sample(
    *,
    article: UUID,
    vectors: Sequence[Vectors],
    since: datetime,
    seed: str,
    near_most: int,
    rest_most: int,
) -> Sample:
    """Draws conversations at random, the same ones for the same seed.

    One finds the article when the bot cited it there, or when a question of it comes near one of
    its passages, before the change or after it (`vectors` are of both).
    """
    chosen = [np.asarray(vector) for vector in vectors][:PASSAGES]
    distances = ", ".join(f"vector <#> %(v{place})s::vector" for place in range(len(chosen)))
    cited = "articles @> %(cited)s::jsonb"
    return _drawn(
        f"{cited} OR LEAST({distances}) <= %(far)s" if chosen else cited,
        {
            "cited": json.dumps([str(article)]),
            "far": -NEAR,
            **{f"v{place}": literal(vector) for place, vector in enumerate(chosen)},
        },
        since=since,
        seed=seed,
        near_most=near_most,
        rest_most=rest_most,
    )


def sample_of_profile(
    change: Touched,
    *,
    inboxes: Sequence[int],
    since: datetime,
    seed: str,
    near_most: int,
    rest_most: int,
) -> Sample:
    """The same for a bot: of the conversations of its inboxes, those that the change can reach."""
    before, after = (sorted(one) for one in change.languages)
    return _drawn(
        "%(everything)s OR text ILIKE ANY(%(words)s::text[]) OR"
        " (cardinality(%(was)s::text[]) = 0 OR split_part(language, '-', 1) = ANY(%(was)s)) <>"
        " (cardinality(%(becomes)s::text[]) = 0 OR split_part(language, '-', 1) = ANY(%(becomes)s))",
        {
            "everything": change.everything,
            "words": [_pattern(one) for one in change.words],
            "was": before,
            "becomes": after,
        },
        inboxes=inboxes,
        since=since,
        seed=seed,
        near_most=near_most,
        rest_most=rest_most,
    )


def _pattern(words: str) -> str:
    """For ILIKE: the words in their order, whatever is between them."""
    parts = (re.sub(r"([%_\\])", r"\\\1", part) for part in words.replace("*", " ").split())
    return "%" + "%".join(parts) + "%"


def _drawn(
    near: str,
    values: Mapping[str, Any],
    *,
    inboxes: Sequence[int] | None = None,
    since: datetime,
    seed: str,
    near_most: int,
    rest_most: int,
) -> Sample:
    # The statement is put together from parts of this file only; every value is a parameter.
    statement = _DRAWN.format(near=near)
    drawn: dict[str, Any] = {"since": since, "seed": seed, "each": EACH, "near_most": near_most}
    drawn |= {"rest_most": rest_most, "inboxes": None if inboxes is None else list(inboxes)}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, **drawn})
        rows = cursor.fetchall()
    return Sample(
        population={near: next((r[1] for r in rows if r[0] is near), 0) for near in (True, False)},
        conversations={near: [r[2] for r in rows if r[0] is near] for near in (True, False)},
        questions={
            near: [pk for r in rows if r[0] is near for pk in r[3]] for near in (True, False)
        },
    )


def anything_asked(*, since: datetime, inboxes: Sequence[int] | None = None) -> bool:
    """Whether there is a question at all that could be replayed."""
    asked = Asked.objects.filter(asked_at__gte=since)
    return (asked if inboxes is None else asked.filter(inbox__in=inboxes)).exists()
