"""From one command to a contact centre that answers, and back to nothing on Ctrl-C."""

import http.client
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from contactcenter.launch import checks, folder, paths, programs, readiness, services
from contactcenter.launch.programs import Address
from contactcenter.launch.supervise import Supervisor
from contactcenter.launch.terminal import CannotStart, say

_FIRST_SIGN_SECONDS = 120
_TRIES = 3
_READY_SECONDS = 180


class Stopped(Exception):
    """Somebody asked us to stop."""


def serve() -> int:
    """Runs until it is told to stop; then everything it started has ended."""
    data_dir = paths.data_dir()
    folder.open_folder(data_dir)
    with folder.only_user(data_dir, "script/server") as ours:
        if not ours:
            raise CannotStart(
                f"DATA_DIR={data_dir} is in use by {folder.user_of(data_dir)}: "
                "stop that, or choose another DATA_DIR."
            )
        try:
            with _stop_signals():
                _serve(data_dir)
        except Stopped:
            say("Stopped.")
    return 0


def _serve(data_dir: Path) -> None:
    started = time.monotonic()
    settings = checks.read_settings()
    address = Address(settings.HOST, settings.PORT)
    checks.check_niceness()
    checks.check_port(address)
    checks.check_given_urls()
    _set_environment(data_dir)
    supervisor = _supervisor(address, data_dir)
    try:
        supervisor.start()
        _bring_up(supervisor, data_dir)
        _wait_for_web(supervisor, settings, data_dir)
        _wait_until_ready(supervisor, settings)
        _greet(settings, time.monotonic() - started)
        while True:
            supervisor.watch()
            time.sleep(0.25)
    except Stopped:
        say("Stopping …")
        raise
    finally:
        with _deaf():
            supervisor.stop()


def _set_environment(data_dir: Path) -> None:
    """What every program inherits."""
    shutil.rmtree(paths.metrics_dir(data_dir), ignore_errors=True)
    paths.metrics_dir(data_dir).mkdir()
    for old in paths.run_dir(data_dir).glob("beat*"):
        old.unlink()
    os.environ.update(
        DATA_DIR=str(data_dir),
        DJANGO_SETTINGS_MODULE="contactcenter.settings",
        PROMETHEUS_MULTIPROC_DIR=str(paths.metrics_dir(data_dir)),
        PYTHONPATH=str(paths.PROJECT),
        PYTHONUNBUFFERED="1",
    )


def _supervisor(address: Address, data_dir: Path) -> Supervisor:
    embedded = services.prepared(data_dir)
    everything = programs.all_programs(address, embedded, data_dir, os.environ)
    return Supervisor(data_dir, programs.configuration(everything, data_dir))


def _bring_up(supervisor: Supervisor, data_dir: Path) -> None:
    if not all(services.urls_given()):
        supervisor.run(programs.SERVICES)
    services.wait_until_up(data_dir)
    readiness.prepare(data_dir, services.urls(data_dir).database)
    supervisor.run(programs.APP)


def _wait_for_web(supervisor: Supervisor, settings: ModuleType, data_dir: Path) -> None:
    deadline, tries = time.monotonic() + _FIRST_SIGN_SECONDS, {0}
    while _status(settings, "/healthz")[0] != 200:
        tries.add(supervisor.pid("web"))
        if len(tries) > 1 + _TRIES or time.monotonic() > deadline:
            log = paths.logs_dir(data_dir) / "web.log"
            said = log.read_text(errors="replace").strip().splitlines() or ["it says nothing"]
            raise CannotStart(f"The web server does not start: {said[-1][:200]}. See {log}.")
        supervisor.watch()
        time.sleep(0.1)


def _wait_until_ready(supervisor: Supervisor, settings: ModuleType) -> None:
    """Waits a while; a model that takes longer to load is told, not waited for."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        status, said = _status(settings, "/readyz")
        if status == 200:
            return
        if time.monotonic() > deadline:
            say(f"Not all is ready yet: {'; '.join(said.strip().splitlines())}")
            return
        supervisor.watch()
        time.sleep(0.1)


def _status(settings: ModuleType, path: str) -> tuple[int, str]:
    """Status and text of a page of our own; (0, "") while nobody listens."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    allowed = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": (allowed or ["localhost"])[0]})
        answer = connection.getresponse()
        return answer.status, answer.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _greet(settings: ModuleType, seconds: float) -> None:
    host = "localhost" if settings.HOST in {"127.0.0.1", "::1"} else settings.HOST
    base = f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"
    print(
        f"""
  The contact centre is open ({seconds:.1f} s).

    the shop, with the chat    {base}/
    the agents' console        {base}/console/
    knowledge and reports      {base}/admin/
    the HTTP API               {base}/api/v1/docs/

  Ctrl-C stops everything.
""",
        flush=True,
    )


@contextmanager
def _stop_signals() -> Iterator[None]:
    def stop(_number: int, _frame: object) -> NoReturn:
        raise Stopped

    for number in _SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def _deaf() -> Iterator[None]:
    """While we stop, being asked again changes nothing."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    yield


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
