"""Many agents with skills and many who wait, in a database of their own; and processes that route.

    python -m benchmarks.load.desks fill AGENTS WAITING
    python -m benchmarks.load.desks work SEED
    python -m benchmarks.load.desks watch on|off
    python -m benchmarks.load.desks audit

`ours` claims by the product's own code. `bare` is what any program would have to do for the same claims, in
plain SQL without a decision: in one transaction, for as many conversations, it locks the first ones that
wait and nobody else is looking at; locks agents chosen at random, in the order of their ids; counts under
these locks what each of them has; and for whom there is room, moves the conversations, writes an offer and
a line of the log for each, and notes when the agents were last asked. Five statements, each parsed and
planned once. It reads nothing else, chooses and explains nothing, and tells nobody.

Both give back as many as they took after each pass, so that the queues stay as long; that takes the same
time for both and is not counted as claiming. A process that works says "ready" and then, for each line
{"way", "seconds", "count"} that it reads, claims for so long, or so many in all its passes, and prints
{"claims", "claiming", "cpu", "seconds", "passes"}: `claiming` is the time in its claims, `cpu` what they
cost the process and its server in PostgreSQL together, which other programs' work does not change much.
While it is `watch`ed, the database itself notes every claim that left an agent with more than they can
hold; `audit` says how many.
"""

import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
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
SELECT id FROM conversations_conversation WHERE state = 'queued' AND queue_id = %(queue)s
ORDER BY rank_at, id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
"""
_LOCK = """
SELECT id FROM agents_agent WHERE id = ANY(%(agents)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""
_COUNT = """
SELECT agent_id, count(*) FROM (
    SELECT agent_id FROM agents_offer WHERE ended_at IS NULL AND agent_id = ANY(%(agents)s::bigint[])
    UNION ALL
    SELECT agent_id FROM agents_assignment
    WHERE ended_at IS NULL AND agent_id = ANY(%(agents)s::bigint[])
) held GROUP BY 1
"""
_MOVE = """
WITH moved AS (
    UPDATE conversations_conversation c SET state = 'offered', "offset" = c."offset" + 1
    FROM unnest(%(talks)s::bigint[], %(agents)s::bigint[]) AS w (talk, agent) WHERE c.id = w.talk
    RETURNING c.id, c."offset", w.agent
)
INSERT INTO conversations_event (conversation_id, "offset", kind, actor_kind, data, created_at)
SELECT id, "offset", 'offered', 'system', jsonb_build_object('agent', agent), %(at)s::timestamptz
FROM moved
"""
_OFFER = """
WITH noted AS (
    UPDATE agents_presence SET last_offered_at = %(at)s::timestamptz
    WHERE agent_id = ANY(%(agents)s::bigint[])
)
INSERT INTO agents_offer (uuid, conversation_id, agent_id, created_at, expires_at, outcome, why)
SELECT gen_random_uuid(), talk, agent, %(at)s::timestamptz,
    %(at)s::timestamptz + interval '20 seconds', '', '{}'
FROM unnest(%(talks)s::bigint[], %(agents)s::bigint[]) AS w (talk, agent)
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
        case ["work", seed]:
            print("ready", flush=True)
            for line in sys.stdin:
                print(json.dumps(work(seed=int(seed), **json.loads(line))), flush=True)
        case ["watch", on]:
            watch(on)
        case ["audit"]:
            print(json.dumps(audit()))
        case _:
            sys.exit(str(__doc__))


def fill(
    agents: int, waiting: int, *, capacity: int = CAPACITY, status: str = "online"
) -> list[Any]:
    """A tenth of the queues asks for skills, in steps that relax. Answers the agents."""
    from django.db import connection

    from agents.models import Agent, AgentSkill, Policy, Presence, Queue, Skill

    rng, at = random.Random(7), datetime.now(UTC)
    queues = Queue.objects.bulk_create([Queue(name=f"Queue {n}") for n in range(QUEUES)])
    skills = [Skill.objects.get_or_create(name=name)[0] for name in SKILLS]
    people = Agent.objects.bulk_create(
        [
            Agent(username=f"desk-{n}", first_name=f"Desk {n}", capacity=capacity,
                  languages=rng.choice([[], ["en"], ["en", "zh"], ["de", "en"]]))
            for n in range(agents)
        ]
    )  # fmt: skip
    Presence.objects.bulk_create(
        [Presence(agent=a, status=status, since=at, seen_at=at + FOREVER) for a in people]
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
    return people


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
                opened_at=since, last_message_at=since, told_nobody=True,
                language=rng.choice(["en", "zh", "de"]),
            )
        )  # fmt: skip
    Conversation.objects.bulk_create(rows, batch_size=2_000)


def work(way: str, *, seed: int, seconds: float, count: int) -> dict[str, float]:
    from django.db import connection

    from agents.models import Queue

    rng = random.Random(seed)
    queues = list(Queue.objects.filter(name__startswith="Queue ").values_list("pk", flat=True))
    members: dict[int, list[int]] = {pk: [] for pk in queues}
    pairs = Queue.members.through.objects.filter(queue__in=queues)
    for queue_id, agent_id in pairs.values_list("queue_id", "agent_id"):
        members[queue_id].append(agent_id)
    cpu = Cpu()
    began, claims, passes, claiming, cost = time.perf_counter(), 0, 0, 0.0, 0.0
    while time.perf_counter() - began < seconds and claims < count:
        queue = rng.choice(queues)
        started, spent = time.perf_counter(), cpu.seconds()
        claims += _ours(queue) if way == "ours" else _bare(queue, members[queue], rng)
        claiming += time.perf_counter() - started
        cost += cpu.seconds() - spent
        passes += 1
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"at": datetime.now(UTC), "queue": queue, "most": TOGETHER}
            cursor.execute(_TURN_OVER, values)
    seconds = time.perf_counter() - began
    return {
        "claims": claims, "claiming": claiming, "cpu": cost, "seconds": seconds, "passes": passes,
    }  # fmt: skip


class Cpu:
    """What this process and its server in PostgreSQL have computed so far."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def seconds(self) -> float:
        return time.process_time() + int(self._server.read_text().split()[0]) / 1e9


def _ours(queue: int) -> int:
    from agents.actions.route import route_waiting

    return route_waiting(queue_id=queue, at=datetime.now(UTC), most=TOGETHER)


def _bare(queue: int, members: list[int], rng: random.Random) -> int:
    from django.db import transaction

    from conversations.prepared import prepared, rows

    with transaction.atomic():
        found = rows(_CLAIM, {"queue": queue, "most": TOGETHER})
        agents = [rng.choice(members) for _ in found]
        rows(_LOCK, {"agents": list(set(agents))})
        held = dict(rows(_COUNT, {"agents": list(set(agents))}))
        pairs = []
        for (talk,), agent in zip(found, agents, strict=True):
            held[agent] = held.get(agent, 0) + 1
            if held[agent] <= CAPACITY:
                pairs.append((talk, agent))
        values: dict[str, Any] = {
            "talks": [talk for talk, _ in pairs],
            "agents": [agent for _, agent in pairs],
            "at": datetime.now(UTC),
        }
        with prepared() as cursor:
            cursor.execute(_MOVE, values)
            cursor.execute(_OFFER, values)
    return len(pairs)


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
