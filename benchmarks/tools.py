"""The agents' search, views and counters over a large house, in a scratch database.

    DATA_DIR=/tmp/tools-bench script/manage shell -c "from benchmarks.tools import main; main()"

It makes a database of its own beside the product's, fills it with conversations and messages from
a seeded generator, and measures. One JSON line a measure goes to stdout. What was filled stays, and
is measured again when it has the size that is asked for.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connection, connections

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "1000000"))
CONVERSATIONS = int(os.environ.get("BENCH_CONVERSATIONS", "100000"))
OPEN_SHARE = 0.05
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
_STEP = 20_000
_SYLLABLES = (
    "ba", "be", "bi", "bo", "ca", "ce", "co", "da", "de", "do", "fa", "fi", "ga", "go", "la", "le",
    "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "no", "pa", "pe", "po", "ra", "re", "ri", "ro",
    "sa", "se", "so", "ta", "te", "ti", "to", "va", "ve", "vi", "za", "zo",
)  # fmt: skip
_HAN = "退款换货订单物流客服地址电话付款发票优惠会员尺码颜色质量快递时间问题谢谢您好请问什么怎么可以帮我查询已经还没收到商品价格"


def vocabulary(rng: random.Random, size: int = 20_000) -> list[str]:
    words: set[str] = set()
    while len(words) < size:
        words.add("".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 4))))
    return sorted(words, key=lambda _: rng.random())


class Writer:
    """Sentences whose words are as unequal as those of people (Zipf); a fifth is Chinese."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.words = vocabulary(random.Random(1))
        self.weights = [1 / (n + 3) for n in range(len(self.words))]
        self.pool = self.rng.choices(self.words, self.weights, k=2_000_000)

    def sentence(self) -> str:
        rng = self.rng
        if rng.random() < 0.2:
            return "".join(rng.choice(_HAN) for _ in range(rng.randint(4, 30))) + "。"
        start = rng.randrange(len(self.pool) - 40)
        return " ".join(self.pool[start : start + rng.randint(3, 25)])


