"""Reads the environment once, loudly: a wrong value stops the start with one line."""

import os
import re
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def env_text(name: str, *, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    value = env_text(name, default=str(default)).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: say True or False.")


def env_int(name: str, *, default: int, least: int = 0, most: int = 2**31) -> int:
    value = env_text(name, default=str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value!r}: say a number from {least} to {most}.")
    return int(value)


def env_seconds(name: str, *, default: float, most: float = 3600.0) -> float:
    value = env_text(name, default=str(default))
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= most:
        raise ImproperlyConfigured(f"{name}={value!r}: say a number of seconds up to {most:g}.")
    return seconds


def env_server(name: str, *, words: tuple[str, ...] = ()) -> str:
    """`openai:<model>@<base url>`, or nothing, or one of some words."""
    value = env_text(name)
    if value and value not in words and not re.fullmatch(r"openai:[^@\s]+@https?://\S+", value):
        raise ImproperlyConfigured(f"{name}={value!r}: say openai:<model>@<base url>.")
    return value


def env_list(name: str) -> list[str]:
    return [part for part in (p.strip() for p in env_text(name).split(",")) if part]


def env_choice(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    value = env_text(name, default=default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: say one of {', '.join(choices)}.")
    return value


def secret_key(*, data_dir: Path, host: str) -> str:
    """The given key; on loopback one that is made once and kept in DATA_DIR."""
    given = env_text("SECRET_KEY")
    if given:
        return given
    if host not in LOOPBACK:
        raise ImproperlyConfigured(
            f"HOST={host} is reachable from outside: set SECRET_KEY and ALLOWED_HOSTS."
        )
    return kept_secret(data_dir / "secret_key")


def kept_secret(file: Path) -> str:
    """The secret in `file`; two processes that make it at once end up with the same one."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"{file} can't be read: {error.strerror}.") from error
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return file.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{file} can't be written: {error.strerror}.") from error


def own_url(*, host: str, port: int) -> str:
    """Where a process of this machine reaches the web server that listens on `host`."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


def own_name(allowed: list[str]) -> str:
    """A name that Django answers to."""
    return next((name.lstrip(".") for name in allowed if name != "*"), "localhost")


def allowed_hosts(*, host: str) -> list[str]:
    given = env_list("ALLOWED_HOSTS")
    if given:
        return given
    if host not in LOOPBACK:
        raise ImproperlyConfigured(
            f"HOST={host} is reachable from outside: set SECRET_KEY and ALLOWED_HOSTS."
        )
    return ["127.0.0.1", "localhost", "[::1]"]
