"""DATA_DIR itself: its folders, who may enter them, who is using it."""

import fcntl
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contactcenter.launch import account, paths
from contactcenter.launch.terminal import CannotStart, reason

_LEAST_FREE_BYTES = 200 * 1024 * 1024


def open_folder(data_dir: Path) -> None:
    """Makes DATA_DIR with the folders of a run; refuses a disk that can't be written or is full."""
    try:
        # Root's servers run as another user, who passes through here but can't look around.
        data_dir.mkdir(mode=0o700 if os.geteuid() else 0o711, parents=True, exist_ok=True)
        for part in (paths.run_dir(data_dir), paths.logs_dir(data_dir)):
            part.mkdir(mode=0o700, exist_ok=True)
        probe = paths.run_dir(data_dir) / ".probe"
        probe.write_text("here")
        probe.unlink()
        free = shutil.disk_usage(data_dir).free
    except OSError as error:
        raise CannotStart(f"DATA_DIR={data_dir} can't be written: {_why(error)}.") from error
    if free < _LEAST_FREE_BYTES:
        raise CannotStart(
            f"DATA_DIR={data_dir} has {free // 1024**2} MB left: "
            f"at least {_LEAST_FREE_BYTES // 1024**2} are needed."
        )


def open_sockets(data_dir: Path, owner: pwd.struct_passwd | None) -> None:
    """Makes the folders of the private sockets; only we, or the servers' user, can enter them."""
    try:
        _make_sockets(data_dir, owner)
    except OSError as error:
        raise CannotStart(
            f"{paths.socket_dir(data_dir)}, the folder of the private sockets, "
            f"can't be made: {_why(error)}."
        ) from error
    if owner:
        account.let_in(paths.postgres_socket_dir(data_dir), owner)


def _make_sockets(data_dir: Path, owner: pwd.struct_passwd | None) -> None:
    folder, inside = paths.socket_dir(data_dir), data_dir / "sockets"
    # Beyond DATA_DIR the parent may be everybody's: what waits there must be ours.
    folder.mkdir(mode=0o711 if owner else 0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise CannotStart(f"{folder} belongs to somebody else: remove it, or move DATA_DIR.")
    if folder != inside and not inside.is_symlink():
        inside.symlink_to(folder)
    for part in (paths.postgres_socket_dir(data_dir), paths.valkey_socket(data_dir).parent):
        part.mkdir(mode=0o700, exist_ok=True)
        if owner:
            os.chown(part, owner.pw_uid, owner.pw_gid)


@contextmanager
def only_user(data_dir: Path, what: str) -> Iterator[bool]:
    """Whether we are the one who runs the servers of DATA_DIR, as long as the block lasts.

    The kernel gives the lock back, however we end. `what` tells others who has it.
    """
    with (paths.run_dir(data_dir) / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        lock.truncate(0)
        lock.write(f"{what} (process {os.getpid()})")
        lock.flush()
        yield True


def user_of(data_dir: Path) -> str:
    return (paths.run_dir(data_dir) / "lock").read_text().strip() or "another process"


@contextmanager
def guest(data_dir: Path) -> Iterator[None]:
    """While the block lasts, whoever started the servers for a command leaves them running."""
    with (paths.run_dir(data_dir) / "guests").open("a") as book:
        fcntl.flock(book, fcntl.LOCK_SH)
        yield


@contextmanager
def no_guests(data_dir: Path) -> Iterator[None]:
    """Waits until the last guest has left; the next ones wait until the block has ended."""
    with (paths.run_dir(data_dir) / "guests").open("a") as book:
        fcntl.flock(book, fcntl.LOCK_EX)
        yield


def is_in_use(data_dir: Path) -> bool:
    with (paths.run_dir(data_dir) / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _why(error: OSError) -> str:
    return (error.strerror or reason(error)).lower()
