"""Learnt from the centre's own calls: who answers when, who needs one; in the slots with room, and in part by lot."""

import random
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from agents.callbacks.actions import foretelling, learning, placing
from agents.callbacks.actions.keeping import tend
from agents.callbacks.actions.offering import offer_calls
from agents.callbacks.models import Attempt, Call, CallFit, CallRules, Need, Placing, Seat
from agents.callbacks.reads import facts
from agents.callbacks.rules.assigning import assign
from agents.models import Agent, Queue
from conversations.actions.calling import ask_for_a_call
from conversations.errors import BadWords, CannotMove
from conversations.models import Conversation, Event
from tests import make

HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _at_any_hour_and_without_lots(line: Queue) -> None:
    CallRules.objects.update(quiet_from="00:00", quiet_until="00:00", drawn_percent=0)


def asked(line: Queue, at: datetime) -> Call:
    talk = make.waiting_conversation(queue=line, at=at)
    ask_for_a_call(
        conversation_id=talk.pk, phone="+49 30 123450", call_at=None, time_zone="UTC", at=at
    )
    return Call.objects.get(wish__conversation=talk)


def evenings(line: Queue, at: datetime, many: int = 280) -> None:
    """Attempts of the last weeks: after 17:00 nearly everybody answers, before hardly anybody."""
    chance = random.Random(7)
    people = [asked(line, at - timedelta(days=80)) for _ in range(20)]
    Call.objects.update(state="done", ended_at=at - timedelta(days=1), due_at=None)
    agent = Agent.objects.first()
    rows = []
    for n in range(many):
        hour = chance.randrange(9, 21)
        came = chance.random() < (0.95 if hour >= 17 else 0.08)
        when = (at - timedelta(days=70) + n * timedelta(hours=6)).replace(hour=hour)
        rows.append(
            Attempt(
                call=people[n % len(people)],
                number=n + 1,
                agent=agent,
                at=when,
                ended_at=when,
                outcome="reached" if came else "no_answer",
            )
        )
    Attempt.objects.bulk_create(rows)


def missed(line: Queue, at: datetime) -> Call:
    call = asked(line, at)
    Call.objects.filter(pk=call.pk).update(
        state="no_answer", due_at=at + timedelta(minutes=15), attempts=1
    )
    return call


def test_too_little_is_said_and_nothing_is_foretold(line: Queue, at: datetime) -> None:
    with pytest.raises(BadWords, match="0 of 200"):
        learning.try_anew(purpose="answers", by_id=None, at=at)
    learning.tend(at=at)
    missed(line, at)
    assert placing.place(at=at, lots=random.Random(1)) == 0
    assert not CallFit.objects.exists()


def test_who_answers_in_the_evening_is_called_in_the_evening(line: Queue, at: datetime) -> None:
    evenings(line, at)
    fit = learning.try_anew(purpose="answers", by_id=None, at=at)
    assert (fit.state, fit.figures["against"]) == ("live", "the plain rate")
    assert fit.figures["auc"] > 0.75

    first, second, due = missed(line, at), missed(line, at), asked(line, at)
    assert placing.place(at=at, lots=random.Random(1)) == 2
    assert placing.place(at=at, lots=random.Random(1)) == 0
    placed = Placing.objects.filter(call__in=[first, second]).order_by("due_at")
    moments = [row.due_at for row in placed]
    assert all(one.hour >= 17 for one in moments)
    assert moments[0] != moments[1]  # there is room for one in each half hour
    assert Seat.objects.count() == 2
    due.refresh_from_db()
    assert due.answers is not None
    assert due.answers < 0.4
    assert any("hour where they are 12" in one["text"] for one in due.reasons)

    tend(at=at + 10 * HOUR)
    assert Call.objects.get(pk=first.pk).state == "due"


def test_some_are_drawn_to_go_in_turn(line: Queue, at: datetime) -> None:
    evenings(line, at)
    learning.try_anew(purpose="answers", by_id=None, at=at)
    CallRules.objects.update(drawn_percent=50)
    for _ in range(12):
        missed(line, at)
    placing.place(at=at, lots=random.Random(3))
    ways = list(Placing.objects.values_list("way", "propensity"))
    assert set(ways) == {("chosen", 0.5), ("in_turn", 0.5)}
    for row in Placing.objects.filter(way="in_turn"):
        assert row.due_at == at + timedelta(minutes=15)


