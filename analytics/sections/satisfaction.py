"""What customers said afterwards."""

from analytics.recall import recall
from analytics.reports.satisfaction import Satisfaction, Scores, satisfaction
from analytics.reports.scope import Scope
from analytics.sections.parts import Cell, Chart, Links, Section, Series, Table, known
from analytics.words import counted, number, percent, score, score_apart, sentence

_NO_ANSWER = "No survey was answered in this period."


_FACES = ("Very bad", "Bad", "So-so", "Good", "Very good")


def satisfaction_section(scope: Scope, links: Links) -> Section:
    now, before = recall(satisfaction, scope), recall(satisfaction, scope.previous())
    total = now.total
    title = sentence(
        [
            f"{score(total.average)} of 5 from {counted(total.answers, 'answer', 'answers')}",
            score_apart(total.average, before.total.average),
        ]
    )
    if not total.answers:
        title = "No survey was answered"
    return Section(
        slug="satisfaction",
        title=title,
        note=_who_answered(now),
        chart=Chart(
            kind="bar",
            unit="share",
            labels=tuple(f"{n} {words}" for n, words in enumerate(_FACES, start=1)),
            series=(
                Series("This period", _parts(total)),
                Series("The period before", _parts(before.total), before=True),
            ),
            text=f"Share of answers by score. {title}.",
        ),
        tables=(
            Table(
                "Satisfaction",
                ("", "Answers", "Average", "Good or very good", "Before"),
                (
                    _scores_row("All", total, before.total, links, "rated"),
                    _scores_row("Bot only", now.bot_only, before.bot_only, links, "bot_only"),
                    _scores_row(
                        "With a person", now.by_person, before.by_person, links, "by_person"
                    ),
                ),
            ),
            Table(
                "Answers by score",
                ("Score", "Answers", "Before"),
                tuple(
                    (
                        Cell(f"{n} {_FACES[n - 1]}"),
                        links.count(total.distribution[n - 1], "satisfaction.score", str(n)),
                        Cell(number(before.total.distribution[n - 1])),
                    )
                    for n in range(5, 0, -1)
                ),
                folded=True,
            ),
        ),
    )


def _who_answered(now: Satisfaction) -> str:
    if now.response_rate is None:
        return "Nobody was asked. The last answer of a conversation counts."
    asked = counted(now.asked, "customer was asked", "customers were asked")
    return f"{asked}, {percent(now.response_rate)} answered. The last answer counts."


def _scores_row(
    name: str, now: Scores, before: Scores, links: Links, number_name: str
) -> tuple[Cell, ...]:
    href = links.to(f"satisfaction.{number_name}")
    return (
        Cell(name),
        links.count(now.answers, f"satisfaction.{number_name}"),
        known(score(now.average), _NO_ANSWER, href),
        known(percent(now.happy_share), _NO_ANSWER, href),
        known(score(before.average), "No survey was answered in the period before."),
    )


def _parts(scores: Scores) -> tuple[float | None, ...]:
    return tuple(n / scores.answers if scores.answers else None for n in scores.distribution)
