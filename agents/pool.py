"""Reads for routing: who could be asked, what waits, and what is known about both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from agents.loads import loads_of
from agents.models import Agent, AgentSkill, Assignment, Offer, Presence, Queue
from agents.policies import PolicyBook
from agents.queries import online, serving
from agents.routing import Candidate, Work
from agents.rules import BadRule, Need, Rules, need
from conversations.models import Conversation

_OPEN_PER_CAPACITY = 2  # unless the rule `open_limit` says otherwise


def pool_of(
    queue: Queue, book: PolicyBook, *, at: datetime, only: Collection[int] | None = None
) -> list[Candidate]:
    """Everybody who is online and serves this queue, with all that sets them apart.

    Six statements, whatever the number of agents; `only` narrows it to some of them.
    """
    present = serving(queue).filter(presence__in=Presence.objects.filter(online(at)))
    if only is not None:
        present = present.filter(pk__in=only)
    return candidates_from(present, queue, book, at=at)


class _Person(NamedTuple):
    """What of an agent's row and presence routing looks at: hundreds are read for one decision."""

    pk: int
    uuid: UUID
    display_name: str
    first_name: str
    username: str
    capacity: int
    languages: list[str]
    since: datetime
    freed_at: datetime | None
    offered_at: datetime | None

    @property
    def name(self) -> str:
        return self.display_name or self.first_name or self.username


_COLUMNS = (
    "pk", "uuid", "display_name", "first_name", "username", "capacity", "languages",
    "presence__since", "presence__freed_at", "presence__last_offered_at",
)  # fmt: skip


def candidates_from(
    agents: QuerySet[Agent], queue: Queue | None, book: PolicyBook, *, at: datetime
) -> list[Candidate]:
    """Agents who have a presence, with all that sets them apart."""
    rows = [_Person(*row) for row in agents.order_by("pk").values_list(*_COLUMNS)]
    ids = [row.pk for row in rows]
    everywhere = book.for_queue(queue)
    loads = loads_of(ids, at=at, weights=everywhere.weights, stale_after=everywhere.stale_after)
    skills = _skills_of(ids)
    rules = {pk: book.for_agent(pk, queue=queue) for pk in ids}
    recent = _recent_offers(rules, at=at)
    return [
        Candidate(
            agent_id=row.pk,
            key=str(row.uuid),
            name=row.name,
            capacity=row.capacity,
            load=loads[row.pk].active,
            open=loads[row.pk].open,
            open_limit=rules[row.pk].open_limit or row.capacity * _OPEN_PER_CAPACITY,
            by_channel=loads[row.pk].by_channel,
            channel_limits=rules[row.pk].channel_capacity,
            idle_seconds=_since(row.freed_at or row.since, at),
            since_offer=_since(row.offered_at or row.since, at),
            languages=frozenset(str(code).lower().split("-")[0] for code in row.languages),
            skills=skills.get(row.pk, {}),
            recent=recent.get(row.pk, 0),
            most_recent=(cap.most if (cap := rules[row.pk].fairness) else None),
        )
        for row in rows
    ]


def _since(moment: datetime, at: datetime) -> float:
    return (at - moment).total_seconds()


def _skills_of(agent_ids: Collection[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = AgentSkill.objects.filter(agent__in=agent_ids)
    for agent_id, name, level in rows.values_list("agent_id", "skill__name", "level"):
        found.setdefault(agent_id, {})[name] = level
    return found


def _recent_offers(rules: dict[int, Rules], *, at: datetime) -> dict[int, int]:
    """{agent: offers within their fairness window}, in one statement for each window in use."""
    windows: dict[int, list[int]] = {}
    for agent_id, theirs in rules.items():
        if theirs.fairness:
            windows.setdefault(theirs.fairness.seconds, []).append(agent_id)
    counts: dict[int, int] = {}
    for seconds, ids in windows.items():
        since = Offer.objects.filter(agent__in=ids, created_at__gt=at - timedelta(seconds=seconds))
        rows = since.exclude(outcome=Offer.Outcome.WITHDRAWN).values("agent_id")
        counts |= {row["agent_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    return counts


def works_of(
    conversations: Sequence[Conversation], rules: Rules, *, at: datetime
) -> dict[int, Work]:
    """{conversation: what routing needs to know of it}."""
    ids = [c.pk for c in conversations]
    refused: dict[int, set[int]] = {}
    said_no = Offer.objects.filter(
        Q(outcome=Offer.Outcome.DECLINED) | Q(outcome=Offer.Outcome.MISSED),
        conversation__in=ids,
        ended_at__gt=at - timedelta(seconds=rules.refused_seconds),
    )
    for conversation_id, agent_id in said_no.values_list("conversation_id", "agent_id"):
        refused.setdefault(conversation_id, set()).add(agent_id)
    last = _last_agents(conversations, rules, at=at)
    return {
        c.pk: Work(
            conversation_id=c.pk,
            key=f"{c.uuid}:{c.bot_run}",
            language=c.language.split("-")[0].lower(),
            channel=c.inbox.kind,
            weight=rules.weights.get(c.inbox.kind, 1.0),
            waited=_since(c.queued_at or at, at),
            needs=_needs(c),
            refused=frozenset(refused.get(c.pk, ())),
            last_agent=last.get(c.customer_id),
            owner=c.customer.owner_id,
            hinted=c.hinted_id,
        )
        for c in conversations
    }


def _needs(conversation: Conversation) -> tuple[Need, ...]:
    try:
        return tuple(need(one) for one in conversation.needs)
    except BadRule:
        return ()


def _last_agents(
    conversations: Sequence[Conversation], rules: Rules, *, at: datetime
) -> dict[int, int]:
    """{customer: who served them last}, if customers stick to agents here."""
    if rules.sticky is None:
        return {}
    rows = (
        Assignment.objects.filter(
            conversation__customer__in={c.customer_id for c in conversations},
            started_at__gt=at - timedelta(days=rules.sticky.days),
        )
        .annotate(customer=F("conversation__customer"))
        .order_by("customer", "-started_at")
        .distinct("customer")
        .values_list("customer", "agent_id")
    )
    return dict(rows)
