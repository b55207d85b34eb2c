"""The bot's turn: it reads what was asked, answers what the knowledge supports, or steps aside."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction

from bots.language.model import LanguageModel, ModelUnavailable, Turn
from bots.language.support import SupportGate
from bots.queries import Proposal, consult
from conversations import live
from conversations.actions.customer import plain_summary
from conversations.actions.handoff import request_handoff
from conversations.actions.log import append, hold
from conversations.actions.post import BOT_OWES_WITHIN, post
from conversations.drafts import Draft
from conversations.errors import NotYourTurn
from conversations.live import Push, customer_room, thread_room
from conversations.metrics import ANSWER_SECONDS, DECISIONS, FIRST_WORD_SECONDS, TOKENS
from conversations.models import Conversation, Handoff
from conversations.queries import Line, transcript

logger = logging.getLogger(__name__)

BOT_NAME = "Assistant"
_FRAME_SECONDS = 0.02
_LOOK_EVERY_SECONDS = 0.5
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
    )
    connection.close()  # the model may take seconds; others need the connection
    DECISIONS.labels(proposal.decision).inc()
    if proposal.decision == "handoff":
        asked = proposal.reason == "asked"
        reason = Handoff.Reason.ASKED if asked else Handoff.Reason.UNSURE
        _step_aside(turn, reason, at=clock())
        return "handoff"
    speech = Speech(turn)
    words, by = proposal.answer, "quote"
    if proposal.decision == "answer" and proposal.passages:
        written = _write(turn, proposal, model, speech)
        if written:
            words, by = written, "model"
    speech.rest(words)
    _say(turn, proposal, words, by, at=clock())
    return proposal.decision


def _write(
    turn: BotTurn, proposal: Proposal, model: Callable[[], LanguageModel | None], speech: "Speech"
) -> str:
    """The model's own words, sentence by sentence, as far as the articles bear them out.

    "" when it has nothing (better) to say: then the articles speak for themselves.
    """
    try:
        writer = model()
        if writer is None:
            return ""
        gate = SupportGate(passages=proposal.passages, on_text=speech.say)
        completion = writer.write(
            turns=[*turn.history[-4:], Turn("customer", turn.question)],
            passages=proposal.passages,
            language=proposal.language,
            on_text=gate.feed,
            cancelled=lambda: gate.closed or speech.is_over(),
        )
        TOKENS.inc(completion.tokens)
        gate.finish()
    except ModelUnavailable as error:
        logger.info("The articles speak", extra={"why": error.code})
        return ""
    if speech.is_over():
        raise NotYourTurn
    return gate.released


class Speech:
    """Words on their way to the customer's screen, a frame every 20 ms at most."""

    def __init__(self, turn: BotTurn) -> None:
        self._turn = turn
        self._begun = time.monotonic()
        self._sent = ""
        self._pending = ""
        self._told_at = 0.0
        self._looked_at = time.monotonic()
        self._over = False

    def say(self, text: str) -> None:
        self._pending += text
        if time.monotonic() - self._told_at >= _FRAME_SECONDS:
            self._flush()

    def rest(self, whole: str) -> None:
        """What is still to be said of the whole answer; nothing if it went another way."""
        self._flush()
        if whole.startswith(self._sent):
            self._pending = whole[len(self._sent) :]
            self._flush()

    def is_over(self) -> bool:
        """Has the customer written again, or somebody else taken the conversation?"""
        if not self._over:
            with _turns_lock:
                self._over = _turns.get(self._turn.conversation_id) != self._turn.run
        if not self._over and time.monotonic() - self._looked_at > _LOOK_EVERY_SECONDS:
            self._looked_at = time.monotonic()
            self._over = not _still_ours(self._turn)
        return self._over

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


def _still_ours(turn: BotTurn) -> bool:
    try:
        return Conversation.objects.filter(
            pk=turn.conversation_id, state="bot", bot_run=turn.run
        ).exists()
    finally:
        connection.close()


@transaction.atomic
def _say(turn: BotTurn, proposal: Proposal, words: str, by: str, *, at: datetime) -> None:
    """Stored under a name made from the turn, so that a repeated task says it once."""
    post(
        Draft(
            conversation_id=turn.conversation_id,
            client_id=uuid5(turn.conversation_uuid, f"bot-{turn.run}"),
            author_kind="bot",
            author_name=BOT_NAME,
            text=words,
            citations=[
                {"article": str(c.article), "title": c.title, "url": c.url, "quote": c.quote}
                for c in proposal.citations
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
        articles=[str(c.article) for c in proposal.citations],
        by=by,
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
