"""What runs, as the supervisor's configuration."""

import os
import shlex
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contactcenter.launch import paths
from contactcenter.launch.services import Service, as_child

SERVICES = "services"
APP = "app"

# The sockets themselves close with 1009 above 64 KiB; beyond this Autobahn just hangs up.
_FRAME_BYTES = "1048576"
_COMMANDS = "supervisor.rpcinterface:make_main_rpcinterface"


@dataclass(frozen=True)
class Program:
    """One program that is kept running; `patience` is how many seconds it may take to stop."""

    name: str
    group: str
    command: list[str]
    stop: signal.Signals
    patience: int


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int


def all_programs(
    address: Address, services: list[Service], data_dir: Path, environ: Mapping[str, str]
) -> list[Program]:
    # A database that is stopped writes all that is new to its files; killed meanwhile, it replays its log at the next start.
    embedded = [Program(s.name, SERVICES, s.command, s.stop, 60) for s in services]
    return [*embedded, _web(address, environ), *_workers(data_dir, environ)]


def _web(address: Address, environ: Mapping[str, str]) -> Program:
    line = [sys.executable, "-m", "contactcenter.web", "-b", address.host, "-p", str(address.port)]
    # Quiet: its access log would hold the tokens of sockets' addresses.
    line += ["-v", "0", "--no-server-name", "--http-timeout", "60"]
    line += ["--websocket_timeout", "-1", "--ping-interval", "20", "--ping-timeout", "30"]
    line += ["--websocket-max-message-size", _FRAME_BYTES]
    line += ["--websocket-max-frame-size", _FRAME_BYTES, "--application-close-timeout", "5"]
    if environ.get("BEHIND_PROXY", "").strip().lower() in {"1", "true", "yes", "on"}:
        line.append("--proxy-headers")
    line.append("contactcenter.asgi:application")
    return Program("web", APP, as_child(line, signal.SIGTERM), signal.SIGTERM, 5)


def _workers(data_dir: Path, environ: Mapping[str, str]) -> list[Program]:
    celery = [sys.executable, "-m", "celery", "-q", "-A", "contactcenter.celery"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    lines = {
        "worker": [
            "worker",
            "-n",
            "default@%h",
            "-Q",
            "default",
            "-P",
            "threads",
            "-c",
            "4",
            *quiet,
        ],
        "model": [
            "worker",
            "-n",
            "model@%h",
            "-Q",
            "model,index",
            "-P",
            "threads",
            "-c",
            "32",
            *quiet,
        ],
        "beat": ["beat", "-s", str(paths.run_dir(data_dir) / "beat"), "--pidfile="],
    }
    # A model that decodes takes all it gets; people who chat go first.
    nice = {"model": environ.get("MODEL_NICE", "").strip() or "10"}
    # Half a second sooner or later is all the same to a task, and a long time to a message.
    behind = {"worker": ["nice", "-n", "3"]}
    return [
        Program(
            name,
            APP,
            as_child(
                [*behind.get(name, []), *celery, *line], signal.SIGTERM, nice=nice.get(name, "")
            ),
            signal.SIGTERM,
            5,
        )
        for name, line in lines.items()
    ]


def configuration(programs: list[Program], data_dir: Path) -> str:
    """supervisord.conf: services start first and stop last; nothing starts by itself."""
    run, logs = paths.run_dir(data_dir), paths.logs_dir(data_dir)
    socket = paths.supervisor_socket(data_dir)
    sections = [
        _section(
            "supervisord",
            nodaemon="true",
            silent="true",
            logfile=_value(logs / "supervisord.log"),
            logfile_maxbytes="5MB",
            logfile_backups="2",
            loglevel="info",
            pidfile=_value(run / "supervisord.pid"),
            directory=_value(paths.PROJECT),
            minfds="4096",
            **({"user": "root"} if os.geteuid() == 0 else {}),
        ),
        _section("unix_http_server", file=_value(socket), chmod="0700"),
        _section("supervisorctl", serverurl=f"unix://{_value(socket)}"),
        _section(
            "rpcinterface:supervisor",
            **{"supervisor.rpcinterface_factory": _COMMANDS},
        ),
    ]
    for priority, group in enumerate((SERVICES, APP), start=1):
        members = [p for p in programs if p.group == group]
        if members:
            names = ",".join(p.name for p in members)
            sections.append(_section(f"group:{group}", programs=names, priority=str(priority)))
            sections += [_program(program, logs) for program in members]
    return "\n".join(sections)


def _program(program: Program, logs: Path) -> str:
    return _section(
        f"program:{program.name}",
        command=_value(shlex.join(program.command)),
        autostart="false",
        autorestart="true",
        startsecs="2",
        # Between two tries the supervisor waits one second longer each time; it never gives up.
        startretries="1000000",
        stopsignal=program.stop.name.removeprefix("SIG"),
        stopwaitsecs=str(program.patience),
        # PostgreSQL's fast stop is for its first process only.
        stopasgroup="false",
        killasgroup="true",
        redirect_stderr="true",
        stdout_logfile=_value(logs / f"{program.name}.log"),
        stdout_logfile_maxbytes="10MB",
        stdout_logfile_backups="3",
    )


def _section(name: str, **values: str) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in values.items()), ""])


def _value(value: object) -> str:
    """The supervisor expands %(…)s and takes ` ;` for a comment."""
    return str(value).replace("%", "%%")
