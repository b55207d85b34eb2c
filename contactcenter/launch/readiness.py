"""What must be done before the first request: tables, static files, the demo business."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg

from contactcenter.launch import paths
from contactcenter.launch.terminal import CannotStart, say


def prepare(data_dir: Path, database_url: str) -> None:
    """Migrates and collects static files if anything changed; seeds an empty database.

    Each is noted when it is done, so what a killed start left out is done by the next one.
    """
    run = paths.run_dir(data_dir)
    seeding = run / "seed-wanted"
    tables, static = _tables_mark(database_url), _static_mark()
    jobs = []
    if tables == "" and not seeding.exists():
        seeding.touch()
    if _noted(run / "migrated") != _migrations_mark() + tables:
        say("Bringing the database's tables up to date …")
        jobs.append(_begin(data_dir, "migrate", "--noinput", "--verbosity", "0"))
    if _noted(run / "collected") != static:
        say("Collecting the static files …")
        jobs.append(_begin(data_dir, "collectstatic", "--noinput", "--verbosity", "0"))
    for job in jobs:
        _finish(data_dir, *job)
    _note(run / "migrated", _migrations_mark() + _tables_mark(database_url))
    _note(run / "collected", static)
    if seeding.exists():
        say("Opening the demo business …")
        _finish(data_dir, *_begin(data_dir, "seed_demo", shows=True))
        seeding.unlink()


def _begin(
    data_dir: Path, command: str, *arguments: str, shows: bool = False
) -> tuple[str, subprocess.Popen[bytes]]:
    log = paths.logs_dir(data_dir) / f"{command}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(paths.PROJECT / "manage.py"), command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=None if shows else out,
            stderr=out,
            start_new_session=True,
        )
    return command, process


def _finish(data_dir: Path, command: str, process: subprocess.Popen[bytes]) -> None:
    try:
        status = process.wait()
    finally:
        process.kill()
    if status:
        log = paths.logs_dir(data_dir) / f"{command}.log"
        said = log.read_text(errors="replace").strip().splitlines() or [f"status {status}"]
        raise CannotStart(f"`manage.py {command}` failed: {said[-1].rstrip('.')}. See {log}.")


def _tables_mark(database_url: str) -> str:
    """What has been migrated in this very database; empty if nothing ever was."""
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        if found is None or found[0] is None:
            return ""
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
        return hashlib.sha256(json.dumps(rows.fetchall()).encode()).hexdigest()


def _migrations_mark() -> str:
    return _mark([paths.PROJECT / "requirements.txt", *migrations()])


def migrations() -> list[Path]:
    """Those of the apps, and of the apps inside them."""
    apps = [init.parent for init in sorted(paths.PROJECT.glob("*/__init__.py"))]
    return sorted(file for app in apps for file in app.rglob("migrations/*.py"))


def _static_mark() -> str:
    settings = [paths.PROJECT / "requirements.txt", *_project_files("contactcenter/static*.py")]
    return _mark([*settings, *(p for p in _project_files("static/**/*") if p.is_file())])


def _project_files(pattern: str) -> Iterable[Path]:
    """Sorted; `*/migrations` finds those of apps inside apps too."""
    here = paths.PROJECT.glob(pattern)
    return sorted({*here, *paths.PROJECT.glob(f"contactcenter/{pattern}")})


def _mark(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(paths.PROJECT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _noted(file: Path) -> str:
    try:
        return file.read_text()
    except FileNotFoundError:
        return ""


def _note(file: Path, mark: str) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(mark)
    draft.replace(file)
