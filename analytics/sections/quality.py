"""What score cards say, and how far they can be trusted."""

from analytics.recall import recall
from analytics.reports.quality import Agreement, Quality, Question, Scores, quality
from analytics.reports.scope import Scope
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table, known
from analytics.words import UNKNOWN, counted, number, percent, sentence

_NOTHING = "Nothing was scored in this period."
_TOO_FEW = "Too few scores for an interval."
_WHY_NOT = {
    "short": "Too short",
    "silent": "The customer said nothing",
    "unanswered": "Nobody answered",
    "no_card": "No card is for it",
    "failed": "It could not be read",
    "merged": "Merged into another one",
}
_STATES = {
    "unmeasured": "not measured yet",
    "reliable": "reliable",
    "unreliable": "not reliable, not counted",
}
_APART = {"above": "above all others", "below": "below all others", "": "not told apart"}


def quality_sections(scope: Scope, links: Links) -> list[Section]:
    now, before = recall(quality, scope), recall(quality, scope.previous())
    return [
        _all(now, before, links),
        _questions(now, before, links),
        _people(now, links),
        _agreement(now),
    ]


def _all(now: Quality, before: Quality, links: Links) -> Section:
    total = now.total
    title = sentence([f"{_mean(total)} of 100", _moved(total, before.total)])
    why = [(reason, n) for reason, n in now.not_scored.items() if reason]
    return Section(
        slug="quality",
        title=title if total.counted else "Nothing was scored",
        note=_covered(now),
        chart=Chart(
            kind="line",
            unit="score",
            labels=tuple(f"{week.begins.day} {week.begins:%b}" for week in now.weeks),
            series=(
                Series("Agents", tuple(week.people for week in now.weeks)),
                Series("The bot", tuple(week.bot for week in now.weeks)),
            ),
            text=f"Mean score by week, of agents and of the bot. {title}.",
        ),
        tables=(
            Table(
                "Scores",
                ("", "Scored", "Mean", "95 % interval", "Before", "Made 0 by a fatal no"),
                (
                    _row(total, before.total, links, "quality.scored"),
                    _row(now.bot, before.bot, links, "quality.bot"),
                ),
            ),
            Table(
                "Not scored",
                ("Why", "Conversations"),
                tuple(
                    (
                        Cell(_WHY_NOT.get(reason, reason)),
                        links.count(n, "quality.not_scored", reason),
                    )
                    for reason, n in why
                ),
                folded=True,
            ),
        ),
    )


def _covered(now: Quality) -> str:
    if now.covered is None:
        return "Conversations are scored by themselves after they end, where a card is in force."
    left = sum(one.state == "unreliable" for one in now.questions)
    out = (
        f" {counted(left, 'question is', 'questions are')} left out: not reliable." if left else ""
    )
    return f"{percent(now.covered)} of what ended was scored by the cards in force.{out}"


def _row(now: Scores, before: Scores, links: Links, name: str) -> tuple[Cell, ...]:
    return (
        Cell(now.name),
        links.count(now.scored, name),
        known(_mean(now), _NOTHING, links.to(name)),
        known(_interval(now), _TOO_FEW),
        known(_mean(before), "Nothing was scored in the period before."),
        links.count(now.fatal, "quality.fatal") if now.name == "All" else Cell(number(now.fatal)),
    )


def _questions(now: Quality, before: Quality, links: Links) -> Section:
    old = {one.code: one for one in before.questions}
    weak = min(
        (one for one in now.questions if one.mean is not None and one.answered >= 5),
        key=lambda one: one.mean or 0.0,
        default=None,
    )
    title = f"Weakest: {weak.text} {percent(weak.mean)}" if weak else "No question was answered"
    return Section(
        slug="questions",
        title=title,
        note="The share of yes, or the place on the scale. “Low” is a no, or the lower half of a scale: its"
        " conversations are one click away. What does not apply is left out.",
        tables=(
            Table(
                "By question",
                ("Question", "Answered", "Good", "Before", "Low", "Does not apply", "Sure", "Agreement with people"),
                tuple(_asked(one, old.get(one.code), links) for one in now.questions),
            ),
        ),
    )  # fmt: skip


