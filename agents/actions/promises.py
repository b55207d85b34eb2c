"""Whoever waits is told how long, and what was told is kept, bettered, or taken back in words.

One round looks at every queue in which something happened: it learns from who left since the last
one, and then looks at everybody who still waits. A queue is looked at by one process at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from agents.actions.staff import staff_of
from agents.models import Queue, QueuePace
from agents.reads.policies import PolicyBook
from agents.rules.estimates import Estimate
from agents.rules.promises import Promise, change
from agents.rules.waits import Ladder, Line, Pace
from conversations import live
from conversations.actions.log import append, hold
from conversations.actions.post import say
from conversations.lifecycle import QUEUED
from conversations.models import Conversation, Event
from conversations.phrases import phrase
from conversations.queries import minutes_of

_LEARNED_FROM = ("assigned", "abandoned")
_SETTLED = timedelta(seconds=1)  # what is being committed at this moment is learned next time
_FIRST_LOOK = timedelta(hours=1)
_LOOK_ANYWAY = timedelta(minutes=10)
_LEARNED_AT_ONCE = 2_000
_WRITTEN_AT_ONCE = 500
_WORDS_AT_ONCE = 10
_NEAR, _FAR_EVERY = 200, 10  # places, seconds: those far back are looked at now and then
_LOOKED_AT_ONCE = 2_000

# Those in front, whoever knows nothing yet, and of the others some each time.
_WAITING = """
SELECT id, state, queued, priority, entered_at, promised->>'at', promised->>'told_at',
    (promised->>'low')::float8, (promised->>'high')::float8,
    CASE WHEN promised->'first' IS NOT NULL AND NOT coalesce((promised->>'late')::bool, false)
        AND (promised->'first'->>'queue')::bigint = %(queue)s
        AND (promised->'first'->>'until')::float8 < %(now)s
    THEN promised->'first' END
