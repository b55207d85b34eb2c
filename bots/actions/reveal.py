"""The values behind the placeholders of a turn, for somebody who may see them and says why."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bots.actions.turn import vault_of
from bots.models import BotTrace
from bots.privacy.vault import Vault
from conversations.actions.log import append, hold
from conversations.errors import WrongFields
from conversations.words import clean_line

REASON = 200  # characters


def reveal(
    *, turn: BotTrace, why: str, agent_id: int, agent_name: str, at: datetime
) -> dict[str, Any]:
    """The turn's data with the values; who looked and why stands in the conversation's log, for
    supervisors."""
    why = clean_line(why, limit=REASON)
    if not why:
        words = "Say why you need to see it."
        raise WrongFields(words, fields={"reason": [words]})
    vault = vault_of(turn.conversation_id)
    with transaction.atomic():
        append(
            hold(turn.conversation_id),
            "trace_revealed",
            at=at,
            actor="agent",
            agent_id=agent_id,
            agent_name=agent_name,
            quiet=True,
            turn=turn.uuid,
            why=why,
        )
    shown: dict[str, Any] = _restored(turn.data, vault)
    return shown


def _restored(value: Any, vault: Vault) -> Any:
    if isinstance(value, str):
        return vault.restored(value)
    if isinstance(value, list):
        return [_restored(one, vault) for one in value]
    if isinstance(value, dict):
        return {key: _restored(one, vault) for key, one in value.items()}
    return value
