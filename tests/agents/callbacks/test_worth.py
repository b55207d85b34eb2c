"""What the forecasts of calls are worth: chosen beside drawn, in the time and the inbox that are asked about."""

from datetime import datetime, timedelta

import pytest

from agents.callbacks.models import Attempt, Call, CallFit, Need, Placing
from agents.callbacks.reads.worth import CallsWorth, Side, worth
from agents.models import Queue
from conversations.actions.calling import ask_for_a_call
from conversations.models import Conversation, Event
from inboxes.models import Inbox
from tests import make

HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fit(at: datetime) -> CallFit:
    return CallFit.objects.create(
        purpose="answers", state="live", made_at=at, since=at, sheet={}, arrays=b"", figures={}
    )


def call(line: Queue, at: datetime) -> Call:
    talk = make.waiting_conversation(queue=line, at=at)
    ask_for_a_call(
        conversation_id=talk.pk, phone="+49 30 123450", call_at=None, time_zone="UTC", at=at
    )
    return Call.objects.get(wish__conversation=talk)


def tried(one: Call, at: datetime, outcome: str, number: int = 1) -> None:
    Attempt.objects.create(call=one, number=number, at=at, ended_at=at, outcome=outcome)


def placed(line: Queue, fit: CallFit, at: datetime, way: str, came: int, many: int) -> None:
    """Second attempts of calls, `came` of `many` answered."""
    for n in range(many):
        one = call(line, at - HOUR)
        Placing.objects.create(
            call=one, attempt=2, at=at, due_at=at, way=way, propensity=0.5, chance=0.5, fit=fit
        )
        tried(one, at, "reached" if n < came else "no_answer", 2)


def needed(fit: CallFit, at: datetime, *, offered: bool, left: int, many: int) -> Conversation:
    talk = make.conversation()
    for n in range(many):
        talk = make.conversation()
        Need.objects.create(
            conversation=talk,
            at=at,
            chance=0.8,
            is_likely=True,
            offered=offered,
            propensity=0.5,
            fit=fit,
        )
        if n < left:
            Event.objects.create(
                conversation=talk,
                offset=900,
                kind="abandoned",
                actor_kind="customer",
                created_at=at + HOUR,
                data={"by": "customer"},
            )
    return talk


def of_the_day(at: datetime, inbox: Inbox | None = None) -> CallsWorth:
    return worth(start=at - 3 * HOUR, end=at + 3 * HOUR, inbox_id=inbox.pk if inbox else None)


def test_nothing_happened(at: datetime) -> None:
    found = of_the_day(at)

    assert (found.attempts, found.done, found.kept) == (Side(0, 0), Side(0, 0), Side(0, 0))
    assert found.attempts.share is None
    assert found.placed.between is None
    assert found.placed.factor is None
    assert not found.offered.is_sure


def test_what_was_tried_and_kept_is_counted(line: Queue, at: datetime) -> None:
    """Of five calls one is reached in its window, one after it, one by a machine, one is never heard, and one
    was before."""
    one, late, machine, rings, before = (call(line, at - 2 * HOUR) for _ in range(5))
    Call.objects.update(wanted_at=at - HOUR, window_until=at)
    tried(one, at - HOUR / 2, "reached")
    tried(late, at + HOUR, "reached")
    tried(machine, at - HOUR / 2, "voicemail")
    tried(rings, at, "failed")
    tried(before, at - 5 * HOUR, "reached")
    over = {"due_at": None, "ended_at": at + 2 * HOUR}
    Call.objects.filter(pk__in=[one.pk, late.pk]).update(state="done", **over)
    Call.objects.filter(pk=machine.pk).update(state="expired", **over)
    Call.objects.filter(pk=rings.pk).update(state="cancelled", **over)

    found = of_the_day(at)

    assert found.attempts == Side(2, 3)
    assert found.done == Side(2, 3)
    assert found.kept == Side(2, 3)
    assert found.attempts.share == pytest.approx(2 / 3)


def test_chosen_times_beside_those_in_turn(line: Queue, fit: CallFit, at: datetime) -> None:
    placed(line, fit, at, "chosen", 27, 30)
    placed(line, fit, at, "in_turn", 9, 29)
    assert of_the_day(at).placed.between is None  # one too few

    placed(line, fit, at, "in_turn", 0, 1)
    found = of_the_day(at).placed

    assert (found.chosen, found.drawn) == (Side(27, 30), Side(9, 30))
    assert found.factor == pytest.approx(3)
    assert found.is_sure
    assert found.between is not None
    middle, low, high = found.between
    # Newcombe's hybrid of two Wilson intervals, reckoned by hand: 27/30 is 0.744-0.965, 9/30 is 0.167-0.479.
    assert (middle, low, high) == pytest.approx((0.6, 0.362, 0.748), abs=0.002)


def test_a_time_whose_call_was_not_heard_says_nothing(
    line: Queue, fit: CallFit, at: datetime
) -> None:
    one = call(line, at - HOUR)
    Placing.objects.create(
        call=one, attempt=2, at=at, due_at=at, way="chosen", propensity=0.5, chance=0.5, fit=fit
    )
    tried(one, at, "reached", 1)  # not the attempt that it was for

    assert of_the_day(at).placed.chosen == Side(0, 0)


def test_offers_beside_none(fit: CallFit, at: datetime) -> None:
    needed(fit, at, offered=True, left=12, many=40)
    other = needed(fit, at, offered=False, left=14, many=40)
    Need.objects.create(
        conversation=other, at=at, chance=0.9, is_likely=True, offered=True, propensity=1, fit=fit
    )  # nobody drew: it tells nothing

    found = of_the_day(at).offered

    assert (found.chosen, found.drawn) == (Side(12, 40), Side(14, 40))
    assert found.between is not None
    assert not found.is_sure  # no measurable effect
    assert of_the_day(at, make.inbox()).offered.chosen == Side(0, 0)