FROM (
    SELECT id, state, priority, entered_at, promised, row_number() OVER line AS place,
        count(*) FILTER (WHERE state = 'queued') OVER line AS queued
    FROM conversations_conversation
    WHERE queue_id = %(queue)s AND state IN ('queued', 'offered')
    WINDOW line AS (ORDER BY rank_at, id ROWS UNBOUNDED PRECEDING)
) waiting
WHERE place <= %(near)s OR promised IS NULL OR (id + %(tick)s) %% %(every)s = 0
ORDER BY place LIMIT %(most)s
"""

# Only what nobody else is changing, and what still says what it said when we looked.
_WRITE = """
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(was)s::text[], %(patches)s::jsonb[])
        AS w (id, was, patch)
), free AS (
    SELECT c.id, w.patch FROM conversations_conversation c JOIN wanted w ON w.id = c.id
    WHERE c.state IN ('queued', 'offered') AND c.promised->>'at' IS NOT DISTINCT FROM w.was
    ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
)
UPDATE conversations_conversation c
SET promised = coalesce(c.promised, '{}'::jsonb) || free.patch
FROM free WHERE c.id = free.id
"""


@dataclass(slots=True)
class _Waiter:
    """One who waits, as `_WAITING` reads them: `queued` counts them and all before them whom nobody is
    asked about; `broken` is their first promise if its time is up."""

    pk: int
    state: str
    queued: int
    priority: int
    entered_at: datetime
    promised_at: str | None
    told_at: str | None
    low: float | None
    high: float | None
    broken: str | None

    def promise(self) -> Promise | None:
        if self.promised_at is None:
            return None
        told = datetime.fromisoformat(self.told_at) if self.told_at else None
        return Promise(self.low, self.high, datetime.fromisoformat(self.promised_at), told)


def keep_promises(*, at: datetime) -> int:
    """One round over all queues; answers how many customers know something new."""
    book = PolicyBook.load()
    return sum(_round(queue, book, at=at) for queue in _to_look_at(at))


def _to_look_at(at: datetime) -> Sequence[Queue]:
    """Where somebody waits, and where somebody left since the last look."""
    waiting = Conversation.objects.waiting().filter(queue=OuterRef("pk"))
    left = Event.objects.filter(
        kind__in=_LEARNED_FROM,
        conversation__queue=OuterRef("pk"),
        created_at__gt=OuterRef("pace__learned_until"),
        created_at__lte=at - _SETTLED,
    )
    stale = Q(pace__isnull=True) | Q(pace__learned_until__lt=at - _LOOK_ANYWAY)
    return list(Queue.objects.filter(Exists(waiting) | stale | Exists(left)))


def _round(queue: Queue, book: PolicyBook, *, at: datetime) -> int:
    QueuePace.objects.get_or_create(queue=queue)
    with transaction.atomic():
        kept = QueuePace.objects.select_for_update(skip_locked=True, no_key=True)
        row = kept.filter(queue=queue).first()
        if row is None:
            return 0  # another process is at it
        pace = Pace.of(row.row)
        slots, free = staff_of(queue, book, at=at)
        before = row.learned_until
        _learn(row, pace, slots, at=at)
        waiters = _waiters(queue, at=at)
        broken = [w for w in waiters if w.broken is not None][:_WRITTEN_AT_ONCE]
        for waiter in broken:
            pace.overdue(_said(orjson.loads(waiter.broken or "")))
        if broken or row.learned_until != before:
            row.row = pace.row()
            row.save(update_fields=["learned_until", "row"])
        changes = _changes(waiters, pace, Line(0, slots, free), at=at)
        patches = {w.pk: (w.promised_at, {"late": True}) for w in broken}
        spoken = []
        for waiter, how, promise, estimate in changes:
            if how in {"worse", "unknown"}:
                spoken.append((waiter, promise))
            elif len(patches) < _WRITTEN_AT_ONCE:
                patch = promise.row() | patches.get(waiter.pk, (None, {}))[1]
                if how == "first" and estimate is not None:
                    patch["first"] = _first(queue, promise, estimate)
                patches[waiter.pk] = (waiter.promised_at, patch)
        written = _write(patches)
    told = sum(_tell(waiter, promise, at=at) for waiter, promise in spoken[:_WORDS_AT_ONCE])
    if written or told:
        live.announce([live.Push((live.QUEUES_ROOM,), {"queues": [queue.pk]})])
    return written + told


def _learn(row: QueuePace, pace: Pace, slots: float, *, at: datetime) -> None:
    """From everybody who left since the last time, in the order in which they did."""
    since, until = row.learned_until or at - _FIRST_LOOK, at - _SETTLED
    left = Event.objects.filter(
        kind__in=_LEARNED_FROM,
        conversation__queue=row.queue_id,
        created_at__gt=since,
        created_at__lte=until,
    )
    lines = list(
        left.order_by("created_at", "pk").values_list(
            "kind",
            "created_at",
            "data",
            "conversation__entered_at",
            "conversation__priority",
        )[:_LEARNED_AT_ONCE]
    )
    for kind, left_at, data, entered_at, priority in lines:
        taken = kind == "assigned"
        if entered_at is None or (taken and data.get("wait_seconds") is None):
            continue  # they did not wait
        first = data.get("promised")
        ours = bool(first) and first["queue"] == row.queue_id
        pace.departed(
            at=left_at.timestamp(),
            entered=first["at"] if ours else entered_at.timestamp(),
            slots=slots,
            gave_up=not taken,
            urgent=priority > 0,
            said=_said(first) if ours else None,
            late=bool(ours and first.get("late")),
        )
    if len(lines) == _LEARNED_AT_ONCE:
        row.learned_until = lines[-1][1]
    elif lines or row.learned_until is None or until - row.learned_until > _LOOK_ANYWAY:
        row.learned_until = until


def _waiters(queue: Queue, *, at: datetime) -> list[_Waiter]:
    with connection.cursor() as cursor:
        now = at.timestamp()
        which = {"near": _NEAR, "tick": int(now), "every": _FAR_EVERY, "most": _LOOKED_AT_ONCE}
        cursor.execute(_WAITING, {"queue": queue.pk, "now": now, **which})
        return [_Waiter(*line) for line in cursor.fetchall()]


Change = tuple[_Waiter, str, Promise, Estimate | None]


def _changes(waiters: Sequence[_Waiter], pace: Pace, line: Line, *, at: datetime) -> list[Change]:
    """What is to be said to whom, those in front first."""
    queued = [w.entered_at for w in waiters if w.state == QUEUED]
    now = at.timestamp()
    stalled = max(0.0, now - max(min(queued).timestamp(), pace.last or 0.0)) if queued else 0.0
    line = replace(line, stalled=stalled)
    in_turn = {urgent: Ladder(pace, replace(line, urgent=urgent)) for urgent in (False, True)}
    asked = {
        urgent: pace.estimate(Line(0, line.slots, 1.0, urgent=urgent)) for urgent in (False, True)
    }
    changes: list[Change] = []
    for waiter in waiters:
        urgent = waiter.priority > 0
        # Who is asked about already has a slot that is kept for them.
        is_queued = waiter.state == QUEUED
        estimate = in_turn[urgent].at(waiter.queued - 1) if is_queued else asked[urgent]
        found = change(waiter.promise(), estimate, at=at)
        if found is not None:
            changes.append((waiter, found[0], found[1], estimate))
    return changes


def _first(queue: Queue, promise: Promise, estimate: Estimate) -> dict[str, Any]:
    """What is remembered of the first promise, to be compared with what comes."""
    said = {
        name: round(x, 3) if isinstance(x, float) else x for name, x in asdict(estimate).items()
    }
    begin = promise.at.timestamp()
    return {**said, "queue": queue.pk, "at": begin, "until": begin + estimate.high}


def _said(first: dict[str, Any]) -> Estimate:
    return Estimate(first["low"], first["high"], first["middle"], first["spread"], first["state"])


def _write(patches: dict[int, tuple[str | None, dict[str, Any]]]) -> int:
    if not patches:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "ids": list(patches),
                "was": [was for was, _ in patches.values()],
                "patches": [orjson.dumps(patch).decode() for _, patch in patches.values()],
            },
        )
        return int(cursor.rowcount)


@transaction.atomic
def _tell(waiter: _Waiter, promise: Promise, *, at: datetime) -> bool:
    """It takes longer than they know: they are told so, and only then it says so."""
    conversation = hold(waiter.pk)
    known = (conversation.promised or {}).get("at")
    if not conversation.is_waiting or known != waiter.promised_at:
        return False
    conversation.promised = {**(conversation.promised or {}), **promise.row()}
    conversation.save(update_fields=["promised"])
    append(conversation, "promised", at=at, low=promise.low, high=promise.high, longer=True)
    if promise.low is None or promise.high is None:
        say(conversation, phrase("wait_unknown", conversation.language), at=at)
        return True
    least, most = minutes_of(promise.low, promise.high)
    sentence = "wait_longer" if least < most else "wait_longer_about"
    words = phrase(sentence, conversation.language, least=str(least), most=str(most))
    say(conversation, words, at=at)
    return True
