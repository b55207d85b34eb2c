"""Where the embedded servers are found. Imported by the settings, so: no Django in here."""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent

# A socket's path has at most 107 bytes; the longest name below the folder needs 25 of them. And
# not every library that reads the path from a URL unquotes it.
_FIT_FOR_SOCKETS = re.compile(r"[A-Za-z0-9/._-]{1,80}")


def data_dir(environ: Mapping[str, str] | None = None) -> Path:
    """The absolute DATA_DIR; by default `var` beside manage.py."""
    given = (os.environ if environ is None else environ).get("DATA_DIR", "").strip()
    return (PROJECT / "var" if not given else Path(given).expanduser()).absolute()


def run_dir(data_dir: Path) -> Path:
    """What belongs to one run: locks, process ids, the supervisor's configuration, stamps."""
    return data_dir / "run"


def logs_dir(data_dir: Path) -> Path:
    return data_dir / "logs"


def metrics_dir(data_dir: Path) -> Path:
    return run_dir(data_dir) / "metrics"


def cluster_dir(data_dir: Path) -> Path:
    """The PostgreSQL cluster itself: the truth."""
    return data_dir / "postgres"


def socket_dir(data_dir: Path) -> Path:
    """The folder of the private sockets: inside DATA_DIR, or a short one when that won't do.

    `DATA_DIR/sockets` is then a link to the short one, so that every process finds the same.
    """
    inside = data_dir / "sockets"
    if _FIT_FOR_SOCKETS.fullmatch(str(inside)):
        return inside
    if inside.is_symlink():
        return inside.readlink()
    base = Path("/run") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    mark = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    return base / f"contactcenter-{mark}"


def postgres_socket_dir(data_dir: Path) -> Path:
    return socket_dir(data_dir) / "pg"


def valkey_socket(data_dir: Path) -> Path:
    return socket_dir(data_dir) / "vk" / "valkey.sock"


def supervisor_socket(data_dir: Path) -> Path:
    return socket_dir(data_dir) / "supervisor.sock"


def embedded_database_url(data_dir: Path) -> str:
    host = quote(str(postgres_socket_dir(data_dir)), safe="")
    return f"postgresql://contactcenter@/contactcenter?host={host}"


def embedded_redis_url(data_dir: Path) -> str:
    return f"unix://{valkey_socket(data_dir)}"
