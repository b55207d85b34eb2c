"""The bot's turn: it reads what was asked, answers what the knowledge supports, or steps aside."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any, Literal
from uuid import UUID, uuid5

from django.db import connection, transaction

from bots.actions.write import write_answer
from bots.knowledge.vectors import encoders_at_hand
from bots.language.model import LanguageModel, Turn
from bots.models import Reader
from bots.privacy.vault import Vault
from bots.queries import Citation, Proposal, consult
from conversations import live
from conversations.actions.customer import plain_summary
from conversations.actions.handoff import request_handoff
from conversations.actions.log import append, hold
from conversations.actions.post import BOT_OWES_WITHIN, post
from conversations.drafts import Draft
from conversations.errors import NotYourTurn
from conversations.live import Push, customer_room, thread_room
from conversations.metrics import ANSWER_SECONDS, DECISIONS, FIRST_WORD_SECONDS, TOKENS
from conversations.models import Conversation, Handoff, Identity
from conversations.queries import Line, transcript

logger = logging.getLogger(__name__)

BOT_NAME = "Assistant"
_FRAME_SECONDS = 0.05
_LOOK_EVERY_SECONDS = 1.0
_FIRST_WORDS_WITHIN_SECONDS = 1.0
# The newest of a conversation that placeholders are read from; of a longer one they may change.
_LINES_READ, _CHARACTERS_READ = 500, 40_000
_QUOTE_PIECE = 60  # characters of a quote in one frame: words arrive, as they do from a model
_QUOTE_PIECE_SECONDS = 0.05
_turns: dict[int, int] = {}
_turns_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class BotTurn:
    """The right to speak once: `run` is what the write path compares."""

    conversation_id: int
    conversation_uuid: UUID
    inbox_id: int
    bot_enabled: bool
    language: str
    reader: Reader
    run: int
    asked_seq: int
    asked_at: datetime
    question: str
    history: tuple[Turn, ...]


def answer(
    *,
    conversation_id: int,
    model: Callable[[], LanguageModel | None],
    clock: Callable[[], datetime],
) -> str | None:
    """Says what the bot has to say, or asks for a person. Answers the decision; None: not its turn.

    Whatever breaks, the customer is somebody's: an error here asks for a person at once, and a
    process that dies leaves `due_at` behind, which the sweep finds.
    """
    turn = begin_turn(conversation_id=conversation_id, at=clock())
    connection.close()  # understanding takes a while, and there are more turns than connections
    if turn is None:
        return None
    try:
        return _take(turn, model, clock)
    except NotYourTurn:
        return None
    except Exception:
        logger.exception("The bot failed", extra={"conversation": turn.conversation_id})
        _step_aside(turn, Handoff.Reason.FAILED, at=clock())
        return "handoff"


@transaction.atomic
def begin_turn(*, conversation_id: int, at: datetime) -> BotTurn | None:
    """Takes the right to speak away from any earlier attempt; None when nothing is owed."""
    conversation = hold(conversation_id)
    if conversation.state != Conversation.State.BOT or conversation.waiting_since is None:
        return None
    conversation.bot_run += 1
    conversation.due_at = at + BOT_OWES_WITHIN
    conversation.save(update_fields=["bot_run", "due_at"])
    lines = transcript(conversation_id, last=24)
    said, asked = _split(lines)
    with _turns_lock:
        _turns[conversation_id] = conversation.bot_run
    return BotTurn(
        conversation_id=conversation_id,
        conversation_uuid=conversation.uuid,
        inbox_id=conversation.inbox_id,
        bot_enabled=conversation.inbox.bot_enabled,
        language=conversation.language,
        reader=_reader(conversation),
        run=conversation.bot_run,
        asked_seq=conversation.seq,
        asked_at=conversation.waiting_since,
        question="\n".join(line.text for line in asked if line.text),
        history=tuple(
            Turn("customer" if line.author == "customer" else "bot", line.text)
            for line in said
            if line.author in {"customer", "bot"}
        ),
    )


def _reader(conversation: Conversation) -> Reader:
    """Whoever the company's site vouches for may read what is for its customers."""
    known = Identity.objects.filter(
        customer_id=conversation.customer_id, inbox_id=conversation.inbox_id
    ).exists()
    return Reader.CUSTOMER if known else Reader.ANYBODY


def _split(lines: "list[Line] | tuple[Line, ...] | Any") -> tuple[list[Line], list[Line]]:
    """What was said before, and everything the customer asked since the last answer."""
    rows = list(lines)
    cut = max((i + 1 for i, line in enumerate(rows) if line.author in {"bot", "agent"}), default=0)
    return rows[:cut], [line for line in rows[cut:] if line.author == "customer"]


