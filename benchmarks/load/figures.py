"""Numbers → what they mean: percentiles, targets kept or missed, the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ANCHORS_MAY_DIFFER = 0.30


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds."""

    p50: float
    p95: float
    p99: float
    count: int


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: the smallest value that at least `share` of all do not exceed."""
    if not ordered:
        raise ValueError("nothing was measured")
    rank = max(1, -(-len(ordered) * round(share * 1000) // 1000))
    return ordered[rank - 1]


def latency(seconds: Sequence[float]) -> Latency | None:
    """None if nothing was measured."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    p50, p95, p99 = (percentile(ordered, share) * 1000 for share in (0.5, 0.95, 0.99))
    return Latency(p50, p95, p99, len(ordered))


def differ(before: float, after: float) -> float:
    """How far apart two anchors are, as a share of the larger."""
    return abs(before - after) / max(before, after)


@dataclass(frozen=True, slots=True)
class Target:
    """`figure` is None when it was not measured; then it is neither kept nor missed."""

    name: str
    figure: float | None
    limit: float
    at_least: bool
    unit: str = ""

    @property
    def kept(self) -> bool | None:
        if self.figure is None:
            return None
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        figure = "not measured" if self.figure is None else f"{self.figure:.3g}{self.unit}"
        word = {True: "yes", False: "NO", None: "–"}[self.kept]
        return f"{self.name:<58} {sign} {self.limit:g}{self.unit:<8} {figure:>14}   {word}"


def ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def targets(found: dict[str, Any]) -> list[Target]:
    """The promises of docs/performance.md, with what this run found of them."""
    g = found.get
    paced, stock_paced = g("paced_p95"), g("stock_paced_p95")
    return [
        Target("durable messages/s against the stock consumer", _of_stock(found), 3, True, " ×"),
        Target(
            "durable messages/s against pgbench's commits/s",
            ratio(g("max_rate"), g("pgbench")),
            0.10,
            True,
            " ×",
        ),
        Target(
            "paced p95 against the stock consumer's", ratio(paced, stock_paced), 0.6, False, " ×"
        ),
        Target(
            "paced p99 against its own p50", ratio(g("paced_p99"), g("paced_p50")), 3, False, " ×"
        ),
        Target("memory of an idle signed-in socket", g("socket_kib"), 45, False, " KiB"),
        Target(
            "chat p95 while the model decodes, against idle",
            ratio(g("busy_p95"), g("quiet_p95")),
            2.5,
            False,
            " ×",
        ),
        Target(
            "first word p95, four conversations at once", g("first_word_p95_4"), 1.5, False, " s"
        ),
        Target("second start, until a question is answered", g("second_start"), 15, False, " s"),
        Target("messages lost, repeated or out of order", g("faults"), 0, False),
    ]


def _of_stock(found: dict[str, Any]) -> float | None:
    return ratio(found.get("max_rate"), found.get("stock_rate"))


def table(rows: Sequence[tuple[str, str]]) -> str:
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in rows)
