"""Whatever customers, agents, the bot and the clock do, in any order: what was promised holds.

The promises are those of the protocol: stored once and in order, numbered without a gap, read again
from any number on, always somebody's, seen by nobody else; and of the routing: one agent for one
customer, nobody asked who is not here, nobody overfilled, no place lost, everything explained.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from agents.access import visible_to
from agents.actions import assign as assigning
from agents.actions import labelling, offers, pausing, supervise
from agents.actions.presence import mark_seen, set_presence
from agents.actions.route import route_waiting
from agents.actions.sweep import sweep
from agents.actions.wrap_up import finish_wrap_up, resolve
from agents.confidential import log_for
from agents.models import Agent, Assignment, Offer, Policy, Presence
from agents.queries import anybody_online
from agents.reads.loads import loads_of
from conversations.actions.customer import ask_for_a_person, finish, wake
from conversations.actions.post import store
from conversations.drafts import Draft, Refusal, Stored
from conversations.errors import Refused
from conversations.lifecycle import ALLOWED, CLOSED, HELD, WAITING
from conversations.models import Conversation, Event, Message
from conversations.queries import messages_after
from tests import make

PEOPLE, TALKS = 3, 4
people = st.integers(0, PEOPLE - 1)
talks = st.integers(0, TALKS - 1)
SETTINGS = {
    "mode": st.sampled_from(["offer", "offer", "direct", "manual"]),
    "answer_seconds": st.sampled_from([0, 40]),
    "misses_until_away": st.sampled_from([0, 1, 2]),
    "stale_after": st.sampled_from([0, 60]),
    "order": st.sampled_from(["aged", "strict", "sla"]),
    "auto_resolve": st.sampled_from([None, {"after": 120, "text": "Bye."}]),
    "max_wait": st.sampled_from([None, {"after": 200, "do": "bot"}, {"after": 200, "do": "abandon"}]),
    "limit": st.sampled_from([None, {"waiting": 2}]),
    "sticky": st.sampled_from([None, {"days": 1, "wait_seconds": 30}]),
    "wrap_up": st.sampled_from(
        [{"mode": m, "seconds": 30} for m in ("requested", "optional", "time_boxed", "discretionary")]
    ),
    "waiting_messages": st.sampled_from([[], [{"after": 20, "text": "Still here."}]]),
}  # fmt: skip


class House(RuleBasedStateMachine):
    """A small contact centre with a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self.at: datetime = make.NOON
        self.acknowledged: dict[uuid.UUID, tuple[int, int | None]] = {}
        self.states: dict[int, str] = {}
        self.places: dict[int, datetime] = {}
        self.given_by_hand: set[int] = set()
        self.asked: set[int] = set()
        self.mode = "offer"

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    @initialize(chosen=st.fixed_dictionaries(SETTINGS), capacity=st.integers(1, 3))
    def open(self, chosen: dict[str, Any], capacity: int) -> None:
        self.queue, self.other = make.queue(is_default=True), make.queue()
        self.people = [
            make.present_agent(queues=[self.queue, self.other], at=self.at, capacity=capacity)
            for _ in range(PEOPLE)
        ]
        self.chief = make.agent(role="manager")
        self.stranger = make.present_agent(queues=[make.queue()], at=self.at)
        self.mode = chosen["mode"]
        for name, value in chosen.items():
            if value is not None:
                Policy.objects.create(rule=name, value=value)
        Policy.objects.create(
            rule="overflow", value={"after": 50, "queue": str(self.other.uuid)}, queue=self.queue
        )
        inbox = make.inbox()
        self.talks = [make.conversation(inbox=inbox, at=self.at) for _ in range(TALKS)]

    # --- helpers ---

    def agent(self, n: int) -> Agent:
        return self.people[n]

    def talk(self, n: int) -> Conversation:
        return Conversation.objects.get(pk=self.talks[n].pk)

    def attempt(self, act: Callable[..., Any], **words: Any) -> None:
        """Done whole, or refused whole."""
        try:
            with transaction.atomic():
                act(at=self.at, **words)
        except Refused:
            pass

    def say(self, draft: Draft) -> None:
        with transaction.atomic():
            answer = store([draft])[0]
        if isinstance(answer, Refusal) and draft.author_kind == "customer":
            self.attempt(wake, conversation_id=draft.conversation_id)
            with transaction.atomic():
                answer = store([draft])[0]
            assert isinstance(answer, Stored), "a customer may always come back"
        if isinstance(answer, Stored):
            if answer.seq is not None:
                theirs = [s for c, s in self.acknowledged.values() if c == draft.conversation_id]
                assert answer.seq > max((s for s in theirs if s is not None), default=0), "in order"
            self.acknowledged[draft.client_id] = (draft.conversation_id, answer.seq)
            again = store([draft])[0]
            assert isinstance(again, Stored)
            assert (again.repeated, again.seq) == (True, answer.seq)

    # --- the customer ---

    @rule(n=talks)
    def customer_writes(self, n: int) -> None:
        self.say(make.draft(self.talks[n], "Hello?", at=self.at))

    @rule(n=talks)
    def customer_asks_for_a_person(self, n: int) -> None:
        self.attempt(ask_for_a_person, conversation_id=self.talks[n].pk)

    @rule(n=talks)
    def customer_leaves(self, n: int) -> None:
        self.attempt(finish, conversation_id=self.talks[n].pk)

    # --- the bot ---

    @rule(n=talks)
    def bot_answers(self, n: int) -> None:
        talk = self.talk(n)
        self.say(make.draft(talk, "Here.", author_kind="bot", run=talk.bot_run, at=self.at))

    # --- agents ---

    @rule(who=people, status=st.sampled_from(["online", "online", "away", "offline"]))
    def agent_says_what_they_are(self, who: int, status: str) -> None:
        self.attempt(set_presence, agent_id=self.agent(who).pk, status=status)

    @rule(who=people, n=talks)
    def accept(self, who: int, n: int) -> None:
        self.attempt(offers.accept, conversation_id=self.talks[n].pk, agent_id=self.agent(who).pk)

    @rule(n=talks)
    def whoever_is_asked_accepts(self, n: int) -> None:
        offer = Offer.objects.filter(conversation=self.talks[n], ended_at=None).first()
        if offer:
            self.attempt(offers.accept, conversation_id=self.talks[n].pk, agent_id=offer.agent_id)

    @rule(who=people, n=talks)
    def decline(self, who: int, n: int) -> None:
        self.attempt(offers.decline, conversation_id=self.talks[n].pk, agent_id=self.agent(who).pk)

    @rule(who=people, n=talks)
    def claim(self, who: int, n: int) -> None:
        self.attempt(assigning.claim, conversation_id=self.talks[n].pk, agent_id=self.agent(who).pk)

    @rule(n=talks)
    def holder_answers(self, n: int) -> None:
        talk = self.talk(n)
        if talk.assignee_id:
            words = {"author_kind": "agent", "agent_id": talk.assignee_id, "at": self.at}
            self.say(make.draft(talk, "Let me see.", **words))

    @rule(who=people, n=talks)
    def somebody_notes(self, who: int, n: int) -> None:
        words = {"author_kind": "agent", "agent_id": self.agent(who).pk, "note": True}
        self.say(make.draft(self.talks[n], "VIP", at=self.at, **words))

    @rule(n=talks)
    def supervisor_watches_and_takes_over(self, n: int) -> None:
        of = {"conversation_id": self.talks[n].pk, "supervisor_id": self.chief.pk}
        mark_seen(agent_ids=[self.chief.pk], at=self.at)
        self.attempt(set_presence, agent_id=self.chief.pk, status="online")
        self.attempt(supervise.barge, **of)
        self.attempt(supervise.take_over, **of)

    @rule(n=talks, verb=st.sampled_from(["hold", "unhold", "snooze", "nap", "resolve", "finish", "bot", "queue"]))  # fmt: skip
    def holder_moves_it(self, n: int, verb: str) -> None:
        talk = self.talk(n)
        if talk.assignee_id is None:
            return
        who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": talk.assignee_id}
        match verb:
            case "hold":
                self.attempt(pausing.put_on_hold, **who)
            case "unhold":
                self.attempt(pausing.take_off_hold, **who)
            case "snooze":
                self.attempt(pausing.snooze, **who, until=self.at + timedelta(seconds=45))
            case "nap":
                self.attempt(pausing.snooze, **who, until=None)
            case "resolve":
                self.attempt(resolve, **who, disposition="", note="")
            case "finish":
                self.attempt(finish_wrap_up, **who, code="solved", note="")
            case _:
                target = None if verb == "bot" else self.other.uuid
                self.attempt(assigning.transfer, **who, kind=verb, target=target, note="")

    @rule(n=talks, to=people)
    def holder_passes_it_to(self, n: int, to: int) -> None:
        talk = self.talk(n)
        if talk.assignee_id:
            self.given_by_hand.add(self.agent(to).pk)
            self.attempt(
                assigning.transfer, conversation_id=talk.pk, agent_id=talk.assignee_id,
                kind="agent", target=self.agent(to).uuid, note="",
            )  # fmt: skip

    @rule(who=people, n=talks)
    def reopen(self, who: int, n: int) -> None:
        self.attempt(pausing.reopen, conversation_id=self.talks[n].pk, agent_id=self.agent(who).pk)

    @rule(n=talks, priority=st.integers(-1, 2), who=people)
    def prioritise(self, n: int, priority: int, who: int) -> None:
        self.attempt(
            labelling.label, conversation_id=self.talks[n].pk, agent_id=self.agent(who).pk,
            labels=None, priority=priority,
        )  # fmt: skip

    # --- the clock ---

    @rule()
    def route(self) -> None:
        route_waiting(at=self.at)
        self._who_was_asked_could_be()
        self._who_finds_nobody_knows()

    def _who_was_asked_could_be(self) -> None:
        """At the moment of asking they are online and have room."""
        silence = Policy.objects.filter(rule="stale_after").first()
        stale = int(silence.value or 0) if silence else 0
        asked = Offer.objects.filter(ended_at=None).exclude(pk__in=self.asked)
        for offer in asked.filter(created_at=self.at).select_related("agent__presence"):
            self.asked.add(offer.pk)
            assert offer.agent.presence.status == "online"
            assert offer.agent.presence.seen_at > self.at - timedelta(seconds=20)
            loads = loads_of([offer.agent_id], at=self.at, stale_after=stale)
            if offer.agent_id not in self.given_by_hand:
                assert loads[offer.agent_id].active <= offer.agent.capacity

    def _who_finds_nobody_knows(self) -> None:
        """If no human can be had they are told so, with a call or an e-mail instead."""
        for talk in Conversation.objects.queued().select_related("queue"):
            assert talk.queue is not None
            if not anybody_online(talk.queue, at=self.at):
                assert talk.told_nobody
                said = Message.objects.filter(conversation=talk, author_kind="system")
                assert said.filter(text__contains="phone number").exists()

    @rule(seconds=st.sampled_from([1, 5, 20, 21, 60]), alive=st.sets(people))
    def time_passes(self, seconds: int, alive: set[int]) -> None:
        self.at += timedelta(seconds=seconds)
        mark_seen(agent_ids=[self.agent(n).pk for n in alive], at=self.at)
        sweep(at=self.at)
        self._who_was_asked_could_be()
        self._who_finds_nobody_knows()
        # Whoever was somebody's whose console is gone is somebody else's now.
        for talk in Conversation.objects.filter(state__in=["assigned", "on_hold", "wrap_up"]):
            presence = Presence.objects.get(agent=talk.assignee_id)
            assert presence.seen_at >= self.at - timedelta(seconds=20)
        assert not Conversation.objects.filter(due_at__lt=self.at - timedelta(seconds=30)).exists()

    # --- what was promised ---

    @invariant()
    def numbers_have_no_gap_and_nothing_is_lost(self) -> None:
        for talk in Conversation.objects.filter(pk__in=[t.pk for t in getattr(self, "talks", [])]):
            events = Event.objects.filter(conversation=talk).order_by("offset")
            messages = Message.objects.filter(conversation=talk)
            seqs = messages.exclude(seq=None).order_by("seq").values_list("seq", flat=True)
            assert list(events.values_list("offset", flat=True)) == [*range(1, talk.offset + 1)]
            assert list(seqs) == [*range(1, talk.seq + 1)]
            stored = list(messages.values_list("client_id", "seq"))
            mine = {(k, s) for k, (c, s) in self.acknowledged.items() if c == talk.pk}
            assert mine <= set(stored)
            assert len(stored) == len({key for key, _ in stored}), "once"

    @invariant()
    def who_comes_again_gets_exactly_what_they_missed(self) -> None:
        for talk in Conversation.objects.filter(pk__in=[t.pk for t in getattr(self, "talks", [])]):
            after = talk.seq // 2
            missed = messages_after(talk.pk, after=after)
            assert [m.seq for m in missed] == [*range(after + 1, talk.seq + 1)]
            assert not any(m.note for m in missed), "a note is for agents only"
            after = talk.offset // 2
            lines = log_for(self.chief, talk.pk, talk.uuid, after=after)
            assert [line["offset"] for line in lines] == [*range(after + 1, talk.offset + 1)]

    @invariant()
    def nobody_else_sees_it(self) -> None:
        if hasattr(self, "stranger"):
            assert not visible_to(self.stranger).exists()
            agent = self.people[0]
            held = Assignment.objects.filter(agent=agent).values("conversation")
            seen = visible_to(agent).filter(queue=None).exclude(pk__in=held)
            assert not seen.exists(), "with the bot, it is nobody's business"

    @invariant()
    def who_asks_again_does_not_wait_anew(self) -> None:
        """`waiting_since` is never later than the first message that nobody answered."""
        for talk in Conversation.objects.exclude(waiting_since=None):
            assert talk.waiting_since is not None
            lines = Event.objects.filter(conversation=talk)
            answers = Q(kind__in=_ENDINGS) | Q(
                kind="message", actor_kind__in=["agent", "bot"], message__note=False
            )
            last = (
                lines.filter(answers).order_by("-offset").values_list("offset", flat=True).first()
            )
            asked = lines.filter(kind="message", actor_kind="customer", offset__gt=last or 0)
            first = asked.order_by("offset").values_list("created_at", flat=True).first()
            assert first is None or talk.waiting_since <= first

    @invariant()
    def no_place_in_line_is_lost(self) -> None:
        """It only ever counts from earlier, until it is over or a nap ends."""
        for talk in Conversation.objects.all():
            before = self.places.pop(talk.pk, None)
            if talk.place_from is None or talk.state == "snoozed":
                continue
            assert talk.state not in CLOSED
            assert before is None or talk.place_from <= before
            self.places[talk.pk] = talk.place_from

    @invariant()
    def a_promised_answer_has_a_moment(self) -> None:
        for talk in Conversation.objects.all():
            if talk.state in WAITING:
                assert talk.answer_by is not None
            if talk.alert_at is not None:
                assert talk.answer_by is not None
                assert talk.answer_from is not None
                assert talk.alert_at <= talk.answer_by
                spoke = Message.objects.filter(conversation=talk, author_kind="agent", note=False)
                assert not spoke.filter(created_at__gt=talk.answer_from).exists()

    @invariant()
    def every_customer_is_somebodys(self) -> None:
        for talk in Conversation.objects.all():
            owed = talk.waiting_since is not None
            if talk.state == "bot":
                assert not owed or talk.due_at is not None
            elif talk.state in WAITING:
                assert talk.queue_id is not None
                assert talk.rank_at is not None
            elif talk.state in HELD:
                assert talk.assignee_id is not None
            if owed:
                assert talk.state not in CLOSED

    @invariant()
    def rows_say_the_same_as_the_state(self) -> None:
        for talk in Conversation.objects.all():
            asked = list(Offer.objects.filter(conversation=talk, ended_at=None))
            held = list(Assignment.objects.filter(conversation=talk, ended_at=None))
            assert len(asked) == (talk.state == "offered"), (talk.state, asked)
            assert len(held) == (talk.state in HELD), (talk.state, held)
            if held:
                assert held[0].agent_id == talk.assignee_id
                assert held[0].why["chosen"]
            for offer in asked:
                assert offer.why["propensity"] > 0
            for assignment in Assignment.objects.filter(conversation=talk):
                assert assignment.why["chosen"], "every assignment is explained"

    @invariant()
    def nobody_is_overfilled(self) -> None:
        loads = loads_of([a.pk for a in getattr(self, "people", [])], at=self.at)
        for agent in getattr(self, "people", []):
            if agent.pk not in self.given_by_hand:
                assert loads[agent.pk].open <= 2 * agent.capacity

    @invariant()
    def only_allowed_moves_happened(self) -> None:
        """The database refuses the others; the log shows how it came about."""
        for talk in Conversation.objects.all():
            before = self.states.get(talk.pk, "bot")
            assert talk.state == before or _reachable(before, talk.state)
            self.states[talk.pk] = talk.state


_ENDINGS = ("resolved", "abandoned", "wrapping_up", "reopened", "queue_full")


def _reachable(old: str, new: str) -> bool:
    """In one action there may be several moves, such as taken back and offered again."""
    seen, edge = {old}, {old}
    for _ in range(4):
        edge = {after for state in edge for after in ALLOWED[state]} - seen
        seen |= edge
    return new in seen


@pytest.mark.integration
@pytest.mark.django_db
def test_what_was_promised_holds_whatever_happens() -> None:
    run_state_machine_as_test(
        House,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
