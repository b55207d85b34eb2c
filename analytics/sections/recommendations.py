"""What was recommended, what became of it, and what it was worth beside those who were shown nothing."""

from django.urls import reverse

from agents.recommendations.models import Showing
from agents.recommendations.reads.worth import At, Worth
from agents.recommendations.rules.uplift import Uplift
from analytics.recall import recall
from analytics.reports.recommendations import recommendations
from analytics.reports.scope import Scope, share
from analytics.sections.parts import Cell, Links, Section, Table, known
from analytics.words import UNKNOWN, number, percent, points_apart, sentence

_NOT_SEEN = "Nobody had it in front of them."
_NOT_YET = "Thirty conversations of each kind, fourteen days old, are needed."
_WORDS = dict(Showing.Silent.choices) | {"control": "Drawn to have none", "shown": "Shown"}


def recommendations_section(scope: Scope, _links: Links) -> Section:
    now, before = recall(recommendations, scope), recall(recommendations, scope.previous())
    return Section(
        slug="recommendations",
        title=_title(now, before),
        note="A tenth of the conversations, or what the rules say, is drawn to be shown nothing: only beside them can it be"
        " told whether more is bought. The difference is evened out by what was known before; its interval holds the"
        " truth 95 times in 100, and where it holds nought no effect is measurable. Opened: also put into a reply.",
        tables=()
        if not (now.silent or before.silent)
        else (
            Table(
                "Bought within fourteen days",
                ("", "Conversations", "Bought", "Difference"),
                _arms(now),
            ),
            *_by_segment(now),
            Table(
                "What became of each place",
                ("Place", "Seen", "Opened", "Share opened", "Bought", "There by chance"),
                tuple(_place(one) for one in now.positions),
            ),
            Table(
                "Shown, or why not",
                ("", "Conversations"),
                tuple(
                    (
                        Cell(
                            _WORDS.get(why, why),
                            _behind(why),
                        ),
                        Cell(number(many)),
                    )
                    for why, many in sorted(now.silent.items(), key=lambda one: (-one[1], one[0]))
                ),
                folded=True,
            ),
        ),
    )


def _title(now: Worth, before: Worth) -> str:
    opened, earlier = _opened(now), _opened(before)
    says = f"Recommendations: {now.says[0].lower()}{now.says[1:]}"
    if opened is None:
        return says
    return sentence(
        [says, f"{percent(opened)} of what was seen was opened", points_apart(opened, earlier)]
    )


def _opened(found: Worth) -> float | None:
    return share(
        sum(one.clicked for one in found.positions), sum(one.shown for one in found.positions)
    )


def _arms(now: Worth) -> tuple[tuple[Cell, ...], ...]:
    lift = now.uplift
    return (
        (
            Cell("With recommendations"),
            Cell(number(lift.shown)),
            known(percent(lift.share_shown), _NOT_YET),
            known(_points(lift.adjusted), _NOT_YET),
        ),
        (
            Cell("Drawn to have none"),
            Cell(number(lift.control)),
            known(percent(lift.share_control), _NOT_YET),
            Cell(""),
        ),
    )


def _by_segment(now: Worth) -> tuple[Table, ...]:
    if not now.segments:
        return ()
    return (
        Table(
            "By segment, as it was then (of twenty without an effect about one seems to have one)",
            ("Segment", "With", "Bought", "Without", "Bought", "Difference"),
            tuple(
                (
                    Cell(one.name),
                    Cell(number(one.uplift.shown)),
                    known(percent(one.uplift.share_shown), _NOT_YET),
                    Cell(number(one.uplift.control)),
                    known(percent(one.uplift.share_control), _NOT_YET),
                    known(_said(one.uplift), _NOT_YET),
                )
                for one in now.segments
            ),
            folded=True,
        ),
    )


def _said(lift: Uplift) -> str:
    points = _points(lift.adjusted)
    return f"{points}: no measurable effect" if lift.verdict == "none" else points


def _place(one: At) -> tuple[Cell, ...]:
    return (
        Cell(str(one.position)),
        Cell(number(one.shown)),
        Cell(number(one.clicked)),
        known(percent(share(one.clicked, one.shown)), _NOT_SEEN),
        Cell(number(one.bought)),
        Cell(number(one.by_chance)),
    )


def _behind(why: str) -> str:
    """What was shown, and what was not, one by one."""
    narrowed = {"control": "control__exact=1", "shown": "silent__exact=&control__exact=0"}
    pages = reverse("admin:recommendations_showing_changelist")
    return f"{pages}?{narrowed.get(why, f'silent__exact={why}')}"


def _points(found: tuple[float, float, float] | None) -> str:
    if found is None:
        return UNKNOWN
    middle, low, high = (100 * one for one in found)
    said = f"{middle:+.1f} points ({low:+.1f} to {high:+.1f})"
    return said.replace("-", "−")
