"""The embedded servers: which are needed, how each is run, whether they answer."""

import os
import pwd
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psycopg
import redis

from contactcenter.launch import account, folder, paths, postgres, valkey
from contactcenter.launch.leftovers import end_processes_in
from contactcenter.launch.terminal import CannotStart, reason

_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Service:
    """One embedded server: its command, and the signal that stops it cleanly and at once."""

    name: str
    command: list[str]
    stop: signal.Signals


class Urls(NamedTuple):
    database: str
    redis: str


def urls_given() -> Urls:
    """The company's own servers; empty where there are none."""
    return Urls(os.environ.get("DATABASE_URL", "").strip(), os.environ.get("REDIS_URL", "").strip())


def urls(data_dir: Path) -> Urls:
    """Where the servers are, given or embedded."""
    given = urls_given()
    return Urls(
        given.database or paths.embedded_database_url(data_dir),
        given.redis or paths.embedded_redis_url(data_dir),
    )


def prepared(data_dir: Path, *, durable: bool = True) -> list[Service]:
    """The servers that no URL was given for, ready to be started."""
    given = urls_given()
    if not given.database:
        postgres.check(data_dir)
    owner = account.servers_account(paths.cluster_dir(data_dir)) if not all(given) else None
    folder.open_sockets(data_dir, owner)
    services = []
    if not given.database:
        postgres.prepare(data_dir, owner)
        line = postgres.command(data_dir, durable=durable)
        # SIGINT is PostgreSQL's fast stop; on SIGTERM it would wait for its clients.
        services.append(Service("postgres", as_child(line, signal.SIGINT, owner), signal.SIGINT))
    if not given.redis:
        end_processes_in(paths.valkey_socket(data_dir).parent, signal.SIGTERM)
        line = valkey.command(data_dir)
        services.append(Service("valkey", as_child(line, signal.SIGTERM, owner), signal.SIGTERM))
    return services


def as_child(
    line: list[str],
    stop: signal.Signals,
    owner: pwd.struct_passwd | None = None,
    nice: str = "",
) -> list[str]:
    """The command that runs `line` so that it gets the signal `stop` when its parent dies."""
    before = [sys.executable, "-I", "-S", str(_CHILD), "--signal", str(int(stop))]
    if owner:
        before += ["--user", owner.pw_name]
    if nice:
        before += ["--nice", nice]
    return [*before, "--", *line]


PATIENCE = 60.0  # seconds for a service that says nothing
_REPLAYS = (
    "the database system is starting up"  # libpq hands on no code, and the wheel speaks English
)


def wait_until_up(data_dir: Path, is_hopeless: Callable[[], bool] = lambda: False) -> None:
    """Returns when PostgreSQL and Valkey both take commands.

    Gives up after a minute, or as soon as `is_hopeless` says that one of them has ended. A database that replays its
    log is at work and is waited for: who stops it then has all of it replayed again at the next start.
    """
    found = urls(data_dir)
    deadline = time.monotonic() + PATIENCE
    for name, ask in (
        ("PostgreSQL", partial(ask_database, found.database)),
        ("Valkey", partial(ask_redis, found.redis)),
    ):
        while (problem := _problem(ask)) is not None:
            if _REPLAYS in str(problem):
                deadline = time.monotonic() + PATIENCE
            if is_hopeless() or time.monotonic() > deadline:
                raise CannotStart(
                    f"{name} does not answer: {reason(problem)}. See {paths.logs_dir(data_dir)}."
                ) from problem
            time.sleep(0.05)


def ask_database(url: str) -> None:
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute("SELECT 1")


def ask_redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
        client.ping()


def _problem(ask: Callable[[], None]) -> Exception | None:
    try:
        ask()
    except (psycopg.OperationalError, redis.RedisError, OSError) as error:
        return error
    return None
