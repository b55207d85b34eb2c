"""A model's folder appears whole or not at all: written beside, then swapped."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bots.recommendation.card import markdown, picture
from bots.recommendation.model import CARD, Recommender, write


class Occupied(Exception):
    """The place is somebody else's, or is being written to; the sentence says which."""


def check_place(out: Path) -> None:
    """Nothing of somebody else's is replaced: an empty folder, or one of ours."""
    if out.exists() and not out.is_dir():
        raise Occupied(f"{out} is a file.")
    if out.is_dir() and any(out.iterdir()) and not (out / CARD).is_file():
        raise Occupied(f"{out} is there already, and is no recommender.")


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Only one trains into a folder; the lock goes with the process that dies."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.with_name(f".{out.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Occupied(f"{out} is being trained into already.") from None
        yield


def keep(model: Recommender, card: Mapping[str, Any], out: Path) -> None:
    """An older one steps aside until the new one is in its place."""
    fresh, aside = out.with_name(f".{out.name}.fresh"), out.with_name(f".{out.name}.older")
    for left in (fresh, aside):
        shutil.rmtree(left, ignore_errors=True)
    fresh.mkdir(parents=True)
    write(model, fresh)
    (fresh / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (fresh / "card.md").write_text(markdown(card), "utf-8")
    (fresh / "card.svg").write_bytes(picture(card))
    for path in fresh.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    if out.exists():
        out.rename(aside)
    fresh.rename(out)
    shutil.rmtree(aside, ignore_errors=True)
