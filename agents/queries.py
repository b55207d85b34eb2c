"""Reads of the people's side: candidates, loads, what the console shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agents.models import Agent, Assignment, Offer, Presence, Queue, Team, Watch
from conversations.frames import moment
from conversations.lifecycle import ASSIGNED, ON_HOLD, WRAP_UP
from conversations.models import Conversation, Event
from conversations.prepared import numbers, rows
from conversations.waiters import Waiter

GONE_AFTER = timedelta(seconds=20)
WATCH_BREAKS_AFTER = timedelta(seconds=8)
"""Longer than between two rounds of signs of life; and a page that lost its server for less than this
comes again well before it is taken for gone."""
_NOBODY_WATCHES = timedelta(minutes=5)


def online(at: datetime) -> Q:
    """Presence rows of agents who are here and want work."""
    return Q(status=Presence.Status.ONLINE, seen_at__gt=at - GONE_AFTER)


def serving(queue: Queue) -> QuerySet[Agent]:
    return Agent.objects.filter(
        Q(queues=queue) | Q(teams=queue.team) if queue.team_id else Q(queues=queue),
        is_active=True,
    ).distinct()


def number_of(rows: QuerySet[Any], *, by: str) -> Coalesce:
    """How many of these rows belong to the outer one, of which `by` is the key.

    Not a Count over a join, which reads all that ever was of it, and multiplies where there are two.
    """
    mine = rows.order_by().filter(**{by: OuterRef("pk")}).values(by)
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)


def with_load(agents: QuerySet[Agent]) -> QuerySet[Agent]:
    """Annotates `holding`: open assignments (not snoozed ones) and open offers."""
    held = Assignment.objects.filter(ended_at=None)
    awake = held.exclude(conversation__state=Conversation.State.SNOOZED)
    asked = Offer.objects.filter(ended_at=None)
    return agents.annotate(holding=number_of(awake, by="agent") + number_of(asked, by="agent"))


def colleagues() -> QuerySet[Agent]:
    """Everybody who answers customers: with their presence, and how much they have in hand."""
    roles = Agent.groups.through.objects.filter(agent=OuterRef("pk"))
    return with_load(Agent.objects.filter(Exists(roles), is_active=True).select_related("presence"))


def holding_of(agent: Agent) -> int:
    """How much an agent out of `with_load` has in hand."""
    return int(vars(agent)["holding"])


class Colleague(NamedTuple):
    """One of `colleagues`, as a list shows them; `load` is what they have in hand."""

    id: str
    name: str
    username: str
    status: str
    load: int
    capacity: int


def who_answers(*, most: int) -> list[Colleague]:
    """The first by user name. Without a model instance for each: every console asks when it opens."""
    named = ("uuid", "display_name", "first_name", "username", "presence__status")
    found = colleagues().values_list(*named, "holding", "capacity")[:most]
    return [
        Colleague(str(uuid), shown or first or user, user, status or "offline", load, capacity)
        for uuid, shown, first, user, status, load, capacity in found
    ]


def queues_served_by(agent_id: int) -> QuerySet[Queue]:
    """By membership or by team."""
    return Queue.objects.filter(Q(members=agent_id) | Q(team__members=agent_id)).distinct()


def led_by(agent: Any) -> Q:
    """Queues of the teams that somebody leads, and of the teams below those."""
    led = Q(leads=agent) | Q(above__leads=agent) | Q(above__above__leads=agent)
    return Q(team__in=Team.objects.order_by().filter(led))


def queue_for_inbox(inbox_id: int) -> Queue:
    """The queue that serves this inbox, else the default one, which always exists."""
    found = (
        Queue.objects.filter(Q(inboxes=inbox_id) | Q(is_default=True))
        .order_by("is_default", "pk")
        .first()
    )
    if found is None:
        found, _ = Queue.objects.get_or_create(is_default=True, defaults={"name": "Support"})
    return found


def is_here(agent_id: int, *, at: datetime) -> bool:
    """Connected, and neither gone nor signed off: may be given something now."""
    return (
        Presence.objects.filter(
            agent_id=agent_id, agent__is_active=True, seen_at__gt=at - GONE_AFTER
        )
        .exclude(status=Presence.Status.OFFLINE)
        .exists()
    )


def anybody_online(queue: Queue, *, at: datetime) -> bool:
    return serving(queue).filter(presence__in=Presence.objects.filter(online(at))).exists()


def asked_but_not_online() -> list[int]:
    """Agents with an open offer who have meanwhile said that they take nothing."""
    return list(
        Offer.objects.filter(ended_at=None)
        .exclude(agent__presence__status=Presence.Status.ONLINE)
        .values_list("agent_id", flat=True)
        .distinct()
    )


def left_behind(*, at: datetime) -> list[tuple[int, int]]:
    """(conversation, agent): its customer waits for an answer of somebody who said that they are gone,
    and may still have a console open. Who is spoken to by them is left with them, and so is what they
    took since: who takes something is there for it."""
    left = Assignment.objects.filter(
        conversation=OuterRef("pk"),
        ended_at=None,
        started_at__lte=OuterRef("assignee__presence__since"),
    )
    return list(
        Conversation.objects.filter(
            Exists(left),
            state=ASSIGNED,
            waiting_since__lt=at - GONE_AFTER,
            assignee__presence__status=Presence.Status.OFFLINE,
            assignee__presence__since__lt=at - GONE_AFTER,
        ).values_list("pk", "assignee_id")
    )


def gone_agents(*, at: datetime) -> list[int]:
    """Agents who hold conversations and whose consoles have been silent for too long.

    Nobody, while nobody could have heard them: silence counts where somebody listens.
    """
    if not is_watched(at):
        return []
    return list(
        Assignment.objects.filter(
            ended_at=None,
            conversation__state__in=[ASSIGNED, ON_HOLD, WRAP_UP],
        )
        .filter(
            Q(agent__presence__seen_at__lt=at - GONE_AFTER)
            | Q(agent__presence__isnull=True, started_at__lt=at - GONE_AFTER)
        )
        .values_list("agent_id", flat=True)
        .distinct()
    )


def is_watched(at: datetime) -> bool:
    """Whether signs of life were heard for long enough that silence says something: when a web process
    or the database was away, consoles need a moment to come again. Where nobody has looked for
    minutes nobody is waited for."""
    return not Watch.objects.filter(
        Q(since__gt=at - GONE_AFTER) | Q(seen_at__lt=at - WATCH_BREAKS_AFTER),
        seen_at__gt=at - _NOBODY_WATCHES,
    ).exists()


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How a queue stands. Nobody waiting has no longest wait: None."""

    queue: Queue
    waiting: int
    longest_wait: int | None
    agents_online: int
    service_level: float | None  # share of the last hour's served within the queue's target
    served: int  # of whom that is the share

    def frame(self) -> dict[str, Any]:
        return {
            "type": "queue",
            "queue": {"id": str(self.queue.uuid), "name": self.queue.name},
            "waiting": self.waiting,
            "longest_wait": self.longest_wait,
            "service_level": self.service_level,
            "served": self.served,
            "target_seconds": self.queue.target_seconds,
            "agents_online": self.agents_online,
        }


