"""What somebody wants to say, and what became of it: plain values."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conversations.errors import Closed, NotAllowed, NotFound, NotYourTurn, Refused, Sensitive
from conversations.trace import trace

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way in. The client names it, so sending twice stores once.

    `run` is the bot's right to speak (`Conversation.bot_run`); `supervising` lets a supervisor
    speak in a conversation that somebody else holds; `whispered_to` is the agent whom a note is
    for: besides them only supervisors read it; `override` says why it is to be sent although a rule of
    the house would hold it back; `trace` is what caused it.
    """

    conversation_id: int
    author_kind: str
    text: str
    at: datetime
    client_id: uuid.UUID = field(default_factory=uuid.uuid4)
    author_name: str = ""
    agent_id: int | None = None
    note: bool = False
    supervising: bool = False
    whispered_to: int | None = None
    attachments: list[Json] = field(default_factory=list)
    citations: list[Json] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    reply_to: int | None = None
    run: int | None = None
    override: str = ""
    trace: str = field(default_factory=trace.get)


@dataclass(frozen=True, slots=True)
class Stored:
    """A draft after its commit. `repeated`: it had been stored before, nothing changed now."""

    draft: Draft
    message_id: int
    seq: int | None
    offset: int
    created_at: datetime
    repeated: bool
    conversation_uuid: uuid.UUID
    state: str
    assignee_id: int | None
    queue_id: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft that was not stored, and why."""

    draft: Draft
    reason: str  # absent | resolved | asleep | nobodys | not_yours | not_your_turn | sensitive
    detail: str = ""

    def error(self) -> Refused:
        match self.reason:
            case "absent":
                return NotFound("There is no such conversation.")
            case "resolved" | "asleep":
                return Closed("This conversation is closed.")
            case "nobodys":
                return NotAllowed("Nobody has this conversation: take it first.")
            case "not_your_turn":
                return NotYourTurn("Somebody else has this conversation now.")
            case "sensitive":
                return Sensitive(self.detail)
            case _:
                return NotAllowed("Somebody else has this conversation.")
