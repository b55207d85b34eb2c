"""The life of a recommender: trained by the clock on the centre's own log, live if it wins, and one step back.

It is trained in a process of its own, at the lowest priority, by the same command that anybody may run; no customer's
name or number goes into its table, and no history stays in the model.
"""

from __future__ import annotations

import csv
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from agents.recommendations.models import CustomerEvent, ServedModel
from agents.recommendations.reads.events import whole_log
from agents.recommendations.reads.serving import folder_of, live
from bots import adoption
from conversations.errors import CannotMove, Taken

logger = logging.getLogger(__name__)

LEAST = 300  # events before anything is trained
GROWN = 1.1  # as many events as the last time, or more, before the clock trains again
EVERY = timedelta(days=1)
MINUTES = 10
LONGEST = 60 * 60  # seconds
KEPT = 20

Train = Callable[[Path, Path, Path | None], dict[str, Any]]


class TrainingFailed(Exception):
    """The command ended without a model; the sentence is its own."""


def command(table: Path, out: Path, against: Path | None) -> dict[str, Any]:
    """`train_recommender`, apart from us; answers the card."""
    words = ["train_recommender", str(table), "--out", str(out), "--forget", "--background"]
    more = ["--against", str(against)] if against and against.is_dir() else []
    done = subprocess.run(  # noqa: S603 -- our own command; its words are paths of ours
        [sys.executable, "manage.py", *words, "--minutes", str(MINUTES), *more],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise TrainingFailed(said[-1] if said else f"status {done.returncode}")
    card: dict[str, Any] = json.loads(done.stdout)
    return card


def standing() -> tuple[int, int]:
    """How many events there are, and how many are needed."""
    return CustomerEvent.objects.count(), LEAST


def is_due(*, at: datetime) -> bool:
    last = ServedModel.objects.first()
    many, least = standing()
    if many < least:
        return False
    if adoption.rests(ServedModel.objects.all(), at=at):
        return False  # trained for nothing
    if last is None:
        return True
    return last.made_at < at - EVERY and many >= GROWN * last.card.get("data", {}).get("events", 0)


def try_anew(*, by_id: int | None, at: datetime, train: Train = command) -> ServedModel:
    """Trains, and puts it live if on the newest events of all customers it beats what is popular and what is live.

    Raises CannotMove when there is too little, or training fails.
    """
    many, least = standing()
    if many < least:
        raise CannotMove(f"Too few events: {many} of {least}.")
    key, now = uuid4(), live()
    folder = folder_of(key)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".log-") as place:
        table = Path(place) / "log.csv"
        _write(table)
        try:
            card = train(table, folder, folder_of(now.uuid) if now else None)
        except (TrainingFailed, subprocess.TimeoutExpired, OSError, ValueError) as problem:
            raise CannotMove(f"Nothing could be learnt: {problem}") from problem
    against = objections(card)
    return _kept(key, card, against, by_id=by_id, before=now, at=at)


def _write(table: Path) -> None:
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("customer", "item", "timestamp"))
        rows.writerows((who, item, at.isoformat()) for who, item, at in whole_log())


def objections(card: dict[str, Any]) -> list[str]:
    """Why it may not go live; empty when it wins."""
    figures, served = card["figures"], card["served"]
    mine = figures[served]["ndcg@10"]
    found = []
    if served == "popular" or mine <= figures["popular"]["ndcg@10"]:
        found.append("What is popular does as well.")
    if "live" in figures and mine <= figures["live"]["ndcg@10"]:
        found.append("The live one does as well on the same events.")
    return found


@transaction.atomic
def _kept(
    key: UUID,
    card: dict[str, Any],
    against: list[str],
    *,
    by_id: int | None,
    before: ServedModel | None,
    at: datetime,
) -> ServedModel:
    if not against:
        before = adoption.retire(ServedModel.objects.all(), by_id=by_id, at=at)
    try:
        with transaction.atomic():
            row = ServedModel.objects.create(
                uuid=key,
                state=ServedModel.State.LOST if against else ServedModel.State.LIVE,
                card=card,
                objections=against,
                made_at=at,
                since=at,
                before=before,
                decided_by_id=by_id,
            )
    except IntegrityError:
        shutil.rmtree(folder_of(key), ignore_errors=True)
        raise Taken("Another one went live meanwhile.") from None
    for old in ServedModel.objects.exclude(state=ServedModel.State.LIVE)[KEPT:]:
        shutil.rmtree(folder_of(old.uuid), ignore_errors=True)
        old.delete()
    return row


@transaction.atomic
def roll_back(*, key: UUID, by_id: int | None, at: datetime) -> ServedModel | None:
    """What was live before this one is live again; None: what is popular. Raises NotFound, CannotMove."""
    return adoption.step_back(
        ServedModel.objects.all(),
        key,
        by_id=by_id,
        at=at,
        usable=lambda before: folder_of(before.uuid).is_dir(),
    )
