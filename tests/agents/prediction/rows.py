"""Rows in time order, made by chance: days with rates of their own, a list that is worked off on the large ones."""

from pathlib import Path

import numpy as np

HEADER = ["age", "job", "contact", "rate", "weekday", "called"]
JOBS = ("clerk", "nurse", "student", "retired")


def made(days: int, *, seed: int = 0, first: int = 0) -> list[list[str]]:
    """A retired person says yes more often; a day of few calls is one of chosen ones. `first`: the day it
    begins with, so that later ones have values that no earlier one had."""
    chance = np.random.default_rng(seed)
    rows: list[list[str]] = []
    for day in range(first, first + days):
        few = day % 3 == 0
        for _ in range(4 if few else 30):
            job = str(chance.choice(JOBS))
            contact = "mobile" if chance.random() < 0.7 else "landline"
            odds = -2.0 + 1.8 * few + 1.2 * (job == "retired") + 0.6 * np.sin(day)
            called = chance.random() < 1 / (1 + np.exp(-odds))
            age = "" if chance.random() < 0.05 else str(int(chance.integers(18, 90)))
            rows.append(
                [age, job, contact, f"{5 - day / 10:.3f}", str(day % 5), "yes" if called else "no"]
            )
    return rows


def written(
    path: Path, rows: list[list[str]], *, header: list[str] = HEADER, separator: str = ","
) -> Path:
    path.write_text(
        "\n".join(separator.join(row) for row in [header, *rows]) + "\n", encoding="utf-8"
    )
    return path
