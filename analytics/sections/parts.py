"""What a report looks like: an answer, a chart, a table. Plain values, drawn by one template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from analytics.reports.scope import Scope
from analytics.words import UNKNOWN, number


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: where the conversations behind it are, and why it is not known, if so."""

    text: str
    href: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of each row names it. `folded`: shown when asked for."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """`before`: the period compared with, drawn quietly."""

    label: str
    values: tuple[float | None, ...]
    before: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`unit`: share, seconds, count or score. The text is what a screen reader says instead."""

    kind: str  # line | bar
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    text: str

    def plain(self) -> dict[str, Any]:
        """For the page's script."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "labels": self.labels,
            "series": [
                {"label": s.label, "values": s.values, "before": s.before} for s in self.series
            ],
        }

    @property
    def is_empty(self) -> bool:
        """Nothing to draw: every value is unknown or nothing."""
        return not any(value for series in self.series for value in series.values)


@dataclass(frozen=True, slots=True)
class Section:
    """One subject. `title` is the answer, `note` says how it was counted."""

    slug: str
    title: str
    note: str
    tables: tuple[Table, ...]
    chart: Chart | None = None


class Links:
    """Ways from a number to its conversations, within one scope."""

    def __init__(self, scope: Scope, inbox: str) -> None:
        self._base = reverse("admin:conversations_conversation_changelist")
        self._same = {
            "from": scope.period.start.isoformat(),
            "to": scope.period.end.isoformat(),
        }
        if inbox:
            self._same["inbox"] = inbox

    def to(self, number_name: str, detail: str = "") -> str:
        given = {"behind": number_name} | ({"detail": detail} if detail else {})
        return f"{self._base}?{urlencode(given | self._same)}"

    def count(self, value: int, number_name: str, detail: str = "") -> Cell:
        """A counted number; nothing is behind a zero."""
        return Cell(number(value), self.to(number_name, detail) if value else "")


def known(text: str, why: str, href: str = "") -> Cell:
    """A value, or "–" with the reason."""
    return Cell(text, why=why) if text == UNKNOWN else Cell(text, href)


def at_least(seconds: float | None) -> str:
    """A limit for a link: cut, not rounded, so that the one on the limit is found too."""
    return "" if seconds is None else f"{floor(seconds * 1_000_000) / 1_000_000:.6f}"


def label_of(at: datetime, bucket: str) -> str:
    """A point's name on the centre's clock: "14:00" or "3 Mar"."""
    local = at.astimezone(timezone.get_default_timezone())
    return f"{local:%H:%M}" if bucket == "hour" else f"{local.day} {local:%b}"


def labels_of(moments: Iterable[datetime], bucket: str) -> tuple[str, ...]:
    return tuple(label_of(at, bucket) for at in moments)


def compared(now: tuple[Any, ...], before: tuple[Any, ...]) -> tuple[float | None, ...]:
    """The earlier values, as many as there are labels now."""
    return tuple(before[: len(now)]) + (None,) * (len(now) - len(before))