def _take(
    turn: BotTurn, model: Callable[[], LanguageModel | None], clock: Callable[[], datetime]
) -> str:
    if not turn.bot_enabled:
        _step_aside(turn, Handoff.Reason.NO_BOT, at=clock())
        return "handoff"
    if not turn.question:  # a file without a word: nobody here can look at it
        _step_aside(turn, Handoff.Reason.UNSURE, at=clock())
        return "handoff"
    proposal = consult(
        question=turn.question,
        history=turn.history,
        inbox_id=turn.inbox_id,
        language=turn.language,
        reader=turn.reader,
        known=encoders_at_hand(),
    )
    connection.close()  # the model may take seconds; others need the connection
    DECISIONS.labels(proposal.decision).inc()
    if proposal.decision == "handoff":
        asked = proposal.reason == "asked"
        reason = Handoff.Reason.ASKED if asked else Handoff.Reason.UNSURE
        _step_aside(turn, reason, at=clock())
        return "handoff"
    speech = Speech(turn, clock)
    spoken = Spoken(proposal.answer, tuple(proposal.citations), "quote")
    if proposal.decision == "answer" and proposal.passages:
        spoken = _write(turn, proposal, model, speech) or spoken
    speech.rest(spoken)
    _say(turn, proposal, spoken, at=clock())
    return proposal.decision


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is stored in the end: the words with their marks, what they cite, and who chose them."""

    text: str
    citations: tuple[Citation, ...]
    by: Literal["model", "quote"]


def _write(
    turn: BotTurn, proposal: Proposal, model: Callable[[], LanguageModel | None], speech: "Speech"
) -> Spoken | None:
    written = write_answer(
        proposal,
        [*turn.history[-4:], Turn("customer", turn.question)],
        model=model,
        vault=_vault_of(turn.conversation_id),
        on_text=speech.say,
        is_over=speech.is_over,
    )
    if speech.is_lost():
        raise NotYourTurn
    if written is None:
        return None
    TOKENS.inc(written.tokens)
    return Spoken(written.text, written.citations, "model")


def _vault_of(conversation_id: int) -> Vault:
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


class Speech:
    """Words on their way to the customer's screen, a frame every 50 ms at most."""

    def __init__(self, turn: BotTurn, clock: Callable[[], datetime]) -> None:
        self._turn = turn
        self._clock = clock
        self._begun = time.monotonic()
        self._sent = ""
        self._pending = ""
        self._told_at = 0.0
        self._looked_at = time.monotonic()
        self._lost = False

    def say(self, text: str) -> None:
        self._pending += text
        if time.monotonic() - self._told_at >= _FRAME_SECONDS:
            self._flush()

    def rest(self, spoken: Spoken) -> None:
        """Whatever of the answer is not on the screen yet; the stored message brings its marks."""
        self._flush()
        if spoken.by == "quote" and not self._sent:
            for piece in _pieces(spoken.text):
                self._pending = piece
                self._flush()
                time.sleep(_QUOTE_PIECE_SECONDS)

    def is_over(self) -> bool:
        """No use to go on: lost, or the first words take so long that the articles are quicker."""
        late = not self._sent and time.monotonic() - self._begun > _FIRST_WORDS_WITHIN_SECONDS
        return late or self.is_lost()

    def is_lost(self) -> bool:
        """Has the customer written again, or somebody else taken the conversation?"""
        if not self._lost:
            with _turns_lock:
                self._lost = _turns.get(self._turn.conversation_id) != self._turn.run
        if not self._lost and time.monotonic() - self._looked_at > _LOOK_EVERY_SECONDS:
            self._looked_at = time.monotonic()
            self._lost = not _still_ours(self._turn, at=self._clock())
        return self._lost

    def _flush(self) -> None:
        if not self._pending:
            return
        if not self._sent:
            FIRST_WORD_SECONDS.observe(time.monotonic() - self._begun)
        text, self._pending = self._pending, ""
        self._sent += text
        self._told_at = time.monotonic()
        turn = self._turn
        frame = {"type": "delta", "reply_to": turn.asked_seq, "text": text}
        live.announce(
            [
                Push((customer_room(turn.conversation_id),), frame),
                Push(
                    (thread_room(turn.conversation_id),),
                    {**frame, "conversation": str(turn.conversation_uuid)},
                ),
            ]
        )


def _pieces(text: str) -> Iterator[str]:
    """The text in some words at a time; together they are the text."""
    start = 0
    while start < len(text):
        end = text.find(" ", start + _QUOTE_PIECE)
        # Chinese has no spaces to break at.
        end = min(end + 1 if end != -1 else len(text), start + 2 * _QUOTE_PIECE)
        yield text[start:end]
        start = end


def _still_ours(turn: BotTurn, *, at: datetime) -> bool:
    """Also says that this turn lives: the sweep must not take a slow answer for a lost one."""
    try:
        ours = Conversation.objects.filter(
            pk=turn.conversation_id, state="bot", bot_run=turn.run, due_at__isnull=False
        )
        return bool(ours.update(due_at=at + BOT_OWES_WITHIN))
    finally:
        connection.close()


@transaction.atomic
def _say(turn: BotTurn, proposal: Proposal, spoken: Spoken, *, at: datetime) -> None:
    """Stored under a name made from the turn, so that a repeated task says it once."""
    post(
        Draft(
            conversation_id=turn.conversation_id,
            client_id=uuid5(turn.conversation_uuid, f"bot-{turn.run}"),
            author_kind="bot",
            author_name=BOT_NAME,
            text=spoken.text,
            citations=[
                {
                    "article": str(c.article),
                    "version": c.version,
                    "title": c.title,
                    "url": c.url,
                    "quote": c.quote,
                }
                for c in spoken.citations
            ],
            suggestions=list(proposal.suggestions),
            reply_to=turn.asked_seq,
            run=turn.run,
            at=at,
        )
    )
    append(
        hold(turn.conversation_id),
        "bot_answered",
        at=at,
        actor="bot",
        decision=proposal.decision,
        confidence=round(proposal.confidence, 3),
        articles=[str(c.article) for c in spoken.citations],
        by=spoken.by,
        seconds=round((at - turn.asked_at).total_seconds(), 3),
    )
    ANSWER_SECONDS.observe((at - turn.asked_at).total_seconds())


def _step_aside(turn: BotTurn, reason: str, *, at: datetime) -> None:
    request_handoff(
        conversation_id=turn.conversation_id,
        reason=reason,
        summary=plain_summary(turn.conversation_id),
        at=at,
        run=turn.run,
    )
