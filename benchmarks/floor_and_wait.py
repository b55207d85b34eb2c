"""What the wait may do to the floor of what counts as an answer, over what `benchmarks/handover.py` has collected.

    DATA_DIR=DIR script/manage shell -c "from benchmarks.floor_and_wait import main; main('DIR/seen')"

For each wait: what is answered and how much of it is right, what of the answerable stays with the bot, what of the
rest goes to a person, and what a customer costs on average in seconds (a wrong answer, then the wait and an agent; or
these at once), by the band in which the wait may move the floor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.handover import MEASURED, Numbers, chances, seen
from bots.answering import dialogue
from bots.answering.chance import FILE
from bots.answering.dialogue import FAILURE, PERSON, USUAL_WAIT, Evidence, decide
from bots.answering.manner import Manner

WAITS: tuple[float | None, ...] = (0.0, 60.0, 120.0, None, 600.0, 2_400.0)
BANDS = {
    "as far as the needed chance": (inf, inf),
    "up by 0.5, down by 1": (0.5, 1.0),
    "up by 0.2, down by 1": (0.2, 1.0),
    "not at all": (0.0, 0.0),
}

Row = Mapping[str, float]


def rows(folder: Path) -> Iterator[Row]:
    """Of the sets that nothing was fitted to, each with its chance."""
    judges = json.loads(FILE.read_text(encoding="utf-8"))["judges"]
    for judge in ("bilingual", "alone"):
        for name, some in seen(folder, list(MEASURED), judge).items():
            if judge == "bilingual" or name.startswith("zh"):
                said = chances(some, judges[judge])
                yield from ({**row, "chance": p} for row, p in zip(some, said, strict=True))


def outcome(given: list[Row], manner: Manner) -> dict[str, float]:
    """Over all rows, by the bot's own rule."""
    answered = np.array([decide(_evidence(row), None, manner).choice == "answer" for row in given])
    right = np.array([bool(row["is_right"]) for row in given])
    has = np.array([bool(row["has_answer"]) for row in given])
    wait = USUAL_WAIT if manner.expected_wait is None else manner.expected_wait
    cost: Numbers = np.where(answered, np.where(right, 0, FAILURE + wait + PERSON), wait + PERSON)
    return {
        "answered": answered.mean(),
        "right": right[answered].mean(),
        "kept": answered[has].mean(),
        "handed over": (~answered)[~has].mean(),
        "seconds": cost.mean(),
    }


def _evidence(row: Row) -> Evidence:
    return Evidence(
        row["answerable"], row["right"], row["floor"], sure=0.0, chance=float(row["chance"])
    )


def main(folder: str) -> None:
    given = list(rows(Path(folder)))
    print(
        f"{len(given)} requests\n\n| wait | band, log-odds | answered | right | kept | handed over | cost |"
    )
    print("|---|---|---|---|---|---|---|")
    for wait in WAITS:
        for band, (up, down) in BANDS.items():
            with patch.multiple(dialogue, RAISED=up, LOWERED=down):
                found = outcome(given, Manner(expected_wait=wait))
            shares = " | ".join(f"{found[name]:.3f}" for name in list(found)[:4])
            print(
                f"| {'unknown' if wait is None else f'{wait:.0f} s'} | {band} | {shares} | {found['seconds']:.0f} s |"
            )
