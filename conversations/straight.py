"""What a web server may offer a socket beyond ASGI: no queue and no task on a frame's way."""

from collections.abc import Callable, Sequence
from typing import Protocol

STRAIGHT = "contactcenter.straight"


class Straight(Protocol):
    """Found at `scope["extensions"][STRAIGHT]`; without it everything works, and costs more.

    `on_text` is called with each text frame as it arrives, and answers whether that was all; else
    the frame comes through `receive` as well.
    """

    on_text: Callable[[bytes], bool] | None

    def write_texts(self, texts: Sequence[str]) -> int:
        """Sends frames, in order; answers how many bytes the other side has not taken yet."""
