"""Runs one command, or the tests, with the embedded servers up for exactly as long."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from contactcenter.launch import folder, paths, postgres, services
from contactcenter.launch.terminal import CannotStart


def manage(arguments: list[str]) -> int:
    """manage.py with `arguments`; its exit status. On stdout is what the command says, only."""
    data_dir = paths.data_dir()
    # For `dbshell`: a bare machine has no psql of its own.
    os.environ["PATH"] = f"{os.environ.get('PATH', os.defpath)}:{postgres.programs()}"
    with servers(data_dir, f"script/manage {' '.join(arguments[:1])}".strip()):
        return _run([sys.executable, str(paths.PROJECT / "manage.py"), *arguments])


def test(arguments: list[str]) -> int:
    """pytest with `arguments`; its exit status. The servers' data goes to a temporary folder, and what
    the tests make, too: pytest's own is shared by all its runs, each of which shuts out other users.

    The whole suite runs in three processes (`tests/conftest.py` says who does what), a part in one.
    """
    with ExitStack() as stack:
        data_dir = Path(tempfile.mkdtemp(prefix="contactcenter-test-"))
        stack.callback(shutil.rmtree, data_dir, ignore_errors=True)
        data_dir.chmod(0o711)  # As root, the servers' user passes through here.
        os.environ["DATA_DIR"] = str(data_dir)
        both = [] if arguments else ["-n", "3", "--dist", "loadgroup"]
        line = [sys.executable, "-m", "pytest", f"--basetemp={data_dir / 't'}", *both, *arguments]
        if not all(services.urls_given()):
            stack.enter_context(servers(data_dir, "script/test", durable=False))
        return _run(line)


@contextmanager
def servers(data_dir: Path, what: str, *, durable: bool = True) -> Iterator[None]:
    """The servers of DATA_DIR run during the block: those that run already, or our own."""
    folder.open_folder(data_dir)
    while True:
        with folder.only_user(data_dir, what) as ours:
            if ours:
                with _own_servers(data_dir, durable=durable):
                    yield
                return
        with folder.guest(data_dir):
            # Whoever has them may have stopped them while we waited to be let in.
            if folder.is_in_use(data_dir):
                services.wait_until_up(data_dir)
                yield
                return


@contextmanager
def _own_servers(data_dir: Path, *, durable: bool) -> Iterator[None]:
    running: list[tuple[services.Service, subprocess.Popen[bytes]]] = []
    try:
        prepared = services.prepared(data_dir, durable=durable)
        running.extend((service, _start(service, data_dir)) for service in prepared)
        services.wait_until_up(
            data_dir, lambda: any(process.poll() is not None for _, process in running)
        )
        yield
    finally:
        with folder.no_guests(data_dir):
            _stop(running)


def _start(service: services.Service, data_dir: Path) -> subprocess.Popen[bytes]:
    log = paths.logs_dir(data_dir) / f"{service.name}.log"
    with log.open("ab") as out:
        return subprocess.Popen(
            service.command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,  # Ctrl-C is for the command; the servers outlast it.
        )


def _stop(running: list[tuple[services.Service, subprocess.Popen[bytes]]]) -> None:
    for service, process in reversed(running):
        process.send_signal(service.stop)
    for _, process in running:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _run(line: list[str]) -> int:
    """Runs `line` in the foreground; SIGTERM and Ctrl-C are the command's to answer."""
    process = subprocess.Popen(services.as_child(line, signal.SIGTERM))

    def pass_on(number: int, _frame: object) -> None:
        # From a terminal the command has had its Ctrl-C already; twice does no harm.
        process.send_signal(number)

    before = {n: signal.signal(n, pass_on) for n in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        status = process.wait()
    finally:
        for number, action in before.items():
            signal.signal(number, action)
    return 128 - status if status < 0 else status


def refuse_stopped(number: int, _frame: object) -> None:
    """Until the command runs, a signal simply ends us, and with us the servers."""
    raise CannotStart(f"Stopped by {signal.Signals(number).name}.")
