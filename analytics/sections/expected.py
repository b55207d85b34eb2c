"""What all customers would have said, with intervals, and nobody ranked by chance."""

from analytics.recall import recall
from analytics.reports.expected import Expected, Group, expected_satisfaction
from analytics.reports.scope import Scope
from analytics.satisfaction.intervals import Share
from analytics.sections.parts import Cell, Links, Section, Table, known
from analytics.words import counted, number, percent, points_apart, sentence

_STANDING = {"above": "above the rest", "below": "below the rest", "": "not apart"}
_NOBODY = "Nobody answered."
_COLUMNS = (
    "Conversations",
    "Of those who answered",
    "Forecast of all",
    "Of all",
    "Beside the rest",
)


def expected_section(scope: Scope, links: Links) -> Section:
    now = recall(expected_satisfaction, scope)
    before = recall(expected_satisfaction, scope.previous())
    return Section(
        slug="expected",
        title=_title(now, before),
        note=_note(now),
        tables=_tables(now, links) if now.total.corrected.count else _how_far(now),
    )


def _tables(now: Expected, links: Links) -> tuple[Table, ...]:
    people = (
        _row(now.total, links, "all"),
        *(_row(group, links, "bot") for group in (now.bot_only,) if group.corrected.count),
        *(_row(group, links, "agent") for group in now.agents),
    )
    return (
        Table("Satisfied customers (4 or 5 of 5)", ("", *_COLUMNS), people),
        *_split("By language", now.languages, links, "language"),
        *_split("By inbox", now.inboxes, links, "inbox"),
        Table(
            "Worth a look",
            ("", "Conversations"),
            (
                (
                    Cell("Said nothing, and were probably not satisfied"),
                    links.count(now.silent, "expected.silent"),
                ),
            ),
        ),
    )


def _split(caption: str, groups: tuple[Group, ...], links: Links, by: str) -> tuple[Table, ...]:
    """One alone is all of them, which stands above already."""
    if len(groups) < 2:
        return ()
    rows = tuple(_row(group, links, by) for group in groups)
    return (Table(caption, ("", *_COLUMNS), rows),)


def _how_far(now: Expected) -> tuple[Table, ...]:
    """A house whose customers rate is told what is missing; one without a rating does not do this."""
    if not now.ratings[0]:
        return ()
    rows = (
        ("Ratings of a year", now.ratings),
        ("Of them of the rarer kind, good or bad", now.rarer),
    )
    return (
        Table(
            "Before it can be learnt",
            ("", "There are", "Needed"),
            tuple(
                (Cell(name), Cell(number(there)), Cell(number(least)))
                for name, (there, least) in rows
            ),
        ),
    )


def _title(now: Expected, before: Expected) -> str:
    value = now.total.corrected
    if value.value is None:
        return "How satisfied those are who said nothing is not known yet"
    return sentence(
        [
            f"{_interval(value)} of all customers are satisfied",
            points_apart(value.value, before.total.corrected.value),
        ]
    )


def _note(now: Expected) -> str:
    if not now.total.corrected.count:
        return (
            "It is learnt from ratings once there are enough of both kinds, and shown as soon as it foretells newer "
            "ratings better than their plain share does. Until then nothing is guessed."
        )
    answered = counted(now.total.said.count, "customer", "customers")
    return (
        f"{answered} of {number(now.total.corrected.count)} answered. “Of all” weighs each answer by how rare one "
        "is in such a conversation, and has the forecast where there is none; the interval holds the truth "
        "95 times in 100. Agents stand by name: whose interval overlaps with that of the rest is neither "
        "better nor worse, and so are languages and inboxes."
    )


def _row(group: Group, links: Links, by: str) -> tuple[Cell, ...]:
    detail = group.key if by in {"agent", "language", "inbox"} else ""
    return (
        Cell(group.name),
        links.count(group.corrected.count, f"expected.{by}", detail),
        known(_interval(group.said), _NOBODY),
        Cell(percent(group.expected)),
        known(_interval(group.corrected), "One conversation has no interval."),
        Cell(_STANDING[group.standing] if group.key else ""),
    )


def _interval(value: Share) -> str:
    """82 % (74–88)."""
    if value.value is None or value.low is None or value.high is None:
        return percent(None)
    return f"{percent(value.value)} ({value.low * 100:.0f}–{value.high * 100:.0f})"
