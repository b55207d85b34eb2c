"""Why an item is recommended, in a sentence that is true of the model: what weighed most for it. Pure."""

from __future__ import annotations

import numpy as np

from bots.recommendation.candidates import NAMES, Rows
from bots.recommendation.events import Ints
from bots.recommendation.neighbours import Neighbours
from bots.recommendation.parts import Parts, newest

NOTHING_KNOWN = "popular with all customers lately; nothing is known of this one yet"
_PLACE = {name: NAMES.index(f"place by {name}") for name in ("sequence", "factors", "together", "following", "popularity")}  # fmt: skip


def because(parts: Parts, rows: Rows, place: int, history: Ints, names: list[str]) -> str:
    """Of the candidate at this place: repeated, went with something of the history, fits its course, or popular."""
    item, known = int(rows.items[place]), rows.known[place]
    mine = rows.own
    had = int(np.searchsorted(mine.items, item))
    if had < len(mine.items) and mine.items[had] == item:
        many, since = int(mine.counts[had]), int(mine.since[had])
        when = "the last time" if not since else f"{since} visit{'s' * (since > 1)} ago"
        return f"taken {many} time{'s' * (many > 1)}, last {when}"
    strongest = max(_PLACE, key=lambda name: known[_PLACE[name]])
    recent = newest(history)
    by = _source(parts.following, item, recent[:3])
    if strongest == "following" and by is not None:
        return f"often comes next after {names[by]}"
    by = _source(parts.together, item, recent)
    if by is not None and strongest != "popularity":
        return f"often goes with {names[by]}"
    if strongest == "sequence":
        return f"fits the course of the last {min(len(history), 50)} events"
    if strongest == "factors":
        return "customers with a like history took it"
    return "popular with all customers lately"


def _source(neighbours: Neighbours, item: int, recent: Ints) -> int | None:
    """The item of the history that speaks most for this one."""
    best, found = 0.0, None
    for one in recent:
        near, weight = neighbours.of(int(one))
        here = np.flatnonzero(near == item)
        if len(here) and weight[here[0]] > best:
            best, found = float(weight[here[0]]), int(one)
    return found
