"""Starts what is measured, in a folder that is thrown away, and ends everything it started."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from contactcenter.launch import paths, postgres

ROOT = paths.PROJECT
PRODUCT_PORT, STOCK_PORT, ECHO_PORT = 8080, 8081, 8082
HOST = "127.0.0.1"
PGBENCH_CLIENTS = 32
_GIVEN = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "SECRET_KEY", "ALLOWED_HOSTS")
_INSERT = """\\set room random(1, 1000)
INSERT INTO said (room, author, seq, text, created_at)
VALUES (:room, 'customer', 1, 'Hello, my parcel was due on Tuesday and still has not come.', now())
RETURNING id;
"""
_UNREAD = """SELECT count(*) FROM bots_article
WHERE indexed_at IS NULL OR indexed_revision IS DISTINCT FROM revision"""


class Unfit(Exception):
    """What was to be measured did not run; the text says why."""


class House:
    """The product, by its own launcher, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "data"
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        plain = {k: v for k, v in os.environ.items() if k not in _GIVEN}
        self.environment = plain | {
            "DATA_DIR": str(self.data_dir),
            "HOST": HOST,
            "PORT": str(PRODUCT_PORT),
            "DEMO_PASSWORD": "only-for-a-benchmark",
            "DEMO_HISTORY": "no",
            "PYTHONPATH": str(ROOT),
            # A closed loop says more than a customer may: what is measured is not the limit.
            "CUSTOMER_MESSAGES_PER_SECOND": "1000",
            "CUSTOMER_MESSAGES_AT_ONCE": "1000",
            "SESSIONS_PER_MINUTE": "1000000",
            "LOG_LEVEL": "WARNING",
        }

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(ROOT / "script" / "server")],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                process_group=0,  # Ctrl-C is ours to answer
            )

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait_until(self, condition: Callable[[], bool], seconds: float, what: str) -> float:
        """The seconds it took. Raises Unfit with the last lines of the log."""
        began = time.monotonic()
        while not condition():
            gone = self.process is None or self.process.poll() is not None
            if gone or time.monotonic() - began > seconds:
                said = self.log.read_text(errors="replace").strip().splitlines()[-5:]
                raise Unfit(f"{what}: not within {seconds:.0f} s. {' / '.join(said)}")
            time.sleep(min(0.5, 0.05 + (time.monotonic() - began) / 100))
        return time.monotonic() - began

    def parts(self) -> set[str]:
        """The lines of /readyz; none while nobody listens."""
        connection = http.client.HTTPConnection(HOST, PRODUCT_PORT, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return set(connection.getresponse().read().decode().splitlines())
        except (OSError, http.client.HTTPException):
            return set()
        finally:
            connection.close()

    def is_up(self) -> bool:
        return {"database: ok", "valkey: ok", "worker: ok"} <= self.parts()

    def is_ready(self) -> bool:
        return self.is_up() and "model: ok" in self.parts()

    def has_read_everything(self) -> bool:
        """No article waits for its vectors."""
        with psycopg.connect(self.dsn) as connection:
            row = connection.execute(_UNREAD).fetchone()
        return row is not None and not row[0]

    def bring_forward(self) -> None:
        """All of it, and each of PostgreSQL's processes: every one of them is a session."""
        supervisor = int((paths.run_dir(self.data_dir) / "supervisord.pid").read_text())
        to_the_front(supervisor)
        postmaster = int(
            (paths.cluster_dir(self.data_dir) / "postmaster.pid").read_text().split()[0]
        )
        to_the_front(postmaster)
        for child in _children(postmaster):
            to_the_front(child)
        for child in _children(supervisor):
            if os.getsid(child) == child:  # the model's worker
                to_the_front(child)

    def pid(self, program: str) -> int:
        said = self._supervisor("pid", program)
        return int(said) if said.isdecimal() else 0

    def restart_web(self) -> None:
        self._supervisor("restart", "app:web")
        self.wait_until(self.is_up, 60, "the web server is back")

    def _supervisor(self, *arguments: str) -> str:
        line = [str(Path(sys.executable).with_name("supervisorctl")), "-c"]
        line += [str(paths.run_dir(self.data_dir) / "supervisord.conf"), *arguments]
        return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()

    @property
    def dsn(self) -> str:
        return paths.embedded_database_url(self.data_dir)

    def people(self, *arguments: str) -> str:
        """What `benchmarks.load.people` prints."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "benchmarks.load.people", *arguments],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "contactcenter.settings"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unfit(f"people {arguments}: {done.stderr.strip()[-400:]}")
        return done.stdout

    def metric(self, name: str) -> float:
        """The sum of a counter over all processes."""
        connection = http.client.HTTPConnection(HOST, PRODUCT_PORT, timeout=5)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return sum(float(n) for n in re.findall(rf"(?m)^{name}(?:{{[^}}]*}})? (\S+)$", text))


def stored_wrongly(house: House, conversations: list[str], said: int) -> str:
    """Empty if the database has exactly what was said, once and without a gap; else what is wrong."""
    with psycopg.connect(house.dsn) as connection:
        row = connection.execute(
            """
            SELECT count(*) FILTER (WHERE m.author_kind = 'customer'),
                count(DISTINCT (m.conversation_id, m.client_id)), count(*),
                (SELECT coalesce(sum(seq), 0) FROM conversations_conversation
                 WHERE id = ANY(%(ids)s::bigint[]))
            FROM conversations_message m WHERE m.conversation_id = ANY(%(ids)s::bigint[])
            """,
            {"ids": [int(pk) for pk in conversations]},
        ).fetchone()
        assert row is not None
    from_customers, different, rows, counted = (int(value) for value in row)
    if from_customers != said:
        return f"{said} said, {from_customers} stored"
    if not different == rows == counted:
        return f"{rows} rows, {different} different, {counted} by the conversations' own count"
    return ""


def clock_of(house: House) -> datetime:
    """The time in the database."""
    with psycopg.connect(house.dsn) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def written_by_the_model(house: House, *, since: datetime) -> tuple[int, int]:
    """Of the bot's answers since then: those in the model's own words, and all of them."""
    with psycopg.connect(house.dsn) as connection:
        row = connection.execute(
            """
            SELECT count(*) FILTER (WHERE data->>'by' = 'model'), count(*)
            FROM conversations_event WHERE kind = 'bot_answered' AND created_at >= %s
            """,
            (since,),
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def cpu_seconds(pid: int) -> float:
    """What a process has used of all cores since it began."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_kib(pid: int) -> int:
    """The proportional share of memory of a process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise Unfit(f"no memory figure for process {pid}")


def pgbench(house: House, seconds: float) -> float:
    """Single-row inserts committed a second by 32 clients, in a database beside ours."""
    database = "anchor"
    _make_database(house, database)
    with psycopg.connect(house.dsn, dbname=database, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS said")
        connection.execute(
            "CREATE TABLE said (id bigserial PRIMARY KEY, room bigint, author text, seq int,"
            " text text, created_at timestamptz)"
        )
        connection.execute("CREATE INDEX ON said (room, id)")
    script = house.data_dir.parent / "insert.sql"
    script.write_text(_INSERT)
    line = [str(postgres.programs() / "pgbench"), "-n", "-M", "prepared"]
    line += ["-c", str(PGBENCH_CLIENTS), "-j", "2", "-T", str(max(1, round(seconds)))]
    line += ["-f", str(script), "-h", str(paths.postgres_socket_dir(house.data_dir))]
    line += ["-U", postgres.NAME, database]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise Unfit(f"pgbench: {done.stderr.strip()[-300:]}")
    return float(found[1])


def _make_database(house: House, name: str) -> None:
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def stock_server(house: House) -> Iterator[None]:
    """The stock consumer on one Daphne, on the product's PostgreSQL and Valkey."""
    _make_database(house, "stock")
    environment = house.environment | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.stock.settings",
        "STOCK_DATABASE": "stock",
        "STOCK_USER": postgres.NAME,
        "STOCK_HOST": str(paths.postgres_socket_dir(house.data_dir)),
        "STOCK_VALKEY": paths.embedded_redis_url(house.data_dir),
    }
    django = [sys.executable, "-m", "django"]
    made = subprocess.run(
        [*django, "migrate", "--run-syncdb", "-v", "0"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Unfit(f"the stock project's table: {made.stderr.strip()[-300:]}")
    line = [sys.executable, "-m", "daphne", "-b", HOST, "-p", str(STOCK_PORT), "-v", "0"]
    # Its channel layer complains at length when two hundred sockets leave together.
    with (house.data_dir.parent / "stock.log").open("ab") as log:
        line.append("benchmarks.stock.asgi:application")
        with running(line, environment, STOCK_PORT, log):
            yield


@contextmanager
def running(
    line: list[str], environment: dict[str, str], port: int, log: IO[bytes] | None = None
) -> Iterator[int]:
    """A server of one process, from when its port is open to the end of the block; its pid."""
    process = subprocess.Popen(
        line,
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        process_group=0,
    )
    try:
        deadline = time.monotonic() + 30
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Unfit(f"{' '.join(line[1:4])} does not listen on {port}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.connect()
        return True
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def _kept_forward(house: House) -> Iterator[None]:
    """Sessions come and go with PostgreSQL's connections; only needed where niceness was raised."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(0.25):
            with suppress(OSError, ValueError):  # it restarts, or has ended
                house.bring_forward()

    if os.nice(0) < 0:
        threading.Thread(target=keep, daemon=True).start()
    try:
        yield
    finally:
        done.set()


@contextmanager
def a_house() -> Iterator[House]:
    """The product in a temporary folder, up and without a task to do; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-bench-"))
    folder.chmod(0o711)  # as root, the servers' user passes through here
    house = House(folder)
    try:
        house.start()
        house.wait_until(house.is_up, 240, "the first start")
        # A model that is still being converted, or reads the articles, would take part in every figure.
        house.wait_until(house.is_ready, 300, "the first start's model")
        house.wait_until(house.has_read_everything, 300, "the first start's articles")
        with _kept_forward(house):
            yield house
    finally:
        house.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def to_the_front(pid: int) -> None:
    """Gives the session of `pid` our own niceness, if that is raised.

    Linux schedules sessions against each other, and niceness only counts within one: without this
    `nice -n -10` would change nothing against programs that somebody else started.
    """
    if os.nice(0) < 0:
        with suppress(OSError):  # not ours to say, or gone already; the anchors will tell
            Path(f"/proc/{pid}/autogroup").write_text(str(os.nice(0)))


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown",
    )
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "linux": os.uname().release,
        "python": sys.version.split()[0],
    }
