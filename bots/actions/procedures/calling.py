"""One call of a business: written down, sent under one key, and never done twice."""

from __future__ import annotations

import json
import logging
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid5

from django.db import connection as database

from bots.models import ActionCall, Connection, ProcedureRun
from bots.privacy.sealing import BadSeal
from bots.procedures.answers import RETRIED, outcome_of
from bots.procedures.shapes import Action
from bots.procedures.state import Call, Outcome
from bots.procedures.templates import plain
from inboxes.fetch import CannotFetch, ask

logger = logging.getLogger(__name__)

PAUSES = (0.3, 0.9, 2.7)  # seconds before each further attempt
AT_MOST = 15.0  # seconds for all attempts of one call: a customer waits
_LARGEST_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Came:
    """Of one attempt. `status` 0: nothing; `is_sent`: the business may have heard it."""

    status: int
    body: Any = None
    is_sent: bool = True


Sender = Callable[[Action, Call, str, float], Came]


def written_down(run: ProcedureRun, action: Action, call: Call, *, at: datetime) -> ActionCall:
    """The row of this call, made in the caller's transaction; the one that is there, the second time."""
    row, _ = ActionCall.objects.get_or_create(
        run=run,
        number=call.number,
        defaults={
            "action": action.name,
            "key": uuid5(run.uuid, f"call-{call.number}"),
            "irreversible": action.irreversible,
            "sent_at": at,
        },
    )
    return row


def made(
    row: ActionCall,
    action: Action,
    call: Call,
    *,
    send: Sender,
    clock: Callable[[], datetime],
    alive: Callable[[], bool] = lambda: True,
) -> Outcome:
    """What comes of a call that is written down: of one that was answered, what was answered then.

    One that was sent by somebody who died is sent again under its key, unless the business knows no
    keys: then nobody knows what became of it. `alive` says between attempts that we are still at it.
    """
    if row.state != ActionCall.State.SENT:
        return Outcome(row.outcome, row.answer or {})
    if row.attempts and not action.repeatable:
        return _kept(row, Outcome("unknown" if action.irreversible else "failed"), 0, at=clock())
    begun, may_have_heard, came = time.monotonic(), False, Came(0, is_sent=False)
    for attempt in range(action.retries + 1):
        left = AT_MOST - (time.monotonic() - begun)
        if attempt:
            pause = PAUSES[min(attempt, len(PAUSES)) - 1]
            if left <= pause + 0.5 or (may_have_heard and not action.repeatable) or not alive():
                break
            time.sleep(pause)
        ActionCall.objects.filter(pk=row.pk).update(attempts=row.attempts + attempt + 1)
        database.close()  # a business may take seconds; others need the connection
        came = send(action, call, str(row.key), min(action.timeout, max(left, 0.5)))
        may_have_heard = may_have_heard or came.is_sent
        if not _again(came):
            break
    outcome = outcome_of(action, came.status, came.body)
    if outcome.name == "unknown" and not may_have_heard:
        outcome = Outcome("failed")
    return _kept(row, outcome, came.status, at=clock())


def _again(came: Came) -> bool:
    no_json = 200 <= came.status < 300 and came.body is None
    return came.status == 0 or came.status in RETRIED or no_json


def _kept(row: ActionCall, outcome: Outcome, status: int, *, at: datetime) -> Outcome:
    """Written down once: whoever was first is right."""
    state = ActionCall.State.ANSWERED if status else ActionCall.State.FAILED
    fresh = ActionCall.objects.filter(pk=row.pk, state=ActionCall.State.SENT).update(
        state=state,
        status=status,
        outcome=outcome.name,
        answer=dict(outcome.saved),
        answered_at=at,
    )
    if fresh:
        return outcome
    row.refresh_from_db()
    return Outcome(row.outcome, row.answer or {})


# --- over HTTP --------------------------------------------------------------------------------


def send(action: Action, call: Call, key: str, seconds: float) -> Came:
    """One attempt over the connection that the action names; whatever goes wrong is no answer."""
    found = Connection.objects.filter(key=action.connection, is_active=True).first()
    database.close()
    if found is None:
        logger.warning("An action has no connection", extra={"connection": action.connection})
        return Came(0, is_sent=False)
    try:
        headers = {**_clean(call.headers), **_let_in(found), "Idempotency-Key": key}
        body = None
        if action.method not in {"GET", "DELETE"}:
            body = json.dumps(call.body if call.body is not None else {}).encode()
            headers["Content-Type"] = "application/json"
            if len(body) > _LARGEST_BODY:
                return Came(0, is_sent=False)
        headers |= {"Accept": "application/json", "User-Agent": "contactcenter"}
        if found.called_by:
            headers["Host"] = found.called_by
        url = found.address + call.path + _query(call.query)
        said = ask(action.method, url, body, headers, seconds=seconds, is_own=found.is_own)
    except CannotFetch as problem:
        logger.warning(
            "A business did not answer",
            extra={"connection": found.key, "action": action.name, "error": str(problem)},
        )
        return Came(0, is_sent=problem.is_sent)
    except BadSeal as problem:
        logger.warning(
            "A secret cannot be read", extra={"connection": found.key, "error": str(problem)}
        )
        return Came(0, is_sent=False)
    return Came(said.status, _json(said.body))


def _json(body: bytes) -> Any:
    """None where it is no JSON that we keep; an empty answer has nothing in it."""
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _query(query: Any) -> str:
    said = {name: plain(value) for name, value in dict(query).items() if value is not None}
    return f"?{urlencode(said)}" if said else ""


def _clean(headers: Any) -> dict[str, str]:
    """No value may begin another line."""
    return {
        name: "".join(c for c in plain(value) if c.isprintable() and ord(c) < 256)
        for name, value in dict(headers).items()
    }


def _let_in(found: Connection) -> dict[str, str]:
    secret = found.open_secret()
    match found.auth:
        case Connection.Auth.BEARER:
            return {"Authorization": f"Bearer {secret}"}
        case Connection.Auth.BASIC:
            both = b64encode(f"{found.user}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {both}"}
        case Connection.Auth.HEADER:
            return {found.user: secret}
    return {}
