"""When who did not answer is called again: all such calls of a queue at once, in the slots in which answers are
likely and agents have time. Some are drawn to go in turn, so that the difference can be told."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef

from agents.callbacks.actions.booking import queue_of, seat
from agents.callbacks.actions.foretelling import Teller, teller
from agents.callbacks.actions.steps import State, held, plan_of, rules, saved
from agents.callbacks.models import Call, CallFit, CallRules, Placing
from agents.callbacks.reads.facts import attempt_at, calls
from agents.callbacks.reads.slots import free_slots
from agents.callbacks.rules.assigning import assign
from agents.callbacks.rules.slots import Slot

WITHIN = timedelta(days=2)  # nobody is put off for longer, however likely an answer is then
MOST = 200  # calls in one round
_SLOTS = 96
_AGAIN = (State.NO_ANSWER, State.VOICEMAIL)


def place(*, at: datetime, lots: random.Random) -> int:
    """Gives calls that were not answered their next time, and says how likely an answer is; how many were placed."""
    found = teller(CallFit.Purpose.ANSWERS)
    if found is None:
        return 0
    _say_of_due(found, at=at)
    done = Placing.objects.filter(call=OuterRef("pk"), attempt=OuterRef("attempts") + 1)
    fresh = (
        Call.objects.filter(state__in=_AGAIN, due_at__gt=at)
        .filter(~Exists(done))
        .select_related("queue", "wish__conversation")
        .order_by("place_from", "pk")[:MOST]
    )
    by_queue: dict[int, list[Call]] = defaultdict(list)
    for call in fresh:
        by_queue[queue_of(call).pk].append(call)
    return sum(_place(some, found, rules(), lots, at=at) for some in by_queue.values())


def _place(
    line: Sequence[Call], found: Teller, house: CallRules, lots: random.Random, *, at: datetime
) -> int:
    share = house.drawn_percent / 100
    in_turn = [lots.random() < share for _ in line]
    plan, known = plan_of(house), calls([call.pk for call in line])
    queue = queue_of(line[0])
    slots = free_slots(queue, house, plan, zone="UTC", at=at, most=_SLOTS, any_hour=True)
    chosen = _chosen(line, slots, found, known, house)
    now = found.chances([attempt_at(known[c.pk], c.due_at or at) for c in line])
    done = 0
    for call, turn, slot, usual in zip(line, in_turn, chosen, now, strict=True):
        better = None if turn or slot is None else slot
        done += _keep(
            call.pk,
            better[0] if better else None,
            Placing(
                call=call,
                attempt=call.attempts + 1,
                at=at,
                way=Placing.Way.IN_TURN if turn else Placing.Way.CHOSEN,
                propensity=share if turn else 1 - share,
                chance=better[1] if better else usual,
                fit=found.fit,
            ),
            house,
            at=at,
        )
    return done


def _chosen(
    line: Sequence[Call],
    slots: Sequence[Slot],
    found: Teller,
    known: dict[int, dict[str, object]],
    house: CallRules,
) -> list[tuple[datetime, float] | None]:
    if not slots:
        return [None] * len(line)
    plan = plan_of(house)
    starts = [slot.starts_at for slot in slots]
    rows = [attempt_at(known[call.pk], start) for call in line for start in starts]
    chances = np.array(found.chances(rows)).reshape(len(line), len(starts))
    since = [call.due_at or slots[0].starts_at for call in line]
    delays = np.array([[(s - d) / timedelta(days=1) for s in starts] for d in since])
    allowed = np.array(
        [
            [
                d <= s <= min(d + WITHIN, call.expires_at) and plan.allowed(s, call.time_zone) == s
                for s in starts
            ]
            for call, d in zip(line, since, strict=True)
        ]
    )
    picked = assign(chances, delays, [slot.free for slot in slots], allowed)
    return [
        None if place is None else (starts[place], float(chances[row, place]))
        for row, place in enumerate(picked)
    ]


@transaction.atomic
def _keep(
    call_id: int, starts: datetime | None, row: Placing, house: CallRules, *, at: datetime
) -> bool:
    call = held(call_id)
    if call is None or call.state not in _AGAIN or call.due_at is None:
        return False
    if starts is not None and seat(call, queue_of(call), starts, house, at=at):
        call.due_at = starts
        saved(call)
    row.due_at = call.due_at
    row.save()
    return True


def _say_of_due(found: Teller, *, at: datetime) -> None:
    """How likely an answer is now, for who is to be called now: agents see it with its reasons."""
    due = Call.objects.filter(state=State.DUE, answers=None).order_by("place_from")
    rows = calls(list(due.values_list("pk", flat=True)[:MOST]))
    for pk, said in zip(
        rows, found.say([attempt_at(row, at) for row in rows.values()]), strict=True
    ):
        Call.objects.filter(pk=pk, state=State.DUE).update(
            answers=said.chance, reasons=said.reasons
        )
