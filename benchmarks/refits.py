"""Is a refit worth it, and is a needless one left alone? Public sets played as a centre's past and future.

    script/manage shell -c "from benchmarks.refits import report; report('SEEN')"

SEEN is what `benchmarks/handover.py` has collected. Requests of sets that nothing was fitted to become turns in a
random order: the first part is the past, in which the product's own rule fits, compares and decides; the future, of
which it sees nothing, tells what that was worth. *As promised* draws the outcomes from the chance that the shipped
weights state, so that nothing is to be won: what is adopted there is adopted by mistake. *Impatient*: three of ten
customers want a person although the answer was right.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.handover import MEASURED, seen
from bots.actions.refit import LEAST_LATER
from bots.answering.chance import chance_of, shipped
from bots.learning.refit import Resolved, apart, compared_chance, fitted_chance, objections

FUTURE = 0.4
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def turns(folder: Path) -> list[Resolved]:
    rows = [row for base in seen(folder, list(MEASURED), "bilingual").values() for row in base]
    return [Resolved(0, BEGIN, row, bool(row["is_right"])) for row in rows]


def tried(rows: Sequence[Resolved]) -> dict[str, Any]:
    """One centre: whether its past makes it adopt, and what the future says."""
    placed = [
        replace(row, conversation=n, at=BEGIN + timedelta(minutes=n)) for n, row in enumerate(rows)
    ]
    cut = round((1 - FUTURE) * len(placed))
    earlier, later = apart(placed[:cut])
    fitted = fitted_chance(earlier, shipped())
    is_adopted = not objections(compared_chance(later, shipped(), fitted), least=LEAST_LATER)
    return {"adopted": is_adopted, **compared_chance(placed[cut:], shipped(), fitted)}


def report(folder: str, *, tries: int = 20) -> None:
    rows, dice = turns(Path(folder)), random.Random(11)
    for size in (400, 800):
        for name in ("as it was", "as promised", "impatient"):
            found = []
            for _ in range(tries):
                taken = dice.sample(rows, min(size, len(rows)))
                found.append(tried([_played(row, name, dice) for row in taken]))
            print(json.dumps({"turns": size, "outcomes": name, **_told(found)}), flush=True)


def _played(row: Resolved, name: str, dice: random.Random) -> Resolved:
    if name == "as promised":
        return replace(row, is_right=dice.random() < chance_of(row.features))
    if name == "impatient":
        return replace(row, is_right=row.is_right and dice.random() < 0.7)
    return row


def _told(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    adopted = [one for one in found if one["adopted"]]
    told: dict[str, Any] = {"centres": len(found), "adopted": len(adopted)}
    told["worse later"] = sum(one["gain"] < 0 for one in adopted)
    for name in ("log_loss", "brier", "ece"):
        for side in ("before", "after"):
            told[f"{name} {side}"] = round(mean(one[side][name] for one in adopted or found), 4)
    return told
