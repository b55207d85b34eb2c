"""What a model may learn from: without personal data, without orders to machines, borne out. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bots.knowledge.injected import speaks_to_a_machine
from bots.knowledge.text import language_of
from bots.language.model import Passage
from bots.language.prompt import MARKS
from bots.language.support import supported
from bots.language.words import sentences
from bots.privacy.finding import find
from bots.privacy.kinds import Kind
from bots.training.examples import Example, Problem

# A shop's own hotline, mailbox and pages stand in its articles; these kinds never belong there.
_NEVER = frozenset({Kind.CARD, Kind.IBAN, Kind.ACCOUNT, Kind.IDENTITY, Kind.BIRTH, Kind.SECRET})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Cleaned:
    """`cut` counts sentences of answers that no passage bore out, `hidden` pieces of personal data."""

    examples: list[Example]
    problems: list[Problem]
    cut: int
    hidden: int


def cleaned(
    examples: Iterable[Example],
    *,
    languages: frozenset[str] | None = None,
    as_written: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Cleaned:
    """What remains of each example. `languages`: those that the model writes (None: all).

    Of an answer, the sentences that its context bears out remain: from the others a model learns to
    invent. `as_written` keeps them.
    """
    kept: list[Example] = []
    problems: list[Problem] = []
    count: Counter[str] = Counter()
    for given in examples:
        progress(1)
        one = _tidy(given)
        if problem := _refused(one, languages):
            problems.append(problem)
            continue
        one, hidden = without_persons(one)
        count["hidden"] += hidden
        if not as_written:
            answer, cut = borne_out(one)
            if not answer:
                said = "The context says nothing of what the answer says."
                problems.append(Problem(one.line, "unsupported", said))
                continue
            count["cut"] += cut
            one = replace(one, answer=answer)
        kept.append(one)
    return Cleaned(kept, problems, count["cut"], count["hidden"])


def passage_of(example: Example) -> Passage:
    """As the bot would be given it."""
    return Passage("", example.title, example.context, example.language or "en")


def _tidy(one: Example) -> Example:
    return replace(
        one,
        question=_plain(one.question),
        context=_plain(one.context),
        answer=_plain(one.answer),
        title=_plain(one.title),
    )


def _plain(text: str) -> str:
    text = _CONTROL.sub(" ", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _refused(one: Example, languages: frozenset[str] | None) -> Problem | None:
    for name in ("question", "context", "answer", "title"):
        text = getattr(one, name)
        if name != "title" and not any(letter.isalnum() for letter in text):
            return Problem(one.line, "empty", f"{name} has no words.")
        if MARKS.search(text):
            said = f"{name} holds a mark by which models tell whose turn it is."
            return Problem(one.line, "hostile", said)
        if any(speaks_to_a_machine(line) for line in sentences(text)):
            return Problem(one.line, "hostile", f"{name} gives orders to a machine.")
    language = one.language.split("-")[0].lower() or language_of(one.answer, otherwise="en")
    if languages is not None and language not in languages:
        return Problem(one.line, "language", f"The model does not write the language “{language}”.")
    return None


def without_persons(one: Example) -> tuple[Example, int]:
    """Placeholders for personal data, the same for the same value; and how many pieces there were."""
    names: dict[tuple[Kind, str], str] = {}
    numbers: Counter[Kind] = Counter()
    hidden = 0

    def told(text: str, is_hidden: Callable[[Kind, str], bool]) -> str:
        nonlocal hidden
        pieces, last = [], 0
        for found in find(text):
            value = text[found.start : found.end]
            if found.kind == Kind.LITERAL or not is_hidden(found.kind, value):
                continue
            hidden += 1
            if (found.kind, value) not in names:
                numbers[found.kind] += 1
                names[found.kind, value] = f"[{found.kind} {numbers[found.kind]}]"
            pieces += [text[last : found.start], names[found.kind, value]]
            last = found.end
        return "".join([*pieces, text[last:]])

    context = told(one.context, lambda kind, _value: kind in _NEVER)
    question = told(one.question, lambda _kind, _value: True)
    answer = told(one.answer, lambda kind, value: kind in _NEVER or value not in one.context)
    return replace(one, context=context, question=question, answer=answer), hidden


def borne_out(one: Example) -> tuple[str, int]:
    """The sentences of the answer that the context says, and how many it does not."""
    passage = [passage_of(one)]
    said = [line.strip() for line in sentences(one.answer)]
    kept = [line for line in said if line and supported(line, passage).is_enough]
    return " ".join(kept), len(said) - len(kept)
