"""Is whoever holds an open socket still who they were? One look for all sockets of a process.

Nobody's own frames are needed for it: a socket that never speaks is looked at all the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, Q
from django.http.cookie import parse_cookie
from django.utils.crypto import constant_time_compare

from agents.access import ANSWER, SEE_ALL, SUPERVISE
from agents.authentication import agent_of_token, hash_of
from agents.models import Agent, ApiToken, Queue, Team
from agents.queries import led_by

Rights = tuple[object, ...]
"""What an agent's rooms depend on; another value means: come again."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What somebody was let in with: the hash of a token, or the key of a session."""

    agent_id: int
    token_hash: bytes = b""
    session_key: str = ""


def let_in(headers: Mapping[bytes, bytes], *, at: datetime) -> tuple[Agent, Pass] | None:
    """Whoever the bearer token or the browser's session cookie belongs to, if they may answer."""
    scheme, _, words = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    token = words.strip()
    if scheme.lower() == "bearer":
        agent = agent_of_token(token, at=at)
        entry = Pass(agent.pk, token_hash=hash_of(token)) if agent else None
    else:
        session = SessionStore(
            parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get("sessionid")
        )
        agent = _agent_of_session(session)
        entry = Pass(agent.pk, session_key=session.session_key or "") if agent else None
    if agent is None or entry is None or not agent.has_perm(ANSWER):
        return None
    return agent, entry


def _agent_of_session(session: SessionStore) -> Agent | None:
    key = session.get(SESSION_KEY)
    if not key or BACKEND_SESSION_KEY not in session:
        return None
    agent = Agent.objects.filter(pk=key, is_active=True).first()
    if agent is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), agent.get_session_auth_hash()
    ):
        return None
    return agent


def still_good(passes: Collection[Pass], *, at: datetime) -> set[Pass]:
    """Those whose token or session has neither ended nor expired."""
    tokens = set(
        ApiToken.objects.filter(
            token_hash__in={p.token_hash for p in passes if p.token_hash},
            revoked_at=None,
            expires_at__gt=at,
        ).values_list("token_hash", flat=True)
    )
    hashes = {bytes(token) for token in tokens}
    sessions = set(
        Session.objects.filter(
            pk__in={p.session_key for p in passes if p.session_key}, expire_date__gt=at
        ).values_list("pk", flat=True)
    )
    return {p for p in passes if p.token_hash in hashes or p.session_key in sessions}


def rights_of(agent_ids: Collection[int]) -> dict[int, Rights]:
    """Of the active ones among these: password, permissions and queues, to be compared later."""
    mine = Permission.objects.filter(
        Q(group__user=OuterRef("pk")) | Q(user=OuterRef("pk")),
        content_type__app_label="conversations",
        codename__in=[name.split(".")[1] for name in (ANSWER, SEE_ALL, SUPERVISE)],
    )
    # Not by joins: the members of a queue and those of its team would be multiplied.
    me = OuterRef(OuterRef("pk"))
    served = Queue.objects.filter(
        Q(pk__in=Queue.members.through.objects.filter(agent=me).values("queue"))
        | Q(team__in=Team.members.through.objects.filter(agent=me).values("team"))
        | led_by(me)
    )
    rows = (
        Agent.objects.filter(pk__in=agent_ids, is_active=True)
        .annotate(
            may=ArraySubquery(mine.order_by("pk").values("pk").distinct()),
            serves=ArraySubquery(served.order_by("pk").values("pk").distinct()),
        )
        .values_list("pk", "password", "is_superuser", "may", "serves")
    )
    return {row[0]: (row[1], row[2], tuple(row[3]), tuple(row[4])) for row in rows}
