"""Supervisors at a conversation that somebody else has: watch, whisper, barge in, take over.

Each step is a line of the conversation's log and an entry of the `SupervisionSession`. What the
agent may not know is said to supervisors only: see `agents/confidential.py` for what others read.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from agents.access import SUPERVISE, require
from agents.actions.assign import assign
from agents.confidential import shown_by_rule, supervision_frame
from agents.models import Agent, SupervisionSession
from agents.queries import GONE_AFTER, is_watched
from conversations import live
from conversations.actions.log import append, hold
from conversations.actions.post import post, say
from conversations.drafts import Draft, Stored
from conversations.errors import BadWords, CannotMove, Closed
from conversations.lifecycle import CLOSED, HELD
from conversations.live import Push, agent_room, oversight_room
from conversations.models import Conversation, Message
from conversations.phrases import phrase

Mode = SupervisionSession.Mode
Ended = SupervisionSession.Ended
_FURTHER = {Mode.SILENT: 0, Mode.WHISPER: 1, Mode.BARGE: 2}


@transaction.atomic
def watch(*, conversation_id: int, supervisor_id: int, at: datetime) -> SupervisionSession:
    """The supervisor listens. A second time: the same session goes on.

    Raises NotAllowed without the permission, CannotMove for one's own, Closed for what is over.
    """
    conversation, supervisor = _of_somebody_else(conversation_id, supervisor_id)
    return _session(conversation, supervisor, at=at)


@transaction.atomic
def whisper(
    *, conversation_id: int, supervisor_id: int, client_id: UUID, text: str, at: datetime
) -> Stored:
    """Says something that only the agent who holds it and supervisors read. Once for each id."""
    conversation, supervisor = _of_somebody_else(conversation_id, supervisor_id)
    draft = Draft(
        conversation_id=conversation.pk,
        client_id=client_id,
        author_kind="agent",
        author_name=supervisor.shown_name,
        agent_id=supervisor.pk,
        note=True,
        whispered_to=_holder(conversation),
        text=_words(text),
        at=at,
    )
    if not _was_said(draft):
        _go(conversation, supervisor, Mode.WHISPER, at=at)
    return post(draft)


@transaction.atomic
def barge(
    *,
    conversation_id: int,
    supervisor_id: int,
    client_id: UUID | None = None,
    text: str = "",
    at: datetime,
) -> Stored | None:
    """Speaks to the customer; the conversation stays whose it is. Without words: only joins."""
    conversation, supervisor = _of_somebody_else(conversation_id, supervisor_id)
    _holder(conversation)
    draft = Draft(
        conversation_id=conversation.pk,
        client_id=client_id or uuid4(),
        author_kind="agent",
        author_name=supervisor.shown_name,
        agent_id=supervisor.pk,
        supervising=True,
        text=text,
        at=at,
    )
    if text and _was_said(draft):
        return post(draft)
    joined = _go(conversation, supervisor, Mode.BARGE, at=at)
    if joined:
        name = supervisor.shown_name
        say(conversation, phrase("agent_joined", conversation.language, name=name), at=at)
    return post(draft) if text else None


@transaction.atomic
def take_over(*, conversation_id: int, supervisor_id: int, at: datetime) -> None:
    """The conversation is the supervisor's from now on, room or not. A second time: nothing."""
    conversation = hold(conversation_id)
    supervisor = _supervisor(supervisor_id)
    if conversation.assignee_id == supervisor.pk and conversation.state in HELD:
        return
    _check_open(conversation)
    before = conversation.assignee
    session = _session(conversation, supervisor, at=at)
    met = session.mode == Mode.BARGE
    assign(conversation, agent_id=supervisor.pk, at=at, how="took_over", met=met)
    _end(
        session,
        conversation,
        Ended.TOOK_OVER,
        at=at,
        **({"from": before.uuid} if before else {}),
    )


@transaction.atomic
def stop(
    *, conversation_id: int, supervisor_id: int, at: datetime, how: str = Ended.STOPPED
) -> bool:
    """The supervisor no longer listens; False if they did not."""
    conversation = hold(conversation_id)
    session = _open_one(conversation, supervisor_id)
    if session is None:
        return False
    _end(session, conversation, how, at=at)
    return True


def end_forgotten(*, at: datetime) -> int:
    """Ends what nobody listens to any more: the conversation is over, or the supervisor's pages
    are gone and they have done nothing there for a while."""
    forgotten = SupervisionSession.objects.filter(ended_at=None).filter(
        Q(conversation__state__in=CLOSED) | Q(pk__in=_gone(at))
    )
    rows = list(forgotten.values_list("conversation", "supervisor", "conversation__state"))
    return sum(
        stop(
            conversation_id=conversation_id,
            supervisor_id=supervisor_id,
            at=at,
            how=Ended.OVER if state in CLOSED else Ended.LEFT,
        )
        for conversation_id, supervisor_id, state in rows
    )


