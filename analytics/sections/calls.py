"""Calls back: how often somebody answers, whether promised times were kept, and what the forecasts are worth."""

from agents.callbacks.reads.worth import LEAST, CallsWorth, Effect, Side, worth
from analytics.reports.scope import Scope
from analytics.sections.parts import Cell, Links, Section, Table, known
from analytics.words import counted, number, percent, points_apart, sentence


def calls_section(scope: Scope, _: Links) -> Section:
    now, before = _worth(scope), _worth(scope.previous())
    return Section(
        slug="calls",
        title=_title(now, before),
        note=(
            "A call's time is chosen by the chance of an answer once that was learnt, and a call is offered to who "
            "probably needs one; some are drawn to go without. Only the difference between the two sides says what "
            "the forecasts are worth; “no measurable effect” means that its interval holds nought."
        ),
        tables=_tables(now) if now.attempts.many else (),
    )


def _worth(scope: Scope) -> CallsWorth:
    period = scope.period
    return worth(start=period.start, end=period.end, inbox_id=scope.inbox_id)


def _title(now: CallsWorth, before: CallsWorth) -> str:
    if now.attempts.share is None:
        return "Nobody was called in this period"
    return sentence(
        [
            f"{percent(now.attempts.share)} of {counted(now.attempts.many, 'call', 'calls')} answered",
            points_apart(now.attempts.share, before.attempts.share),
        ]
    )


def _tables(now: CallsWorth) -> tuple[Table, ...]:
    return (
        Table(
            "Calls",
            ("", "Of", "Share"),
            (
                _line("Attempts that were answered", now.attempts),
                _line("Customers who were reached in the end", now.done),
                _line("Promised times that were kept", now.kept),
            ),
        ),
        Table(
            "What the forecasts are worth",
            ("", "By the forecast", "Without", "Points apart (95 %)", "Times"),
            (
                _effect("Answered at the time that was chosen", now.placed),
                _effect("Gave up, though likely to need a call", now.offered),
            ),
        ),
    )


def _line(name: str, side: Side) -> tuple[Cell, ...]:
    return (
        Cell(name),
        Cell(number(side.many)),
        known(percent(side.share), "There was none."),
    )


def _effect(name: str, found: Effect) -> tuple[Cell, ...]:
    why = f"{LEAST} of each side are needed."
    times = percent(None) if found.factor is None else f"{found.factor:.2f}"
    if found.between is not None and not found.is_sure:
        times = "no measurable effect"  # a factor beside it would say the contrary
    return (
        Cell(name),
        Cell(_side(found.chosen)),
        Cell(_side(found.drawn)),
        known(_words(found), why),
        known(times, why),
    )


def _side(side: Side) -> str:
    return f"{number(side.came)} of {number(side.many)}"


def _words(found: Effect) -> str:
    if found.between is None:
        return percent(None)
    by, low, high = (round(one * 100) for one in found.between)
    return f"{by:+d} ({low:+d} to {high:+d})".replace("-", "\u2212")
