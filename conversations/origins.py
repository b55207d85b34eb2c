"""Where a socket comes from."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def origin_is_ours(scope: Any) -> bool:
    """Is the page on this very server? Browsers say so; other clients say nothing."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return True
    host = headers.get(b"host", b"").decode("latin-1")
    domain, _ = split_domain_port(host)
    return urlsplit(origin).netloc.lower() == host.lower() and validate_host(
        domain, settings.ALLOWED_HOSTS
    )


def origin_of(scope: Any) -> str:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    return headers.get(b"origin", b"").decode("latin-1")
