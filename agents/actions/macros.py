"""Runs a macro: everything it says in one transaction, or nothing of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from agents.actions.doing import Doing, do
from agents.models import Agent, Macro
from agents.queries import current
from agents.verbs import action as checked
from agents.verbs import says
from conversations.actions.log import append, hold
from conversations.errors import Refused
from conversations.frames import conversation_card
from conversations.models import Conversation, Event, Message

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Ran:
    """What was done, or would be: each step in words, what is said, and the card afterwards."""

    steps: Sequence[dict[str, Any]]
    card: dict[str, Any]
    refused: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Refusal(Exception):
    step: int
    action: dict[str, Any]
    refusal: Refused


def run_macro(
    macro: Macro, *, conversation: Conversation, agent: Agent, run: uuid.UUID, at: datetime
) -> Ran:
    """Raises the refusal of the step that may not be done. The same run again changes nothing."""
    try:
        with transaction.atomic():
            held = hold(conversation.pk)
            if Event.objects.filter(conversation=held, kind="macro", data__run=str(run)).exists():
                return Ran([], conversation_card(current(held.uuid)))
            append(
                held,
                "macro",
                at=at,
                actor="agent",
                agent_id=agent.pk,
                agent_name=agent.shown_name,
                macro=macro.uuid,
                name=macro.name,
                run=run,
                actions=[action["do"] for action in macro.actions],
            )
            steps = _steps(macro, Doing(agent, conversation.pk, at, run))
            Macro.objects.filter(pk=macro.pk).update(uses=F("uses") + 1)
    except _Refusal as stopped:
        where = f"Step {stopped.step + 1}, {says(stopped.action)}: {stopped.refusal.detail}"
        raise type(stopped.refusal)(where) from stopped.refusal
    return Ran(steps, conversation_card(current(conversation.uuid)))


def rehearse_macro(macro: Macro, *, conversation: Conversation, agent: Agent, at: datetime) -> Ran:
    """What it would do: it is done, looked at, and undone; nobody hears of it."""
    steps: Sequence[dict[str, Any]] = []
    refused = None
    card: dict[str, Any] = {}
    with transaction.atomic():
        try:
            with transaction.atomic():
                steps = _steps(macro, Doing(agent, conversation.pk, at, uuid.uuid4()))
        except _Refusal as stopped:
            refused = {
                "step": stopped.step,
                "says": says(stopped.action),
                "code": stopped.refusal.code,
                "detail": stopped.refusal.detail,
            }
        card = conversation_card(current(conversation.uuid))
        transaction.set_rollback(True)
    return Ran(steps, card, refused)


def _steps(macro: Macro, doing: Doing) -> list[dict[str, Any]]:
    """Does them one after the other; raises _Refusal at the first that may not be done."""
    steps = []
    for n, action in enumerate(macro.actions):
        this = Doing(doing.agent, doing.conversation_id, doing.at, doing.run, n)
        try:
            checked(action)
            do(this, action)
        except Refused as refusal:
            raise _Refusal(n, action, refusal) from refusal
        said = Message.objects.filter(
            conversation_id=doing.conversation_id, client_id=this.client_id
        ).first()
        steps.append(
            {"do": action["do"], "says": says(action), "text": said.text if said else None}
        )
    return steps


def do_in_bulk(
    action: dict[str, Any],
    *,
    conversations: dict[uuid.UUID, int | None],
    agent: Agent,
    run: uuid.UUID,
    at: datetime,
) -> list[dict[str, Any]]:
    """One action in each of some conversations ({uuid: id, or None for what may not be seen}).

    Each is a transaction of its own and may be refused on its own.
    """
    return [
        {"conversation": str(key), **_one(action, pk, agent=agent, run=run, at=at)}
        for key, pk in conversations.items()
    ]


def _one(
    action: dict[str, Any], pk: int | None, *, agent: Agent, run: uuid.UUID, at: datetime
) -> dict[str, Any]:
    if pk is None:
        return {"ok": False, "code": "not_found", "detail": "There is no such conversation."}
    try:
        with transaction.atomic():
            do(Doing(agent, pk, at, run), action)
    except Refused as refusal:
        return {"ok": False, "code": refusal.code, "detail": refusal.detail}
    return {"ok": True, "code": "", "detail": ""}
