"""A company's own program chooses: it is told who waits and who is here, and may name an agent.

It only gives a hint. Whatever it says, or does not, capacity and skills hold, and after a moment we
choose ourselves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from agents.models import Agent, Queue
from agents.rules.shapes import Webhook
from conversations.frames import moment
from conversations.models import Conversation
from inboxes.fetch import CannotFetch, post

logger = logging.getLogger(__name__)

AT_ONCE = 8
_MOST = 40  # conversations asked about in one round


def ask_about(queue: Queue, webhook: Webhook, *, at: datetime) -> int:
    """Asks once about everybody who waits here and was not asked about; answers how many hints came.

    No transaction is open meanwhile. A program that fails is not asked again about the same wait.
    """
    waiting = Conversation.objects.queued().filter(queue=queue, hint_asked_at=None).in_turn()
    rows = list(waiting.select_related("customer", "inbox")[:_MOST])
    if not rows:
        return 0
    Conversation.objects.filter(pk__in=[c.pk for c in rows]).update(hint_asked_at=at)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda c: _ask(webhook, _question(queue, c), at), rows))
    hints = 0
    for conversation, answer in zip(rows, answers, strict=True):
        chosen = _agent_named(answer)
        if chosen is not None:
            Conversation.objects.filter(pk=conversation.pk).update(hinted=chosen)
            hints += 1
    return hints


def _question(queue: Queue, conversation: Conversation) -> dict[str, Any]:
    """What the program is told: ids and facts, never the customer's words."""
    return {
        "conversation": str(conversation.uuid),
        "queue": {"id": str(queue.uuid), "name": queue.name},
        "inbox": conversation.inbox.key,
        "customer": str(conversation.customer.uuid),
        "language": conversation.language,
        "priority": conversation.priority,
        "labels": conversation.labels,
        "needs": conversation.needs,
        "queued_at": moment(conversation.queued_at),
    }


def _agent_named(answer: dict[str, Any]) -> Agent | None:
    try:
        key = UUID(str(answer.get("agent")))
    except ValueError:
        return None
    return Agent.objects.filter(uuid=key, is_active=True).first()


def _ask(webhook: Webhook, question: dict[str, Any], at: datetime) -> dict[str, Any]:
    body = json.dumps(question).encode()
    stamp = str(int(at.timestamp()))
    signed = hmac.new(webhook.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-Timestamp": stamp,
        "X-Delivery": str(uuid4()),
        "X-Signature": f"sha256={signed.hexdigest()}",
    }
    try:
        said = json.loads(post(webhook.url, body, headers, seconds=webhook.seconds))
    except (CannotFetch, ValueError, RecursionError) as problem:
        logger.warning(
            "The routing webhook gave no answer", extra={"error": type(problem).__name__}
        )
        return {}
    return said if isinstance(said, dict) else {}
