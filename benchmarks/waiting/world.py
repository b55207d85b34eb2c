"""One day of a queue by a simulated clock, through the product's own code and a real database.

Customers ask for a person, agents are offered, accept, decline or do not look, conversations end, and
who loses patience leaves. Nothing is decided here but what people decide.

Whoever left stays as a ghost: when everybody who was before them is gone and somebody after them is
taken, or an agent has room, it would have been their turn.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from agents.actions.offers import accept, decline, expire_offers
from agents.actions.presence import mark_seen, set_presence
from agents.actions.promises import keep_promises
from agents.actions.route import route_waiting
from agents.actions.staff import staff_of
from agents.actions.wrap_up import resolve
from agents.models import Agent, Offer, Queue
from agents.reads.policies import PolicyBook
from benchmarks.waiting.baselines import LastTen, Rocket
from benchmarks.waiting.figures import Wait
from benchmarks.waiting.scenarios import HOUR, Scenario, Shift
from conversations.actions.customer import ask_for_a_person, finish
from conversations.actions.session import open_conversation
from conversations.errors import Refused
from conversations.models import Conversation, Customer, Event
from conversations.queries import places
from inboxes.models import Inbox

MORNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
# Seconds until promises are looked at, with newcomers and without; the product looks every second.
_LOOK_NEW, _LOOK = 1.0, 15.0
_SIGN_OF_LIFE = 5.0
_BACK_AFTER = 90.0  # an agent who was set away for not looking


@dataclass(slots=True)
class Person:
    """One customer of the day. Times are seconds of the day."""

    entered: float
    rank: datetime
    priority: int
    baselines: dict[str, tuple[float, float]]
    promised: dict[str, Any] | None = None
    left: float | None = None
    true: float | None = None
    gave_up: bool = False
    last_kept: bool | None = None


class World:
    def __init__(self, scenario: Scenario, *, seed: int, step: Callable[[int], object]) -> None:
        self.scenario = scenario
        self.rng = random.Random(f"{seed} {scenario.name}")
        self.step = step
        self.inbox = Inbox.objects.create(key=f"{seed}-{scenario.name}"[:40], name=scenario.name)
        self.queue = Queue.objects.create(name=f"{scenario.name} {seed}")
        self.queue.inboxes.add(self.inbox)
        self.moments: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = count()
        self.people: dict[int, Person] = {}
        self.waiting: set[int] = set()
        self.ghosts: set[int] = set()
        self.here: set[int] = set()
        self.seen = -_SIGN_OF_LIFE
        self.looking = False
        self.newest_offer = 0
        self.rocket, self.last_ten = Rocket(), LastTen()
        self.shown: dict[int, int] = {}
        self.silent_rises = 0

    # --- the clock ---

    def at(self, moment: float) -> datetime:
        return MORNING + timedelta(seconds=moment)

    def later(self, moment: float, what: Callable[[float], None]) -> None:
        heapq.heappush(self.moments, (moment, next(self.order), what))

    def run(self) -> list[Wait]:
        for shift in self.scenario.shifts:
            self._hire(shift)
        self._next_customer(0.0)
        while self.moments:
            moment, _, what = heapq.heappop(self.moments)
            # The day is over when the last one who came is served or gone.
            if moment > self.scenario.length and not (self.waiting or self.ghosts):
                break
            if moment - self.seen >= _SIGN_OF_LIFE:
                self.seen = moment
                mark_seen(agent_ids=self.here, at=self.at(moment))
            what(moment)
        return [self._wait(person) for person in self.people.values() if person.promised]

    # --- agents ---

    def _hire(self, shift: Shift) -> None:
        agent = Agent.objects.create(
            username=f"{self.queue.pk}-{next(self.order)}", capacity=shift.capacity
        )
        self.queue.members.add(agent)
        self.later(shift.begins, lambda at: self._comes(agent.pk, at))
        if shift.ends < self.scenario.length:
            self.later(shift.ends, lambda at: self._goes(agent.pk, at))

    def _comes(self, agent_id: int, at: float) -> None:
        self.here.add(agent_id)
        set_presence(agent_id=agent_id, status="online", at=self.at(at))
        self._route(at)

    def _goes(self, agent_id: int, at: float) -> None:
        """Takes nothing new; what they have they finish."""
        set_presence(agent_id=agent_id, status="away", reason="off", at=self.at(at))

    def _route(self, at: float) -> None:
        route_waiting(at=self.at(at), queue_id=self.queue.pk)
        for offer in Offer.objects.filter(pk__gt=self.newest_offer, conversation__queue=self.queue):
            self.newest_offer = max(self.newest_offer, offer.pk)
            self._answer(offer.conversation_id, offer.agent_id, at)

    def _answer(self, conversation_id: int, agent_id: int, at: float) -> None:
        luck = self.rng.random()
        if luck < self.scenario.misses:
            self.later(at + self.queue.offer_seconds, self._expire)
            self.later(
                at + self.queue.offer_seconds + _BACK_AFTER, lambda t: self._back(agent_id, t)
            )
            return
        takes = min(15.0, self.rng.lognormvariate(1.3, 0.5))
        if luck < self.scenario.misses + self.scenario.declines:
            self.later(at + takes, lambda t: self._declines(conversation_id, agent_id, t))
        else:
            self.later(at + takes, lambda t: self._accepts(conversation_id, agent_id, t))

    def _expire(self, at: float) -> None:
        if expire_offers(at=self.at(at)):
            self._route(at)

    def _back(self, agent_id: int, at: float) -> None:
        shift_over = at >= self.scenario.length
        if not shift_over:
            self._comes(agent_id, at)

    def _declines(self, conversation_id: int, agent_id: int, at: float) -> None:
        try:
            decline(conversation_id=conversation_id, agent_id=agent_id, at=self.at(at))
        except Refused:
            return  # the customer was quicker
        self._route(at)

    def _accepts(self, conversation_id: int, agent_id: int, at: float) -> None:
        promised = Conversation.objects.values_list("promised", flat=True).get(pk=conversation_id)
        try:
            accept(conversation_id=conversation_id, agent_id=agent_id, at=self.at(at))
        except Refused:
            return
        person = self._left(conversation_id, at, promised)
        person.true = at - person.entered
        self.last_ten.taken(person.true)
        self._turn_of_ghosts(at, after=person.rank)
        handling = self.rng.lognormvariate(0.0, self.scenario.handling_spread)
        length = max(20.0, self.scenario.handling * handling)
        self.later(at + length, lambda t: self._ends(conversation_id, agent_id, length, t))

    def _ends(self, conversation_id: int, agent_id: int, length: float, at: float) -> None:
        resolve(
            conversation_id=conversation_id,
            agent_id=agent_id,
            disposition="",
            note="",
            at=self.at(at),
        )
        self.rocket.served(length)
        self._route(at)
        if self.ghosts and not self.waiting:
            self._turn_of_ghosts(at, after=None)

    # --- customers ---

    def _next_customer(self, at: float) -> None:
        """Thinned out from the busiest rate, so that the rate may change at any moment."""
        while at < self.scenario.length:
            at += self.rng.expovariate(self.scenario.most_per_hour / HOUR)
            if self.rng.random() < self.scenario.per_hour(at) / self.scenario.most_per_hour:
                break
        if at < self.scenario.length:
            self.later(at, self._arrives)

    def _arrives(self, at: float) -> None:
        self.step(1)
        self._next_customer(at)
        moment = self.at(at)
        customer = Customer.objects.create(name="Somebody", created_at=moment)
        talk = open_conversation(inbox=self.inbox, customer=customer, language="en", at=moment)
        luck = self.rng.random()
        urgent, high = self.scenario.urgent, self.scenario.high
        talk.priority = 2 if luck < urgent else 1 if luck < urgent + high else 0
        talk.save(update_fields=["priority"])
        ask_for_a_person(conversation_id=talk.pk, at=moment)
        talk.refresh_from_db()
        assert talk.rank_at is not None
        place = 1 + sum(self.people[pk].rank <= talk.rank_at for pk in self.waiting)
        rocket, last_ten = self.rocket.says(place), self.last_ten.says()
        baselines = {"rocket": (rocket, rocket)} if rocket is not None else {}
        if last_ten is not None:
            baselines["last ten"] = (last_ten, last_ten)
        self.people[talk.pk] = Person(at, talk.rank_at, talk.priority, baselines)
        self.waiting.add(talk.pk)
        self.later(at + self.rng.expovariate(1 / self.scenario.patience), self._leaver(talk.pk))
        self._route(at)
        self.later(at + _LOOK_NEW, self._look)
        if not self.looking:
            self.looking = True
            self.later(at + _LOOK, self._look_on)

    def _leaver(self, conversation_id: int) -> Callable[[float], None]:
        return lambda at: self._leaves(conversation_id, at)

    def _leaves(self, conversation_id: int, at: float) -> None:
        if conversation_id not in self.waiting:
            return
        promised = Conversation.objects.values_list("promised", flat=True).get(pk=conversation_id)
        finish(conversation_id=conversation_id, at=self.at(at))
        self._left(conversation_id, at, promised).gave_up = True
        self.ghosts.add(conversation_id)
        self._route(at)

    def _left(self, conversation_id: int, at: float, promised: dict[str, Any] | None) -> Person:
        person = self.people[conversation_id]
        self.waiting.discard(conversation_id)
        self.shown.pop(conversation_id, None)
        person.left = at
        if promised and promised.get("first"):
            line = Event.objects.filter(
                conversation=conversation_id, kind__in=["assigned", "abandoned"]
            )
            person.promised = line.latest("offset").data["promised"]
            if promised["high"] is not None:
                last = datetime.fromisoformat(promised["at"])
                kept_until = last + timedelta(seconds=promised["high"])
                person.last_kept = self.at(at) <= kept_until
        return person

    def _turn_of_ghosts(self, at: float, *, after: datetime | None) -> None:
        """Somebody who came after them was taken, or, with nobody waiting, there is room."""
        if after is None:
            _, free = staff_of(self.queue, PolicyBook.load(), at=self.at(at))
            if free < 1:
                return
        for pk in list(self.ghosts):
            ghost = self.people[pk]
            if after is None or ghost.rank < after:
                self.ghosts.discard(pk)
                ghost.true = at - ghost.entered

    # --- what customers see ---

    def _look_on(self, at: float) -> None:
        self._look(at)
        self.looking = bool(self.waiting)
        if self.looking:
            self.later(at + _LOOK, self._look_on)

    def _look(self, at: float) -> None:
        keep_promises(at=self.at(at))
        for pk, place in places(self.queue.pk, at=self.at(at)).items():
            if place.wait_high is None:
                continue
            # A second more is rounding.
            if pk in self.shown and place.wait_high > self.shown[pk] + 1:
                said = Event.objects.filter(
                    conversation=pk, kind="promised", created_at=self.at(at)
                ).exists()
                self.silent_rises += not said
            self.shown[pk] = place.wait_high

    def _wait(self, person: Person) -> Wait:
        promised = person.promised
        assert promised is not None
        told_at = promised["at"] - MORNING.timestamp()
        waited = None if person.true is None else max(0.0, person.entered + person.true - told_at)
        kept = {True: "kept", False: "broken", None: "nothing"}[person.last_kept]
        return Wait(
            scenario=self.scenario.name,
            entered=person.entered,
            hour=f"{self.scenario.name} {int(person.entered // HOUR):02}",
            state=promised["state"],
            gave_up=person.gave_up,
            true=waited,
            said={"ours": (promised["low"], promised["high"])} | person.baselines,
            group={
                "priority": ("normal", "high", "urgent")[person.priority],
                "last": "gave up" if person.gave_up else kept,
            },
        )
