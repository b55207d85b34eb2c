"""Scores as people look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agents.access import SEE_ALL, visible_to
from agents.models import Agent
from analytics.quality.models import (
    Answer,
    Appeal,
    CardQuestion,
    Look,
    Reliability,
    ReviewTask,
    Score,
)
from conversations.models import Message

SEE, SCORE = "quality.see_scores", "quality.score_conversations"


def scores_of(agent: Agent) -> QuerySet[Score]:
    """What the machine scored: all of it for who may see that and the conversations, else one's own."""
    rows = Score.objects.filter(by="machine").select_related(
        "agent", "version__card", "conversation__inbox"
    )
    if agent.has_perm(SEE):
        if agent.has_perm(SEE_ALL):
            return rows
        return rows.filter(conversation__in=visible_to(agent).values("pk"))
    return rows.filter(agent=agent, subject="agent")


def to_score(agent: Agent) -> QuerySet[ReviewTask]:
    """What was drawn for people and this one has neither scored nor seen, the oldest first; nothing of
    their own."""
    mine = Score.objects.filter(
        conversation=OuterRef("score__conversation"),
        agent__isnull=True,
        subject="bot",
        by="person",
        reviewer=agent,
    )
    same = Score.objects.filter(
        conversation=OuterRef("score__conversation"),
        agent=OuterRef("score__agent"),
        by="person",
        reviewer=agent,
    )
    return (
        ReviewTask.objects.filter(done_at=None, score__in=scores_of(agent))
        .exclude(score__agent=agent)
        .exclude(Exists(Look.objects.filter(score=OuterRef("score"), agent=agent)))
        .exclude(Q(score__subject="bot") & Exists(mine))
        .exclude(Exists(same))
        .select_related("score__agent", "score__conversation__inbox", "score__version__card")
        .order_by("drawn_at", "pk")
    )


def open_appeals(agent: Agent) -> QuerySet[Appeal]:
    return (
        Appeal.objects.filter(state="open", answer__score__in=scores_of(agent))
        .exclude(agent=agent)
        .select_related("agent", "answer__question", "answer__score")
        .order_by("at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a message's words; `codes` of the questions that it is evidence of."""

    text: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the transcript, cut at its evidence."""

    seq: int
    author: str
    who: str
    at: object
    is_theirs: bool
    pieces: Sequence[Piece]


def transcript_of(score: Score, answers: Sequence[Answer] = ()) -> list[Said]:
    """What customer, bot and agents said, with the evidence of these answers marked in it."""
    spans: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for answer in answers:
        for one in answer.evidence:
            spans[one["seq"]].append((one["start"], one["end"], answer.question.code))
    rows = Message.objects.filter(conversation=score.conversation_id, note=False).order_by("offset")
    return [
        Said(
            row.seq or 0,
            row.author_kind,
            row.author_name or row.get_author_kind_display(),
            row.created_at,
            row.author_kind == "bot" if score.subject == "bot" else _is(row, score),
            pieces_of(row.text, spans.get(row.seq or 0, ())),
        )
        for row in rows
        if row.author_kind != "system"
    ]


def _is(row: Message, score: Score) -> bool:
    return row.author_kind == "agent" and row.agent_id == score.agent_id


def pieces_of(text: str, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """The text cut wherever a span begins or ends."""
    cuts = sorted({0, len(text), *(min(max(at, 0), len(text)) for s in spans for at in s[:2])})
    return [
        Piece(
            text[start:end],
            tuple(sorted({code for a, b, code in spans if a <= start and end <= b})),
        )
        for start, end in pairwise(cuts)
    ] or [Piece(text)]


@dataclass(frozen=True, slots=True)
class Row:
    """A question, what the machine answered, and what each person did. `is_out`: its question is not
    reliable, and not counted. `words` say the answer."""

    question: CardQuestion
    answer: Answer | None
    words: str
    is_out: bool
    kappa: Reliability | None
    people: tuple[str, ...] = ()
    quotes: tuple[tuple[int, str], ...] = ()
    appeal: Appeal | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled card: its sections with their rows, and who else has scored it."""

    sections: Sequence[tuple[str, Sequence[Row]]]
    reviewers: Sequence[Score] = field(default_factory=tuple)
    unmeasured: int = 0


def answer_words(question: CardQuestion, answer: Answer | None) -> str:
    if answer is None:
        return "not asked"
    if question.kind == "text":
        return answer.text
    if answer.value is None:
        return "does not apply"
    if question.highest is not None:
        return f"{answer.value} of {question.highest}"
    return "yes" if answer.value else "no"


def filled_card(score: Score, *, with_people: bool) -> Filled:
    """A score's card, question by question; `with_people`: beside what people answered."""
    answers = {
        row.question_id: row
        for row in score.answers.select_related("question").prefetch_related("appeals")
    }
    people = list(_reviews(score)) if with_people else []
    theirs = [{row.question_id: row for row in one.answers.all()} for one in people]
    known = {
        row.code: row
        for row in Reliability.objects.filter(
            card=score.version.card_id, against="people", judges=score.judges
        )
    }
    texts = dict(
        Message.objects.filter(conversation=score.conversation_id, note=False).values_list(
            "seq", "text"
        )
    )
    sections: dict[str, list[Row]] = {}
    questions = CardQuestion.objects.filter(version=score.version_id).select_related("section")
    for question in questions.order_by("section__position", "position"):
        answer = answers.get(question.pk)
        kappa = known.get(question.code)
        row = Row(
            question=question,
            answer=answer,
            words=answer_words(question, answer),
            is_out=bool(
                answer and not answer.is_corrected and kappa and kappa.state == "unreliable"
            ),
            kappa=kappa,
            people=tuple(answer_words(question, one.get(question.pk)) for one in theirs),
            quotes=_quotes(answer, texts),
            appeal=next(iter(answer.appeals.all()), None) if answer else None,
        )
        sections.setdefault(question.section.title, []).append(row)
    judged = [row for rows in sections.values() for row in rows if row.answer]
    unmeasured = sum(row.kappa is None or row.kappa.state == "unmeasured" for row in judged)
    return Filled(list(sections.items()), people, unmeasured)


def _quotes(answer: Answer | None, texts: dict[int | None, str]) -> tuple[tuple[int, str], ...]:
    if answer is None:
        return ()
    return tuple(
        (one["seq"], texts[one["seq"]][one["start"] : one["end"]])
        for one in answer.evidence
        if one["seq"] in texts
    )


def _reviews(score: Score) -> QuerySet[Score]:
    return (
        Score.objects.filter(
            conversation=score.conversation_id,
            subject=score.subject,
            agent=score.agent_id,
            by="person",
        )
        .select_related("reviewer")
        .prefetch_related("answers")
        .order_by("at")
    )


def may_look(score: Score, agent: Agent) -> bool:
    """Whoever may score it, and for whom it was drawn, scores it before they see it."""
    if not agent.has_perm(SCORE) or score.agent_id == agent.pk:
        return True
    return not to_score(agent).filter(score=score).exists()


def counts_for(agent: Agent) -> dict[str, int]:
    """How much waits for a manager."""
    if not agent.has_perm(SCORE):
        return {"tasks": 0, "appeals": 0}
    return {
        "tasks": to_score(agent).aggregate(n=Count("pk"))["n"],
        "appeals": open_appeals(agent).aggregate(n=Count("pk"))["n"],
    }
