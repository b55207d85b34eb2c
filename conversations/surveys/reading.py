"""What a customer answered, checked against what was asked: pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.errors import BadWords
from conversations.surveys.kinds import KINDS, SCORED, TEXT_LIMIT
from conversations.words import clean_text


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as far as its answer is concerned; `only_up_to`: see `Question`."""

    key: str
    kind: str
    options: Collection[str] = ()
    is_required: bool = False
    only_up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question: a number, some options, or words."""

    key: str
    kind: str
    number: int | None = None
    chosen: tuple[str, ...] = field(default=())
    text: str = ""


def read_answers(questions: Sequence[Asked], said: Mapping[str, Any]) -> list[Given]:
    """The answers that count, in the order of the questions. Unanswered ones that need not be answered
    are left out, and so are those that were not asked after all. Raises BadWords."""
    unknown = set(said) - {question.key for question in questions}
    if unknown:
        raise BadWords("An answer belongs to no question of this survey.")
    given: list[Given] = []
    first: int | None = None
    for question in questions:
        if question.only_up_to is not None and (first is None or first > question.only_up_to):
            continue
        answer = _read(question, said.get(question.key))
        if answer is None:
            if question.is_required:
                raise BadWords("A question that has to be answered was not.")
            continue
        if first is None and question.kind in SCORED:
            first = answer.number
        given.append(answer)
    if not given:
        raise BadWords("Nothing was answered.")
    return given


def _read(question: Asked, value: Any) -> Given | None:
    if value is None or value in ("", []):
        return None
    kind = KINDS[question.kind]
    if kind.most is not None and kind.least is not None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadWords("A whole number is wanted.")
        if not kind.least <= value <= kind.most:
            raise BadWords(f"A number from {kind.least} to {kind.most} is wanted.")
        return Given(question.key, question.kind, number=value)
    if kind.chooses:
        return _choose(question, value)
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        raise BadWords(f"Words of at most {TEXT_LIMIT} characters are wanted.")
    text = clean_text(value)
    return Given(question.key, question.kind, text=text) if text else None


def _choose(question: Asked, value: Any) -> Given:
    chosen = [value] if isinstance(value, str) else value
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        raise BadWords("One of the options is wanted.")
    if set(chosen) - set(question.options):
        raise BadWords("That is none of the options.")
    if question.kind == "choice" and len(chosen) != 1:
        raise BadWords("Just one of the options is wanted.")
    return Given(question.key, question.kind, chosen=tuple(dict.fromkeys(chosen)))
