"""Past questions against a change that nobody sees yet: what would be answered differently?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from bots.actions.neighbours import contradicted_by
from bots.actions.overlay import Overlay
from bots.actions.sides import KnowledgeSide, MannerSide, Model, Question, Side
from bots.behaviour.conduct import Behaviour, touched
from bots.behaviour.profiles import inboxes_of, profile_of
from bots.knowledge.vectors import Encoders
from bots.language.model import LanguageModel
from bots.language.model import Turn as Said
from bots.learning.estimate import Group, weekly
from bots.learning.turns import Turn, turns
from bots.learning.verdict import change_of, worse
from bots.models import Article, Asked, Reader, Replay, ReplayedQuestion, Words
from bots.queries import Inquiry, understand
from bots.reads.asked_log import Log, logs, vouched_for
from bots.reads.replays import (
    Sample,
    after_of,
    before_of,
    behaviour_after,
    behaviour_before,
    print_now,
    rule_of_the_house,
    sample,
    sample_of_profile,
)

logger = logging.getLogger(__name__)

TOGETHER = 16  # questions asked in one look at the changed knowledge
WRITTEN = (
    24  # conversations, at most, that a model writes for, and as many at once as it says it lives
)
WRITTEN_REST = 8
TRIES = 3
LOST_AFTER = timedelta(seconds=60)  # a worker that says nothing for so long is taken for dead
KEPT = 10  # replays of one article, or of one bot


@dataclass(frozen=True)
class _Plan:
    """What is asked of whom: the two sides, and the questions."""

    sides: tuple[Side, Side]
    found: Sample
    together: int = TOGETHER
    overlay: Overlay | None = None  # of the words as they would be


def _no_model() -> LanguageModel | None:
    return None


def run_next(
    *, encoders: Encoders, clock: Callable[[], datetime], model: Model = _no_model
) -> Replay | None:
    """Takes one replay that waits, or whose worker died, and runs it; None when there is none.
    `model` writes where a change is of nothing but what a model is told."""
    taken = _take(at=clock())
    if taken is None:
        return None
    try:
        run(taken, encoders=encoders, clock=clock, model=model)
    except Exception:
        logger.exception("A replay failed", extra={"replay": taken.pk})
        if taken.tries >= TRIES:
            Replay.objects.filter(pk=taken.pk).update(state="failed", finished_at=clock())
        raise
    return taken


@transaction.atomic
def _take(*, at: datetime) -> Replay | None:
    lost = Q(state="running", alive_at__lt=at - LOST_AFTER)
    found = (
        Replay.objects.select_for_update(skip_locked=True)
        .filter(Q(state="queued") | lost)
        .order_by("pk")
        .first()
    )
    if found is None:
        return None
    if found.tries >= TRIES:
        found.state, found.finished_at = Replay.State.FAILED, at
    else:
        found.state, found.tries, found.alive_at = Replay.State.RUNNING, found.tries + 1, at
        found.done = 0
    found.save()
    if found.is_over:
        return None
    return found


def run(
    replay: Replay,
    *,
    encoders: Encoders,
    clock: Callable[[], datetime],
    model: Model = _no_model,
) -> None:
    """Asks all questions twice, and writes down what differs. Running it again begins anew."""
    ReplayedQuestion.objects.filter(replay=replay).delete()
    # Others may have been published since it was asked for: it is held against what is known now.
    replay.fingerprint = print_now(replay) or replay.fingerprint
    replay.save(update_fields=["fingerprint"])
    since = clock() - timedelta(weeks=replay.weeks)
    if replay.article is not None:
        plan = _of_article(replay, replay.article, encoders, since=since)
    else:
        plan = _of_profile(replay, model, since=since)
    questions = _questions(plan.found, encoders=encoders, at=clock())
    replay.total = replay.questions = len(questions)
    changed: dict[bool, set[int]] = {True: set(), False: set()}
    regressions = 0
    for place in range(0, len(questions), plan.together):
        together = questions[place : place + plan.together]
        rows = list(_compared(replay, together, plan.sides, encoders))
        ReplayedQuestion.objects.bulk_create(rows, ignore_conflicts=True)
        for row, one in zip(rows, together, strict=True):
            if row.change != "same":
                changed[one.is_near].add(one.asked.conversation_id)
            regressions += bool(row.worse)
        replay.done = place + len(together)
        replay.alive_at = clock()
        replay.save(update_fields=["done", "total", "questions", "alive_at"])
    ReplayedQuestion.objects.filter(replay=replay, change="same").delete()
    after = after_of(replay) if replay.article is not None else None
    if replay.article is not None and after and plan.overlay:
        replay.contradictions = contradicted_by(replay.article, after, plan.overlay.passages)
    _conclude(replay, plan.found, changed, regressions, at=clock())


def _of_article(replay: Replay, article: Article, encoders: Encoders, *, since: datetime) -> _Plan:
    before, after = (
        _overlay(article, words, encoders) for words in (before_of(replay), after_of(replay))
    )
    passages = [one for side in (before, after) if side for one in side.passages]
    passages += article.passages.all()
    rule = rule_of_the_house()
    found = sample(
        article=article.uuid,
        vectors=[one.vector for one in passages],
        since=since,
        seed=str(replay.uuid),
        near_most=rule.near_most,
        rest_most=rule.rest_most,
    )
    return _Plan((KnowledgeSide(before), KnowledgeSide(after)), found, overlay=after)


def _of_profile(replay: Replay, model: Model, *, since: datetime) -> _Plan:
    before, after = behaviour_before(replay), behaviour_after(replay)
    change = touched(before, after)
    rule = rule_of_the_house()
    most = (rule.near_most, rule.rest_most)
    if change.by_model:
        most = (min(most[0], WRITTEN), min(most[1], WRITTEN_REST))
    profile = replay.profile
    assert profile is not None  # a constraint: a replay has one subject
    found = sample_of_profile(
        change,
        inboxes=inboxes_of(profile),
        since=since,
        seed=str(replay.uuid),
        near_most=most[0],
        rest_most=most[1],
    )
    writer = model if change.by_model else _no_model  # it takes seconds for each of them
    sides = MannerSide(before, after, writer), MannerSide(after, before, writer)
    return _Plan(sides, found, together=2 if change.by_model else TOGETHER)


def _overlay(article: Article, words: Words | None, encoders: Encoders) -> Overlay | None:
    """None where the article stands so already: then the live knowledge is asked as it is."""
    article.refresh_from_db()
    if article.state == Article.State.PUBLISHED:
        is_so = words is not None and words == Words.of(article) and article.is_findable
    else:
        is_so = words is None
    return None if is_so else Overlay.of(article, words, encoders)


def _conclude(
    replay: Replay,
    found: Sample,
    changed: dict[bool, set[int]],
    regressions: int,
    *,
    at: datetime,
) -> None:
    groups = [
        Group(found.population[near], len(found.conversations[near]), len(changed[near]))
        for near in (True, False)
    ]
    rate = weekly(groups, weeks=replay.weeks)
    replay.counts = {
        name: asdict(group) for name, group in zip(("near", "rest"), groups, strict=True)
    }
    replay.estimate, replay.low, replay.high = rate.value, rate.low, rate.high
    replay.regressions = regressions
    is_fine = not regressions and not replay.contradictions
    replay.state = Replay.State.PASSED if is_fine else Replay.State.WORSE
    replay.finished_at = replay.alive_at = at
    replay.save()
    mine = Replay.objects.filter(article=replay.article, profile=replay.profile)
    old = mine.order_by("-pk")[KEPT:]
    Replay.objects.filter(pk__in=[one.pk for one in old]).exclude(state="overridden").delete()


# --- the questions ------------------------------------------------------------------------


def _questions(found: Sample, *, encoders: Encoders, at: datetime) -> list[Question]:
    """As they were asked, word for word, with what had been said before: read from the log now, and
    kept nowhere."""
    asked = {
        (row.conversation_id, row.offset): (row, near)
        for near in (True, False)
        for row in Asked.objects.filter(pk__in=found.questions[near]).defer("vector")
    }
    known = logs(key for key, _ in asked)
    bots = {inbox: Behaviour.of(profile_of(inbox)) for inbox in {log.inbox_id for log in known}}
    vouched = vouched_for(log.conversation_id for log in known)
    rows: list[tuple[Asked, bool, Log]] = []
    inquiries: list[Inquiry] = []
    for log in known:
        for turn in turns(log.lines, at=at):
            if row := asked.get((log.conversation_id, turn.offset)):
                rows.append((*row, log))
                reader = Reader.CUSTOMER if log.conversation_id in vouched else Reader.ANYBODY
                inquiries.append(_inquiry(log, turn, reader))
    if not inquiries:
        return []
    if not connection.in_atomic_block:
        connection.close()  # encoding takes seconds, and others need a connection
    read = understand(inquiries, known=encoders)
    return [
        Question(row, near, understood, bots[log.inbox_id], log.names)
        for (row, near, log), understood in zip(rows, read, strict=True)
    ]


def _inquiry(log: Log, turn: Turn, reader: Reader) -> Inquiry:
    history = [
        Said("customer" if author == "customer" else "bot", text)
        for author, text in turn.before[-24:]
    ]
    return Inquiry(turn.question, history, log.inbox_id, log.language, reader)


def _compared(
    replay: Replay,
    questions: Sequence[Question],
    sides: Sequence[Side],
    encoders: Encoders,
) -> Iterator[ReplayedQuestion]:
    def likeness(wanted: Sequence[str], held: Sequence[str]) -> Sequence[float]:
        near = encoders.every.passages(list(wanted)) @ encoders.every.passages(list(held)).T
        nearest: list[float] = near.max(axis=1).tolist()
        return nearest

    was, becomes = (side.said(questions) for side in sides)
    for one, before, after in zip(questions, was, becomes, strict=True):
        yield ReplayedQuestion(
            replay=replay,
            asked=one.asked,
            is_near=one.is_near,
            change=change_of(before.reply, after.reply),
            worse=worse(
                before.reply,
                after.reply,
                question=one.asked.text,
                outcome=one.asked.outcome,
                likeness=likeness,
            ),
            before=before.kept(),
            after=after.kept(),
        )
