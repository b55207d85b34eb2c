"""Whether the chance to give up that is said is the one that came: calls of a bank in February 1999."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np

from agents.callbacks.rules.patience import Wait, fit_patience
from agents.prediction.measures import auc, calibration_error

WITHIN = 60.0  # seconds


def measure(data: Path) -> dict[str, Any]:
    """Fitted to the first 70 % of the queued calls. Asked of later ones at each half minute of their wait: do
    they give up within the next minute? Calls that are answered in that minute are not asked about."""
    waits = waits_of(data / "callcentre" / "anonymous_bank_feb1999.csv.gz")
    cut = int(0.7 * len(waits))
    patience = fit_patience(waits[:cut])
    assert patience is not None
    said, came, blunt = [], [], []
    whole = sum(w.gave_up for w in waits[:cut]) / sum(w.seconds for w in waits[:cut])
    for wait in waits[cut:]:
        for waited in np.arange(0.0, wait.seconds, 30.0):
            left = wait.seconds - waited
            if left < WITHIN and not wait.gave_up:
                continue
            said.append(patience.leaves_within(WITHIN, waited=float(waited)))
            blunt.append(1 - np.exp(-whole * WITHIN))
            came.append(int(wait.gave_up and left < WITHIN))
    outcome, chances = np.array(came), np.array(said)
    return {
        "queued": len(waits),
        "gave_up": round(float(np.mean([w.gave_up for w in waits])), 4),
        "asked": len(came),
        "auc": round(auc(outcome, chances), 4),
        "said": round(float(chances.mean()), 4),
        "came": round(float(outcome.mean()), 4),
        "ece": round(calibration_error(outcome, chances), 4),
        "ece_one_hazard": round(calibration_error(outcome, np.array(blunt)), 4),
        "stays": {f"{s} s": round(patience.stays(s), 3) for s in (30, 60, 120, 300, 600)},
    }


def waits_of(file: Path) -> list[Wait]:
    """Those who were queued, in the order of the log; phantoms and broken rows left out."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        return [
            Wait(float(row["q_time"]), row["outcome"] == "HANG")
            for row in csv.DictReader(text)
            if row["outcome"] in {"AGENT", "HANG"}
            and float(row["q_time"]) > 0
            and float(row["vru_time"]) >= 0
        ]
