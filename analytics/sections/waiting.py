"""How soon a person came, in each queue."""

from analytics.recall import recall
from analytics.reports.scope import Scope
from analytics.reports.waiting import Line, waiting
from analytics.sections.parts import (
    Cell,
    Chart,
    Links,
    Section,
    Series,
    Table,
    at_least,
    compared,
    known,
    labels_of,
)
from analytics.words import duration, percent, points_apart, sentence

_NOBODY_WAITED = "Nobody was served from a queue in this period."


def waiting_section(scope: Scope, links: Links) -> Section:
    now, before = recall(waiting, scope), recall(waiting, scope.previous())
    total, targets = now.total, {line.target_seconds for line in now.queues}
    within = f"within {duration(targets.pop())}" if len(targets) == 1 else "within their target"
    title = sentence(
        [
            f"{percent(total.level)} answered {within}",
            points_apart(total.level, before.total.level),
        ]
    )
    if not total.entered:
        title = "Nobody waited for a person"
    lines = [(line.queue or "A queue that is gone", line) for line in now.queues]
    return Section(
        slug="waiting",
        title=title,
        note="From joining the queue to an agent taking over. Whoever gave up, or still waits, "
        "counts against the target once it has passed.",
        chart=Chart(
            kind="line",
            unit="share",
            labels=labels_of((p.at for p in now.points), scope.period.bucket),
            series=(
                Series("Within the target", tuple(p.level for p in now.points)),
                Series(
                    "The period before",
                    compared(now.points, tuple(p.level for p in before.points)),
                    before=True,
                ),
            ),
            text=f"Share served within the target over time. {title}.",
        ),
        tables=(
            Table(
                "Waiting by queue",
                ("Queue", "Waited", "Within target", "Half within", "9 of 10", "95 of 100",
                 "Gave up", "Still waiting"),
                (
                    *(_queue_row(name, line, links) for name, line in lines),
                    _queue_row("All queues", total, links),
                ),
            ),
        ),
    )  # fmt: skip


def _queue_row(name: str, line: Line, links: Links) -> tuple[Cell, ...]:
    target = f" (target {duration(line.target_seconds)})" if line.target_seconds else ""

    def count(value: int, name: str) -> Cell:
        # A queue's own row leads to that queue's conversations, the last row to all of them.
        return links.count(value, f"waiting.{name}", line.queue_uuid)

    def slow(seconds: float | None) -> str:
        return links.to("waiting.slow", f"{at_least(seconds)} {line.queue_uuid}".strip())

    wait = line.wait
    return (
        Cell(name + target),
        count(line.entered, "entered"),
        known(percent(line.level), _NOBODY_WAITED, count(line.within, "within").href),
        known(duration(wait.p50), _NOBODY_WAITED, count(wait.count, "served").href),
        known(duration(wait.p90), _NOBODY_WAITED, slow(wait.p90)),
        known(duration(wait.p95), _NOBODY_WAITED, slow(wait.p95)),
        count(line.abandoned, "abandoned"),
        count(line.waiting, "waiting"),
    )
