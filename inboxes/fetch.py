"""The one way to ask an address that somebody typed: nothing inside our own network answers."""

import ipaddress
import socket
import ssl
from collections.abc import Collection, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST_ANSWER = 64 * 1024  # bytes


class CannotFetch(Exception):
    """The address is not one to ask, or it did not answer as it should: `status`, if it did."""

    def __init__(self, detail: str, *, status: int = 0) -> None:
        super().__init__(detail)
        self.status = status


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    accepted: Collection[int] = (200,),
) -> bytes:
    """What one POST is answered with, when it is accepted. Follows no redirect; raises CannotFetch.

    The host is looked up once, and what was checked is what is connected to.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CannotFetch("Only http and https addresses are asked.")
    try:
        with_socket = _connection(parts, seconds)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            with_socket.request("POST", path, body, dict(headers))
            answer = with_socket.getresponse()
            said = answer.read(LONGEST_ANSWER + 1)
        finally:
            with_socket.close()
    except (OSError, HTTPException, ValueError) as problem:
        raise CannotFetch(type(problem).__name__) from problem
    if answer.status not in accepted:
        raise CannotFetch(f"It answered {answer.status}.", status=answer.status)
    if len(said) > LONGEST_ANSWER:
        raise CannotFetch("It answered too much.")
    return said


def _connection(parts: SplitResult, seconds: float) -> HTTPConnection:
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _checked_address(host, port)
    raw = socket.create_connection((address, port), timeout=seconds)
    if not secure:
        plain = HTTPConnection(host, port, timeout=seconds)
        plain.sock = raw
        return plain
    context = ssl.create_default_context()
    tight = HTTPSConnection(host, port, timeout=seconds, context=context)
    tight.sock = context.wrap_socket(raw, server_hostname=host)
    return tight


def _checked_address(host: str, port: int) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not settings.WEBHOOKS_MAY_BE_PRIVATE and not ipaddress.ip_address(address).is_global:
        raise CannotFetch("This address is inside a private network.")
    return address
