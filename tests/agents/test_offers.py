"""Offer, accept, decline, too late; nobody is overfilled and nobody is forgotten."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from agents.actions.assign import claim, transfer
from agents.actions.losing import give_back
from agents.actions.offers import accept, decline, expire_offers
from agents.actions.pausing import snooze
from agents.actions.route import route_waiting
from agents.actions.sweep import sweep
from agents.actions.wrap_up import resolve
from agents.models import Assignment, Offer, Policy, Presence
from conversations.actions.customer import ask_for_a_person, wake
from conversations.actions.post import store
from conversations.errors import CannotMove, NotAllowed
from conversations.models import Conversation, Event, Handoff, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def kinds(conversation: Conversation) -> list[str]:
    return list(
        Event.objects.filter(conversation=conversation)
        .exclude(kind="message")
        .values_list("kind", flat=True)
    )


def test_who_waits_longest_is_offered_first(at: datetime) -> None:
    queue = make.queue()
    late = make.waiting_conversation(queue=queue, at=at)
    early = make.waiting_conversation(queue=queue, at=at - timedelta(minutes=1))
    agent = make.present_agent(queues=[queue], capacity=1)

    made = route_waiting(at=at)

    assert made == 1
    offer = Offer.objects.get()
    assert (offer.conversation, offer.agent, offer.expires_at) == (
        early,
        agent,
        at + timedelta(seconds=20),
    )
    assert offer.why["chosen"] == agent.shown_name
    late.refresh_from_db()
    assert late.state == "queued"


def test_accept_makes_it_theirs_and_the_customer_is_told(at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue)
    agent = make.present_agent(queues=[queue])
    route_waiting(at=at)

    accept(conversation_id=talk.pk, agent_id=agent.pk, at=at)

    talk.refresh_from_db()
    assert (talk.state, talk.assignee) == ("assigned", agent)
    assert kinds(talk) == ["opened", "offered", "assigned"]
    assert (
        Message.objects.get(conversation=talk).text
        == f"{agent.shown_name} has joined the conversation."
    )
    assert Offer.objects.get().outcome == "accepted"


def test_decline_asks_the_next_one(at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue)
    first = make.present_agent(queues=[queue])
    second = make.present_agent(queues=[queue])
    route_waiting(at=at)

    decline(conversation_id=talk.pk, agent_id=first.pk, at=at)
    route_waiting(at=at)

    assert Offer.objects.get(ended_at=None).agent == second


def test_an_offer_that_nobody_answers_goes_on_and_three_in_a_row_mean_away(at: datetime) -> None:
    queue = make.queue()
    Policy.objects.create(rule="misses_until_away", value=3)
    talk = make.waiting_conversation(queue=queue)
    agent = make.present_agent(queues=[queue])

    for n in range(3):
        now = at + timedelta(seconds=30 * n)
        Presence.objects.update(seen_at=now)
        route_waiting(at=now)
        Presence.objects.update(seen_at=now + timedelta(seconds=21))
        assert expire_offers(at=now + timedelta(seconds=21)) == 1

    assert Presence.objects.get(agent=agent).status == "away"
    assert route_waiting(at=at + timedelta(seconds=90)) == 0
    assert kinds(talk).count("missed") == 3


def test_too_late_is_too_late(at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue)
    agent = make.present_agent(queues=[queue])
    route_waiting(at=at)

    with pytest.raises(NotAllowed):
        accept(conversation_id=talk.pk, agent_id=agent.pk, at=at + timedelta(seconds=20))

    talk.refresh_from_db()
    assert talk.state == "offered"


def test_nobody_offline_full_or_from_another_queue_is_asked(at: datetime) -> None:
    queue = make.queue()
    make.waiting_conversation(queue=queue)
    make.present_agent(queues=[make.queue()])
    full = make.present_agent(queues=[queue], capacity=1)
    Assignment.objects.create(
        conversation=make.conversation(state="assigned", assignee=full), agent=full, started_at=at
    )
    silent = make.present_agent(queues=[queue])
    Presence.objects.filter(agent=silent).update(seen_at=at - timedelta(seconds=21))
    away = make.present_agent(queues=[queue])
    Presence.objects.filter(agent=away).update(status="away")

    assert route_waiting(at=at) == 0


def test_nobody_here_is_said_once_with_a_way_out(at: datetime) -> None:
    talk = make.waiting_conversation(queue=make.queue())

    route_waiting(at=at)
    route_waiting(at=at + timedelta(seconds=5))

    said = Message.objects.filter(conversation=talk).values_list("author_kind", "text")
    assert len(said) == 1
    assert "phone number" in said[0][1]


def test_claim_withdraws_the_offer_to_somebody_else(at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue)
    asked = make.present_agent(queues=[queue])
    quick = make.present_agent(queues=[queue], capacity=1)
    route_waiting(at=at)

    claim(conversation_id=talk.pk, agent_id=quick.pk, at=at)

    assert Offer.objects.get().outcome == "withdrawn"
    with pytest.raises(NotAllowed):
        accept(conversation_id=talk.pk, agent_id=asked.pk, at=at)
    with pytest.raises(NotAllowed):  # full now
        claim(conversation_id=make.waiting_conversation(queue=queue).pk, agent_id=quick.pk, at=at)


def test_transfer_to_a_queue_waits_again_and_to_the_bot_is_answered_by_it(at: datetime) -> None:
    queue, other = make.queue(), make.queue()
    agent = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)

    transfer(
        conversation_id=talk.pk,
        agent_id=agent.pk,
        kind="queue",
        target=other.uuid,
        note="VIP",
        at=at,
    )
    talk.refresh_from_db()
    assert (talk.state, talk.queue, talk.assignee) == ("queued", other, None)
    assert Message.objects.get(conversation=talk, note=True).text == "VIP"

    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    transfer(conversation_id=talk.pk, agent_id=agent.pk, kind="bot", target=None, note="", at=at)
    talk.refresh_from_db()
    assert (talk.state, talk.assignee) == ("bot", None)
    assert not Assignment.objects.filter(ended_at=None).exists()


def test_only_the_holder_moves_a_conversation_on(at: datetime) -> None:
    holder, other = make.agent(), make.agent()
    talk = make.conversation(state="assigned", assignee=holder)

    with pytest.raises(NotAllowed):
        resolve(conversation_id=talk.pk, agent_id=other.pk, disposition="", note="", at=at)
    resolve(conversation_id=talk.pk, agent_id=holder.pk, disposition="solved", note="", at=at)
    resolve(conversation_id=talk.pk, agent_id=holder.pk, disposition="solved", note="", at=at)

    assert kinds(talk) == ["opened", "resolved"]


def test_snooze_ends_by_time_or_by_the_customer(at: datetime) -> None:
    agent = make.present_agent()
    talk = make.conversation(state="assigned", assignee=agent)
    snooze(conversation_id=talk.pk, agent_id=agent.pk, until=at + timedelta(hours=1), at=at)

    assert sweep(at=at)["woken"] == 0
    Presence.objects.update(seen_at=at + timedelta(hours=1))
    assert sweep(at=at + timedelta(hours=1))["woken"] == 1
    talk.refresh_from_db()
    assert talk.state == "assigned"

    snooze(
        conversation_id=talk.pk,
        agent_id=agent.pk,
        until=at + timedelta(hours=9),
        at=at + timedelta(hours=2),
    )
    assert wake(conversation_id=talk.pk, at=at + timedelta(hours=3))


def test_an_agent_whose_connection_is_gone_gives_back_and_the_customer_keeps_their_place(
    at: datetime,
) -> None:
    queue = make.queue()
    gone = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue)
    claim(conversation_id=talk.pk, agent_id=gone.pk, at=at)
    here = make.present_agent(queues=[queue], at=at + timedelta(seconds=21))

    done = sweep(at=at + timedelta(seconds=21))

    assert (done["given_back"], done["offered"]) == (1, 1)
    talk.refresh_from_db()
    assert (talk.state, talk.rank_at) == ("offered", at)
    assert Offer.objects.get(ended_at=None).agent == here
    assert Presence.objects.get(agent=gone).status == "offline"
    assert not give_back(conversation_id=talk.pk, agent_id=gone.pk, at=at)


def test_the_bot_is_reminded_once_and_then_a_person_is_asked(at: datetime) -> None:
    talk = make.conversation()
    store([make.draft(talk, "Where is my tent?", at=at)])

    sweep(at=at + timedelta(seconds=9))
    talk.refresh_from_db()
    assert talk.bot_attempts == 0
    sweep(at=at + timedelta(seconds=11))
    talk.refresh_from_db()
    assert (talk.state, talk.bot_attempts) == ("bot", 1)
    sweep(at=at + timedelta(seconds=22))
    talk.refresh_from_db()

    assert talk.state == "queued"
    handoff = Handoff.objects.get()
    assert (handoff.reason, handoff.summary) == ("failed", "Where is my tent?")


def test_asking_for_a_person_twice_changes_nothing(at: datetime) -> None:
    talk = make.conversation()

    ask_for_a_person(conversation_id=talk.pk, at=at)
    ask_for_a_person(conversation_id=talk.pk, at=at)

    assert kinds(talk) == ["opened", "handoff", "nobody_here"]
    assert Handoff.objects.count() == 1


def test_an_illegal_move_is_refused(at: datetime) -> None:
    agent = make.agent()
    talk = make.conversation(state="bot")

    with pytest.raises((CannotMove, NotAllowed)):
        snooze(conversation_id=talk.pk, agent_id=agent.pk, until=at + timedelta(hours=1), at=at)


@pytest.mark.parametrize("agent_count", [1, 3])
def test_an_offer_costs_the_same_for_any_number_of_agents(
    agent_count: int, at: datetime, django_assert_max_num_queries: object
) -> None:
    queue = make.queue()
    for _ in range(agent_count):
        make.present_agent(queues=[queue])
    make.waiting_conversation(queue=queue)

    with django_assert_max_num_queries(26):  # type: ignore[operator]
        route_waiting(at=at)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_give_one_customer_two_agents_nor_overfill_one(
    at: datetime,
) -> None:
    queue = make.queue()
    agents = [make.present_agent(queues=[queue], capacity=2) for _ in range(3)]
    for n in range(9):
        make.waiting_conversation(queue=queue, at=at + timedelta(seconds=n))
    go = threading.Barrier(4)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            go.wait()
            for _ in range(3):
                route_waiting(at=at)
        except BaseException as error:  # noqa: BLE001 -- told to the test below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    route_waiting(at=at)

    assert failures == []
    per_agent = {a.pk: Offer.objects.filter(agent=a, ended_at=None).count() for a in agents}
    assert set(per_agent.values()) == {2}
    assert Offer.objects.filter(ended_at=None).values("conversation").distinct().count() == 6
