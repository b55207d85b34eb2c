"""How long the first words took."""

from analytics.recall import recall
from analytics.reports.responses import responses
from analytics.reports.scope import Scope, Spread
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
from analytics.words import duration


def responses_section(scope: Scope, links: Links) -> Section:
    now, before = recall(responses, scope), recall(responses, scope.previous())
    title = (
        f"Half had a first answer within {duration(now.first.p50)}, "
        f"9 of 10 within {duration(now.first.p90)}"
    )
    if not now.first.count:
        title = "No first answers to measure"
    return Section(
        slug="responses",
        title=title,
        note="From the customer's first message to the first answer, of the bot or an agent; "
        "and from a handoff to the first words of a person.",
        chart=Chart(
            kind="line",
            unit="seconds",
            labels=labels_of((p.at for p in now.points), scope.period.bucket),
            series=(
                Series("9 of 10 within", tuple(p.p90 for p in now.points)),
                Series("Half within", tuple(p.p50 for p in now.points)),
                Series(
                    "Half, the period before",
                    compared(now.points, tuple(p.p50 for p in before.points)),
                    before=True,
                ),
            ),
            text=f"First answers over time, in seconds. {title}.",
        ),
        tables=(
            Table(
                "First answers",
                ("", "Answered", "Half within", "Before", "9 of 10", "95 of 100", "No answer"),
                (
                    _response_row(
                        "Anybody's", now.first, before.first, links, "", now.first_unanswered
                    ),
                    _response_row(
                        "A person's, after a handoff",
                        now.human, before.human, links, "human", now.human_unanswered,
                    ),
                ),
            ),
        ),
    )  # fmt: skip


def _response_row(
    name: str, now: Spread, before: Spread, links: Links, whose: str, unanswered: int
) -> tuple[Cell, ...]:
    why = "Nobody was answered in this period."
    prefix = f"{whose}_" if whose else ""
    every = f"responses.{whose or 'first'}"
    return (
        Cell(name),
        links.count(now.count, every),
        known(duration(now.p50), why, links.to(every)),
        known(duration(before.p50), "Nobody was answered in the period before."),
        known(duration(now.p90), why, links.to(f"responses.{prefix}slow", at_least(now.p90))),
        known(duration(now.p95), why, links.to(f"responses.{prefix}slow", at_least(now.p95))),
        links.count(unanswered, f"responses.{prefix}unanswered"),
    )