def fill(writer: Writer) -> None:
    """Agents, queues, conversations and messages as ten months of a house would leave them."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(
            "INSERT INTO conversations_customer (uuid, name, email, phone, language, attributes,"
            " is_blocked, created_at) SELECT gen_random_uuid(), 'Customer ' || n,"
            " 'c' || n || '@example.com', '', '', '{}', false, %s FROM generate_series(1, %s) n",
            [NOW, CONVERSATIONS],
        )
    _conversations(writer.rng)
    _messages(writer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _conversations(rng: random.Random) -> None:
    from agents.models import Agent, Queue
    from conversations.models import Conversation, Customer
    from inboxes.models import Inbox

    agents = list(Agent.objects.filter(username__startswith="bench").order_by("pk"))
    queues, inboxes = list(Queue.objects.order_by("pk")), list(Inbox.objects.order_by("pk"))
    customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    rows: list[Conversation] = []
    for n in range(CONVERSATIONS):
        opened = NOW - timedelta(days=300 * (1 - n / CONVERSATIONS))
        state = "resolved"
        if rng.random() < OPEN_SHARE:
            state = rng.choice(["bot", "queued", "assigned", "assigned", "snoozed"])
        held = state in {"assigned", "snoozed"} or (state == "resolved" and rng.random() < 0.7)
        rows.append(
            Conversation(
                inbox=rng.choice(inboxes), customer_id=customers[n], state=state,
                priority=rng.choice([0, 0, 0, 1, 2]), labels=rng.sample(["vip", "late", "new"], 1),
                assignee=rng.choice(agents) if held else None,
                queue=rng.choice(queues) if state != "bot" else None,
                queued_at=opened if state == "queued" else None,
                entered_at=opened if state == "queued" else None,
                rank_at=opened if state == "queued" else None,
                snoozed_until=NOW if state == "snoozed" else None,
                resolved_at=opened if state == "resolved" else None,
                waiting_since=opened if state == "queued" else None,
                opened_at=opened, last_message_at=opened, preview="x", preview_kind="customer",
                seq=20, offset=20,
            )
        )  # fmt: skip
        if len(rows) == _STEP:
            Conversation.objects.bulk_create(rows)
            rows.clear()
    Conversation.objects.bulk_create(rows)


def _messages(writer: Writer) -> None:
    rng = writer.rng
    from conversations.models import Conversation

    talks = list(Conversation.objects.order_by("pk").values_list("pk", "opened_at", "assignee_id"))
    each = MESSAGES // len(talks)
    done = 0
    sql = (
        'COPY conversations_message (conversation_id, client_id, seq, "offset", author_kind,'
        " author_name, agent_id, note, text, attachments, citations, suggestions, created_at)"
        " FROM STDIN"
    )
    for start in range(0, len(talks), 2000):
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            for pk, opened, agent in talks[start : start + 2000]:
                for n in range(each):
                    by_agent = bool(agent) and n % 2 == 1
                    copy.write_row(
                        (
                            pk, f"{rng.getrandbits(128):032x}", n + 1, n + 1,
                            "agent" if by_agent else "customer", "", agent if by_agent else None,
                            False, writer.sentence(), "[]", "[]", "[]",
                            opened + timedelta(seconds=40 * n),
                        )
                    )  # fmt: skip
                    done += 1
        print(f"\r{done} messages", end="", file=sys.stderr)


def measured(what: str, calls: Sequence[Callable[[], Any]], **more: Any) -> None:
    times = []
    for call in calls:
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()

    def at(share: float) -> float:
        return round(times[min(len(times) - 1, int(share * len(times)))], 1)

    line = {"what": what, "n": len(times), "p50_ms": at(0.5), "p95_ms": at(0.95),
            "max_ms": round(times[-1], 1), **more}  # fmt: skip
    print(json.dumps(line), flush=True)


def queries_of(writer: Writer, n: int) -> dict[str, list[str]]:
    """Words as they are said (so mostly frequent ones), rare ones, phrases, beginnings, Chinese."""
    rng, words = writer.rng, writer.words
    return {
        "one word as said": rng.choices(words, writer.weights, k=n),
        "one rare word": [f"{w} " for w in rng.choices(words[5000:], k=n)],
        "the most frequent words": [f"{w} " for w in rng.choices(words[:20], k=n)],
        "two words as said": [
            " ".join(rng.choices(words, writer.weights, k=2)) + " " for _ in range(n)
        ],
        "a beginning": [w[:3] + "*" for w in rng.choices(words, k=n)],
        "a phrase": ['"' + " ".join(_two(writer)) + '"' for _ in range(n)],
        "two Chinese characters": ["".join(rng.choices(_HAN, k=2)) for _ in range(n)],
        "one Chinese character": [rng.choice(_HAN) for _ in range(n)],
    }


def _two(writer: Writer) -> list[str]:
    start = writer.rng.randrange(len(writer.pool) - 2)
    return writer.pool[start : start + 2]


def index() -> None:
    from agents.actions.search_index import reindex

    start = time.perf_counter()
    done = reindex(step=lambda _: None, at=NOW)
    seconds = time.perf_counter() - start
    print(json.dumps({"what": "reindex", "messages": done, "per_second": round(done / seconds)}))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(
            "SELECT pg_size_pretty(pg_total_relation_size('agents_indexedmessage')),"
            " pg_size_pretty(pg_relation_size('indexed_message_words'))"
        )
        print(json.dumps({"what": "sizes", "table_and_indexes, gin": cursor.fetchone()}))


def measure(writer: Writer) -> None:
    from agents.access import visible_to
    from agents.models import Agent
    from agents.reads.filters import found_by
    from agents.reads.search import Wanted, customers_like, search
    from agents.reads.views import SORTS, open_counts, view_counts
    from agents.rules.conditions import parse

    manager = Agent.objects.get(username="bench-manager")
    agent = Agent.objects.get(username="bench-1")
    everything: list[Callable[[], Any]] = []
    for who in (manager, agent):
        for what, asked in queries_of(writer, 60).items():
            calls = [partial(search, Wanted(q), agent=who, cursor="", limit=20) for q in asked]
            measured(f"search: {what}", calls, who=who.username)
            everything += calls
    writer.rng.shuffle(everything)
    measured("search: all of these mixed", everything)
    known = [partial(customers_like, f"c{n}@example.com", agent=agent) for n in range(1, 400, 7)]
    measured("search: customers", known)
    for who in (manager, agent):
        name = {"who": who.username}
        measured("counters", [partial(open_counts, who)] * 50, **name, counts=open_counts(who))
        measured("count(*) of the same lists", [partial(_plain_counts, who)] * 20, **name)
        views = [_view(n) for n in range(20)]
        measured("20 views", [partial(view_counts, views, agent=who, at=NOW)] * 20, **name)
        condition = parse(views[2].conditions)
        for sort, keys in SORTS.items():
            first = partial(_first_page, partial(found_by, condition, agent=who, at=NOW), keys)
            measured(f"a view by {sort}", [first] * 20, **name, seen=visible_to(who).count())


def _view(n: int) -> Any:
    from agents.models import SavedView

    return SavedView(
        name=str(n),
        conditions={
            "all": [
                {"field": "state", "op": "is", "value": "open"},
                {"field": "priority", "op": "at_least", "value": n % 3},
                {"field": "labels", "op": "has_any", "value": ["vip", "late"][: n % 2 + 1]},
            ]
        },
    )


def _first_page(found: Callable[[], Any], keys: Any) -> None:
    from agents.keyset import page

    rows = found().select_related("inbox", "customer", "assignee", "queue")
    page(rows, keys, cursor="", limit=50)


def _plain_counts(who: Any) -> None:
    from agents.access import visible_to
    from conversations.lifecycle import OPEN

    seen = visible_to(who).filter(state__in=sorted(OPEN))
    seen.count(), seen.filter(assignee=None).count(), seen.filter(assignee=who).count()


def people() -> None:
    from django.contrib.auth.models import Group

    from agents.models import Agent, Queue
    from agents.roles import ensure_roles
    from inboxes.models import Inbox

    ensure_roles()
    for n in range(3):
        Inbox.objects.create(key=f"bench-{n}", name=f"Inbox {n}")
    agents = []
    for n in range(100):
        made = Agent.objects.create(username=f"bench-{n}", first_name=str(n))
        made.groups.add(Group.objects.get(name="agent"))
        agents.append(made)
    boss = Agent.objects.create(username="bench-manager")
    boss.groups.add(Group.objects.get(name="manager"))
    for n in range(20):
        queue = Queue.objects.create(name=f"Queue {n}")
        queue.members.set(agents[n * 5 : n * 5 + 5])


def main() -> None:
    scratch = f"bench_tools_{CONVERSATIONS}_{MESSAGES}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [scratch])
        known = bool(cursor.fetchone()[0])
        if not known:
            cursor.execute(f"CREATE DATABASE {scratch}")
    connection.close()
    settled = connections["default"].settings_dict
    settled["NAME"] = scratch
    settled["OPTIONS"].pop("pool", None)
    call_command("migrate", verbosity=0)
    writer = Writer(7)
    if not known:
        people()
        fill(writer)
        index()
    measure(Writer(8))
