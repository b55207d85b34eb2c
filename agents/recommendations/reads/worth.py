"""What recommending was worth: counted from the log of what was shown and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from agents.recommendations.models import Segment, Showing, Shown
from agents.recommendations.rules.uplift import Tried, Uplift, uplift

SAYS = {
    "too_few": "Too few conversations to say",
    "none": "No measurable effect",
    "more": "More is bought with recommendations",
    "fewer": "Less is bought with recommendations",
}
BEFORE = ("bought", "events", "crossness", "conversations")


@dataclass(frozen=True, slots=True)
class At:
    """One position: how often something stood there, was opened, was bought."""

    position: int
    shown: int
    clicked: int
    bought: int
    by_chance: int


@dataclass(frozen=True, slots=True)
class InSegment:
    """Conversations of customers who belonged to it when something was, or was not, shown."""

    name: str
    uplift: Uplift


@dataclass(frozen=True, slots=True)
class Worth:
    since: datetime
    uplift: Uplift
    says: str
    positions: list[At]
    silent: dict[str, int]
    segments: list[InSegment]


def worth(
    *,
    since: datetime,
    until: datetime | None = None,
    inbox_id: int | None = None,
    place: str | None = None,
) -> Worth:
    """Of conversations whose fourteen days are over: before that nobody knows what they will have bought."""
    rows = Showing.objects.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if inbox_id is not None:
        rows = rows.filter(conversation__inbox=inbox_id)
    if place:
        rows = rows.filter(place=place)
    over = rows.filter(silent="", settled_at__isnull=False, control_percent__gt=0)
    # One of each conversation: both places are drawn together.
    first = list(over.order_by("conversation_id", "at").distinct("conversation_id"))
    found = uplift([_tried(row) for row in first])
    says = SAYS[found.verdict]
    return Worth(since, found, says, _positions(rows), _silent(rows), _segments(first))


def _tried(row: Showing) -> Tried:
    return Tried(
        shown=not row.control,
        chance=1 - row.control_percent / 100,
        took=row.bought_at is not None,
        before=[float(row.before.get(name, 0)) for name in BEFORE],
    )


def _segments(rows: Sequence[Showing]) -> list[InSegment]:
    """The largest first; a segment that was deleted is left out."""
    tried: dict[str, list[Tried]] = {}
    for row in rows:
        for key in row.before.get("segments", ()):
            tried.setdefault(key, []).append(_tried(row))
    names = {str(one.uuid): one.name for one in Segment.objects.filter(uuid__in=tried)}
    known = sorted((key for key in tried if key in names), key=lambda key: -len(tried[key]))
    return [InSegment(names[key], uplift(tried[key])) for key in known]


def _positions(rows: QuerySet[Showing]) -> list[At]:
    counted = (
        Shown.objects.filter(showing__in=rows)
        .order_by()
        .values("position")
        .annotate(
            shown=Count("pk", filter=Q(showing__seen_at__isnull=False)),
            clicked=Count("pk", filter=Q(outcome__in=["clicked", "bought"])),
            bought=Count("pk", filter=Q(outcome="bought")),
            by_chance=Count("pk", filter=Q(propensity__lt=0.5)),
        )
        .order_by("position")
    )
    return [At(**row) for row in counted]


def _silent(rows: QuerySet[Showing]) -> dict[str, int]:
    counted = Showing.objects.filter(pk__in=rows).order_by().values("silent", "control")
    found: dict[str, int] = {}
    for row in counted.annotate(many=Count("pk")):
        why = row["silent"] or ("control" if row["control"] else "shown")
        found[why] = found.get(why, 0) + row["many"]
    return found