def queue_counts(queues: Sequence[Queue], *, at: datetime) -> list[QueueCount]:
    waiting = {
        row["queue_id"]: row
        for row in Conversation.objects.waiting()
        .filter(queue__in=[q.pk for q in queues])
        .values("queue_id")
        .annotate(n=Count("pk"), oldest=Min("queued_at"))
    }
    present = set(Presence.objects.filter(online(at)).values_list("agent_id", flat=True))
    members: dict[int, set[int]] = {q.pk: set() for q in queues}
    for queue_id, agent_id in Queue.members.through.objects.filter(
        queue_id__in=members
    ).values_list("queue_id", "agent_id"):
        members[queue_id].add(agent_id)
    for queue in queues:
        if queue.team_id:
            members[queue.pk] |= set(
                Agent.objects.filter(teams=queue.team_id).values_list("pk", flat=True)
            )
    levels = _service_levels(queues, at=at)
    return [
        QueueCount(
            queue=queue,
            waiting=waiting[queue.pk]["n"] if queue.pk in waiting else 0,
            longest_wait=int((at - waiting[queue.pk]["oldest"]).total_seconds())
            if queue.pk in waiting
            else None,
            agents_online=len(members[queue.pk] & present),
            service_level=levels.get(str(queue.uuid), (None, 0))[0],
            served=levels.get(str(queue.uuid), (None, 0))[1],
        )
        for queue in queues
    ]