def test_what_is_no_better_than_what_is_live_does_not_go_live(line: Queue, at: datetime) -> None:
    evenings(line, at)
    agent = make.agent()
    live = learning.try_anew(purpose="answers", by_id=None, at=at)
    again = learning.try_anew(purpose="answers", by_id=agent.pk, at=at + HOUR)
    assert (again.state, again.figures["against"]) == ("lost", "what is live")

    assert learning.roll_back(key=live.uuid, by_id=agent.pk, at=at + 2 * HOUR) is None
    with pytest.raises(CannotMove):
        learning.roll_back(key=live.uuid, by_id=agent.pk, at=at + 2 * HOUR)
    assert foretelling.teller("answers") is None
    rested = learning.try_anew(purpose="answers", by_id=None, at=at + 26 * HOUR)
    assert rested.state == "lost"  # it would win, but somebody has just taken one back
    assert learning.try_anew(purpose="answers", by_id=agent.pk, at=at + 27 * HOUR).state == "live"


def waited(line: Queue, at: datetime, reason: str, ended: str, **data: Any) -> None:
    talk = make.conversation()
    Event.objects.bulk_create(
        Event(conversation=talk, offset=900 + n, kind=kind, actor_kind="system", created_at=at + n * HOUR / 60, data=said)
        for n, (kind, said) in enumerate(
            [("handoff", {"reason": reason, "queue": str(line.uuid)}), (ended, data)]
        )
    )  # fmt: skip


def test_who_probably_needs_a_call_is_offered_one_and_some_are_not(
    line: Queue, at: datetime
) -> None:
    chance = random.Random(5)
    for n in range(240):
        complains = n % 2 == 0
        needs = chance.random() < (0.9 if complains else 0.1)
        ended = "abandoned" if needs else "assigned"
        waited(
            line,
            at - timedelta(days=40) + n * HOUR,
            "complaint" if complains else "asked",
            ended,
            **({"by": "customer"} if needs else {}),
        )
    fit = learning.try_anew(purpose="needs", by_id=None, at=at)
    assert fit.state == "live"
    CallRules.objects.update(drawn_percent=50)
    talks: list[Conversation] = []
    for n in range(16):
        talk = make.waiting_conversation(queue=line, at=at)
        reason = "complaint" if n < 12 else "asked"
        Event.objects.create(conversation=talk, offset=900, kind="handoff", actor_kind="system", created_at=at, data={"reason": reason, "queue": str(line.uuid)})  # fmt: skip
        talks.append(talk)

    offered = offer_calls(at=at, lots=random.Random(2))
    assert offer_calls(at=at + HOUR / 60, lots=random.Random(2)) == 0  # one lot for each wait
    needs_of = {need.conversation_id: need for need in Need.objects.all()}  # fmt: skip
    assert len(needs_of) == 16
    likely = [needs_of[talk.pk] for talk in talks if needs_of[talk.pk].is_likely]
    assert len(likely) == 12
    assert 0 < offered == sum(need.offered for need in likely) < 12
    assert {need.propensity for need in likely} == {0.5}
    assert any("handed over because complaint" in one["text"] for one in likely[0].reasons)


def test_nothing_of_afterwards_is_among_the_facts(line: Queue, at: datetime) -> None:
    """An attempt's facts are the same whether it was answered or not, and whatever came later."""
    evenings(line, at, many=3)
    before = facts.attempts(at=at)
    Attempt.objects.filter(number=2).update(outcome="voicemail")
    Attempt.objects.filter(number=3).update(outcome="busy")
    after = facts.attempts(at=at)
    assert [one.facts for one in before][:2] == [one.facts for one in after][:2]


def test_the_assignment_is_the_best_one_and_fair() -> None:
    chances = np.array([[0.9, 0.8], [0.9, 0.1], [0.2, 0.1]])
    none = np.zeros((3, 2))
    assert assign(chances, none, [1, 1]) == [1, 0, None]
    assert assign(np.full((2, 1), 0.5), np.zeros((2, 1)), [1]) == [0, None]  # the first in line
    late = np.array([[0.0, 2.0]])
    assert assign(np.array([[0.5, 0.55]]), late, [1, 1]) == [0]  # not worth two days
    never = np.array([[False, False]])
    assert assign(np.array([[0.5, 0.5]]), late, [1, 1], never) == [None]
    assert assign(np.zeros((0, 2)), np.zeros((0, 2)), [1, 1]) == []
    assert assign(chances, none, [0, 0]) == [None] * 3
