"""A turn taken once more, without anybody hearing it: as it was, or with what is known today."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from bots.actions.speech import Spoken
from bots.actions.tracing import prompt_version, said, understood
from bots.actions.turn import history_of, lines_since, reader_of, split, vault_of
from bots.actions.write import write_answer
from bots.answering.manner import Mode
from bots.answering.proposals import Citation, Proposal
from bots.behaviour.profiles import manner_for
from bots.knowledge.vectors import encoders_at_hand
from bots.language.model import LanguageModel, Passage, Turn
from bots.models import BotRerun, BotTrace, Version
from bots.privacy.vault import Vault
from bots.queries import consult
from conversations.errors import Taken
from conversations.models import Conversation, Event, Message

logger = logging.getLogger(__name__)

_AGAIN = 4
_PATIENCE = timedelta(minutes=2)
Model = Callable[[], LanguageModel | None]


def ask_for_rerun(*, turn_id: int, kind: str, agent_id: int | None, at: datetime) -> BotRerun:
    """Notes that a turn is to be taken once more; whoever notes it queues the task. Raises Taken
    while one of this kind is waiting; one that was lost is not waited for."""
    lost = BotRerun.objects.filter(turn=turn_id, kind=kind, asked_at__lt=at - _PATIENCE)
    lost.filter(state=BotRerun.State.WAITING).update(state=BotRerun.State.FAILED)
    try:
        with transaction.atomic():
            return BotRerun.objects.create(
                turn_id=turn_id, kind=kind, asked_at=at, asked_by_id=agent_id
            )
    except IntegrityError as error:
        raise Taken("It is being taken once more already.") from error


def take_again(*, rerun: UUID, model: Model, at: datetime) -> bool:
    """Computes what was noted; False if somebody has done it already."""
    row = BotRerun.objects.select_related("turn__conversation").filter(uuid=rerun).first()
    if row is None or row.state != BotRerun.State.WAITING:
        return False
    try:
        row.data = _same(row.turn, model) if row.kind == "same" else _live(row.turn, model, at=at)
        row.state = BotRerun.State.DONE
    except Exception:
        logger.exception("A turn could not be taken once more")
        row.state = BotRerun.State.FAILED
    row.save(update_fields=["data", "state"])
    return True


def _lines(turn: BotTrace) -> tuple[str, tuple[Turn, ...]]:
    """(question, history) as the turn read them: messages are never changed."""
    asked = Message.objects.get(conversation=turn.conversation_id, seq=turn.asked_seq)
    opened = (
        Event.objects.filter(
            conversation=turn.conversation_id, kind="reopened", offset__lt=asked.offset
        )
        .order_by("-offset")
        .values_list("offset", flat=True)
        .first()
    )
    rows = lines_since(turn.conversation_id, since=opened or 0, until_seq=turn.asked_seq)
    before, said_now = split(rows)
    return "\n".join(one.text for one in said_now if one.text), history_of(before)


def _live(turn: BotTrace, model: Model, *, at: datetime) -> dict[str, Any]:
    question, history = _lines(turn)
    conversation = Conversation.objects.get(pk=turn.conversation_id)
    proposal = consult(
        question=question,
        history=history,
        inbox_id=turn.inbox_id,
        language=conversation.language,
        reader=reader_of(conversation),
        manner=manner_for(turn.inbox_id, at),
        known=encoders_at_hand(),
    )
    vault = vault_of(turn.conversation_id)
    return _told(proposal, _spoken(proposal, question, history, model, vault), model, vault)


def _same(turn: BotTrace, model: Model) -> dict[str, Any]:
    """The same passages, of the same versions of their articles, whatever was published since."""
    question, history = _lines(turn)
    vault = vault_of(turn.conversation_id)
    proposal = _proposal_of(turn.data)
    if proposal is None:
        return {"decision": turn.outcome, "reason": turn.reason, "answer": ""}
    if turn.by == "model":
        spoken = _spoken(proposal, question, history, model, vault)
    else:
        spoken = Spoken(vault.restored(turn.data.get("answer", "")), proposal.citations, "quote")
    return _told(proposal, spoken, model, vault) | {"verbatim": _stands(turn.data)}


def _spoken(
    proposal: Proposal,
    question: str,
    history: tuple[Turn, ...],
    model: Model,
    vault: Vault,
) -> Spoken:
    connection.close()
    written = None
    if (
        proposal.decision == "answer"
        and proposal.passages
        and proposal.manner.mode == Mode.GENERATE
    ):
        turns = [*history[-_AGAIN:], Turn("customer", question)]
        written = write_answer(proposal, turns, model=model, vault=vault)
    if written is None:
        return Spoken(proposal.answer, proposal.citations, "quote", claims=proposal.claims)
    return Spoken(
        written.text, written.citations, "model", written.tokens, written.claims, written.dropped
    )


def _told(proposal: Proposal, spoken: Spoken, model: Model, vault: Vault) -> dict[str, Any]:
    writer = model()
    return {
        **understood(proposal, vault),
        **(said(spoken, vault) if proposal.decision != "handoff" else {"answer": ""}),
        "reason": str(proposal.reason),
        "chance": proposal.chance,
        "by": spoken.by if proposal.decision != "handoff" else "",
        "prompt": prompt_version(),
        "model": asdict(writer.describe()) if writer else None,
    }


def _proposal_of(data: dict[str, Any]) -> Proposal | None:
    """What was proposed then, as far as the trace keeps it; None: nothing was looked up."""
    if "decision" not in data:
        return None
    passages = data.get("passages", [])
    return Proposal(
        decision=data["decision"],
        answer=data.get("answer", ""),
        confidence=data.get("confidence", 0.0),
        citations=tuple(
            Citation(
                article=UUID(one["article"]),
                title=one["title"],
                url="",
                quote=one["text"],
                verbatim=one["text"],
                version=one["version"],
                language=one["language"],
            )
            for one in passages
        ),
        suggestions=(),
        language=data.get("language", "en"),
        intent=data.get("intent", ""),
        reason=data.get("reason", "found"),
        passages=tuple(
            Passage(one["article"], one["title"], one["text"], one["language"], one["score"])
            for one in passages
        ),
        features=data.get("features", {}),
    )


def _stands(data: dict[str, Any]) -> list[bool]:
    """Of each citation, whether that version of the article is still kept, and has that place."""
    found = []
    for one in data.get("citations", []):
        version = Version.objects.filter(
            article__uuid=one["article"], number=one["version"]
        ).first()
        found.append(version is not None and len(version.body) >= one["end"])
    return found
