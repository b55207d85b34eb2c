"""Many agents with skills and many who wait, in a database of their own; and processes that route.

    python -m benchmarks.load.desks fill AGENTS WAITING
    python -m benchmarks.load.desks ours|bare SEED SECONDS COUNT
    python -m benchmarks.load.desks watch on|off
    python -m benchmarks.load.desks audit

`ours` claims by the product's own code, `bare` by the same row locks in plain SQL; both give back as
many as they took, so that the queues stay as long. A process stops after SECONDS or, over all its
passes, COUNT claims, and prints {"claims", "seconds", "passes"}. While it is `watch`ed, the database
itself notes every claim that left an agent with more than they can hold; `audit` says how many.
"""

import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

QUEUES, CAPACITY, TOGETHER = 10, 4, 50
SKILLS = ("billing", "returns", "french", "german", "chinese", "technical", "tents", "boats")
FOREVER = timedelta(days=365)

# The world goes on: as many offers as were just made are accepted and over, and somebody new waits.
_TURN_OVER = """
WITH over AS (
    UPDATE agents_offer SET ended_at = %(at)s, outcome = 'accepted' WHERE id IN (
        SELECT o.id FROM agents_offer o JOIN conversations_conversation c ON c.id = o.conversation_id
        WHERE o.ended_at IS NULL AND c.queue_id = %(queue)s
        LIMIT %(most)s FOR UPDATE OF o SKIP LOCKED
    ) RETURNING conversation_id
)
UPDATE conversations_conversation c SET state = 'queued', queued_at = %(at)s, rank_at = %(at)s
FROM over WHERE c.id = over.conversation_id
"""
_CLAIM = """
SELECT id FROM conversations_conversation WHERE state = 'queued' AND queue_id = %s
ORDER BY rank_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
_LOCK = "SELECT id FROM agents_agent WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_MOVE = """
WITH wanted AS (SELECT * FROM unnest(%(talks)s::bigint[], %(agents)s::bigint[]) w (talk, agent)),
moved AS (
    UPDATE conversations_conversation c SET state = 'offered', "offset" = c."offset" + 1
    FROM wanted w WHERE c.id = w.talk RETURNING c.id, c."offset"
), offered AS (
    INSERT INTO agents_offer (uuid, conversation_id, agent_id, created_at, expires_at, outcome, why)
    SELECT gen_random_uuid(), talk, agent, %(at)s, %(at)s + interval '20 seconds', '', '{}' FROM wanted
)
INSERT INTO conversations_event (conversation_id, "offset", kind, actor_kind, data, created_at)
SELECT id, "offset", 'offered', 'system', '{}', %(at)s FROM moved
"""
# Looked at by the database itself after every claim, inside its transaction: whoever claims for an
# agent holds that agent's lock until the commit, so what is counted there is what is true.
_WATCH = """
CREATE TABLE watched (agent_id bigint, held int, capacity int);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO watched SELECT o.agent_id, count(*), a.capacity
    FROM agents_offer o JOIN agents_agent a ON a.id = o.agent_id
    WHERE o.ended_at IS NULL AND o.agent_id IN (SELECT agent_id FROM made)
    GROUP BY 1, 3 HAVING count(*) > a.capacity;
    RETURN NULL;
