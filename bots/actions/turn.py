"""The right to speak once: taking it, and looking whether it still stands."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from uuid import UUID, uuid5

from django.db import connection, transaction

from bots.audiences import reader_of_inbox
from bots.language.model import Turn
from bots.models import Readership
from bots.privacy.vault import Vault
from conversations.actions.log import hold
from conversations.actions.post import BOT_OWES_WITHIN, bot_owes_by
from conversations.models import Conversation, Event, Message
from conversations.queries import Line, transcript

_HISTORY = 24  # lines
# The newest of a conversation that placeholders are read from; of a longer one they may change.
_LINES_READ, _CHARACTERS_READ = 500, 40_000
# Those that are being taken in this process: the conversation's run, and the last message it has read.
_turns: dict[int, tuple[int, int]] = {}
_turns_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class BotTurn:
    """The right to speak once: `run` is what the write path compares.

    `history` begins when the conversation was opened last; `before` is what remains of the time
    before that, in one line.
    """

    conversation_id: int
    conversation_uuid: UUID
    customer_id: int
    inbox_id: int
    inbox_key: str
    channel: str
    bot_enabled: bool
    language: str
    reader: Readership
    run: int
    asked_seq: int
    asked_at: datetime
    question: str
    history: tuple[Turn, ...]
    before: str = ""
    sentiment: float | None = None
    key: UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", uuid5(self.conversation_uuid, f"turn-{self.run}"))


@transaction.atomic
def begin_turn(*, conversation_id: int, at: datetime) -> BotTurn | None:
    """Takes the right to speak away from any earlier attempt.

    None when nothing is owed, or when a turn of this process that has read everything is still at it:
    to begin anew would only make it later.
    """
    conversation = hold(conversation_id)
    if conversation.state != Conversation.State.BOT or conversation.waiting_since is None:
        return None
    conversation.due_at = bot_owes_by(at=at, asked_at=conversation.waiting_since)
    if _is_at_it(conversation):
        conversation.save(update_fields=["due_at"])
        return None
    conversation.bot_run += 1
    conversation.save(update_fields=["bot_run", "due_at"])
    since, before = _opened(conversation_id)
    lines = lines_since(conversation_id, since=since)
    said, asked = split(lines)
    with _turns_lock:
        _turns[conversation_id] = conversation.bot_run, conversation.seq
    return BotTurn(
        conversation_id=conversation_id,
        conversation_uuid=conversation.uuid,
        customer_id=conversation.customer_id,
        inbox_id=conversation.inbox_id,
        inbox_key=conversation.inbox.key,
        channel=conversation.inbox.kind,
        bot_enabled=conversation.inbox.bot_enabled,
        language=conversation.language,
        sentiment=conversation.sentiment,
        reader=reader_of(conversation, at=at),
        run=conversation.bot_run,
        asked_seq=conversation.seq,
        asked_at=conversation.waiting_since,
        question="\n".join(line.text for line in asked if line.text),
        history=history_of(said),
        before=before,
    )


def _is_at_it(conversation: Conversation) -> bool:
    with _turns_lock:
        run, read = _turns.get(conversation.pk, (-1, 0))
    return run == conversation.bot_run and not _wrote(conversation.pk, after=read)


def _opened(conversation_id: int) -> tuple[int, str]:
    """The offset at which it was opened last, and the summary of what was before; 0 at first."""
    reopened = (
        Event.objects.filter(conversation=conversation_id, kind="reopened")
        .order_by("-offset")
        .values_list("offset", "data")
        .first()
    )
    return (reopened[0], str(reopened[1].get("summary", ""))) if reopened else (0, "")


def lines_since(
    conversation_id: int, *, since: int = 0, until_seq: int | None = None
) -> list[Line]:
    """The latest lines that the customer can see, oldest first: those after the offset `since`, up to
    `until_seq`."""
    rows = Message.objects.filter(conversation=conversation_id, note=False, offset__gt=since)
    if until_seq is not None:
        rows = rows.filter(seq__lte=until_seq)
    found = rows.order_by("-seq").values_list("author_kind", "text", "created_at")[:_HISTORY]
    return [Line(*row) for row in reversed(found)]


def reader_of(conversation: Conversation, *, at: datetime) -> Readership:
    """Whoever the company's site vouches for may read what is for its customers, and for theirs among them."""
    return reader_of_inbox(
        customer_id=conversation.customer_id, inbox_id=conversation.inbox_id, at=at
    )


def split(rows: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """What was said before, and everything the customer asked since the last answer."""
    cut = max((i + 1 for i, line in enumerate(rows) if line.author in {"bot", "agent"}), default=0)
    return list(rows[:cut]), [line for line in rows[cut:] if line.author == "customer"]


def history_of(said: Sequence[Line]) -> tuple[Turn, ...]:
    return tuple(
        Turn("customer" if line.author == "customer" else "bot", line.text)
        for line in said
        if line.author in {"customer", "bot"}
    )


def end_turn(turn: BotTurn) -> None:
    """Nobody needs to know any more whose turn it was; a newer one stays."""
    with _turns_lock:
        if _turns.get(turn.conversation_id, (0, 0))[0] == turn.run:
            del _turns[turn.conversation_id]


def was_overtaken(turn: BotTurn) -> bool:
    """Whether a newer turn has begun in this process. Costs nothing."""
    with _turns_lock:
        return _turns.get(turn.conversation_id, (0, 0))[0] != turn.run


def still_ours(turn: BotTurn, *, at: datetime) -> bool:
    """Whether nobody else has the conversation, and the customer has not written since.

    Also says that this turn lives: the sweep must not take a slow answer for a lost one.
    """
    try:
        ours = Conversation.objects.filter(
            pk=turn.conversation_id, state="bot", bot_run=turn.run, due_at__isnull=False
        )
        return bool(ours.update(due_at=at + BOT_OWES_WITHIN)) and not wrote_since(turn)
    finally:
        connection.close()


def wrote_since(turn: BotTurn) -> bool:
    """Whether there is a newer message of the customer than the turn has read."""
    return _wrote(turn.conversation_id, after=turn.asked_seq)


def _wrote(conversation_id: int, *, after: int) -> bool:
    return Message.objects.filter(
        conversation=conversation_id, seq__gt=after, author_kind="customer"
    ).exists()


def vault_of(conversation_id: int) -> Vault:
    """Read from the first line on, so that a value keeps its placeholder in every later answer."""
    vault = Vault()
    try:
        lines = transcript(conversation_id, last=_LINES_READ)
    finally:
        connection.close()
    sizes = accumulate(len(line.text) for line in reversed(lines))
    kept = sum(size <= _CHARACTERS_READ for size in sizes)
    before = ""
    for line in lines[len(lines) - kept :]:
        if line.author in {"customer", "agent"}:
            vault.redacted(line.text, after=before)
        before = line.text
    return vault