def _gone(at: datetime) -> Any:
    if not is_watched(at):
        return SupervisionSession.objects.none().values("pk")
    return (
        SupervisionSession.objects.filter(ended_at=None)
        .annotate(alive=Greatest(F("seen_at"), F("supervisor__presence__seen_at")))
        .filter(alive__lt=at - GONE_AFTER)
        .values("pk")
    )


# --- one step ---------------------------------------------------------------------------------


def _supervisor(agent_id: int) -> Agent:
    agent = Agent.objects.get(pk=agent_id)
    require(agent, SUPERVISE)
    return agent


def _of_somebody_else(conversation_id: int, supervisor_id: int) -> tuple[Conversation, Agent]:
    supervisor = _supervisor(supervisor_id)
    conversation = hold(conversation_id)
    _check_open(conversation)
    if conversation.assignee_id == supervisor.pk and conversation.state in HELD:
        raise CannotMove("It is yours already.")
    return conversation, supervisor


def _check_open(conversation: Conversation) -> None:
    if conversation.state in CLOSED:
        raise Closed("This conversation is closed.")


def _holder(conversation: Conversation) -> int:
    if conversation.assignee_id is None or conversation.state not in HELD:
        raise CannotMove("Nobody has this conversation; take it over instead.")
    return conversation.assignee_id


def _words(text: str) -> str:
    if not text:
        raise BadWords("A whisper has a text.")
    return text


def _was_said(draft: Draft) -> bool:
    return Message.objects.filter(
        conversation=draft.conversation_id, client_id=draft.client_id
    ).exists()


def _open_one(conversation: Conversation, supervisor_id: int) -> SupervisionSession | None:
    return SupervisionSession.objects.filter(
        conversation=conversation, supervisor=supervisor_id, ended_at=None
    ).first()


def _session(conversation: Conversation, supervisor: Agent, *, at: datetime) -> SupervisionSession:
    """The open session of this supervisor here, begun if there is none."""
    session = _open_one(conversation, supervisor.pk)
    if session is not None:
        session.seen_at = max(session.seen_at, at)
        session.save(update_fields=["seen_at"])
        return session
    session = SupervisionSession.objects.create(
        conversation=conversation,
        supervisor=supervisor,
        agent_id=conversation.assignee_id if conversation.state in HELD else None,
        visible=shown_by_rule(conversation),
        started_at=at,
        seen_at=at,
    )
    _log(session, conversation, "watch", at=at)
    return session


def _go(conversation: Conversation, supervisor: Agent, mode: Mode, *, at: datetime) -> bool:
    """On to a mode, if it goes further than where they were. True if it did."""
    session = _session(conversation, supervisor, at=at)
    further = _FURTHER[mode] > _FURTHER[Mode(session.mode)]
    if further:
        session.mode = mode
    _log(session, conversation, str(mode), at=at, in_log=further)
    return further


def _end(
    session: SupervisionSession, conversation: Conversation, how: str, *, at: datetime, **more: Any
) -> None:
    session.ended_at = at
    session.ended = how
    step = "take_over" if how == Ended.TOOK_OVER else "stop"
    _log(session, conversation, step, at=at, why=str(how), **more)


def _log(
    session: SupervisionSession,
    conversation: Conversation,
    step: str,
    *,
    at: datetime,
    in_log: bool = True,
    **more: Any,
) -> None:
    """In the session always; in the log of the conversation if it changes something there."""
    session.steps = [*session.steps, {"step": step, "at": at.isoformat()}]
    session.save(update_fields=["mode", "steps", "ended_at", "ended"])
    if not in_log:
        return
    shown = session.is_shown or step == "take_over"
    append(
        conversation,
        "supervision",
        at=at,
        actor="agent",
        agent_id=session.supervisor_id,
        agent_name=session.supervisor.shown_name,
        quiet=not shown,
        step=step,
        session=session.uuid,
        mode=str(session.mode),
        visible=shown,
        **more,
    )
    _tell(session, conversation)


def _tell(session: SupervisionSession, conversation: Conversation) -> None:
    """Who listens now: all of it to supervisors, to the agent only what they may know."""
    everything = supervision_frame(conversation, to_supervisors=True)
    rooms = (oversight_room(conversation.pk), agent_room(session.supervisor_id))
    pushes = [Push(rooms, everything)]
    holder = conversation.assignee
    if session.is_shown and holder and not holder.has_perm(SUPERVISE):
        frame = supervision_frame(conversation, to_supervisors=False)
        pushes.append(Push((agent_room(holder.pk),), frame))
    live.announce_on_commit(pushes)
