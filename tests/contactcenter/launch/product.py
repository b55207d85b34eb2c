"""The real product in a folder of its own, for tests that start, kill and stop it."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contactcenter.launch import paths
from contactcenter.launch.leftovers import is_alive

_GIVEN = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "HOST", "SECRET_KEY", "ALLOWED_HOSTS"}


# A story wants the model's own words, also where three processes share two cores.
_PATIENT = {"BOT_QUOTE_AFTER": "15", "BOT_QUOTE_ABOVE": "15"}


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """A stranger's: nothing but what is said here, and the embedded servers. The demo has no past, and
    nobody but one agent is suggested what to say: that costs the stories the model's time."""
    plain = {k: v for k, v in os.environ.items() if k not in _GIVEN and not k.startswith("DJANGO")}
    return (
        plain
        | {"DATA_DIR": str(data_dir), "DEMO_HISTORY": "no", "SUGGESTIONS": "agent4"}
        | _PATIENT
        | more
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_server(data_dir: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    return subprocess.run(
        [str(paths.PROJECT / "script" / "server")],
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run_manage(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(paths.PROJECT / "script" / "manage"), *arguments],
        env=environment(data_dir),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def processes_of(data_dir: Path) -> list[int]:
    """Everything that runs for a DATA_DIR, by its environment or its command line."""
    found = []
    marks = (os.fsencode(f"DATA_DIR={data_dir}\0"), os.fsencode(f"{data_dir}/"))
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            known = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if any(mark in known for mark in marks) and is_alive(int(entry.name)):
            found.append(int(entry.name))
    return found


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Asks the less often the longer it takes: what starts up needs the cores for itself."""
    began = time.monotonic()
    while not condition():
        waited = time.monotonic() - began
        assert waited < seconds, f"not within {seconds} s: {what}"
        time.sleep(min(0.5, 0.05 + waited / 20))


def copy_of(furnished: Path, data_dir: Path) -> Path:
    """A DATA_DIR like another one, which nobody uses now: a first start takes most of a minute."""
    # The database's files belong to the servers' own user.
    subprocess.run(["cp", "-a", str(furnished), str(data_dir)], check=True)
    sockets = data_dir / "sockets"
    sockets.unlink() if sockets.is_symlink() else shutil.rmtree(sockets)
    return data_dir


class Product:
    def __init__(self, data_dir: Path, **more: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir.with_suffix(".log")
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(paths.PROJECT / "script" / "server")],
                env=environment(data_dir, PORT=str(self.port), **more),
                stdout=out,
                stderr=out,
            )

    def get(self, path: str) -> tuple[int, str]:
        """(0, "") while nobody listens."""
        return self._request("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        status, said = self._request("POST", path, json.dumps(body))
        return status, json.loads(said)

    def _request(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def parts_are_up(self) -> bool:
        """All that needs no weights: they may take long to load the first time."""
        said = self.get("/readyz")[1].splitlines()
        return {"database: ok", "valkey: ok", "worker: ok"} <= set(said) and bool(
            {"model: ok", "model: loading"} & set(said)
        )

    def wait_until_up(self, seconds: float = 60) -> None:
        def up() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return self.parts_are_up()

        wait_for(up, seconds, f"all parts are up: {self.get('/readyz')}")

    def pid(self, name: str) -> int:
        """Of a program, as the supervisor knows it; 0 while it is down or nobody knows."""
        if name == "supervisord":
            said = (paths.run_dir(self.data_dir) / "supervisord.pid").read_text().strip()
            return int(said or 0)  # a moment before it is written, the file is empty
        ctl = Path(sys.executable).with_name("supervisorctl")
        said = subprocess.run(
            [str(ctl), "-c", str(paths.run_dir(self.data_dir) / "supervisord.conf"), "pid", name],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        return int(said) if said.isdecimal() else 0

    def kill(self, *names: str) -> None:
        """kill -9 of all of them; returns when each runs again as another process."""
        aimed = self.aim(*names)
        self.shoot(aimed)
        self.wait_until_back(aimed)

    def aim(self, *names: str) -> dict[str, int]:
        """Their pids, so that a shot can follow at the right moment."""
        aimed = {name: self.pid(name) for name in names}
        assert all(aimed.values()), aimed
        return aimed

    def shoot(self, aimed: dict[str, int]) -> None:
        """kill -9, without waiting for anything."""
        for pid in aimed.values():
            os.kill(pid, signal.SIGKILL)

    def wait_until_back(self, shot: dict[str, int]) -> None:
        """Until each runs again as another process."""
        wait_for(
            lambda: all(self.pid(name) not in {0, pid} for name, pid in shot.items()),
            30,
            f"{tuple(shot)} back",
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)
