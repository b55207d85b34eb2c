"""What an agent might say to a customer, from the answering that the bot has: quoted, or written by the
model and borne out, always with its sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from agents.assist.rules.worth import compared
from bots.actions.turn import history_of, lines_since, reader_of, split, vault_of
from bots.actions.write import turns_read, write_answer
from bots.answering.proposals import Citation, Proposal, Source
from bots.answering.wishes import Wish, wish_of
from bots.behaviour.profiles import manner_for
from bots.knowledge.vectors import encoders_at_hand
from bots.language.model import LanguageModel, Turn
from bots.queries import consult
from conversations.models import Conversation, Event
from conversations.queries import Line

MOST = 3
# Of chance. A person looks it over, so that less is needed than the bot needs to speak by itself; below
# this more than two of three would be in the way.
WORTH_SHOWING = 0.34
NEARLY_THE_SAME = 0.95  # of likeness: the model only said the article's words again
_PARTING = {Wish.THANKS, Wish.GOODBYE}  # nobody looks up an answer to these
_MARK = re.compile(r"\s*\[\d{1,2}\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer wants to have answered now, and what was said before it."""

    seq: int
    at: datetime
    question: str
    history: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """`sources` as messages have their citations; `by` says whose words these are."""

    text: str
    sources: tuple[dict[str, Any], ...]
    confidence: float
    by: Literal["quote", "model", "fixed"]
    language: str
    model: str = ""


def asked_of(conversation: Conversation, *, seq: int) -> Asked | None:
    """None when nothing with words waits for an answer."""
    opened = (
        Event.objects.filter(conversation=conversation, kind="reopened")
        .order_by("-offset")
        .values_list("offset", flat=True)
        .first()
    )
    lines = lines_since(conversation.pk, since=opened or 0, until_seq=seq)
    said, asked = split(lines)
    wishes = {line: wish_of(line.text) for line in asked}
    if asked and set(wishes.values()) <= _PARTING:
        return None
    # Who also asks for a person has one now.
    wanted = [line for line in asked if wishes[line] is None] or asked
    question = "\n".join(line.text for line in wanted if line.text)
    if not question:
        return None
    return Asked(seq, asked[-1].sent_at, question, history_of(_as_the_bot(said)))


def _as_the_bot(said: list[Line]) -> list[Line]:
    """What a follow-up is about may be what the agent said."""
    return [
        Line("bot", line.text, line.sent_at) if line.author == "agent" else line for line in said
    ]


def propose(asked: Asked, conversation: Conversation, *, at: datetime) -> Proposal:
    """From what this customer may read: it is to be said to them."""
    return consult(
        question=asked.question,
        history=asked.history,
        inbox_id=conversation.inbox_id,
        language=conversation.language,
        reader=reader_of(conversation, at=at),
        manner=manner_for(conversation.inbox_id, at),
        known=encoders_at_hand(),
    )


def quoted(proposal: Proposal) -> list[Reply]:
    """The best first; none where nothing comes near."""
    if proposal.decision == "answer":
        return [_answer(proposal)]
    if not proposal.sources or proposal.chance < WORTH_SHOWING or proposal.reason == "policy":
        return []
    near = proposal.sources if proposal.decision == "clarify" else proposal.sources[:1]
    best = near[0].passage.score or 1.0
    return [
        _quote(one, proposal.chance * min(max(one.passage.score / best, 0.0), 1.0))
        for one in near[:MOST]
    ]


def _answer(proposal: Proposal) -> Reply:
    said = proposal.answer.removeprefix(proposal.prefix)
    sources = tuple(one.on_the_wire() for one in proposal.citations)
    by: Literal["quote", "fixed"] = "fixed" if proposal.reason == "fixed" else "quote"
    language = proposal.citations[0].language if proposal.citations else proposal.language
    return Reply(without_marks(said), sources, proposal.chance, by, language)


def _quote(source: Source, confidence: float) -> Reply:
    cited: Citation = source.citation
    return Reply(source.quote.text, (cited.on_the_wire(),), confidence, "quote", cited.language)


def written(
    proposal: Proposal,
    asked: Asked,
    conversation: Conversation,
    *,
    writer: LanguageModel,
    is_over: Callable[[], bool],
) -> Reply | None:
    """The model's words, where they are borne out and are not the article's again. It stands back for
    whoever waits for the bot: then nothing comes of it."""
    found = write_answer(
        proposal,
        turns_read(asked.question, asked.history),
        model=lambda: writer,
        vault=vault_of(conversation.pk),
        is_over=lambda: is_busy(writer, own=1) or is_over(),
        share="help for agents",
    )
    if found is None or is_over():
        return None
    text = without_marks(found.text)
    same = compared(without_marks(proposal.answer), [text])
    if same is not None and same.likeness >= NEARLY_THE_SAME:
        return None
    sources = tuple(one.on_the_wire() for one in found.citations)
    return Reply(text, sources, proposal.chance, "model", proposal.language, writer.name)


def is_busy(writer: LanguageModel, *, own: int = 0) -> bool:
    """Whether somebody else is being answered, or waits for it."""
    load = writer.load()
    return load.waiting > 0 or load.running > own


def without_marks(text: str) -> str:
    """An agent's own message has no numbered sources."""
    return _MARK.sub("", text).strip()
