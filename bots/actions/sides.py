"""The two sides of a replay: what the bot would say to past questions, before a change and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Protocol

from django.db import connection

from bots.actions.overlay import Overlay
from bots.actions.write import may_write, write_answer
from bots.answering.manner import forbidden, guidance, holding
from bots.answering.mood import crossness
from bots.answering.proposals import Proposal
from bots.behaviour.conduct import Behaviour
from bots.language.model import LanguageModel, Turn
from bots.learning.anonymous import Anonymous
from bots.learning.verdict import Reply
from bots.models import Article, Asked
from bots.queries import Understood, propose

Model = Callable[[], LanguageModel | None]

_LONGEST_SHOWN = 2_000
_AGAIN = 4  # lines before the question that the model reads
_CROSS = 0.4  # of `crossness`, from which guidelines for angry customers hold


@dataclass(frozen=True)
class Question:
    """`behaviour` is of the bot of its inbox, as it is today; `names` are of those who take part."""

    asked: Asked
    is_near: bool
    understood: Understood
    behaviour: Behaviour
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    reply: Reply
    titles: tuple[str, ...]
    reason: str
    by: str = "quote"

    def kept(self) -> dict[str, object]:
        """For a row of a replay; without personal data."""
        return {
            "decision": self.reply.decision,
            "reason": self.reason,
            "text": self.reply.text[:_LONGEST_SHOWN],
            "articles": list(self.reply.articles),
            "titles": list(self.titles),
            "confidence": round(self.reply.confidence, 3),
            "by": self.by,
        }


class Side(Protocol):
    def said(self, questions: Sequence[Question]) -> list[Said]:
        """The answer to each, in their order."""
        ...


@dataclass(frozen=True)
class KnowledgeSide:
    """The knowledge base with other words of one article; None: as it is."""

    overlay: Overlay | None

    def said(self, questions: Sequence[Question]) -> list[Said]:
        with self.overlay.shown() if self.overlay else nullcontext():
            return list(_answers([(one, one.behaviour) for one in questions]))


@dataclass(frozen=True)
class MannerSide:
    """The bot with this behaviour. Where only a model's words can differ from those of the `other`
    side, `model` writes them."""

    behaviour: Behaviour
    other: Behaviour
    model: Model

    def said(self, questions: Sequence[Question]) -> list[Said]:
        found = list(_answers([(one, self.behaviour) for one in questions]))
        writer = self.model() if any(self._differs(one) for one in questions) else None
        if writer is None:
            return found
        return [
            self._written(one, said, writer) for one, said in zip(questions, found, strict=True)
        ]

    def _differs(self, question: Question) -> bool:
        """Whether a model would be told otherwise on the other side."""
        return self.behaviour.mode != self.other.mode or _told(self.behaviour, question) != _told(
            self.other, question
        )

    def _written(self, question: Question, said: Said, writer: LanguageModel) -> Said:
        if said.reply.decision != "answer" or not self._differs(question):
            return said
        understood = _with(question, self.behaviour)
        proposal = propose(understood)
        if not may_write(proposal):
            return said
        if not connection.in_atomic_block:
            connection.close()  # the model may take seconds
        inquiry = understood.inquiry
        turns = [*inquiry.history[-_AGAIN:], Turn("customer", inquiry.question)]
        written = write_answer(proposal, turns, model=lambda: writer)
        if written is None:
            return said
        text = Anonymous(question.names).told(written.text)
        return replace(said, reply=replace(said.reply, text=text), by="model")


def _told(behaviour: Behaviour, question: Question) -> tuple[object, ...]:
    said = question.understood.said
    held = holding(behaviour.guidelines, said, cross=crossness(said) >= _CROSS)
    return guidance(held), forbidden(behaviour.manner(), held)


def _with(question: Question, behaviour: Behaviour) -> Understood:
    known = question.understood
    return replace(known, inquiry=replace(known.inquiry, manner=behaviour.manner()))


def _answers(asked: Sequence[tuple[Question, Behaviour]]) -> Iterator[Said]:
    """What is decided before anything is looked up, else what the articles say."""
    proposals: list[Proposal | str] = []
    for question, behaviour in asked:
        known = question.understood
        aside = behaviour.aside(known.said, known.language)
        proposals.append(aside or propose(_with(question, behaviour)))
    cited = {c.article for one in proposals if isinstance(one, Proposal) for c in one.citations}
    bodies = dict(Article.objects.filter(uuid__in=cited).values_list("uuid", "body"))
    for one in proposals:
        if isinstance(one, str):
            yield Said(Reply("handoff", "", (), 0.0), (), one)
            continue
        answers = one.decision == "answer"
        basis = "\n\n".join(bodies.get(c.article, "") for c in one.citations) if answers else ""
        yield _said(one, basis)


def _said(proposal: Proposal, basis: str) -> Said:
    cited = proposal.citations if proposal.decision != "handoff" else ()
    reply = Reply(
        decision=proposal.decision,
        text=proposal.answer,
        articles=tuple(str(one.article) for one in cited),
        confidence=proposal.confidence,
        basis=basis,
    )
    return Said(reply, tuple(one.title for one in cited), str(proposal.reason))
