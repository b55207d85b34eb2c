"""Why a person was needed."""

from analytics.recall import recall
from analytics.reports.handoffs import handoffs
from analytics.reports.scope import Scope
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table
from analytics.words import counted, number, part, parts_apart, sentence
from conversations.models import Handoff


def handoffs_section(scope: Scope, links: Links) -> Section:
    now, before = recall(handoffs, scope), recall(handoffs, scope.previous())
    title = sentence(
        [counted(now.total, "handoff", "handoffs"), parts_apart(now.total, before.total)]
    )
    words = dict(Handoff.Reason.choices)
    reasons = [*now.by_reason, *(r for r in before.by_reason if r not in now.by_reason)]
    return Section(
        slug="handoffs",
        title=title if now.total else "No handoffs",
        note="Every time a person was asked for, by why.",
        chart=Chart(
            kind="bar",
            unit="count",
            labels=tuple(str(words.get(reason, reason)) for reason in reasons),
            series=(
                Series("This period", tuple(now.by_reason.get(r, 0) for r in reasons)),
                Series(
                    "The period before",
                    tuple(before.by_reason.get(r, 0) for r in reasons),
                    before=True,
                ),
            ),
            text=f"Handoffs by reason. {title}.",
        ),
        tables=(
            Table(
                "Handoffs by reason",
                ("Reason", "Handoffs", "Share", "Before"),
                tuple(
                    (
                        Cell(str(words.get(reason, reason))),
                        links.count(now.by_reason.get(reason, 0), "handoffs.reason", reason),
                        Cell(part(now.by_reason.get(reason, 0), now.total)),
                        Cell(number(before.by_reason.get(reason, 0))),
                    )
                    for reason in reasons
                ),
            ),
        ),
    )
