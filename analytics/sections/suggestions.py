"""What suggestions to agents are worth."""

from analytics.recall import recall
from analytics.reports.holdout import HoldOut
from analytics.reports.scope import Scope
from analytics.reports.suggestions import Interval, Worth, suggestions
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table, known
from analytics.words import UNKNOWN, duration, number, percent, points_apart, sentence

_COLUMNS = (
    "", "Turns answered", "With a suggestion", "Assisted", "Taken when seen", "Sent unchanged",
    "Letters changed", "Stayed",
)  # fmt: skip
_NOT_ANSWERED = "No customer of theirs was answered while help was looked for."
_NOT_SEEN = "Nobody had one in front of them when they answered."
_NOT_COMPARED = "One of the two has too few answered conversations yet to tell a gain from chance."
_NOT_USED = "No suggestion was used in this period."


def suggestions_section(scope: Scope, links: Links) -> Section:
    now, before = recall(suggestions, scope), recall(suggestions, scope.previous())
    total = now.total
    title = sentence(
        [
            f"Suggestions helped with {percent(total.assistance)} of agents' answers",
            points_apart(total.assistance, before.total.assistance),
        ]
    )
    if total.assistance is None:
        title = "Agents gave no answers to help with"
    found = f" Half were there within {duration(now.seconds)}." if now.seconds is not None else ""
    return Section(
        slug="suggestions",
        title=title,
        note="A turn is a customer's word to an agent. Assisted: answered with a suggestion, as it was or"
        " changed. Letters changed and what stayed are medians over the used ones; ranges hold the true"
        f" value with 95 %.{found}",
        chart=Chart(
            kind="bar",
            unit="share",
            labels=tuple(one.name for one in now.agents[:20]),
            series=(Series("Assisted", tuple(one.assistance for one in now.agents[:20])),),
            text=f"Share of answers with a suggestion, by agent. {title}.",
        ),
        tables=(
            Table(
                "What they are worth",
                _COLUMNS,
                tuple(
                    _row(one, links, "suggestions.used")
                    for one in ((total, *now.by) if total.turns else ())
                ),
            ),
            *_gain(now.gain),
            Table(
                "Suggestions by agent",
                ("Agent", *_COLUMNS[1:]),
                tuple(_row(one, links, "suggestions.agent") for one in now.agents),
                folded=len(now.agents) > 8,
            ),
            Table(
                "What agents asked the copilot",
                ("Agent", "Asked", "Answers copied", "Share copied"),
                tuple(
                    (
                        Cell(one.name),
                        Cell(number(one.asked)),
                        Cell(number(one.copied)),
                        Cell(_share(one.share, one.share_between)),
                    )
                    for one in now.asking
                ),
                folded=True,
            ),
            Table(
                "Labels, priorities and queues, as cases like it had them",
                ("", "Seen", "Taken", "Put away", "Ignored", "Share taken"),
                tuple(
                    (
                        Cell(one.name),
                        Cell(number(one.seen)),
                        Cell(number(one.taken)),
                        Cell(number(one.dismissed)),
                        Cell(number(one.ignored)),
                        Cell(_share(one.share, one.share_between)),
                    )
                    for one in now.hinting
                ),
                folded=True,
            ),
        ),
    )


def _row(one: Worth, links: Links, behind: str) -> tuple[Cell, ...]:
    mine = one.name == "All" or behind == "suggestions.agent"
    used = links.count(one.used, behind, one.key) if mine else Cell(number(one.used))
    return (
        Cell(one.name),
        Cell(number(one.answered)),
        used,
        known(_share(one.assistance, one.assistance_between), _NOT_ANSWERED),
        known(_share(one.accepted, one.accepted_between), _NOT_SEEN),
        known(_share(one.copied, one.copied_between), _NOT_USED),
        known(_letters(one.distance, one.distance_between), _NOT_USED),
        known(_share(one.kept, one.kept_between), _NOT_USED),
    )


def _gain(gain: HoldOut) -> tuple[Table, ...]:
    """None while no conversation goes without."""
    if not gain.withheld.conversations:
        return ()
    arms = (("With suggestions", gain.shown), ("Without, drawn by chance", gain.withheld))
    lines = tuple(
        (
            Cell(name),
            Cell(number(arm.conversations)),
            Cell(_times(arm.seconds, arm.seconds_between)),
        )
        for name, arm in arms
    )
    saved = (Cell("Saved"), Cell(""), known(_saved(gain), _NOT_COMPARED))
    columns = ("", "Conversations", "Customer's words to answer")
    return (Table("Until the answer, with them and without", columns, (*lines, saved)),)


def _saved(gain: HoldOut) -> str:
    """Nothing without its range: of a handful the difference is luck."""
    if gain.saved is None or gain.saved_between is None:
        return UNKNOWN
    low, high = gain.saved_between
    return f"{gain.saved:.0f} s ({low:.0f} to {high:.0f})"


def _times(value: float | None, between: Interval) -> str:
    said = duration(value)
    if value is None or between is None:
        return said
    return f"{said} ({duration(between[0])} to {duration(between[1])})"


def _share(value: float | None, between: Interval) -> str:
    if value is None:
        return UNKNOWN
    if between is None:
        return percent(value)
    return f"{percent(value)} ({100 * between[0]:.0f}–{100 * between[1]:.0f})"


def _letters(value: float | None, between: Interval) -> str:
    if value is None:
        return UNKNOWN
    said = f"{value:g}"
    return said if between is None else f"{said} ({between[0]:g}–{between[1]:g})"
