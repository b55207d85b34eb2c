"""What the house's own surveys say, and what bad ratings had for a cause."""

from collections.abc import Sequence

from django.urls import reverse

from analytics.recall import recall
from analytics.reports.scope import Scope, share
from analytics.reports.surveys import Answered, Surveyed, Surveys, surveys
from analytics.sections.parts import Cell, Links, Section, Table, known
from analytics.words import UNKNOWN, counted, number, percent, score
from conversations.surveys.models import Review

_FEW = "Fewer than two answers: no interval."
_UNITS = {"nps": "NPS", "csat": "of 5", "ces": "of 7", "scale": "of 5", "yes_no": "yes"}


def surveys_section(scope: Scope, links: Links) -> Section:
    now, before = recall(surveys, scope), recall(surveys, scope.previous())
    earlier = {question.key: question for survey in before.surveys for question in survey.questions}
    return Section(
        slug="surveys",
        title=_title(now),
        note="Of those who were asked in this period. ± is half of the interval that holds the true value "
        "in 95 of 100 such periods.",
        tables=()
        if not (now.surveys or now.bad or before.surveys)
        else (
            Table(
                "Surveys",
                ("Survey", "Asked", "Answered", "Share"),
                tuple(_survey_row(one, links) for one in now.surveys),
            ),
            Table(
                "Questions",
                ("Question", "Survey", "Answers", "Result", "Before"),
                tuple(
                    _question_row(survey, question, earlier.get(question.key))
                    for survey in now.surveys
                    for question in survey.questions
                ),
            ),
            Table(
                "Bad ratings by cause",
                ("Cause", "Ratings", "Share"),
                tuple(_cause_row(now, cause, n, links) for cause, n in now.causes),
            ),
        ),
    )


def _title(now: Surveys) -> str:
    open_reviews = now.bad - now.reviewed
    waiting = (
        f"{counted(open_reviews, 'bad rating waits', 'bad ratings wait')} for a look"
        if open_reviews
        else ""
    )
    nps = _first(now.surveys, "nps")
    ces = _first(now.surveys, "ces")
    said = [
        f"NPS {_points(nps)} from {counted(nps.answers, 'answer', 'answers')}" if nps else "",
        f"{score(ces.value)} of 7 found it easy" if ces else "",
        waiting,
    ]
    if any(said):
        return ", ".join(part for part in said if part)
    answered = sum(one.answered for one in now.surveys)
    return (
        f"{number(answered)} answered a survey"
        if answered
        else "No survey of your own was answered"
    )


def _first(found: Sequence[Surveyed], kind: str) -> Answered | None:
    return next(
        (one for survey in found for one in survey.questions if one.kind == kind), None
    )  # fmt: skip


def _points(question: Answered) -> str:
    """42 ± 11."""
    if question.value is None:
        return UNKNOWN
    margin = "" if question.margin is None else f" ± {question.margin:.0f}"
    return f"{question.value:.0f}{margin}"


def _survey_row(one: Surveyed, links: Links) -> tuple[Cell, ...]:
    key = str(one.survey)
    return (
        Cell(one.name, reverse("admin:surveys_survey_change", args=[one.survey])),
        links.count(one.asked, "surveys.asked", key),
        links.count(one.answered, "surveys.answered", key),
        known(percent(one.response_rate), "Nobody was asked."),
    )


def _question_row(
    survey: Surveyed, question: Answered, before: Answered | None
) -> tuple[Cell, ...]:
    return (
        Cell(question.text.get("en") or next(iter(question.text.values()), "")),
        Cell(survey.name),
        Cell(number(question.answers)),
        Cell(
            _result(question),
            why="" if question.margin is not None or question.value is None else _FEW,
        ),
        Cell(_result(before)) if before else Cell(UNKNOWN, why="Not asked in the period before."),
    )


def _result(question: Answered) -> str:
    if question.value is None:
        return ", ".join(
            f"{words} {percent(share(n, question.answers))}"
            for words, n in question.distribution[:4]
        )
    unit = _UNITS[question.kind]
    if question.kind == "nps":
        return f"{unit} {_points(question)}"
    if question.kind == "yes_no":
        return f"{percent(question.value)} {unit}"
    margin = "" if question.margin is None else f" ± {question.margin:.1f}"
    return f"{score(question.value)}{margin} {unit}"


def _cause_row(now: Surveys, cause: str, n: int, links: Links) -> tuple[Cell, ...]:
    return (
        Cell(str(Review.Cause(cause).label)),
        links.count(n, "surveys.cause", cause),
        Cell(percent(share(n, now.reviewed))),
    )
