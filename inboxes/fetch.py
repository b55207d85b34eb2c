"""The one way to ask an address that somebody typed: nothing inside our own network answers."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST_ANSWER = 64 * 1024  # bytes
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class CannotFetch(Exception):
    """The address is not one to ask, or it did not answer as it should: `status`, if it did; `is_sent`:
    it may have heard us."""

    def __init__(self, detail: str, *, status: int = 0, is_sent: bool = False) -> None:
        super().__init__(detail)
        self.status = status
        self.is_sent = is_sent


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    accepted: Collection[int] = (200,),
) -> bytes:
    """What one POST is answered with, when it is accepted. Follows no redirect; raises CannotFetch."""
    said = ask("POST", url, body, headers, seconds=seconds)
    if said.status not in accepted:
        raise CannotFetch(f"It answered {said.status}.", status=said.status)
    return said.body


def ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    seconds: float,
    is_own: bool = False,
) -> Answer:
    """What one request is answered with, whatever the status. Follows no redirect; raises CannotFetch,
    which knows whether anything may have been sent.

    The host is looked up once, and what was checked is what is connected to. `is_own`: it may be
    inside our own network. All of it, the answer too, takes at most `seconds`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CannotFetch("Only http and https addresses are asked.")
    until = time.monotonic() + seconds
    is_sent = False
    try:
        with_socket = _connection(parts, seconds, is_own=is_own)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            is_sent = True
            with_socket.request(method, path, body, dict(headers))
            answer = with_socket.getresponse()
            said = _read(answer, with_socket, until)
        finally:
            with_socket.close()
    except (OSError, HTTPException, ValueError) as problem:
        raise CannotFetch(type(problem).__name__, is_sent=is_sent) from problem
    if len(said) > LONGEST_ANSWER:
        raise CannotFetch("It answered too much.", status=answer.status, is_sent=True)
    return Answer(answer.status, said)


def _read(answer: HTTPResponse, through: HTTPConnection, until: float) -> bytes:
    """The body, up to one byte too many; whoever drips it is not waited for."""
    said = b""
    while len(said) <= LONGEST_ANSWER:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if through.sock is not None:
            through.sock.settimeout(left)
        piece = answer.read1(LONGEST_ANSWER + 1 - len(said))
        if not piece:
            break
        said += piece
    return said


def _connection(parts: SplitResult, seconds: float, *, is_own: bool) -> HTTPConnection:
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _checked_address(host, port, is_own=is_own)
    raw = socket.create_connection((address, port), timeout=seconds)
    if not secure:
        plain = HTTPConnection(host, port, timeout=seconds)
        plain.sock = raw
        return plain
    context = ssl.create_default_context()
    tight = HTTPSConnection(host, port, timeout=seconds, context=context)
    tight.sock = context.wrap_socket(raw, server_hostname=host)
    return tight


def _checked_address(host: str, port: int, *, is_own: bool) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not is_own and not settings.WEBHOOKS_MAY_BE_PRIVATE and not is_outside(address):
        raise CannotFetch("This address is inside a private network.")
    return address


def is_outside(address: str) -> bool:
    """Whether an address is of the internet at large, also behind the forms that wrap an older one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner:
            return is_outside(str(inner))
    return found.is_global and not found.is_multicast
