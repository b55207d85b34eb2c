"""A training out of the accepted examples: asked for, run beside the work of the day, cancelled, taken up again.

The computing is a process of its own at the lowest priority and on one core; the worker only looks at it. What
it has done so far lies below DATA_DIR/training and is swept when nobody needs it any more.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from bots.actions.adapters import add
from bots.language.loader import REMOTE
from bots.language.tuning import CURVE
from bots.language.weights import forget_adapters
from bots.models import Adapter, TrainingExample, TrainingRun
from bots.progress import FILE
from bots.training.split import FEWEST
from conversations.errors import CannotMove, NotFound, Refused, Taken

logger = logging.getLogger(__name__)

BATCH = 8
STEP_SECONDS = 35.0  # of eight examples on one core, measured for the small model
ASKED_SECONDS = 4.0  # of each answer that is held out, before and after
LOST = timedelta(seconds=60)  # without a sign of life
MOST_TRIES = 10
LOOK = 1.0  # seconds
OLD = timedelta(days=1)  # a folder that nobody has a row for


@dataclass(frozen=True)
class Plan:
    """What a training would use, and about how long it would compute on one core."""

    examples: int
    waiting: int
    minutes: int
    against: str

    @property
    def is_possible(self) -> bool:
        return not self.against


def plan(*, epochs: int = 3) -> Plan:
    counts = {
        state: TrainingExample.objects.filter(state=state).count()
        for state in (TrainingExample.State.ACCEPTED, TrainingExample.State.WAITING)
    }
    examples = counts[TrainingExample.State.ACCEPTED]
    against = ""
    if settings.BOT_MODEL.startswith(REMOTE):
        against = "The model is another server's: it is trained there."
    elif examples < FEWEST:
        against = f"Too few accepted examples: {examples} of {FEWEST}."
    steps = -(-int(0.75 * examples) // BATCH) * epochs
    seconds = steps * STEP_SECONDS + 2 * min(200, 0.15 * examples) * ASKED_SECONDS
    return Plan(
        examples, counts[TrainingExample.State.WAITING], max(1, round(seconds / 60)), against
    )


def ask(*, minutes: int, epochs: int, rank: int, by_id: int | None, at: datetime) -> TrainingRun:
    """Raises CannotMove when there is too little to learn from, Taken while another one is under way."""
    wanted = plan(epochs=epochs)
    if wanted.against:
        raise CannotMove(wanted.against)
    try:
        with transaction.atomic():
            return TrainingRun.objects.create(
                name=f"ours-{at:%Y-%m-%d-%H%M}",
                minutes=minutes,
                epochs=epochs,
                rank=rank,
                examples=wanted.examples,
                asked_at=at,
                asked_by_id=by_id,
            )
    except IntegrityError:
        raise Taken("A training is under way already.") from None


@transaction.atomic
def cancel(*, run: UUID, at: datetime) -> TrainingRun:
    """The worker that has it ends its process within a second or two. Raises CannotMove when it is over."""
    row = TrainingRun.objects.select_for_update().filter(uuid=run).first()
    if row is None:
        raise NotFound("There is no such training.")
    if not row.is_open:
        raise CannotMove(f"It is {row.get_state_display().lower()}.")
    return _ended(row, TrainingRun.State.CANCELLED, at=at)


def _ended(row: TrainingRun, state: str, *, at: datetime, **more: Any) -> TrainingRun:
    row.state, row.is_open, row.ended_at = state, False, at
    for name, value in more.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "is_open", "ended_at", *more])
    return row


# --- in the worker --------------------------------------------------------------------------------


@transaction.atomic
def claim(*, at: datetime) -> TrainingRun | None:
    """The one that waits, or whose worker is gone; nobody else has it from now on."""
    row = TrainingRun.objects.select_for_update(skip_locked=True).filter(is_open=True).first()
    if row is None:
        return None
    is_lost = row.beat_at is None or row.beat_at < at - LOST
    if row.state == TrainingRun.State.RUNNING and not is_lost:
        return None
    if row.tries >= MOST_TRIES:
        _ended(row, TrainingRun.State.FAILED, at=at, trouble="It was killed again and again.")
        return None
    row.state, row.beat_at, row.tries = TrainingRun.State.RUNNING, at, row.tries + 1
    row.save(update_fields=["state", "beat_at", "tries"])
    return row


def folder_of(row: TrainingRun) -> Path:
    return Path(settings.DATA_DIR) / "training" / str(row.uuid)


def started(row: TrainingRun) -> subprocess.Popen[bytes]:
    """The process that computes, in a group of its own."""
    folder = folder_of(row)
    line = [sys.executable, "-W", "ignore", "-m", "django", "train_bot", "--from-centre", "--background"]  # fmt: skip
    line += ["--accepted-by", row.asked_at.isoformat(), "--out", str(folder / row.name)]
    line += ["--minutes", str(row.minutes), "--epochs", str(row.epochs), "--rank", str(row.rank)]
    line += ["--batch", str(BATCH), "--licence", "the centre's own conversations"]
    env = {
        **os.environ,
        "DATA_DIR": str(settings.DATA_DIR),
        FILE: str(folder / "progress.json"),
        "OMP_NUM_THREADS": "1",
    }
    with (folder / "stderr").open("wb") as said:
        return subprocess.Popen(  # noqa: S603 -- our own command; its words are numbers and paths of ours
            line,
            cwd=settings.BASE_DIR,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )


def run_next(
    *,
    clock: Callable[[], datetime],
    start: Callable[[TrainingRun], subprocess.Popen[bytes]] = started,
    look: float = LOOK,
) -> bool:
    """Takes the training that waits and stays with it to its end; False when there is none."""
    tidy(at=clock())
    row = claim(at=clock())
    connection.close()
    if row is None:
        return False
    folder = folder_of(row)
    if (folder / row.name / "card.json").is_file():  # killed when all was done but this
        _conclude(row, 0, folder, at=clock())
        return True
    folder.mkdir(parents=True, exist_ok=True)
    process = start(row)
    try:
        status = _watched(row, process, folder, clock=clock, look=look)
        if status is not None:
            _conclude(row, status, folder, at=clock())
    finally:
        _kill(process)
        connection.close()
    return True


def _watched(
    row: TrainingRun,
    process: subprocess.Popen[bytes],
    folder: Path,
    *,
    clock: Callable[[], datetime],
    look: float,
) -> int | None:
    """How the process ended; None when the training is not ours any more."""
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(look)
        try:
            is_ours = _told(row, folder, at=clock())
        except DatabaseError:
            is_ours = True  # it comes back, or another worker takes over; nothing is lost meanwhile
            logger.warning("The training's page does not know how it goes")
            time.sleep(look)
        finally:
            connection.close()
        if not is_ours:
            return None
        if process.returncode is not None:
            return process.returncode


def _told(row: TrainingRun, folder: Path, *, at: datetime) -> bool:
    """Writes how far it is; False when somebody cancelled it, or another worker has it."""
    step, curve = _read(folder / "progress.json"), _read(folder / f".{row.name}.training" / CURVE)
    known: dict[str, Any] = {"beat_at": at}
    if step:
        known |= {"stage": str(step["what"])[:40], "done": step["done"], "total": step["total"]}
    if curve:
        known |= {"curve": curve["curve"], "seconds": curve["seconds"]}
    mine = TrainingRun.objects.filter(pk=row.pk, state=TrainingRun.State.RUNNING, tries=row.tries)
    return mine.update(**known) == 1


def _read(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


@transaction.atomic
def _conclude(row: TrainingRun, status: int, folder: Path, *, at: datetime) -> None:
    held = TrainingRun.objects.select_for_update().get(pk=row.pk)
    if held.state != TrainingRun.State.RUNNING or held.tries != row.tries:
        return
    if status < 0:  # killed: by a lack of memory, or with the worker; it goes on from there
        held.beat_at = None
        held.save(update_fields=["beat_at"])
        return
    if status:
        _ended(held, TrainingRun.State.FAILED, at=at, trouble=_last_words(folder, status))
        return
    try:
        adapter = add(folder=folder / row.name, at=at)
    except Refused as refused:
        _ended(held, TrainingRun.State.FAILED, at=at, trouble=refused.detail[:300])
        return
    _ended(held, TrainingRun.State.DONE, at=at, adapter=adapter)


def _last_words(folder: Path, status: int) -> str:
    """The command's last line that is not about one example; nobody's words stand there."""
    with suppress(OSError):
        lines = (folder / "stderr").read_text("utf-8", errors="replace").strip().splitlines()
        said = [line.strip() for line in lines if line.strip() and not line.startswith("{")]
        if said:
            return said[-1][:300]
    return f"Training ended with status {status}."


def _kill(process: subprocess.Popen[bytes]) -> None:
    """It and what it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tidy(*, at: datetime) -> int:
    """Removes what no training and no adapter needs any more; answers how many folders of trainings."""
    below = Path(settings.DATA_DIR) / "training"
    needed = {
        str(key) for key in TrainingRun.objects.filter(is_open=True).values_list("uuid", flat=True)
    }
    gone = 0
    for folder in below.iterdir() if below.is_dir() else ():
        if folder.name not in needed:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    live = Adapter.objects.filter(state__in=[Adapter.State.LIVE, Adapter.State.SHADOW])
    kept = {
        digest for pair in live.values_list("digest", "before__digest") for digest in pair if digest
    }
    forget_adapters(Path(settings.MODELS_DIR), keep=kept, before=(at - OLD).timestamp())
    return gone
