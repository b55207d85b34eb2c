"""A customer's page proves which conversation is its own."""

import hashlib
from datetime import datetime

from conversations.models import Session


def hash_of(token: str) -> bytes:
    """Tokens are 256 random bits, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode()).digest()


def session_of(token: str, *, at: datetime) -> Session | None:
    """The live session behind a token; absent, expired, revoked and forged look alike."""
    if not 20 <= len(token) <= 100 or not token.isascii():
        return None
    return (
        Session.objects.select_related(
            "customer",
            "inbox",
            "conversation__inbox",
            "conversation__customer",
            "conversation__assignee",
        )
        .filter(
            token_hash=hash_of(token),
            revoked_at=None,
            expires_at__gt=at,
            inbox__is_active=True,
            customer__is_blocked=False,
        )
        .first()
    )
