"""After the talk: five ways of writing it up. Holding, being slow, and being gone."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agents.actions.assign import claim
from agents.actions.pausing import put_on_hold, snooze, take_off_hold
from agents.actions.presence import said_by, set_presence
from agents.actions.route import route_waiting
from agents.actions.sweep import run_due, sweep
from agents.actions.wrap_up import finish_wrap_up, resolve, wrap_up_rules
from agents.models import Agent, Assignment, Offer, Policy, Presence, PresenceChange, Queue
from conversations.actions.customer import finish, wake
from conversations.actions.post import store
from conversations.drafts import Refusal
from conversations.errors import BadWords, NotAllowed
from conversations.frames import conversation_card, moment
from conversations.models import Conversation, Event
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def queue() -> Queue:
    return make.queue()


@pytest.fixture
def agent(queue: Queue) -> Agent:
    return make.present_agent(queues=[queue], capacity=1)


@pytest.fixture
def talk(queue: Queue, agent: Agent, at: datetime) -> Conversation:
    waiting = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=waiting.pk, agent_id=agent.pk, at=at)
    return fresh(waiting)


def fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.get(pk=talk.pk)


def mode(name: str, **more: Any) -> None:
    Policy.objects.create(rule="wrap_up", value={"mode": name, "seconds": 60, **more})


def done(talk: Conversation, agent: Agent, code: str, at: datetime, **more: Any) -> str:
    resolve(conversation_id=talk.pk, agent_id=agent.pk, disposition=code, note="", at=at, **more)
    return fresh(talk).state


@pytest.mark.parametrize(
    ("name", "without", "with_code", "asked"),
    [
        ("requested", "resolved", "resolved", "wrap_up"),
        ("optional", "wrap_up", "resolved", "wrap_up"),
        ("discretionary", "wrap_up", "resolved", "resolved"),
        ("time_boxed", "wrap_up", "resolved", "resolved"),
        ("time_boxed_no_early_exit", "wrap_up", "wrap_up", "wrap_up"),
    ],
)
def test_five_modes(
    name: str, without: str, with_code: str, asked: str, queue: Queue, agent: Agent, at: datetime
) -> None:
    mode(name)
    seen = []
    for code, wants in (("", False), ("solved", False), ("solved", True)):
        talk = make.waiting_conversation(queue=queue, at=at)
        claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
        seen.append(done(talk, agent, code, at, wrap_up=wants))
        Conversation.objects.filter(pk=talk.pk, state="wrap_up").update(state="resolved")
        Assignment.objects.update(ended_at=at)

    assert seen == [without, with_code, asked]


def test_when_time_runs_out_the_default_code_is_taken(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    mode("time_boxed")
    done(talk, agent, "", at)
    during = fresh(talk)
    waiting = make.waiting_conversation(queue=talk.queue, at=at)  # type: ignore[arg-type]

    assert during.due_at == at + timedelta(seconds=60)
    assert route_waiting(at=at) == 0  # writing up is work
    run_due(at=at + timedelta(seconds=60))
    Presence.objects.update(seen_at=at + timedelta(seconds=60))
    assert route_waiting(at=at + timedelta(seconds=60)) == 1

    ended = fresh(talk)
    assert (ended.state, ended.disposition) == ("resolved", "other")
    line = Event.objects.get(conversation=talk, kind="resolved")
    assert (line.data["disposition"], line.data["default"]) == ("other", True)
    assert fresh(waiting).state == "offered"


def test_without_early_exit_the_code_is_kept_and_the_time_runs(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    mode("time_boxed_no_early_exit")
    done(talk, agent, "", at)

    finish_wrap_up(conversation_id=talk.pk, agent_id=agent.pk, code="solved", note="", at=at)
    early = fresh(talk).state
    run_due(at=at + timedelta(seconds=60))

    assert (early, fresh(talk).state, fresh(talk).disposition) == ("wrap_up", "resolved", "solved")


def test_a_required_code_is_required_and_only_known_ones_count(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    mode("requested", required=True)

    for code in ("", "no_such_code"):
        with pytest.raises(BadWords):
            done(talk, agent, code, at)
    assert fresh(talk).state == "assigned"
    assert done(talk, agent, "solved", at) == "resolved"


def test_a_customer_who_writes_while_it_is_written_up_goes_on_with_the_same_agent(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    mode("discretionary")
    done(talk, agent, "", at)
    late = store([make.draft(talk, "One more thing", at=at)])[0]
    assert isinstance(late, Refusal)  # the socket wakes it and sends it again

    wake(conversation_id=talk.pk, at=at)

    assert (fresh(talk).state, fresh(talk).assignee) == ("assigned", agent)
    assert fresh(talk).resolved_at is None


def test_when_the_customer_ends_it_the_agent_still_writes_it_up(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    mode("time_boxed")

    finish(conversation_id=talk.pk, at=at)

    assert (fresh(talk).state, fresh(talk).due_at) == ("wrap_up", at + timedelta(seconds=60))


def test_an_agent_who_is_gone_leaves_nothing_half_written(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    mode("discretionary")
    done(talk, agent, "", at)

    sweep(at=at + timedelta(seconds=21))

    assert (fresh(talk).state, fresh(talk).disposition) == ("resolved", "other")


# --- holding, sleeping, being slow ----------------------------------------------------------


def test_on_hold_no_clock_runs_until_somebody_goes_on(
    queue: Queue, agent: Agent, at: datetime
) -> None:
    Policy.objects.create(rule="answer_seconds", value=60)
    talk = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    due = fresh(talk).due_at
    put_on_hold(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    put_on_hold(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    held = fresh(talk)
    run_due(at=at + timedelta(hours=1))

    assert (due, held.state, held.due_at) == (at + timedelta(seconds=60), "on_hold", None)
    assert fresh(talk).state == "on_hold"
    later = at + timedelta(hours=1)
    take_off_hold(conversation_id=talk.pk, agent_id=agent.pk, at=later)
    assert (fresh(talk).state, fresh(talk).due_at) == ("assigned", later + timedelta(seconds=60))
    kinds = Event.objects.filter(conversation=talk, kind__in=["on_hold", "off_hold"])
    assert [e.kind for e in kinds] == ["on_hold", "off_hold"]


def test_a_customer_who_writes_ends_the_hold(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    put_on_hold(conversation_id=talk.pk, agent_id=agent.pk, at=at)

    assert wake(conversation_id=talk.pk, at=at)
    assert fresh(talk).state == "assigned"


def test_an_agent_who_does_not_answer_loses_it_to_the_next_one(
    queue: Queue, agent: Agent, at: datetime
) -> None:
    Policy.objects.create(rule="answer_seconds", value=60)
    talk = make.waiting_conversation(queue=queue, at=at - timedelta(seconds=30))
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    store(
        [make.draft(talk, "Hello??", at=at + timedelta(seconds=50))]
    )  # a nudge gives no more time
    other = make.present_agent(queues=[queue], at=at)

    assert run_due(at=at + timedelta(seconds=59))["assigned"] == 0
    now = at + timedelta(seconds=60)
    Presence.objects.update(seen_at=now)
    assert run_due(at=now)["assigned"] == 1
    assert route_waiting(at=now) == 1

    taken = fresh(talk)
    assert (taken.state, taken.rank_at) == ("offered", at - timedelta(seconds=30))
    assert Offer.objects.get(ended_at=None).agent == other
    assert Event.objects.filter(conversation=talk, kind="taken_back").exists()


def test_an_answer_in_time_stops_the_clock(queue: Queue, agent: Agent, at: datetime) -> None:
    Policy.objects.create(rule="answer_seconds", value=60)
    talk = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    store([make.draft(talk, "Hi", author_kind="agent", agent_id=agent.pk, at=at)])

    assert fresh(talk).due_at is None
    store([make.draft(talk, "And?", at=at + timedelta(seconds=5))])
    assert fresh(talk).due_at == at + timedelta(seconds=65)


def test_who_sleeps_wakes_with_nobody_who_is_offline(
    talk: Conversation, agent: Agent, at: datetime
) -> None:
    until = at + timedelta(hours=1)
    snooze(conversation_id=talk.pk, agent_id=agent.pk, until=until, at=at)
    set_presence(agent_id=agent.pk, status="offline", at=at)

    run_due(at=until)

    woken = fresh(talk)
    assert (woken.state, woken.assignee) == ("queued", None)
    assert not Assignment.objects.filter(ended_at=None).exists()


# --- presence -------------------------------------------------------------------------------


def test_a_missed_offer_sets_away_and_a_busy_yes_does_not(queue: Queue, at: datetime) -> None:
    silent = make.present_agent(queues=[queue])
    make.waiting_conversation(queue=queue, at=at)
    route_waiting(at=at)
    late = at + timedelta(seconds=20)

    run_due(at=late)

    presence = Presence.objects.get(agent=silent)
    assert (presence.status, presence.reason) == ("away", "missed an offer")
    assert route_waiting(at=late) == 0


def test_every_change_of_presence_is_kept_with_who_made_it(agent: Agent, at: datetime) -> None:
    boss = make.agent(role="manager")
    set_presence(agent_id=agent.pk, status="away", reason="Lunch", at=at)
    set_presence(agent_id=agent.pk, status="away", reason="Lunch", at=at + timedelta(minutes=1))
    set_presence(agent_id=agent.pk, status="online", at=at + timedelta(minutes=30), by=boss.pk)

    changes = list(PresenceChange.objects.filter(agent=agent).order_by("since"))
    assert [(c.status, c.reason, c.set_by) for c in changes] == [
        ("away", "Lunch", None), ("online", "", boss),
    ]  # fmt: skip
    assert changes[0].until == changes[1].since
    with pytest.raises(BadWords):
        set_presence(agent_id=agent.pk, status="asleep", at=at)


def test_nobody_claims_beyond_their_limits(queue: Queue, agent: Agent, talk: Conversation, at: datetime) -> None:  # fmt: skip
    other = make.waiting_conversation(queue=queue, at=at)
    with pytest.raises(NotAllowed):
        claim(conversation_id=other.pk, agent_id=agent.pk, at=at)

    # What sleeps is no load, but it may wake: twice the capacity is the end.
    snooze(conversation_id=talk.pk, agent_id=agent.pk, until=at + timedelta(hours=1), at=at)
    claim(conversation_id=other.pk, agent_id=agent.pk, at=at)
    snooze(conversation_id=other.pk, agent_id=agent.pk, until=at + timedelta(hours=1), at=at)
    with pytest.raises(NotAllowed):
        claim(
            conversation_id=make.waiting_conversation(queue=queue, at=at).pk,
            agent_id=agent.pk,
            at=at,
        )


def test_the_console_knows_what_is_wanted_and_until_when(
    queue: Queue, agent: Agent, talk: Conversation, at: datetime
) -> None:
    Policy.objects.create(
        rule="wrap_up", value={"mode": "time_boxed", "seconds": 90, "required": True}, queue=queue
    )
    none, *named = wrap_up_rules(agent.pk)
    assert none == {"queue": None, "mode": "requested", "seconds": 60, "required": False}
    assert {
        "queue": str(queue.uuid),
        "mode": "time_boxed",
        "seconds": 90,
        "required": True,
    } in named

    assert conversation_card(fresh(talk))["wrap_up_until"] is None
    assert done(talk, agent, "", at) == "wrap_up"
    card = conversation_card(fresh(talk))
    assert (card["state"], card["stage"], card["disposition"]) == ("resolved", "wrap_up", "")
    assert card["wrap_up_until"] == moment(at + timedelta(seconds=90))


def test_the_console_knows_who_said_that_somebody_is_away(agent: Agent, at: datetime) -> None:
    boss = make.agent(role="manager")
    set_presence(agent_id=agent.pk, status="away", reason="Meeting", at=at, by=boss.pk)
    assert said_by(agent) == boss.shown_name
    set_presence(agent_id=agent.pk, status="online", at=at)
    assert said_by(agent) is None
