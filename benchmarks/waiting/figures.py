"""What was said beside what came true."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

METHODS = ("ours", "rocket", "last ten")
"""Our estimate; average chat x ((place - 1) / chats averaged + 1); the mean of the last ten waits."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One customer who waited. `said` is {method: (P50, P80)}; `true` is what they waited, or would
    have: None where nobody can know."""

    scenario: str
    entered: float
    hour: str
    state: str
    gave_up: bool
    true: float | None
    said: Mapping[str, tuple[float, float]]
    group: Mapping[str, str] = field(default_factory=dict)


def pinball(true: float, said: float, share: float) -> float:
    """What a stated share costs: seconds, more for the dearer side."""
    return max(share * (true - said), (share - 1) * (true - said))


def figures(waits: Sequence[Wait], method: str) -> dict[str, Any]:
    """Coverage, loss and width of one method, over those to whom all methods said something."""
    known = [(w.true, *w.said[method]) for w in waits if w.true is not None]
    if not known:
        return {"n": 0}
    return {
        "n": len(known),
        "below_p50": _share(true <= low for true, low, _ in known),
        "below_p80": _share(true <= high for true, _, high in known),
        "pinball_p50": statistics.fmean(pinball(true, low, 0.5) for true, low, _ in known),
        "pinball_p80": statistics.fmean(pinball(true, high, 0.8) for true, _, high in known),
        "width": statistics.median(high - low for _, low, high in known),
        "true_median": statistics.median(true for true, _, _ in known),
    }


def _share(hits: Iterable[bool]) -> float:
    marks = list(hits)
    return sum(marks) / len(marks)


def by(waits: Sequence[Wait], key: Callable[[Wait], str]) -> dict[str, list[Wait]]:
    """The same waits in heaps, in the order of their names."""
    heaps: dict[str, list[Wait]] = {}
    for wait in waits:
        heaps.setdefault(key(wait), []).append(wait)
    return dict(sorted(heaps.items()))


def busiest_hour(waits: Sequence[Wait]) -> list[Wait]:
    """Everybody who came in the hour of the day in which most came."""
    heaps = by(waits, lambda w: w.hour)
    return max(heaps.values(), key=len) if heaps else []


def margin(share: float, n: int) -> float:
    """Half of the 95 % interval if the waits were independent, which neighbours in line are not."""
    return 1.96 * math.sqrt(share * (1 - share) / n) if n else 1.0


def table(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Lines of Markdown."""
    head = (
        "| | n | below P50 | below P80 | pinball P50 | pinball P80 | median width | median wait |"
    )
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    for name, one in rows:
        if not one["n"]:
            continue
        lines.append(
            f"| {name} | {one['n']:,} | {one['below_p50']:.1%} | {one['below_p80']:.1%} "
            f"| {one['pinball_p50']:.1f} s | {one['pinball_p80']:.1f} s "
            f"| {one['width']:.0f} s | {one['true_median']:.0f} s |"
        )
    return "\n".join(lines)
