"""A mail server's URL, read."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class Mail(NamedTuple):
    """How mail leaves the house."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    ssl: bool = False


def mail_from_url(url: str) -> Mail:
    """`smtp://` (STARTTLS), `smtps://`, or `smtp+plain://` (a server on this machine or in one's own
    network, without encryption). Empty: mail is thrown away."""
    if not url:
        return Mail("django.core.mail.backends.dummy.EmailBackend")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("EMAIL_URL can't be read as a URL.") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://user:password@host:port, smtps://… or smtp+plain://…"
        )
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        parts.hostname,
        port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starttls=parts.scheme == "smtp",
        ssl=parts.scheme == "smtps",
    )
