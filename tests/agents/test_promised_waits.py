"""What customers who wait are told: from the queue's own past, bettered silently, worsened in words."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.actions.losing import give_back
from agents.actions.offers import accept
from agents.actions.promises import keep_promises
from agents.actions.route import route_waiting
from agents.actions.staff import staff_of
from agents.actions.wrap_up import resolve
from agents.models import Agent, Presence, Queue, QueuePace
from agents.reads.policies import PolicyBook
from agents.rules.estimates import Estimate
from agents.rules.promises import Promise, change
from agents.rules.waits import Pace
from agents.socket.places import Places, customers_here
from conversations.actions.customer import finish
from conversations.models import Conversation, Event, Message
from conversations.queries import Place, minutes_of, place_of, places
from tests import make


def estimate(low: float, high: float) -> Estimate:
    return Estimate(low, high, low, 0.5, "busy")


def seconds(at: datetime, n: float) -> datetime:
    return at + timedelta(seconds=n)


class TestChange:
    """The rules of a promise, without any queue."""

    def test_the_first_word_is_the_estimate_and_silence_stays_silence(self, at: datetime) -> None:
        assert change(None, None, at=at) is None
        assert change(None, estimate(60, 120), at=at) == ("first", Promise(60, 120, at))

    def test_it_falls_without_a_word_when_it_is_worth_it(self, at: datetime) -> None:
        told = Promise(100, 200, at)
        assert change(told, estimate(80, 190), at=at) is None
        assert change(told, estimate(40, 90), at=at) == ("better", Promise(40, 90, at))

    def test_a_little_longer_changes_nothing(self, at: datetime) -> None:
        told = Promise(100, 200, at)
        later = seconds(at, 100)
        assert change(told, estimate(60, 150), at=later) is None

    def test_much_longer_is_said_and_not_again_for_a_while(self, at: datetime) -> None:
        told = Promise(100, 200, at)
        later = seconds(at, 100)
        found = change(told, estimate(120, 260), at=later)
        assert found == ("worse", Promise(120, 260, later, told_at=later))
        assert change(found[1], estimate(600, 900), at=seconds(later, 170)) is None
        again = change(found[1], estimate(600, 900), at=seconds(later, 181))
        assert again is not None
        assert again[0] == "worse"

    def test_when_nobody_can_say_they_are_told_that(self, at: datetime) -> None:
        told = Promise(10, 20, at)
        assert change(told, None, at=seconds(at, 60)) is None
        found = change(told, None, at=seconds(at, 90))
        assert found is not None
        assert (found[0], found[1].left(at)) == ("unknown", None)
        assert change(found[1], None, at=seconds(at, 900)) is None
        back = change(found[1], estimate(30, 60), at=seconds(at, 900))
        assert back is not None
        assert back[0] == "worse"

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.floats(0, 300),
                st.one_of(
                    st.none(), st.tuples(st.floats(0, 5_000), st.floats(0, 5_000)).map(sorted)
                ),
            ),
            min_size=1,
            max_size=40,
        )
    )
    def test_it_never_rises_silently(self, steps: list[tuple[float, Any]]) -> None:
        at = make.NOON
        told: Promise | None = None
        for passed, shown in steps:
            at = seconds(at, passed)
            before = told.left(at) if told else None
            found = change(told, estimate(*shown) if shown else None, at=at)
            if found is None:
                continue
            how, told = found
            after = told.left(at)
            if how == "better":
                assert before is not None
                assert after is not None
                assert after[1] < before[1]
                assert after[0] <= max(0.0, before[0]) + 0.1
            elif how == "worse":
                assert told.told_at == at
            assert Promise.of(told.row()) == told


def test_minutes_never_promise_less_than_the_seconds() -> None:
    assert minutes_of(0, 10) == (1, 1)
    assert minutes_of(119, 121) == (1, 3)
    assert minutes_of(300, 300) == (5, 5)


# --- through the real queue -----------------------------------------------------------------


def serve(queue: Queue, *, at: datetime, rounds: int, every: float) -> datetime:
    """A busy time, then some who found somebody free: the queue has a past. When it ended."""
    waiting = [make.waiting_conversation(queue=queue, at=at) for _ in range(rounds)]
    for n in range(rounds + 6):
        at = seconds(at, every)
        talk = waiting[n] if n < rounds else make.waiting_conversation(queue=queue, at=at)
        at = at if n < rounds else seconds(at, 4)
        Presence.objects.update(seen_at=at)
        route_waiting(at=at)
        talk.refresh_from_db()
        offer = talk.offers.get(ended_at=None)
        accept(conversation_id=talk.pk, agent_id=offer.agent_id, at=at)
        keep_promises(at=seconds(at, 2))
        resolve(
            conversation_id=talk.pk,
            agent_id=offer.agent_id,
            disposition="",
            note="",
            at=seconds(at, 3),
        )
    keep_promises(at=seconds(at, 5))
    return seconds(at, 6)


@pytest.fixture
def busy(at: datetime) -> tuple[Queue, Agent, datetime]:
    """A queue that gave away a place every half minute, with one agent, and its now."""
    queue = make.queue()
    agent = make.present_agent(queues=[queue], capacity=1)
    now = serve(queue, at=at, rounds=12, every=30)
    Presence.objects.update(seen_at=now)
    return queue, agent, now


def texts(talk: Conversation) -> list[str]:
    return list(
        Message.objects.filter(conversation=talk, author_kind="system")
        .order_by("seq")
        .values_list("text", flat=True)
    )


@pytest.mark.integration
@pytest.mark.django_db
class TestKeepPromises:
    def test_says_nothing_in_a_house_without_a_past(self, at: datetime) -> None:
        queue = make.queue()
        make.present_agent(queues=[queue])
        talk = make.waiting_conversation(queue=queue)

        assert keep_promises(at=seconds(at, 2)) == 0

        talk.refresh_from_db()
        assert talk.promised is None
        assert place_of(talk, at=at) == Place(1)

    def test_whoever_waits_is_told_a_range_that_grows_along_the_line(
        self, busy: tuple[Queue, Agent, datetime]
    ) -> None:
        queue, _, now = busy
        line = [make.waiting_conversation(queue=queue, at=seconds(now, n)) for n in range(6)]
        make.conversation()

        keep_promises(at=seconds(now, 8))

        found = places(queue.pk, at=seconds(now, 8))
        assert [found[talk.pk].position for talk in line] == [1, 2, 3, 4, 5, 6]
        highs = [found[talk.pk].wait_high or 0 for talk in line]
        assert highs == sorted(highs)
        assert found[line[5].pk].wait_seconds == highs[5]
        assert 120 < highs[5] < 600
        assert (found[line[5].pk].wait_low or 0) < highs[5]
        # What is left goes down by itself.
        assert places(queue.pk, at=seconds(now, 38))[line[5].pk].wait_high == highs[5] - 30

    def test_with_nobody_there_nothing_is_promised(
        self, busy: tuple[Queue, Agent, datetime]
    ) -> None:
        queue, _, now = busy
        talk = make.waiting_conversation(queue=queue, at=now)

        keep_promises(at=seconds(now, 120))

        talk.refresh_from_db()
        assert talk.promised is None
        assert staff_of(queue, PolicyBook.load(), at=seconds(now, 120)) == (0.0, 0.0)

    def test_it_becomes_better_without_a_word(self, busy: tuple[Queue, Agent, datetime]) -> None:
        queue, _, now = busy
        line = [make.waiting_conversation(queue=queue, at=now) for _ in range(8)]
        keep_promises(at=seconds(now, 2))
        before = places(queue.pk, at=seconds(now, 4))[line[7].pk].wait_high or 0
        for talk in line[:6]:
            finish(conversation_id=talk.pk, at=seconds(now, 3))

        keep_promises(at=seconds(now, 4))

        after = places(queue.pk, at=seconds(now, 4))[line[7].pk]
        assert after.position == 2
        assert (after.wait_high or 0) < before * 0.75
        assert texts(line[7]) == []
        line[7].refresh_from_db()
        first = line[7].first_promise
        assert first is not None
        assert first["high"] > before - 5  # what was said at first stays known

    def test_what_takes_longer_is_said_once_and_then_shown(
        self, busy: tuple[Queue, Agent, datetime]
    ) -> None:
        queue, agent, now = busy
        front = make.waiting_conversation(queue=queue, at=now)
        talk = make.waiting_conversation(queue=queue, at=now, language="zh")
        keep_promises(at=seconds(now, 2))
        shown = [places(queue.pk, at=seconds(now, 2))[talk.pk].wait_high or 0]
        said: list[int] = []
        for n in range(3, 400, 3):
            at = seconds(now, n)
            Presence.objects.update(seen_at=at)
            keep_promises(at=at)
            shown.append(places(queue.pk, at=at)[talk.pk].wait_high or 0)
            said.append(len(texts(talk)))

        for n, (before, after) in enumerate(itertools.pairwise(shown)):
            if after > before:
                assert said[n] > (said[n - 1] if n else 0), "it rose without a word"
        assert 1 <= said[-1] <= 3
        assert texts(talk)[0].startswith("等待时间比之前说的稍长")
        lines = Event.objects.filter(conversation=talk, kind="promised")
        assert [line.data["longer"] for line in lines] == [True] * said[-1]
        talk.refresh_from_db()
        assert talk.promised is not None
        assert talk.promised["late"] is True
        assert front.pk in places(queue.pk, at=now)
        assert agent.pk

    def test_the_log_says_what_was_promised_and_the_pace_learns_from_it(
        self, busy: tuple[Queue, Agent, datetime]
    ) -> None:
        queue, agent, now = busy
        talk = make.waiting_conversation(queue=queue, at=now)
        gone = make.waiting_conversation(queue=queue, at=now)
        keep_promises(at=seconds(now, 2))
        known = Pace.of(QueuePace.objects.get(queue=queue).row)

        finish(conversation_id=gone.pk, at=seconds(now, 5))
        route_waiting(at=seconds(now, 10))
        accept(conversation_id=talk.pk, agent_id=agent.pk, at=seconds(now, 12))
        keep_promises(at=seconds(now, 14))

        for one, kind in ((talk, "assigned"), (gone, "abandoned")):
            promised = Event.objects.get(conversation=one, kind=kind).data["promised"]
            assert 0 <= promised["low"] <= promised["high"]
            assert promised["late"] is False
        learned = Pace.of(QueuePace.objects.get(queue=queue).row)
        assert learned.quick_seen == known.quick_seen + 1
        assert learned.left > known.left
        again = QueuePace.objects.get(queue=queue)
        keep_promises(at=seconds(now, 16))
        assert QueuePace.objects.get(queue=queue).row == again.row  # nothing twice

    def test_who_lost_their_agent_gets_a_promise_of_their_own(
        self, busy: tuple[Queue, Agent, datetime]
    ) -> None:
        queue, agent, now = busy
        talk = make.waiting_conversation(queue=queue, at=now)
        keep_promises(at=seconds(now, 2))
        route_waiting(at=seconds(now, 3))
        accept(conversation_id=talk.pk, agent_id=agent.pk, at=seconds(now, 4))

        give_back(conversation_id=talk.pk, agent_id=agent.pk, at=seconds(now, 600))

        talk.refresh_from_db()
        assert talk.promised is None
        Presence.objects.update(seen_at=seconds(now, 600))
        keep_promises(at=seconds(now, 602))
        talk.refresh_from_db()
        assert talk.promised is not None

    def test_a_round_of_many_costs_few_statements(
        self, busy: tuple[Queue, Agent, datetime], django_assert_max_num_queries: Any
    ) -> None:
        queue, _, now = busy
        for n in range(30):
            make.waiting_conversation(queue=queue, at=seconds(now, n / 100))
        with django_assert_max_num_queries(14):
            assert keep_promises(at=seconds(now, 2)) == 30
        with django_assert_max_num_queries(14):
            assert keep_promises(at=seconds(now, 3)) == 0


class TestPlaces:
    """Only what is new goes to a socket, and only so often."""

    def test_tells_what_changed_and_only_that(self) -> None:
        room = Places()
        first = {1: Place(1, 50, 20, 50), 2: Place(2, 90, 60, 90)}
        assert len(room.news(7, first, staffed=True, now=0)) == 2
        assert room.news(7, first, staffed=True, now=1) == []
        pushes = room.news(7, {2: Place(1, 50, 20, 50)}, staffed=True, now=2)
        assert [push.rooms for push in pushes] == [("c2",)]
        assert pushes[0].frame["queue"] == {
            "position": 1,
            "wait_seconds": 50,
            "wait_low": 20,
            "wait_high": 50,
            "staffed": True,
        }
        assert len(room.news(7, {2: Place(1, 50, 20, 50)}, staffed=False, now=3)) == 1

    def test_ten_thousand_do_not_hear_of_every_step(self) -> None:
        room = Places()
        told = 0
        for second in range(20):
            line = {pk: Place(pk - second) for pk in range(second + 1, 10_001)}
            told += len(room.news(7, line, staffed=True, now=second)) if second else 0
            room.news(7, line, staffed=True, now=second)
        assert told / 19 < 800
        assert room.behind == {7}

    def test_who_comes_again_is_told_again(self) -> None:
        room = Places()
        room.news(7, {1: Place(1)}, staffed=True, now=0)
        room.forget_all_but(customers_here(["c2", "a1", "all", "q7"]))
        assert len(room.news(7, {1: Place(1)}, staffed=True, now=0.1)) == 1
