"""Words on their way to the customer's screen."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bots.actions.turn import BotTurn, still_ours, was_overtaken
from bots.answering.proposals import Citation, Claim
from conversations import live
from conversations.live import Push, customer_room, thread_room
from conversations.metrics import FIRST_WORD_SECONDS

_FRAME_SECONDS = 0.05
_LOOK_EVERY_SECONDS = 1.0
_FIRST_WORDS_WITHIN_SECONDS = 1.0
_QUOTE_PIECE = 60  # characters of a quote in one frame: words arrive, as they do from a model
_QUOTE_PIECE_SECONDS = 0.05
SHORT = 160  # characters after which a shorter answer is enough


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is stored in the end: the words with their marks, what they cite, and who chose them."""

    text: str
    citations: tuple[Citation, ...]
    by: Literal["model", "quote", "steps"]
    tokens: int = 0
    claims: tuple[Claim, ...] = ()
    dropped: tuple[str, ...] = ()


class Speech:
    """A frame every 50 ms at most. `short`: a sentence or two are enough."""

    def __init__(
        self, turn: BotTurn, clock: Callable[[], datetime], *, short: bool = False
    ) -> None:
        self._turn = turn
        self._clock = clock
        self._begun = time.monotonic()
        self._most = SHORT if short else None
        self._sent = ""
        self._pending = ""
        self._told_at = 0.0
        self._looked_at = time.monotonic()
        self._lost = False
        self.first_word_seconds: float | None = None

    def say(self, text: str) -> None:
        self._pending += text
        if time.monotonic() - self._told_at >= _FRAME_SECONDS:
            self._flush()

    def rest(self, spoken: Spoken, *, at_once: bool = False) -> None:
        """Whatever of the answer is not on the screen yet; the stored message brings its marks, and,
        `at_once`, all of its words."""
        self._flush()
        if spoken.by == "quote" and not self._sent and not at_once:
            for piece in _pieces(spoken.text):
                if self.is_lost():
                    return
                self._pending = piece
                self._flush()
                time.sleep(_QUOTE_PIECE_SECONDS)

    def is_over(self) -> bool:
        """No use to go on: lost, enough said, or the first words take so long that the articles are
        quicker."""
        if self._most is not None and len(self._sent) + len(self._pending) >= self._most:
            return True
        late = not self._sent and time.monotonic() - self._begun > _FIRST_WORDS_WITHIN_SECONDS
        return late or self.is_lost()

    def is_lost(self) -> bool:
        """Has the customer written again, or somebody else taken the conversation?"""
        if not self._lost:
            self._lost = was_overtaken(self._turn)
        if not self._lost and time.monotonic() - self._looked_at > _LOOK_EVERY_SECONDS:
            self._looked_at = time.monotonic()
            self._lost = not still_ours(self._turn, at=self._clock())
        return self._lost

    def _flush(self) -> None:
        if not self._pending:
            return
        if self.first_word_seconds is None:
            self.first_word_seconds = time.monotonic() - self._begun
            FIRST_WORD_SECONDS.observe(self.first_word_seconds)
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
