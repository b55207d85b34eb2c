"""What the common tongue asks of whoever keeps the line of calls, without knowing it."""

from datetime import datetime
from typing import Protocol

from conversations.models import Callback


class Line(Protocol):
    def book(self, wish: Callback, *, exact: bool, at: datetime) -> None:
        """Puts a wish into the line; its conversation is held. Its time may be moved to the next one with room.
        `exact`: raises Taken where there is none at the time that was chosen."""


_line: list[Line] = []


def take_line(line: Line) -> None:
    """The calls' side comes in; called once, when the apps are ready."""
    _line[:] = [line]


def line() -> Line | None:
    return _line[0] if _line else None
