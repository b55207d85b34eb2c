"""A card is filled: conditions, verdicts as answers, and what a person may answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analytics.quality.rules.registry import JUDGES
from analytics.quality.rules.talk import Part, Verdict

USUAL_LIMIT = 0.5  # of a signal, from which on it is a yes


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a card; `highest` is None for yes and no."""

    pk: int
    code: str
    kind: str
    judge: str = ""
    highest: int | None = None
    may_not_apply: bool = True
    asked_if: int | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """`value` None: it does not apply."""

    question: int
    value: int | None
    verdict: Verdict | None = None
    text: str = ""
    confidence: float | None = None


def is_asked(question: Asked, answers: Mapping[int, int | None]) -> bool:
    """Whether its condition holds, by the answers so far. An unanswered one holds for nothing."""
    if question.asked_if is None:
        return True
    value = answers.get(question.asked_if)
    if value is None:
        return False
    return (question.least is None or value >= question.least) and (
        question.most is None or value <= question.most
    )


def value_of(question: Asked, signal: float, *, limit: float = USUAL_LIMIT) -> int:
    """A signal as an answer: yes from the limit on; on a scale its nearest place."""
    if question.highest is None:
        return int(signal >= limit)
    return 1 + round(min(max(signal, 0.0), 1.0) * (question.highest - 1))


def fill(
    part: Part,
    questions: Sequence[Asked],
    *,
    limits: Mapping[str, float] | None = None,
    confidence: Callable[[str, Verdict], float] | None = None,
) -> list[Given]:
    """The answers of the judges, in the order of the card; what no judge answers is left to people."""
    found: list[Given] = []
    values: dict[int, int | None] = {}
    for question in questions:
        judge = JUDGES.get(question.judge)
        if judge is None or not is_asked(question, values):
            continue
        verdict = judge.ask(part)
        value = None
        if verdict.signal is not None:
            limit = (limits or {}).get(question.judge, USUAL_LIMIT)
            value = value_of(question, verdict.signal, limit=limit)
        values[question.pk] = value
        sure = confidence(question.code, verdict) if confidence else verdict.confidence
        found.append(Given(question.pk, value, verdict, confidence=sure))
    return found


class BadAnswer(ValueError):
    """`code` is the question that was not answered as it may be."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def checked(
    questions: Sequence[Asked], said: Mapping[str, tuple[int | None, str] | None]
) -> list[Given]:
    """What a person answered: every question that is asked, and no other. `said` is by code: a value and
    words; None or absent: not answered. Raises BadAnswer."""
    values: dict[int, int | None] = {}
    found: list[Given] = []
    for question in questions:
        answer = said.get(question.code)
        if not is_asked(question, values):
            continue
        if question.kind == "text":
            if answer and answer[1].strip():
                found.append(Given(question.pk, None, text=answer[1].strip()))
            continue
        if answer is None:
            raise BadAnswer(question.code, "Answer this one, too.")
        value = answer[0]
        if value is None and not question.may_not_apply:
            raise BadAnswer(question.code, "This one always applies.")
        low, high = (0, 1) if question.highest is None else (1, question.highest)
        if value is not None and not low <= value <= high:
            raise BadAnswer(question.code, f"An answer is {low} to {high}.")
        values[question.pk] = value
        found.append(Given(question.pk, value, text=answer[1].strip()))
    unknown = set(said) - {question.code for question in questions}
    if unknown:
        raise BadAnswer(min(unknown), "There is no such question on this card.")
    return found
