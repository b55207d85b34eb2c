"""Who is asking? A bearer token, kept only as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from agents.models import Agent, ApiToken

TOKEN_DAYS = 30


def hash_of(token: str) -> bytes:
    """Tokens are 256 random bits, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode()).digest()


def issue_token(*, agent: Agent, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        agent=agent,
        token_hash=hash_of(token),
        created_at=at,
        expires_at=at + timedelta(days=TOKEN_DAYS),
    )
    return token


def agent_of_token(token: str, *, at: datetime) -> Agent | None:
    """The active agent that this token belongs to, if it is still good."""
    found = (
        ApiToken.objects.select_related("agent")
        .filter(
            token_hash=hash_of(token), revoked_at=None, expires_at__gt=at, agent__is_active=True
        )
        .first()
    )
    return found.agent if found else None


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: Request) -> tuple[Agent, None] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed("Say: Authorization: Bearer <token>.")
        agent = agent_of_token(parts[1].decode("latin-1"), at=timezone.now())
        if agent is None:
            raise exceptions.AuthenticationFailed("This token is not known, or no longer good.")
        return agent, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