END $$;
CREATE TRIGGER watch AFTER INSERT ON agents_offer REFERENCING NEW TABLE AS made
FOR EACH STATEMENT EXECUTE FUNCTION watch();
"""
_UNWATCHED = "ALTER TABLE agents_offer DISABLE TRIGGER watch"
_WATCHED = "ALTER TABLE agents_offer ENABLE TRIGGER watch"
_WITH_TWO = """
SELECT count(*) FROM (
    SELECT conversation_id FROM agents_offer WHERE ended_at IS NULL
    GROUP BY 1 HAVING count(*) > 1
) twice
"""


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    import django

    django.setup()
    match arguments:
        case ["fill", agents, waiting]:
            fill(int(agents), int(waiting))
        case ["ours" | "bare" as way, seed, seconds, count]:
            print(json.dumps(work(way, int(seed), float(seconds), int(count))))
        case ["watch", on]:
            watch(on)
        case ["audit"]:
            print(json.dumps(audit()))
        case _:
            sys.exit(str(__doc__))


def fill(agents: int, waiting: int) -> None:
    """A tenth of the queues asks for skills, in steps that relax."""
    from django.db import connection

    from agents.models import Agent, AgentSkill, Policy, Presence, Queue, Skill

    rng, at = random.Random(7), datetime.now(UTC)
    queues = Queue.objects.bulk_create([Queue(name=f"Queue {n}") for n in range(QUEUES)])
    skills = Skill.objects.bulk_create([Skill(name=name) for name in SKILLS])
    people = Agent.objects.bulk_create(
        [
            Agent(username=f"desk-{n}", first_name=f"Desk {n}", capacity=CAPACITY,
                  languages=rng.choice([[], ["en"], ["en", "zh"], ["de", "en"]]))
            for n in range(agents)
        ]
    )  # fmt: skip
    Presence.objects.bulk_create(
        [Presence(agent=a, status="online", since=at, seen_at=at + FOREVER) for a in people]
    )
    AgentSkill.objects.bulk_create(
        [
            AgentSkill(agent=a, skill=skill, level=rng.randint(1, 5))
            for a in people
            for skill in rng.sample(skills, 3)
        ]
    )
    serving = Queue.members.through
    serving.objects.bulk_create(
        [
            serving(queue_id=queue.pk, agent_id=a.pk)
            for a in people
            for queue in rng.sample(queues, 2)
        ]
    )
    steps = [{"any": [{"skill": "billing", "level": 3}], "seconds": 30}, {"seconds": 30}]
    for queue in queues[:3]:
        Policy.objects.create(rule="skills", value=steps, queue=queue)
    _wait(queues, waiting, rng, at)
    with connection.cursor() as cursor:
        cursor.execute(_WATCH)


def _wait(queues: Any, waiting: int, rng: random.Random, at: datetime) -> None:
    from conversations.models import Conversation, Customer
    from inboxes.models import Inbox

    inbox, _ = Inbox.objects.get_or_create(key="desks", defaults={"name": "Desks"})
    customers = Customer.objects.bulk_create(
        [Customer(name=f"Waiting {n}", created_at=at) for n in range(waiting)]
    )
    rows = []
    for customer in customers:
        since = at - timedelta(seconds=rng.random() * 600)
        rows.append(
            Conversation(
                inbox=inbox, customer=customer, queue=rng.choice(queues), state="queued",
                queued_at=since, entered_at=since, rank_at=since, waiting_since=since,
                opened_at=since, last_message_at=since, language=rng.choice(["en", "zh", "de"]),
            )
        )  # fmt: skip
    Conversation.objects.bulk_create(rows, batch_size=2_000)


def work(way: str, seed: int, seconds: float, count: int) -> dict[str, float]:
    from django.db import connection

    from agents.models import Queue

    rng = random.Random(seed)
    queues = list(Queue.objects.filter(name__startswith="Queue ").values_list("pk", flat=True))
    members: dict[int, list[int]] = {pk: [] for pk in queues}
    pairs = Queue.members.through.objects.filter(queue__in=queues)
    for queue_id, agent_id in pairs.values_list("queue_id", "agent_id"):
        members[queue_id].append(agent_id)
    began, claims, passes = time.perf_counter(), 0, 0
    while time.perf_counter() - began < seconds and claims < count:
        queue = rng.choice(queues)
        claims += _ours(queue) if way == "ours" else _bare(queue, members[queue], rng)
        passes += 1
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"at": datetime.now(UTC), "queue": queue, "most": TOGETHER}
            cursor.execute(_TURN_OVER, values)
    return {"claims": claims, "seconds": time.perf_counter() - began, "passes": passes}


def _ours(queue: int) -> int:
    from agents.actions.route import route_waiting

    return route_waiting(queue_id=queue, at=datetime.now(UTC), most=TOGETHER)


def _bare(queue: int, members: list[int], rng: random.Random) -> int:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [queue, TOGETHER])
        talks = [pk for (pk,) in cursor.fetchall()]
        agents = [rng.choice(members) for _ in talks]
        cursor.execute(_LOCK, [sorted(set(agents))])
        cursor.execute(_MOVE, {"talks": talks, "agents": agents, "at": datetime.now(UTC)})
    return len(talks)


def audit() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(held), 0) FROM watched")
        overfilled, most = cursor.fetchone()
        cursor.execute(_WITH_TWO)
        (twice,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM agents_offer")
        (claims,) = cursor.fetchone()
    return {"claims": claims, "overfilled": overfilled, "most_held": most, "with_two": twice}


def watch(on: str) -> None:
    """The watching costs time itself, so it is on only when promises are looked at."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_WATCHED if on == "on" else _UNWATCHED)


if __name__ == "__main__":
    main(sys.argv[1:])
