"""A conversation's log → the questions that the bot took, and what became of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bots.answering.dialogue import Choice
from bots.answering.wishes import wish_of

Outcome = Literal["", "confirmed", "went_on", "unanswered"]

# Why the bot stepped aside: for want of an answer, and for what says nothing about articles.
NO_ANSWER = frozenset(
    {
        "unsure",
        "no_article",
        "low_chance",
        "person_free",
        "unsupported",
        "out_of_scope",
        "loop",
        "part",
    }
)
NO_CHANCE = frozenset({"failed", "busy", "quota", "hours", "keyword", "language"})
QUIET = timedelta(hours=24)  # after an answer: nobody came back
GOOD, BAD = 4, 2  # scores from which, and up to which, a rating speaks


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a log. `author` and `text` are of a message that the customer can see, else empty;
    the words are as they were said or redacted, whatever the reader wants to have."""

    offset: int
    kind: str
    at: datetime
    data: Mapping[str, Any]
    author: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, with what was said before it as (author, text), oldest first.

    `offset` is of the line that says the decision. `articles` are ids of what was cited.
    """

    offset: int
    asked_at: datetime
    question: str
    before: tuple[tuple[str, str], ...]
    decision: Choice
    reason: str
    articles: tuple[str, ...] = ()
    outcome: Outcome = ""


def turns(log: Sequence[LogLine], *, at: datetime) -> list[Turn]:
    """The questions in the order of the log, greetings and wishes for a person left out.

    *Unanswered*: handed over for want of an answer; asked back and then handed over; or answered
    last before a bad rating with nobody else in the conversation. *Went on*: answered, then handed
    over. *Confirmed*: answered, nobody else was needed, and it was rated well, resolved for good, or
    quiet for a day.
    """
    found = list(_decided(log))
    ending = _Ending.of(log)
    handed = [line.offset for line in log if line.kind == "handoff"]
    return [
        replace(turn, outcome=_outcome(turn, found[place + 1 :], handed, ending, at))
        for place, turn in enumerate(found)
        if wish_of(turn.question) is None
    ]


def _decided(log: Sequence[LogLine]) -> Iterator[Turn]:
    """Each decision with the words that it was about."""
    before: list[tuple[str, str]] = []
    waiting: list[LogLine] = []
    asked: list[LogLine] = []
    for line in log:
        if line.author == "customer":
            waiting.append(line)
        elif line.author in {"bot", "agent"}:
            asked, waiting = waiting, []
        if line.kind == "bot_answered":
            said = str(line.data.get("decision", ""))
            if asked and said in {"answer", "clarify"} and _why(line) != "procedure":
                ids = tuple(map(str, line.data.get("articles") or ()))
                yield _turn(line, asked, before, "answer" if said == "answer" else "clarify", ids)
        elif line.kind == "handoff" and waiting and _why(line) in NO_ANSWER | NO_CHANCE:
            yield _turn(line, waiting, before, "handoff", ())
        if line.author in {"customer", "bot", "agent"}:
            before.append((line.author, line.text))


def _why(line: LogLine) -> str:
    return str(line.data.get("reason", ""))


def _turn(
    line: LogLine,
    asked: Sequence[LogLine],
    before: Sequence[tuple[str, str]],
    decision: Choice,
    articles: tuple[str, ...],
) -> Turn:
    known = len(before)
    # What was said before it ends where the question begins.
    texts = [one.text for one in asked]
    for start in range(known, -1, -1):
        tail = [text for author, text in before[start:] if author == "customer"]
        if len(tail) >= len(texts):
            known = start
            break
    return Turn(
        offset=line.offset,
        asked_at=asked[0].at,
        question="\n".join(text for text in texts if text),
        before=tuple(before[:known]),
        decision=decision,
        reason=_why(line),
        articles=articles,
    )


@dataclass(frozen=True, slots=True)
class _Ending:
    score: int | None
    with_people: bool
    is_over: bool
    last_at: datetime | None

    @classmethod
    def of(cls, log: Sequence[LogLine]) -> _Ending:
        scores = [line.data.get("score") for line in log if line.kind == "rated"]
        over = [line.kind for line in log if line.kind in {"resolved", "reopened"}]
        said = [line.at for line in log if line.author]
        return cls(
            score=scores[-1] if scores and isinstance(scores[-1], int) else None,
            with_people=any(line.author == "agent" for line in log),
            is_over=bool(over) and over[-1] == "resolved",
            last_at=said[-1] if said else None,
        )


def _outcome(
    turn: Turn, later: Sequence[Turn], handed: Sequence[int], ending: _Ending, at: datetime
) -> Outcome:
    if turn.decision == "handoff":
        return "unanswered" if turn.reason in NO_ANSWER else ""
    answered = [one.offset for one in later if one.decision == "answer"]
    until = answered[0] if answered else None
    followed = any(turn.offset < line and (until is None or line < until) for line in handed)
    if followed:
        return "unanswered" if turn.decision == "clarify" else "went_on"
    if turn.decision == "clarify":
        return ""
    return _of_an_answer(ending, is_last=until is None, handed=bool(handed), at=at)


def _of_an_answer(ending: _Ending, *, is_last: bool, handed: bool, at: datetime) -> Outcome:
    if ending.score is not None and ending.score <= BAD:
        return "unanswered" if is_last and not handed and not ending.with_people else ""
    if handed or ending.with_people:
        return ""
    quiet = ending.last_at is not None and at - ending.last_at >= QUIET
    good = ending.score is not None and ending.score >= GOOD
    return "confirmed" if good or ending.is_over or quiet else ""
