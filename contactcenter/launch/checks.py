"""What can be known to be wrong before anything is started: each is one line and status 2."""

import errno
import os
import socket
from types import ModuleType
from urllib.parse import urlsplit

import psycopg
import redis
from django.core.exceptions import ImproperlyConfigured

from contactcenter.launch import services
from contactcenter.launch.programs import Address
from contactcenter.launch.terminal import CannotStart, reason


def read_settings() -> ModuleType:
    """The settings module, which refuses a wrong environment by itself."""
    try:
        from contactcenter import settings
    except ImproperlyConfigured as error:
        raise CannotStart(str(error)) from error
    return settings


def check_niceness() -> None:
    """The settings don't read it: it is the launcher's alone."""
    nice = os.environ.get("MODEL_NICE", "").strip() or "10"
    if nice != "idle" and not (nice.isdecimal() and 0 <= int(nice) <= 19):
        raise CannotStart(f"MODEL_NICE={nice!r}: say a number from 0 to 19, or idle.")


def check_port(address: Address) -> None:
    """Refuses an address that the web server will not get."""
    where = f"HOST={address.host} PORT={address.port}"
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        family, kind, _, _, place = found[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except socket.gaierror as error:
        raise CannotStart(f"{where}: there is no such host.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {address.port} is in use by another program: stop it, or choose another PORT."
            ) from error
        raise CannotStart(
            f"{where}: can't listen there, {(error.strerror or '').lower()}."
        ) from error


def check_given_urls() -> None:
    """Refuses servers of the company's own that can't be reached or can't do what we need."""
    given = services.urls_given()
    if given.database:
        _check_database(given.database)
    if given.redis:
        _check_redis("REDIS_URL", given.redis)
    broker = os.environ.get("CELERY_BROKER_URL", "").strip()
    if broker:
        _check_broker(broker)


def _check_database(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            encoding = connection.execute("SHOW server_encoding").fetchone()
            vector = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"
            ).fetchone()
    except psycopg.Error as error:
        raise CannotStart(f"DATABASE_URL can't be reached: {reason(error)}.") from error
    if vector is None:
        raise CannotStart("DATABASE_URL: this PostgreSQL has no pgvector; install it there.")
    if encoding != ("UTF8",):
        raise CannotStart("DATABASE_URL: the database must have the encoding UTF8.")


def _check_redis(name: str, url: str) -> None:
    try:
        services.ask_redis(url)
    except (redis.RedisError, OSError, ValueError) as error:
        raise CannotStart(f"{name} can't be reached: {reason(error)}.") from error


def _check_broker(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme in {"redis", "rediss", "unix"}:
        _check_redis("CELERY_BROKER_URL", url)
        return
    default = 5671 if parts.scheme == "amqps" else 5672
    try:
        socket.create_connection((parts.hostname or "", parts.port or default), timeout=5).close()
    except (OSError, ValueError) as error:
        raise CannotStart(f"CELERY_BROKER_URL can't be reached: {reason(error)}.") from error