def _service_levels(queues: Sequence[Queue], *, at: datetime) -> dict[str, tuple[float, int]]:
    """{queue's uuid: (share, of how many)}; who served nobody in the last hour is not in it."""
    targets = {str(queue.uuid): queue.target_seconds for queue in queues}
    served: dict[str, list[bool]] = {}
    for data in Event.objects.filter(
        kind="assigned", created_at__gt=at - timedelta(hours=1), created_at__lte=at
    ).values_list("data", flat=True):
        key, waited = data.get("queue"), data.get("wait_seconds")
        if key in targets and waited is not None:
            served.setdefault(key, []).append(waited <= targets[key])
    return {key: (round(sum(hits) / len(hits), 3), len(hits)) for key, hits in served.items()}


class Asked(NamedTuple):
    """What of an offer an agent is shown."""

    conversation: Conversation | Waiter
    created_at: datetime
    expires_at: datetime
    why: Mapping[str, Any]


def offer_frame(offer: Offer) -> dict[str, Any]:
    """An offer as the console shows it, with the story so far."""
    asked = Asked(offer.conversation, offer.created_at, offer.expires_at, offer.why)
    return next(offer_frames([asked]))


_HANDOFFS = """
SELECT DISTINCT ON (conversation_id) conversation_id, reason, summary FROM conversations_handoff
WHERE conversation_id = ANY(%(conversations)s::bigint[]) ORDER BY conversation_id, id DESC
"""


def offer_frames(asked: Sequence[Asked]) -> Iterator[dict[str, Any]]:
    """The frame of each; one statement for any number of them."""
    latest = rows(_HANDOFFS, {"conversations": numbers(one.conversation.pk for one in asked)})
    handoffs = {pk: (reason, summary) for pk, reason, summary in latest}
    said = {at: moment(at) for one in asked for at in (one.created_at, one.expires_at)}
    for conversation, created_at, expires_at, why in asked:
        reason, summary = handoffs.get(conversation.pk, ("", conversation.preview))
        yield {
            "type": "offer",
            "conversation": str(conversation.uuid),
            "summary": summary,
            "reason": reason,
            "customer": {
                "id": str(conversation.customer.uuid),
                "name": conversation.customer.name,
                "email": conversation.customer.email,
            },
            "queue": {"id": str(conversation.queue.uuid), "name": conversation.queue.name}
            if conversation.queue
            else None,
            "last_message": {
                "text": conversation.preview,
                "author": conversation.preview_kind,
            },
            "waiting_since": moment(conversation.waiting_since or conversation.queued_at),
            "created_at": said[created_at],
            "expires_at": said[expires_at],
            "why": {"chosen": why.get("chosen"), "rule": why.get("rule")},
        }


_OF_THE_BOT = frozenset({"bots.view_bottrace", "bots.reveal_trace"})


def me(agent: Agent) -> dict[str, Any]:
    """Who is signed in, and what they may do."""
    return {
        "id": str(agent.uuid),
        "name": agent.shown_name,
        "username": agent.username,
        "roles": list(agent.groups.order_by("name").values_list("name", flat=True)),
        "capacity": agent.capacity,
        "languages": agent.languages,
        "permissions": sorted(
            p
            for p in agent.get_all_permissions()
            if p.startswith(("conversations.", "analytics.", "satisfaction.")) or p in _OF_THE_BOT
        ),
    }


def current(key: UUID) -> Conversation:
    """A conversation as it is now; after passing it on, its last card is still an answer."""
    return Conversation.objects.select_related("inbox", "customer", "assignee", "queue").get(
        uuid=key
    )
