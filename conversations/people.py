"""What the common tongue asks of the people's side, without knowing it."""

from datetime import datetime
from typing import NamedTuple, Protocol

from conversations.models import Conversation


class Left(NamedTuple):
    """Whether an agent still has to write it up, and until when at most."""

    written_up: bool = False
    until: datetime | None = None


class Desk(Protocol):
    """Whoever brings conversations to people. Each method works on a held conversation."""

    def enqueue(
        self, conversation: Conversation, *, at: datetime, queue_id: int | None = None
    ) -> bool:
        """Lets the customer wait in the right queue, or in this one. False: it is full, and they were
        told."""

    def expected_wait(self, conversation: Conversation, *, at: datetime) -> float | None:
        """Seconds until a person would be there if one were asked for now; None: nobody can say."""

    def say_if_nobody(self, conversation: Conversation, *, at: datetime, first: str) -> bool:
        """Where nobody is here somebody who waits is told so, after the words `first`. True: they were."""

    def resume(self, conversation: Conversation, *, at: datetime, by: str) -> None:
        """The customer wrote again, or the clock woke it (`by`: customer or system): back to who had
        it, or, if they are not here, to the queue."""

    def silence(self, conversation: Conversation) -> int | None:
        """After so many seconds of the customer's silence it ends, while the bot has it; None: never."""

    def leave(self, conversation: Conversation, *, at: datetime, for_good: bool = False) -> Left:
        """It is over: whoever was asked about it no longer is. `for_good`: nothing is written up."""


_desk: list[Desk] = []


def take_desk(desk: Desk) -> None:
    """The people's side comes in; called once, when the apps are ready."""
    _desk[:] = [desk]


def desk() -> Desk:
    return _desk[0]
