"""Numbers as a manager reads them. What is not known is "–", never 0."""

from collections.abc import Sequence
from math import floor

UNKNOWN = "–"
_NARROW = "\u202f"  # a narrow space that does not break


def percent(value: float | None) -> str:
    """0.824 → "82 %"."""
    return UNKNOWN if value is None else f"{_rounded(value * 100)}{_NARROW}%"


def part(some: int, whole: int) -> str:
    """3 of 12 → "25 %"; of nothing it is not known."""
    return percent(some / whole) if whole else UNKNOWN


def duration(seconds: float | None) -> str:
    """2.44 → "2.4 s", 83 → "1:23", 3723 → "1:02:03"."""
    if seconds is None:
        return UNKNOWN
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f}{_NARROW}s"
    whole = _rounded(seconds)
    if whole < 60:
        return f"{whole}{_NARROW}s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def number(value: int | None) -> str:
    """12345 → "12 345", grouped by narrow spaces."""
    return UNKNOWN if value is None else f"{value:,}".replace(",", _NARROW)


def score(value: float | None) -> str:
    """3.78 → "3.8"."""
    return UNKNOWN if value is None else f"{value:.1f}"


def points_apart(now: float | None, before: float | None) -> str:
    """How a share moved: "up 3 points"; "" when one of them is not known."""
    if now is None or before is None:
        return ""
    moved = _rounded(now * 100) - _rounded(before * 100)
    if not moved:
        return "as before"
    return f"{_way(moved)} {counted(abs(moved), 'point', 'points')}"


def parts_apart(now: float | None, before: float | None) -> str:
    """How an amount moved: "up 12 %"; "" when one is not known or there was nothing before."""
    if now is None or not before:
        return ""
    moved = _rounded((now - before) / before * 100)
    return f"{_way(moved)} {abs(moved)}{_NARROW}%" if moved else "as before"


def score_apart(now: float | None, before: float | None) -> str:
    """How an average moved: "down 0.2"."""
    if now is None or before is None:
        return ""
    moved = round(now, 1) - round(before, 1)
    return f"{_way(moved)} {abs(moved):.1f}" if abs(moved) >= 0.05 else "as before"


def counted(n: int, one: str, many: str) -> str:
    """1 → "1 answer", 2 → "2 answers"."""
    return f"{number(n)} {one if n == 1 else many}"


def sentence(parts: Sequence[str]) -> str:
    """Joins what is there by commas: the answer, then how it moved."""
    return ", ".join(part for part in parts if part)


def _way(moved: float) -> str:
    return "up" if moved > 0 else "down"


def _rounded(value: float) -> int:
    """Half goes up, as people expect; Python's round() goes to the even number."""
    return floor(value + 0.5)
