"""Ended conversations are scored, a batch at a time, by a periodic task: nobody waits for it.

The log says who ended (`enlist`); `Scoring.due_at` is what is owed. A worker takes a batch by moving
`due_at` to when it must have come back; if it is killed, the next one takes the same again. Three tries
that did not come back, and it is not scored: `failed`. A second look a day later sees what had come of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from analytics.quality.actions.total import add_up
from analytics.quality.models import (
    Answer,
    Limit,
    QualityProgress,
    Reliability,
    ReviewTask,
    Score,
    Scoring,
)
from analytics.quality.reads.cards import InForce, cards_in_force, in_force
from analytics.quality.reads.ground import Grounds, measured
from analytics.quality.reads.talks import BOT, Talk, grounded, talks, words_in
from analytics.quality.rules.filling import Given, fill
from analytics.quality.rules.registry import VERSION
from analytics.quality.rules.talk import Part
from bots.knowledge.vectors import Encoders
from bots.progress import unseen
from conversations.models import Event

logger = logging.getLogger(__name__)

LINES = 5_000  # of the log, read at once
TOGETHER = 50  # conversations scored at once
SETTLES = timedelta(seconds=30)  # after the end: the wrap-up, a last word
LAST_LOOK = timedelta(hours=25)  # after the end: promises and returns are known by then
LEASE = timedelta(minutes=10)
TRIES = 3
_COMMITTED = timedelta(minutes=2)  # numbers are given out before the commit
_ENDS = ("resolved", "abandoned")


def enlist(*, at: datetime) -> int:
    """Reads what the log has grown by; whoever ended is owed a score. Twice changes nothing."""
    done = 0
    while True:
        progress, _ = QualityProgress.objects.get_or_create(pk=1)
        rows = list(
            Event.objects.filter(pk__gt=progress.through_id)
            .order_by("pk")
            .values_list("pk", "kind", "conversation_id", "offset", "created_at")[:LINES]
        )
        ended = {key: (offset, when) for _, kind, key, offset, when in rows if kind in _ENDS}
        done += _owe(ended, at=at)
        settled = [row[0] for row in rows if row[4] <= at - _COMMITTED]
        if settled:
            mine = QualityProgress.objects.filter(pk=1, through_id__lt=settled[-1])
            mine.update(through_id=settled[-1])
        if len(rows) < LINES or not settled:
            return done


@transaction.atomic
def _owe(ended: dict[int, tuple[int, datetime]], *, at: datetime) -> int:
    known = {
        row.conversation_id: row
        for row in Scoring.objects.select_for_update().filter(conversation__in=ended)
    }
    fresh, again = [], []
    for key, (offset, when) in ended.items():
        row = known.get(key)
        if row is None:
            fresh.append(Scoring(conversation_id=key, due_at=when + SETTLES, ended_at=when))
        elif row.through < offset and (row.due_at is None or row.is_last):
            row.due_at, row.is_last, row.tries = max(when + SETTLES, at), False, 0
            row.ended_at = when
            again.append(row)
    Scoring.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    Scoring.objects.bulk_update(again, ["due_at", "is_last", "tries", "ended_at"], batch_size=500)
    return len(fresh) + len(again)


def score_due(
    *,
    clock: Callable[[], datetime],
    encoders: Callable[[], Encoders | None],
    dice: Callable[[], float],
    most: int = 1_000,
    progress: Callable[[int], None] = unseen,
) -> int:
    """Scores what is due, until nothing is, or `most` batches; answers how many conversations."""
    done = 0
    for _ in range(most):
        batch = _take(at=clock())
        if not batch:
            break
        _score(batch, at=clock(), encoders=encoders(), dice=dice)
        done += len(batch)
        progress(len(batch))
    return done


@transaction.atomic
def _take(*, at: datetime) -> list[Scoring]:
    rows = list(
        Scoring.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=at)
        .order_by("due_at", "pk")[:TOGETHER]
    )
    mine = [row for row in rows if row.tries < TRIES]
    lost = [row.pk for row in rows if row.tries >= TRIES]
    Scoring.objects.filter(pk__in=lost).update(due_at=None, reason="failed", looked_at=at)
    # Whoever comes back writes what is due next; whoever does not has this as a deadline.
    Scoring.objects.filter(pk__in=[row.pk for row in mine]).update(
        due_at=at + LEASE, tries=F("tries") + 1
    )
    return mine


@dataclass(frozen=True, slots=True)
class _Filled:
    """What the judges say of one subject of one conversation."""

    talk: Talk
    who: int
    card: InForce
    given: Sequence[Given]


@dataclass
class _Book:
    """What holds for a whole batch."""

    at: datetime
    dice: Callable[[], float]
    grounds: Grounds
    cards: list[InForce] = field(default_factory=cards_in_force)
    limits: dict[str, float] = field(
        default_factory=lambda: dict(Limit.objects.values_list("judge", "at_least"))
    )
    known: dict[tuple[int, int], Score] = field(default_factory=dict)
    versions: dict[int, InForce] = field(default_factory=dict)
    sure: dict[int, Callable[[str, float], float]] = field(default_factory=dict)

    def card_for(self, talk: Talk, who: int) -> InForce | None:
        """The one it was scored with before, if it was: an edit of the card changes no old score."""
        if (before := self.known.get((talk.pk, who))) is not None:
            if before.version_id not in self.versions:
                self.versions[before.version_id] = in_force(before.version)
            return self.versions[before.version_id]
        subject = "bot" if who == BOT else "agent"
        for card in self.cards:
            if card.is_for(
                inbox=talk.inbox_id, channel=talk.channel, language=talk.language, subject=subject
            ):
                return card
        return None

    def confidence(self, card: int) -> Callable[[str, float], float]:
        if card not in self.sure:
            rows = Reliability.objects.filter(card=card, against="people", judges=VERSION)
            found = {row.code: (row.pairs, row.agreed) for row in rows if row.agreed is not None}
            self.sure[card] = measured(found)
        return self.sure[card]


def _score(
    batch: Sequence[Scoring],
    *,
    at: datetime,
    encoders: Encoders | None,
    dice: Callable[[], float],
) -> None:
    ids = [row.conversation_id for row in batch]
    found = {talk.pk: talk for talk in talks(ids, at=at)}
    book = _Book(at, dice, Grounds(encoders))
    machine = Score.objects.filter(conversation__in=ids, by="machine").select_related(
        "version__card"
    )
    book.known = {(one.conversation_id, one.agent_id or BOT): one for one in machine}
    book.grounds.encode([part for talk in found.values() for part in talk.parts.values()])
    filled: list[_Filled] = []
    for row in batch:
        talk = found[row.conversation_id]
        try:
            row.reason, mine = _judged(talk, book)
        except Exception:
            logger.exception("Not scored", extra={"conversation": row.conversation_id})
            row.reason, mine = "failed", []
        filled += mine
    _write(batch, found, filled, book)


def _judged(talk: Talk, book: _Book) -> tuple[str, list[_Filled]]:
    """Why it is not scored, "" if it is, and what was found."""
    if reason := _too_little(talk):
        return reason, []
    filled = []
    reasons = []
    for who, part in talk.parts.items():
        card = book.card_for(talk, who)
        if card is None:
            reasons.append("no_card")
        elif min(talk.customer_words, _own_words(part)) < card.fewest_words:
            reasons.append("short")
        else:
            ready = grounded(part, book.grounds.of(part, inbox_id=talk.inbox_id))
            sure = book.confidence(card.card)
            given = fill(
                ready, card.questions, limits=book.limits,
                confidence=lambda code, verdict, sure=sure: sure(code, verdict.confidence),  # type: ignore[misc]
            )  # fmt: skip
            filled.append(_Filled(talk, who, card, given))
    return ("" if filled else "short" if "short" in reasons else "no_card"), filled


def _too_little(talk: Talk) -> str:
    if talk.is_merged:
        return "merged"
    if not talk.customer_words:
        return "silent"
    return "" if talk.parts else "unanswered"


def _own_words(part: Part) -> int:
    return sum(words_in(line.text) for line in part.mine)


@transaction.atomic
def _write(
    batch: Sequence[Scoring], found: dict[int, Talk], filled: Sequence[_Filled], book: _Book
) -> None:
    fresh = [_new_score(one, book) for one in filled if (one.talk.pk, one.who) not in book.known]
    Score.objects.bulk_create(fresh)
    for score in fresh:
        book.known[(score.conversation_id, score.agent_id or BOT)] = score
    _draw(fresh, filled, book)
    held = [book.known[(one.talk.pk, one.who)] for one in filled]
    for score, one in zip(held, filled, strict=True):
        score.judges, score.at, score.ended_at = VERSION, book.at, one.talk.ended_at
    Score.objects.bulk_update(held, ["judges", "at", "ended_at"], batch_size=500)
    _answers(held, filled)
    add_up([score.pk for score in held])
    for row in batch:
        talk = found[row.conversation_id]
        row.through, row.looked_at, row.tries, row.ended_at = talk.offset, book.at, 0, talk.ended_at
        last = talk.ended_at + LAST_LOOK
        waits = talk.is_over and not row.is_last and row.reason == "" and book.at < last
        row.due_at = last if waits else None
        row.is_last = waits
    Scoring.objects.bulk_update(
        batch, ["through", "looked_at", "tries", "due_at", "is_last", "reason", "ended_at"]
    )


def _new_score(one: _Filled, book: _Book) -> Score:
    return Score(
        conversation_id=one.talk.pk,
        version_id=one.card.version,
        subject="bot" if one.who == BOT else "agent",
        agent_id=one.who or None,
        by="machine",
        judges=VERSION,
        chance=one.card.sample_share,
        ended_at=one.talk.ended_at,
        at=book.at,
    )


def _draw(fresh: Sequence[Score], filled: Sequence[_Filled], book: _Book) -> None:
    """Some are scored by people, too: by chance, and with a chance that is on record."""
    wanted = {(one.talk.pk, one.who): one.card.reviewers for one in filled}
    ReviewTask.objects.bulk_create(
        ReviewTask(
            score=score,
            wanted=wanted[(score.conversation_id, score.agent_id or BOT)],
            drawn_at=book.at,
        )
        for score in fresh
        if book.dice() < score.chance
    )


def _answers(held: Sequence[Score], filled: Sequence[_Filled]) -> None:
    """What people corrected stays; what is no longer asked goes."""
    kept = set(
        Answer.objects.filter(score__in=held, is_corrected=True).values_list("score", "question")
    )
    rows = []
    asked: set[tuple[int, int]] = set(kept)
    for score, one in zip(held, filled, strict=True):
        for given in one.given:
            key = (score.pk, given.question)
            asked.add(key)
            if key not in kept:
                rows.append(_answer(score.pk, given))
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["score", "question"],
        update_fields=["value", "signal", "confidence", "why", "evidence"],
        batch_size=1_000,
    )
    there = Answer.objects.filter(score__in=held).values_list("pk", "score", "question")
    gone = [pk for pk, score, question in there if (score, question) not in asked]
    Answer.objects.filter(pk__in=gone).delete()


def _answer(score_id: int, given: Given) -> Answer:
    verdict = given.verdict
    assert verdict is not None
    return Answer(
        score_id=score_id,
        question_id=given.question,
        value=given.value,
        signal=verdict.signal,
        confidence=given.confidence,
        why=verdict.why[:120],
        evidence=[{"seq": s.seq, "start": s.start, "end": s.end} for s in verdict.evidence],
    )
