"""supervisord as our child: started, spoken to, started again when it is killed, stopped."""

import contextlib
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
import xmlrpc.client
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from contactcenter.launch import leftovers, paths, services
from contactcenter.launch.terminal import CannotStart, say

PR_SET_CHILD_SUBREAPER = 36
_NO_WAIT = False
_SILENCE = (OSError, http.client.HTTPException, xmlrpc.client.Error)


class Supervisor:
    """Keeps the programs of one DATA_DIR running.

    If we die, supervisord gets SIGTERM and stops everything; if supervisord dies, its programs
    get their stop signals, fall to us as orphans, and `watch` begins again.
    """

    def __init__(self, data_dir: Path, configuration: str) -> None:
        self._data_dir = data_dir
        self._file = paths.run_dir(data_dir) / "supervisord.conf"
        self._file.write_text(configuration)
        self._groups: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def start(self) -> None:
        """Returns when supervisord takes commands; nothing else runs yet."""
        self._end_stranger()
        line = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._file)]
        self._process = subprocess.Popen(
            services.as_child(line, signal.SIGTERM),
            cwd=paths.PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us alone.
        )
        deadline = time.monotonic() + 15
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(
                    f"supervisord does not start. See {paths.logs_dir(self._data_dir)}."
                )
            time.sleep(0.02)

    def run(self, group: str) -> None:
        """Starts all programs of a group, now and whenever supervisord has to begin again."""
        if group not in self._groups:
            self._groups.append(group)
        self._ask().supervisor.startProcessGroup(group, _NO_WAIT)

    def pid(self, name: str) -> int:
        """0 while the program is down, or nobody can say."""
        try:
            found = self._ask().supervisor.getAllProcessInfo()
        except _SILENCE:
            return 0
        return next((int(p["pid"]) for p in found if p["name"] == name), 0)

    def watch(self) -> None:
        """One look: buries the dead, and brings supervisord back if it is gone."""
        if self._process is None or self._process.poll() is None:
            self._bury_orphans()
            return
        say("supervisord was killed; starting everything again …")
        leftovers.end_children_of(os.getpid())
        self._bury_orphans()
        self.start()
        for group in list(self._groups):
            self.run(group)

    def stop(self) -> None:
        """Stops everything, the servers last; after half a minute it no longer asks."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        leftovers.end_children_of(os.getpid())
        self._bury_orphans()

    def _bury_orphans(self) -> None:
        """Waits for dead children other than supervisord: as a subreaper we inherit them."""
        own = self._process.pid if self._process else 0
        with contextlib.suppress(ChildProcessError):
            while dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if dead.si_pid == own:
                    return
                os.waitpid(dead.si_pid, 0)

    def _end_stranger(self) -> None:
        """The supervisord of a launcher that was killed may still be stopping its programs."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((paths.run_dir(self._data_dir) / "supervisord.pid").read_text())
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            if os.fsencode(self._file) in line.split(b"\0"):
                leftovers.end(
                    lambda: [pid] if leftovers.is_alive(pid) else [], signal.SIGTERM, patience=20
                )
        paths.supervisor_socket(self._data_dir).unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            return bool(self._ask().supervisor.getState()["statename"] == "RUNNING")
        except _SILENCE:
            return False

    def _ask(self) -> Any:
        socket = paths.supervisor_socket(self._data_dir)
        transport = SupervisorTransport(None, None, f"unix://{socket}")
        return xmlrpc.client.ServerProxy("http://localhost", transport)
