"""Reads for routing: who could be asked, what waits, and what is known about both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db.models import F

from agents.models import Assignment, Queue
from agents.queries import GONE_AFTER
from agents.reads.loads import inbox_named, load_rules, loads_of
from agents.reads.policies import PolicyBook
from agents.rules.candidates import Candidate, Work
from agents.rules.registry import Rules
from agents.rules.shapes import Need
from agents.rules.values import BadRule, need
from conversations.actions.waiting import Glance
from conversations.models import Conversation
from conversations.prepared import numbers, rows
from conversations.waiters import Waiter

_OPEN_PER_CAPACITY = 2  # unless the rule `open_limit` says otherwise

_ONLINE_HERE = """
SELECT a.id, a.uuid::text, a.capacity, a.languages::text,
    coalesce(nullif(a.display_name, ''), nullif(a.first_name, ''), a.username),
    extract(epoch FROM %(at)s::timestamptz - coalesce(p.freed_at, p.since))::float8,
    extract(epoch FROM %(at)s::timestamptz - coalesce(p.last_offered_at, p.since))::float8
FROM agents_agent a JOIN agents_presence p ON p.agent_id = a.id
WHERE a.is_active AND p.status = 'online' AND p.seen_at > %(seen_after)s::timestamptz
    AND a.id IN (
        SELECT agent_id FROM agents_queue_members WHERE queue_id = %(queue)s
        UNION ALL SELECT agent_id FROM agents_team_members WHERE team_id = %(team)s
    )
    AND (%(only)s::bigint[] IS NULL OR a.id = ANY(%(only)s::bigint[]))
ORDER BY a.id
"""
_BY_ID = _ONLINE_HERE.partition("WHERE")[0] + "WHERE a.id = %(agent)s"
_SKILLS = """
SELECT h.agent_id, s.name, h.level FROM agents_agentskill h JOIN agents_skill s ON s.id = h.skill_id
WHERE h.agent_id = ANY(%(agents)s::bigint[])
"""
_RECENT = """
SELECT agent_id, count(*) FROM agents_offer
WHERE agent_id = ANY(%(agents)s::bigint[]) AND created_at > %(since)s::timestamptz
    AND outcome <> 'withdrawn'
GROUP BY agent_id
"""
_SAID_NO = """
SELECT conversation_id, agent_id FROM agents_offer
WHERE conversation_id = ANY(%(conversations)s::bigint[]) AND outcome IN ('declined', 'missed')
    AND ended_at > %(since)s::timestamptz
"""


def pool_of(
    queue: Queue, book: PolicyBook, *, at: datetime, only: Collection[int] | None = None
) -> list[Candidate]:
    """Everybody who is online and serves this queue, with all that sets them apart.

    A few statements, whatever the number of agents; `only` narrows it to some of them.
    """
    here = {
        "at": at,
        "seen_after": at - GONE_AFTER,
        "queue": queue.pk,
        "team": queue.team_id,
        "only": None if only is None else numbers(only),
    }
    return _candidates([_Person(*row) for row in rows(_ONLINE_HERE, here)], queue, book, at=at)


def candidate_of(
    agent_id: int, queue: Queue | None, book: PolicyBook, *, at: datetime
) -> Candidate:
    """One agent who has a presence, whether or not they are here."""
    (row,) = rows(_BY_ID, {"at": at, "agent": agent_id})
    return _candidates([_Person(*row)], queue, book, at=at)[0]


class _Person(NamedTuple):
    """What of an agent's row and presence routing looks at: hundreds are read for one decision."""

    pk: int
    key: str
    capacity: int
    languages: str
    name: str
    idle_seconds: float
    since_offer: float


