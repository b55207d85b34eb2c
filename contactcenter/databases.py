"""A connection URL, as companies hand it out, turned into what Django and Celery want."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

_DJANGO_NAMES = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def database_from_url(url: str, *, pool_size: int) -> dict[str, Any]:
    """Django's DATABASES entry for a `postgresql://` URL, with psycopg's own pool.

    Under ASGI a kept connection belongs to a request's thread and leaks; the pool does not.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://.")
    try:
        parameters = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured("DATABASE_URL can't be read as a PostgreSQL URL.") from error
    entry: dict[str, Any] = {
        "ENGINE": "contactcenter.postgresql",
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
            # Only cursors that ask for it prepare; without this number none may.
            "prepare_threshold": 5,
        },
    }
    for name, value in parameters.items():
        if name in _DJANGO_NAMES:
            entry[_DJANGO_NAMES[name]] = str(value)
        else:
            entry["OPTIONS"][name] = value
    return entry


def broker_from_url(url: str) -> str:
    """Celery's spelling of a broker: Valkey on a Unix socket has a scheme of its own."""
    if url.startswith("unix://"):
        return "redis+socket://" + url.removeprefix("unix://").replace("?db=", "?virtual_host=")
    return url
