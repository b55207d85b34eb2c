"""What customers write about, and what of it is new."""

from analytics.recall import recall
from analytics.reports.scope import Scope
from analytics.reports.topics import Subject, Topics, topics
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table, known
from analytics.words import UNKNOWN, counted, duration, number, percent, score

SHOWN = 40
_DRAWN = 4
_VERDICTS = {
    "new": "new",
    "growing": "growing",
    "shrinking": "shrinking",
    "": "no measurable change",
}


def topics_section(scope: Scope, links: Links) -> Section:
    now = recall(topics, scope)
    return Section(
        slug="topics",
        title=_title(now),
        note="Pinned ones first, then new and growing ones, then by size. A topic is called new, growing or"
        " shrinking only where chance alone would hardly do it (95 %). People can rename, pin and merge them.",
        chart=Chart(
            kind="line",
            unit="share",
            labels=tuple(f"{week.day} {week:%b}" for week in now.weeks),
            series=tuple(Series(one.name, one.weeks) for one in now.subjects[:_DRAWN]),
            text=f"Share of the first {_DRAWN} topics by week. {_title(now)}.",
        ),
        tables=(
            Table(
                "Topics",
                ("Topic", "Conversations", "Share", "Change", "", "Handed over", "Wait for a person", "Satisfaction", "For example"),
                tuple(_row(one, links) for one in now.subjects[:SHOWN]),
            ),
            Table(
                "In no topic",
                ("", "Conversations"),
                ((Cell("Asked by too few to be a topic"), links.count(now.elsewhere, "topics.elsewhere")),),
                folded=True,
            ),
        ),
    )  # fmt: skip


def _title(now: Topics) -> str:
    if not now.subjects:
        return "No topic was found yet"
    fresh = [one for one in now.subjects if one.change.verdict in {"new", "growing"}]
    if fresh:
        first = fresh[0]
        more = (
            f", and {counted(len(fresh) - 1, 'more topic', 'more topics')}"
            if len(fresh) > 1
            else ""
        )
        verb = "is new" if first.change.verdict == "new" else "is growing"
        return f"“{first.name}” {verb} ({percent(first.share.value)} of conversations){more}"
    largest = max(now.subjects, key=lambda one: one.share.some)
    return f"Most ask about “{largest.name}” ({percent(largest.share.value)}); nothing is new"


def _row(one: Subject, links: Links) -> tuple[Cell, ...]:
    return (
        Cell(f"{one.name}{' (pinned)' if one.is_pinned else ''}"),
        links.count(one.share.some, "topics.topic", one.key),
        known(_between(one), "Nothing was asked in this period."),
        known(_change(one), "Nothing was asked in the period before."),
        Cell(_VERDICTS[one.change.verdict]),
        Cell(
            f"{percent(one.handed.value)}",
            links.to("topics.handed", one.key) if one.handed.some else "",
        ),
        known(duration(one.wait), "Nobody waited for a person."),
        known(
            score(one.score) + (f" ({number(one.rated)})" if one.rated else ""),
            "No survey was answered.",
        ),
        Cell(one.example[:80]),
    )


def _between(one: Subject) -> str:
    if one.share.between is None:
        return UNKNOWN
    low, high = one.share.between
    return f"{percent(one.share.value)} ({percent(low)} to {percent(high)})"


def _change(one: Subject) -> str:
    if one.change.by is None or one.change.between is None:
        return UNKNOWN
    low, high = one.change.between
    return f"{one.change.by * 100:+.0f} points ({low * 100:+.0f} to {high * 100:+.0f})"