def _candidates(
    people: Sequence[_Person], queue: Queue | None, book: PolicyBook, *, at: datetime
) -> list[Candidate]:
    ids = [person.pk for person in people]
    everywhere = book.for_queue(queue)
    loads = loads_of(ids, at=at, **load_rules(everywhere))
    skills = _skills_of(ids)
    own = {pk: book.for_agent(pk, queue=queue) for pk in ids if book.has_own(pk)}
    rules = {pk: own.get(pk, everywhere) for pk in ids}
    recent = _recent_offers(rules, at=at)
    return [
        Candidate(
            agent_id=pk,
            key=key,
            name=name,
            capacity=capacity,
            load=loads[pk].active,
            open=loads[pk].open,
            open_limit=rules[pk].open_limit or capacity * _OPEN_PER_CAPACITY,
            held=loads[pk].held,
            limits=rules[pk].channel_capacity,
            idle_seconds=idle_seconds,
            since_offer=since_offer,
            languages=_spoken(languages),
            skills=skills.get(pk, {}),
            recent=recent.get(pk, 0),
            most_recent=(cap.most if (cap := rules[pk].fairness) else None),
        )
        for pk, key, capacity, languages, name, idle_seconds, since_offer in people
    ]


@lru_cache(maxsize=1_000)
def _spoken(languages: str) -> frozenset[str]:
    """`["en-GB", "zh"]`, as it is stored, as what routing compares."""
    return frozenset(str(code).lower().split("-")[0] for code in orjson.loads(languages))


def _skills_of(agent_ids: Collection[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for agent_id, name, level in rows(_SKILLS, {"agents": numbers(agent_ids)}):
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
        counts |= dict(
            rows(_RECENT, {"agents": numbers(ids), "since": at - timedelta(seconds=seconds)})
        )
    return counts


def works_of(
    conversations: Sequence[Conversation | Waiter], rules: Rules, *, at: datetime
) -> dict[int, Work]:
    """{conversation: what routing needs to know of it}."""
    ids = [c.pk for c in conversations]
    refused: dict[int, set[int]] = {}
    since = at - timedelta(seconds=rules.refused_seconds)
    for conversation_id, agent_id in rows(
        _SAID_NO, {"conversations": numbers(ids), "since": since}
    ):
        refused.setdefault(conversation_id, set()).add(agent_id)
    last = _last_agents(conversations, rules, at=at)
    return {
        c.pk: Work(
            conversation_id=c.pk,
            key=f"{c.uuid}:{c.bot_run}",
            language=_tongue(c.language),
            channel=c.inbox.kind,
            inbox=inbox_named(c.inbox.key),
            weight=rules.weights.get(c.inbox.kind, 1.0),
            waited=(at - (c.queued_at or at)).total_seconds(),
            needs=_needs(c.needs),
            refused=frozenset(refused.get(c.pk, ())),
            last_agent=last.get(c.customer_id),
            owner=c.customer.owner_id,
            hinted=c.hinted_id,
        )
        for c in conversations
    }


def outline(glance: Glance, rules: Rules, *, at: datetime) -> Work:
    """Of a conversation only what all others of its kind have, too."""
    return Work(
        conversation_id=glance.pk,
        key="",
        language=_tongue(glance.language),
        channel=glance.channel,
        inbox=inbox_named(glance.inbox),
        weight=rules.weights.get(glance.channel, 1.0),
        waited=(at - glance.queued_at).total_seconds(),
        needs=_needs(glance.needs),
    )


def _tongue(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


def _needs(stored: Sequence[Any]) -> tuple[Need, ...]:
    try:
        return tuple(need(one) for one in stored)
    except BadRule:
        return ()


def _last_agents(
    conversations: Sequence[Conversation | Waiter], rules: Rules, *, at: datetime
) -> dict[int, int]:
    """{customer: who served them last}, if customers stick to agents here."""
    if rules.sticky is None:
        return {}
    served = (
        Assignment.objects.filter(
            conversation__customer__in={c.customer_id for c in conversations},
            started_at__gt=at - timedelta(days=rules.sticky.days),
        )
        .annotate(customer=F("conversation__customer"))
        .order_by("customer", "-started_at")
        .distinct("customer")
        .values_list("customer", "agent_id")
    )
    return dict(served)
