"""Search over everything that was said, within what an agent may see.

Matches are taken newest first, a thousand at a time; within a thousand the better match comes
first, where being e times better is worth being a week newer. So a page costs the same whether a
word was said ten times or half a million times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef

from agents import keyset
from agents.access import SEE_ALL, SUPERVISE, visible_to
from agents.confidential import whispers_kept_from
from agents.models import Agent
from agents.rules.search_words import Term, as_query, highlights, terms_of
from conversations.errors import BadWords, Refused
from conversations.models import Conversation, Customer, Message

_WINDOW, _WINDOWS = 1000, 5
_CUSTOMERS, _CUSTOMERS_READ = 5, 200
_PATIENCE_MS = 4000
_START = (datetime(9999, 1, 1, tzinfo=UTC), keyset.LARGEST)
_BEST = 1e9

_FIND = """
SELECT message_id, conversation_id, created_at,
    ln(0.001 + ts_rank_cd(words, %(query)s::tsquery, 1))
        + extract(epoch FROM created_at) / 604800.0 AS score
FROM agents_indexedmessage
WHERE words @@ %(query)s::tsquery AND (created_at, message_id) <= (%(top_at)s, %(top_id)s)
    {filters}
ORDER BY created_at DESC, message_id DESC
LIMIT %(window)s
"""
_FIND_CUSTOMERS = """
SELECT customer_id FROM agents_indexedcustomer WHERE words @@ %(query)s::tsquery
ORDER BY customer_id DESC LIMIT %(limit)s
"""


class TooBroad(Refused):
    code = "too_broad"
    http_status = 400


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for, and where."""

    query: str
    inbox_id: int | None = None
    agent_id: int | None = None
    conversation_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `highlights` are [start, end) in characters of its text."""

    message: Message
    highlights: Sequence[tuple[int, int]]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    hits: Sequence[Hit]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Match:
    message_id: int
    conversation_id: int
    created_at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a reader came: the window they are in, and the last match they saw of it."""

    top: tuple[datetime, int] = _START
    score: float = _BEST
    message_id: int = keyset.LARGEST

    def packed(self) -> str:
        return keyset.pack([*self.top, self.score, self.message_id])


def terms_in(query: str) -> Sequence[Term]:
    """Raises BadWords if there is no word in it."""
    terms = terms_of(query)
    if not terms:
        raise BadWords("Say at least one word to search for.")
    return terms


def search(wanted: Wanted, *, agent: Agent, cursor: str, limit: int) -> Found:
    """One page of messages. A page may be short, even empty, while `next` says there is more."""
    terms = terms_in(wanted.query)
    place = _place(cursor)
    matches: list[_Match] = []
    following: str | None = None
    for _ in range(_WINDOWS):
        window = _window(wanted, terms, place)
        seen = _visible(window, agent)
        ranked = sorted(seen, key=lambda m: (m.score, m.message_id), reverse=True)
        left = [m for m in ranked if (m.score, m.message_id) < (place.score, place.message_id)]
        room = limit - len(matches)
        matches += left[:room]
        top = place.top if place.top != _START or not window else _top_of(window)
        if len(left) > room:
            last = left[room - 1]
            following = _Place(top, last.score, last.message_id).packed()
            break
        if len(window) < _WINDOW:
            following = None
            break
        place = _Place(_below(window))
        following = place.packed()
        if len(matches) == limit:
            break
    return Found(_hits(matches, terms), following)


def _place(cursor: str) -> _Place:
    if not cursor:
        return _Place()
    at, top_id, score, message_id = keyset.unpack(cursor, [datetime, int, float, int])
    return _Place((at, top_id), score, message_id)


def _window(wanted: Wanted, terms: Sequence[Term], place: _Place) -> list[_Match]:
    filters = {
        "inbox_id = %(inbox_id)s": wanted.inbox_id,
        "agent_id = %(agent_id)s": wanted.agent_id,
        "conversation_id = %(conversation_id)s": wanted.conversation_id,
        "created_at >= %(since)s": wanted.since,
        "created_at < %(until)s": wanted.until,
    }
    said = " ".join(f"AND {sql}" for sql, value in filters.items() if value is not None)
    values = {
        "query": as_query(terms),
        "top_at": place.top[0],
        "top_id": place.top[1],
        "window": _WINDOW,
        "inbox_id": wanted.inbox_id,
        "agent_id": wanted.agent_id,
        "conversation_id": wanted.conversation_id,
        "since": wanted.since,
        "until": wanted.until,
    }
    return [_Match(*row) for row in _rows(_FIND.format(filters=said), values)]


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {_PATIENCE_MS}")
            cursor.execute(statement, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            cursor.execute("SET LOCAL statement_timeout = 0")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":  # the statement took too long
            raise
        raise TooBroad("That is too much to look through; add a word or a time.") from error
    return rows


def _top_of(window: Sequence[_Match]) -> tuple[datetime, int]:
    return window[0].created_at, window[0].message_id


def _below(window: Sequence[_Match]) -> tuple[datetime, int]:
    return window[-1].created_at, window[-1].message_id - 1


def _visible(window: Sequence[_Match], agent: Agent) -> list[_Match]:
    """Of the conversations that they may see, without what was whispered to others."""
    if not window:
        return []
    kept = Message.objects.filter(
        whispers_kept_from(agent), pk__in=[match.message_id for match in window]
    )
    unread = set(kept.values_list("pk", flat=True)) if not agent.has_perm(SUPERVISE) else set()
    found = [match for match in window if match.message_id not in unread]
    if agent.has_perm(SEE_ALL):
        return found
    ids = {match.conversation_id for match in found}
    seen = set(visible_to(agent).filter(pk__in=ids).values_list("pk", flat=True))
    return [match for match in found if match.conversation_id in seen]


def _hits(matches: Sequence[_Match], terms: Sequence[Term]) -> list[Hit]:
    messages = Message.objects.select_related("conversation__customer", "conversation__inbox")
    found = messages.in_bulk([match.message_id for match in matches])
    return [
        Hit(message, highlights(message.text, terms), round(match.score, 4))
        for match in matches
        if (message := found.get(match.message_id)) is not None
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """A customer whose name or address was searched for, with their latest conversations."""

    customer: Customer
    conversations: Sequence[Conversation]


def customers_like(query: str, *, agent: Agent) -> list[Known]:
    """The newest customers that fit and of whom this agent may see something."""
    words = {"query": as_query(terms_in(query)), "limit": _CUSTOMERS_READ}
    ids = [row[0] for row in _rows(_FIND_CUSTOMERS, words)]
    theirs = visible_to(agent).filter(customer=OuterRef("pk"))
    found = list(Customer.objects.filter(Exists(theirs), pk__in=ids).order_by("-pk")[:_CUSTOMERS])
    talks = visible_to(agent).filter(customer__in=found).order_by("-last_message_at", "-pk")
    each: dict[int, list[Conversation]] = {}
    for conversation in talks[:200]:
        each.setdefault(conversation.customer_id, []).append(conversation)
    return [Known(customer, each.get(customer.pk, [])[:5]) for customer in found]
