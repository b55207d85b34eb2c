"""Past questions against a change that nobody sees yet: what would be answered differently?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from bots.actions.neighbours import contradicted_by
from bots.actions.overlay import Overlay
from bots.answering.manner import Manner
from bots.behaviour.profiles import manner_for
from bots.knowledge.vectors import Encoders
from bots.language.model import Turn as Said
from bots.learning.estimate import Group, weekly
from bots.learning.turns import Turn, turns
from bots.learning.verdict import Reply, change_of, worse
from bots.models import Article, Asked, Reader, Replay, ReplayedQuestion, Words
from bots.queries import Inquiry, Proposal, Understood, propose, understand
from bots.reads.asked_log import Log, logs, vouched_for
from bots.reads.replays import Sample, after_of, before_of, rule_of_the_house, sample

logger = logging.getLogger(__name__)

TOGETHER = 16  # questions asked in one look at the changed knowledge
TRIES = 3
LOST_AFTER = timedelta(seconds=60)  # a worker that says nothing for so long is taken for dead
KEPT = 10  # replays of one article
_LONGEST_SHOWN = 2_000


@dataclass(frozen=True)
class _Question:
    asked: Asked
    is_near: bool
    understood: Understood


def run_next(*, encoders: Encoders, clock: Callable[[], datetime]) -> Replay | None:
    """Takes one replay that waits, or whose worker died, and runs it; None when there is none."""
    taken = _take(at=clock())
    if taken is None:
        return None
    try:
        run(taken, encoders=encoders, clock=clock)
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


def run(replay: Replay, *, encoders: Encoders, clock: Callable[[], datetime]) -> None:
    """Asks all questions twice, and writes down what differs. Running it again begins anew."""
    ReplayedQuestion.objects.filter(replay=replay).delete()
    article = replay.article
    before, after = before_of(replay), after_of(replay)
    sides = [_side(article, words, encoders) for words in (before, after)]
    passages = [one for side in sides if side for one in side.passages]
    passages += article.passages.all()
    rule = rule_of_the_house()
    found = sample(
        article=article.uuid,
        vectors=[one.vector for one in passages],
        since=clock() - timedelta(weeks=replay.weeks),
        seed=str(replay.uuid),
        near_most=rule.near_most,
        rest_most=rule.rest_most,
    )
    questions = _questions(found, encoders=encoders, at=clock())
    replay.total = replay.questions = len(questions)
    changed: dict[bool, set[int]] = {True: set(), False: set()}
    regressions = 0
    for place in range(0, len(questions), TOGETHER):
        together = questions[place : place + TOGETHER]
        rows = list(_compared(replay, together, sides, encoders))
        ReplayedQuestion.objects.bulk_create(rows, ignore_conflicts=True)
        for row, one in zip(rows, together, strict=True):
            if row.change != "same":
                changed[one.is_near].add(one.asked.conversation_id)
            regressions += bool(row.worse)
        replay.done = place + len(together)
        replay.alive_at = clock()
        replay.save(update_fields=["done", "total", "questions", "alive_at"])
    ReplayedQuestion.objects.filter(replay=replay, change="same").delete()
    replay.contradictions = (
        contradicted_by(article, after, sides[1].passages) if after and sides[1] else []
    )
    _conclude(replay, found, changed, regressions, at=clock())


def _side(article: Article, words: Words | None, encoders: Encoders) -> Overlay | None:
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
    old = Replay.objects.filter(article=replay.article).order_by("-pk")[KEPT:]
    Replay.objects.filter(pk__in=[one.pk for one in old]).exclude(state="overridden").delete()


# --- the questions ------------------------------------------------------------------------


def _questions(found: Sample, *, encoders: Encoders, at: datetime) -> list[_Question]:
    """As they were asked, word for word, with what had been said before: read from the log now, and
    kept nowhere."""
    asked = {
        (row.conversation_id, row.offset): (row, near)
        for near in (True, False)
        for row in Asked.objects.filter(pk__in=found.questions[near]).defer("vector")
    }
    known = logs(key for key, _ in asked)
    manners = {inbox: manner_for(inbox, at) for inbox in {log.inbox_id for log in known}}
    vouched = vouched_for(log.conversation_id for log in known)
    rows: list[tuple[Asked, bool]] = []
    inquiries: list[Inquiry] = []
    for log in known:
        for turn in turns(log.lines, at=at):
            if row := asked.get((log.conversation_id, turn.offset)):
                rows.append(row)
                reader = Reader.CUSTOMER if log.conversation_id in vouched else Reader.ANYBODY
                inquiries.append(_inquiry(log, turn, reader, manners[log.inbox_id]))
    if not inquiries:
        return []
    if not connection.in_atomic_block:
        connection.close()  # encoding takes seconds, and others need a connection
    return [
        _Question(row, near, understood)
        for (row, near), understood in zip(rows, understand(inquiries, known=encoders), strict=True)
    ]


def _inquiry(log: Log, turn: Turn, reader: Reader, manner: Manner) -> Inquiry:
    history = [
        Said("customer" if author == "customer" else "bot", text)
        for author, text in turn.before[-24:]
    ]
    return Inquiry(turn.question, history, log.inbox_id, log.language, reader, manner)


def _compared(
    replay: Replay,
    questions: Sequence[_Question],
    sides: Sequence[Overlay | None],
    encoders: Encoders,
) -> Iterator[ReplayedQuestion]:
    def likeness(wanted: Sequence[str], held: Sequence[str]) -> Sequence[float]:
        near = encoders.every.passages(list(wanted)) @ encoders.every.passages(list(held)).T
        nearest: list[float] = near.max(axis=1).tolist()
        return nearest

    was, becomes = ([*_asked_of(side, questions)] for side in sides)
    for one, before, after in zip(questions, was, becomes, strict=True):
        yield ReplayedQuestion(
            replay=replay,
            asked=one.asked,
            is_near=one.is_near,
            change=change_of(before.reply, after.reply),
            worse=worse(before.reply, after.reply, outcome=one.asked.outcome, likeness=likeness),
            before=before.kept(),
            after=after.kept(),
        )


@dataclass(frozen=True)
class _Said:
    reply: Reply
    titles: tuple[str, ...]
    reason: str

    def kept(self) -> dict[str, object]:
        return {
            "decision": self.reply.decision,
            "reason": self.reason,
            "text": self.reply.text[:_LONGEST_SHOWN],
            "articles": list(self.reply.articles),
            "titles": list(self.titles),
            "confidence": round(self.reply.confidence, 3),
        }


def _asked_of(side: Overlay | None, questions: Sequence[_Question]) -> Iterator[_Said]:
    with side.shown() if side else nullcontext():
        proposals = [propose(one.understood) for one in questions]
        cited = {c.article for one in proposals for c in one.citations}
        bodies = dict(Article.objects.filter(uuid__in=cited).values_list("uuid", "body"))
    for one in proposals:
        answers = one.decision == "answer"
        basis = "\n\n".join(bodies.get(c.article, "") for c in one.citations) if answers else ""
        yield _said(one, basis)


def _said(proposal: Proposal, basis: str) -> _Said:
    cited = proposal.citations if proposal.decision != "handoff" else ()
    reply = Reply(
        decision=proposal.decision,
        text=proposal.answer,
        articles=tuple(str(one.article) for one in cited),
        confidence=proposal.confidence,
        basis=basis,
    )
    return _Said(reply, tuple(one.title for one in cited), str(proposal.reason))
