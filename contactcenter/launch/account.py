"""PostgreSQL refuses to run as root; here is who runs it then, and what that user must reach."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from contactcenter.launch.terminal import CannotStart, say

NAME = "contactcenter"


def servers_account(cluster: Path) -> pwd.struct_passwd | None:
    """The user who runs the embedded servers; None when that is simply ourselves.

    A cluster that exists stays with its owner. Otherwise a system user is made; where that
    can't be, `nobody` has to do.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        try:
            return pwd.getpwuid(cluster.stat().st_uid)
        except KeyError as error:
            raise CannotStart(
                f"{cluster} belongs to user {cluster.stat().st_uid}, who does not exist here."
            ) from error
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _make_account()


def _make_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        asked = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        made = subprocess.run(
            [*asked, "--home-dir", "/nonexistent", "--user-group", NAME],
            capture_output=True,
            check=False,
        )
        if made.returncode == 0:
            say(f"Made the system user {NAME}: PostgreSQL will not run as root.")
            return pwd.getpwnam(NAME)
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise CannotStart(
            f"PostgreSQL will not run as root: make a user {NAME}, or start this as another user."
        ) from error


def let_in(path: Path, account: pwd.struct_passwd) -> None:
    """Gives search permission on those parent folders of `path` that `account` can't pass."""
    closed = [p for p in path.resolve().parents if not may(p, account, stat.S_IXOTH)]
    for folder in closed:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    if closed:
        names = ", ".join(map(str, closed))
        say(f"Gave permission to pass through {names}: PostgreSQL runs as {account.pw_name}.")


def open_programs(folder: Path, account: pwd.struct_passwd) -> None:
    """Makes what pip installed under a strict umask readable for `account`."""
    if not folder.exists():
        return
    let_in(folder, account)
    if may(folder, account, stat.S_IROTH | stat.S_IXOTH):
        return
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        runs = stat.S_IXOTH if mode & stat.S_IXUSR else 0
        path.chmod(mode | stat.S_IROTH | runs)


def may(path: Path, account: pwd.struct_passwd, bits: int) -> bool:
    """Whether `account` has the permission `bits` (named as for others) on `path`."""
    status = path.stat()
    if status.st_uid == account.pw_uid:
        bits <<= 6
    elif status.st_gid == account.pw_gid:
        bits <<= 3
    return status.st_mode & bits == bits
