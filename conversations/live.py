"""The fan-out room: what was stored, told at once to every socket that may hear it.

One Valkey channel carries everything; each web process reads it and hands the frames to its own
sockets. It may lose anything: a socket that sees a gap reads the database, and so does every
socket after Valkey came back. So this only makes things fast; it is never the only copy.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
import redis
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

CHANNEL = "contactcenter.live"
ORIGIN = uuid.uuid4().bytes  # before each announcement: who says it


class Push(NamedTuple):
    """A frame for everybody in any of some rooms.

    `number` is the frame's place in what that room counts (`seq` for customers, `offset` for
    agents, with the conversation it belongs to); None for what is not stored, such as typing.
    """

    rooms: tuple[str, ...]
    frame: dict[str, Any]
    number: int | None = None
    conversation_id: int | None = None


def customer_room(conversation_id: int) -> str:
    return f"c{conversation_id}"


def thread_room(conversation_id: int) -> str:
    """Agents who have this conversation open."""
    return f"t{conversation_id}"


def oversight_room(conversation_id: int) -> str:
    """Supervisors who have this conversation open: they hear what is said behind an agent's back."""
    return f"o{conversation_id}"


def agent_room(agent_id: int) -> str:
    """All consoles of one agent."""
    return f"a{agent_id}"


def queue_room(queue_id: int) -> str:
    """Agents who serve this queue."""
    return f"q{queue_id}"


EVERYTHING_ROOM = "all"  # agents who may see every conversation
WALL_ROOM = "wall"  # supervisors who look at the wall
VIEWING_ROOM = "viewing"  # not sockets: the processes tell each other who has what open
QUEUES_ROOM = "queues"  # not sockets: the processes recount what waits


def look_again(conversation_id: int) -> Push:
    """Whoever has it open may perhaps no longer see it: each console asks once more."""
    return Push((VIEWING_ROOM,), {"from": "", "look_again": conversation_id})


def encode(pushes: Iterable[Push]) -> list[tuple[tuple[str, ...], str, int | None, int | None]]:
    return [(p.rooms, orjson.dumps(p.frame).decode(), p.number, p.conversation_id) for p in pushes]


def payload(encoded: Sequence[tuple[Any, ...]]) -> bytes:
    return ORIGIN + orjson.dumps(encoded)


def unpack(data: bytes) -> list[tuple[Any, ...]]:
    """What another process said; nothing if it was this one, and that without reading it."""
    if data.startswith(ORIGIN):
        return []
    encoded: list[tuple[Any, ...]] = orjson.loads(data[len(ORIGIN) :])
    return encoded


@cache
def valkey() -> "redis.Redis":
    """The blocking client of this process: short time-outs, because nothing may hang on Valkey."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 1),
    )


# The web process puts its own hub here, so that what it says itself takes no detour.
local_fan_out: Callable[[Sequence[tuple[Any, ...]]], None] | None = None


def announce(pushes: Sequence[Push]) -> None:
    """Tells every web process; from any thread of any process. Never raises."""
    if not pushes:
        return
    encoded = encode(pushes)
    if local_fan_out is not None:
        local_fan_out(encoded)
    try:
        valkey().publish(CHANNEL, payload(encoded))
    except redis.RedisError as error:
        logger.warning("Not announced", extra={"error": type(error).__name__, "n": len(encoded)})


def announce_on_commit(pushes: Sequence[Push]) -> None:
    """Tells everybody once it is true."""
    transaction.on_commit(lambda: announce(pushes), robust=True)