def _asked(one: Question, before: Question | None, links: Links) -> tuple[Cell, ...]:
    return (
        Cell(one.text + (" (fatal)" if one.is_fatal else "")),
        links.count(one.answered, "quality.answered", one.code),
        known(percent(one.mean), "It did not apply anywhere."),
        known(percent(before.mean if before else None), "Not answered in the period before."),
        links.count(one.low, "quality.low", one.code),
        Cell(number(one.not_applicable)),
        known(percent(one.confidence), "People corrected all of them."),
        Cell(_STATES[one.state]),
    )


def _people(now: Quality, links: Links) -> Section:
    told = [one for one in now.agents if one.apart]
    title = (
        f"{counted(len(told), 'agent stands', 'agents stand')} apart from the others"
        if told
        else "No agent can be told apart from the others"
    )
    return Section(
        slug="scored-people",
        title=title,
        note="By name, not by rank. “Above” or “below” is said only where the interval does not touch that of"
        " all others together; everything else may be chance.",
        tables=(
            Table(
                "Agents",
                ("Agent", "Scored", "Mean", "95 % interval", "Beside the others", "Made 0 by a fatal no"),
                tuple(
                    (
                        Cell(one.name),
                        links.count(one.scored, "quality.agent", one.key),
                        known(_mean(one), _NOTHING, links.to("quality.agent", one.key)),
                        known(_interval(one), _TOO_FEW),
                        Cell(_APART[one.apart]),
                        Cell(number(one.fatal)),
                    )
                    for one in now.agents
                ),
            ),
        ),
    )  # fmt: skip


def _agreement(now: Quality) -> Section:
    measured = [one for one in now.agreement if one.against == "people" and one.low is not None]
    bad = [one for one in measured if one.state == "unreliable"]
    title = f"{len(measured) - len(bad)} of {counted(len(measured), 'question agrees', 'questions agree')} with people"
    return Section(
        slug="agreement",
        title=title if measured else "Nobody has measured yet how far the machine agrees with people",
        note="Quadratic weighted kappa of blind double scores, weighted by their chance to be drawn, with a"
        " bootstrap interval over conversations. Below the card's least agreement a question is not reliable"
        " and in no total. Each version of the judges is measured by itself.",
        tables=(
            Table(
                "Agreement",
                ("Question", "Card", "Of", "Judges", "Pairs", "The same", "Kappa", "95 % interval", "State"),
                tuple(_kappa(one) for one in now.agreement),
                folded=not measured,
            ),
        ),
    )  # fmt: skip


def _kappa(one: Agreement) -> tuple[Cell, ...]:
    few = "Too few pairs, or all answers are the same."
    kappa = UNKNOWN if one.kappa is None else f"{one.kappa:.2f}"
    held = one.low is None or one.high is None
    return (
        Cell(one.text or one.code),
        Cell(one.card),
        Cell("the machine with people" if one.against == "people" else "people with each other"),
        Cell(f"version {one.judges}"),
        Cell(number(one.pairs)),
        known(percent(one.agreed), few),
        known(kappa, few),
        known(UNKNOWN if held else f"{one.low:.2f} to {one.high:.2f}", few),
        Cell(_STATES[one.state]),
    )


def _mean(scores: Scores) -> str:
    return UNKNOWN if scores.mean is None else f"{scores.mean:.0f}"


def _interval(scores: Scores) -> str:
    if scores.between is None:
        return UNKNOWN
    low, high = scores.between
    return f"{low:.0f} to {high:.0f}"


def _moved(now: Scores, before: Scores) -> str:
    """Said only where the intervals of both periods do not touch."""
    if now.mean is None or before.mean is None:
        return ""
    if now.between is None or before.between is None:
        return "too few to compare"
    if now.between[0] > before.between[1]:
        return f"up {now.mean - before.mean:.0f} points"
    if now.between[1] < before.between[0]:
        return f"down {before.mean - now.mean:.0f} points"
    return "no measurable change"
