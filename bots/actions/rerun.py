"""A turn taken once more, without anybody hearing it: as it was, or with what is known today."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from bots.actions.expected import expected_wait
from bots.actions.speech import Spoken
from bots.actions.tracing import manner_kept, prompt_version, said, understood
from bots.actions.turn import history_of, lines_since, reader_of, split, vault_of
from bots.actions.write import turns_read, write_answer
from bots.answering.again import decided_again, manner_then
from bots.answering.composing import which
from bots.answering.dialogue import Choice
from bots.answering.manner import Manner, Mode
from bots.answering.mood import felt
from bots.answering.phrases import language_name, phrase
from bots.answering.proposals import Citation, Proposal
from bots.behaviour.profiles import manner_for
from bots.knowledge.corpus import stamp_now
from bots.knowledge.fits import live_fits
from bots.knowledge.text import same_language
from bots.knowledge.vectors import encoders_at_hand
from bots.language.model import LanguageModel, Passage, Turn
from bots.models import BotRerun, BotTrace, Version
from bots.privacy.vault import Vault
from bots.queries import consult
from conversations.errors import Taken
from conversations.models import Conversation, Event, Message

logger = logging.getLogger(__name__)

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
        row.data = (
            _same(row.turn, model, at=at) if row.kind == "same" else _live(row.turn, model, at=at)
        )
        row.state = BotRerun.State.DONE
    except Exception:
        logger.exception("A turn could not be taken once more")
        row.state = BotRerun.State.FAILED
    row.save(update_fields=["data", "state"])
    return True


@dataclass(frozen=True, slots=True)
class _Read:
    """What the turn read: messages are never changed."""

    question: str
    history: tuple[Turn, ...]
    before: str


def read_again(turn: BotTrace) -> _Read:
    asked = Message.objects.get(conversation=turn.conversation_id, seq=turn.asked_seq)
    opened = (
        Event.objects.filter(
            conversation=turn.conversation_id, kind="reopened", offset__lt=asked.offset
        )
        .order_by("-offset")
        .values_list("offset", "data")
        .first()
    ) or (0, {})
    rows = lines_since(turn.conversation_id, since=opened[0], until_seq=turn.asked_seq)
    before, said_now = split(rows)
    question = "\n".join(one.text for one in said_now if one.text)
    return _Read(question, history_of(before), str(opened[1].get("summary", "")))


def _live(turn: BotTrace, model: Model, *, at: datetime) -> dict[str, Any]:
    """With the knowledge, the settings and the wait of this moment."""
    wait = expected_wait(turn.conversation_id, inbox_id=turn.inbox_id, at=at)
    manner = replace(manner_for(turn.inbox_id, at), expected_wait=wait)
    talk = Conversation.objects.only("sentiment").get(pk=turn.conversation_id)
    return _looked_up(turn, manner, model, cross=felt(talk.sentiment), at=at)


def _looked_up(
    turn: BotTrace, manner: Manner, model: Model, *, cross: float, at: datetime
) -> dict[str, Any]:
    read, conversation = read_again(turn), Conversation.objects.get(pk=turn.conversation_id)
    proposal = consult(
        question=read.question,
        history=read.history,
        inbox_id=turn.inbox_id,
        language=conversation.language,
        reader=reader_of(conversation, at=at),
        manner=manner,
        before=read.before,
        known=encoders_at_hand(),
    )
    vault = vault_of(turn.conversation_id)
    spoken = _spoken(proposal, read, model, vault, cross=cross)
    return _told(proposal, spoken, model, vault) | {"searched": True}


def _same(turn: BotTrace, model: Model, *, at: datetime) -> dict[str, Any]:
    """With the knowledge of then, the manner, the mood and the wait that were expected.

    While the knowledge is what it was, everything is done again, search included. Afterwards the decision is
    taken from what was found then, and the words from the same passages.
    """
    data = turn.data
    cross = felt(data.get("sentiment"))
    if data.get("knowledge") and data["knowledge"] == stamp_now():
        again_now = _looked_up(turn, manner_then(data), model, cross=cross, at=at)
        return again_now | {"verbatim": _stands(data)}
    proposal = proposal_of(data)
    if proposal is None:
        return {"decision": turn.outcome, "reason": turn.reason, "answer": ""}
    again, vault = decided_again(data, live_fits().chance), vault_of(turn.conversation_id)
    known = {} if again is None else {"reason": again.reason, "chance": again.chance}
    if again is not None and again.choice != proposal.decision:
        proposal = _decided_otherwise(proposal, again.choice)
        spoken = Spoken(proposal.answer, proposal.citations, "quote")
    elif turn.by == "model":
        spoken = _spoken(proposal, read_again(turn), model, vault, cross=cross)
    else:
        spoken = Spoken(vault.restored(data.get("answer", "")), proposal.citations, "quote")
    told = _told(proposal, spoken, model, vault) | known
    return told | {"verbatim": _stands(data), "searched": False}


def _decided_otherwise(proposal: Proposal, choice: Choice) -> Proposal:
    """The same passages for another decision, without a model."""
    answer = ""
    if choice == "answer" and proposal.passages:
        first = proposal.passages[0]
        answer = f"{first.text} [1]"
        if not same_language(first.language, proposal.language):
            other = language_name(first.language, proposal.language)
            answer = f"{phrase('foreign', proposal.language, other=other)}\n{answer}"
    elif choice == "clarify" and proposal.passages:
        answer = which([one.title for one in proposal.passages], proposal.language)
    return replace(proposal, decision=choice, answer=answer)


def _spoken(proposal: Proposal, read: _Read, model: Model, vault: Vault, *, cross: float) -> Spoken:
    connection.close()
    written = None
    if (
        proposal.decision == "answer"
        and proposal.passages
        and proposal.manner.mode == Mode.GENERATE
    ):
        turns = turns_read(read.question, read.history, read.before)
        written = write_answer(proposal, turns, model=model, vault=vault, cross=cross)
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
        "manner": manner_kept(proposal.manner),
        "model": asdict(writer.describe()) if writer else None,
    }


def proposal_of(data: dict[str, Any]) -> Proposal | None:
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
        chance=data.get("chance", 0.0),
        manner=manner_then(data),
        knowledge=data.get("knowledge", ""),
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
