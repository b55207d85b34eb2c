"""A card as a form: what is asked, and what was chosen. Plain fields, so that it works without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.quality.models import CardQuestion

NOT_APPLY, LONGEST = "na", 4_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be given; `value` is what the form sends."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Field:
    question: CardQuestion
    choices: Sequence[Choice]
    chosen: str
    words: str
    wrong: str
    condition: str  # when it is asked, in words


def choice_of(question: CardQuestion) -> list[Choice]:
    if question.kind == "text":
        return []
    if question.highest is None:
        found = [Choice("1", "Yes"), Choice("0", "No")]
    else:
        found = [Choice(str(n), str(n)) for n in range(1, question.highest + 1)]
    return found + ([Choice(NOT_APPLY, "Does not apply")] if question.may_not_apply else [])


def asked_sections(
    version_id: int, given: Mapping[str, Any], wrong: Mapping[str, Sequence[str]]
) -> list[tuple[str, list[Field]]]:
    """The card's sections with their fields, and what was chosen the last time."""
    found: dict[str, list[Field]] = {}
    for question in _questions(version_id):
        field = Field(
            question,
            choice_of(question),
            str(given.get(f"q-{question.code}", "")),
            str(given.get(f"w-{question.code}", "")),
            " ".join(wrong.get(question.code, ())),
            _condition(question),
        )
        found.setdefault(question.section.title, []).append(field)
    return list(found.items())


def _condition(question: CardQuestion) -> str:
    other = question.asked_if
    if other is None:
        return ""
    least, most = question.asked_if_least, question.asked_if_most
    if other.highest is None:
        said = "yes" if least else "no"
    elif least is not None and most is not None:
        said = f"{least} to {most}"
    else:
        said = f"{least} or more" if least is not None else f"{most} or less"
    return f"Only if “{other.text}” is {said}."


def read_answers(
    given: Mapping[str, Any], version_id: int
) -> dict[str, tuple[int | None, str] | None]:
    """What the form sent, by the codes of the questions; what is no number is not answered."""
    found: dict[str, tuple[int | None, str] | None] = {}
    for question in _questions(version_id):
        value = str(given.get(f"q-{question.code}", ""))
        words = str(given.get(f"w-{question.code}", "")).replace("\x00", "")[:LONGEST]
        if question.kind == "text" or value == NOT_APPLY:
            found[question.code] = (None, words)
        elif value.isdigit() and len(value) < 3:
            found[question.code] = (int(value), words)
        else:
            found[question.code] = None
    return found


def _questions(version_id: int) -> Sequence[CardQuestion]:
    rows = CardQuestion.objects.filter(version=version_id).select_related("section", "asked_if")
    return list(rows.order_by("section__position", "position", "pk"))
