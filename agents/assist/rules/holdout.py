"""Which conversations are without suggestions, so that what these are worth can be told. Pure."""

from hashlib import sha256
from uuid import UUID

_DRAWS = 10_000


def is_held_out(conversation: UUID, *, percent: int) -> bool:
    """The whole conversation or nothing of it, by its id alone: nobody chooses, and nothing is kept for it."""
    drawn = int.from_bytes(sha256(b"suggestions" + conversation.bytes).digest()[:8], "big")
    return drawn % _DRAWS < percent * _DRAWS // 100
