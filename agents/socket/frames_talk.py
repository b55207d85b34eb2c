"""Frames of a conversation that is open: its log, what is said, written and read in it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from agents.access import SUPERVISE, conversation_for
from agents.actions import labelling, supervise
from agents.confidential import shown_by_rule, supervision_for
from agents.models import Agent
from agents.socket.console import Console, Frame, ref_of
from agents.socket.viewing import viewing
from conversations import live
from conversations.drafts import Draft, Refusal, Stored
from conversations.errors import BadWords, RateLimited
from conversations.frame_words import flag_of, number_of, text_of, uuid_of, uuids_of
from conversations.frames import conversation_card
from conversations.hub import hub
from conversations.models import Conversation
from conversations.sockets import run_in_thread
from conversations.uploads import attachments_of
from conversations.words import clean_line
from conversations.writer import Answer, writer


async def open_(console: Console, frame: Frame) -> None:
    key = uuid_of(frame, "conversation")
    after = number_of(frame, "after", default=0)
    conversation, supervision, quiet = await run_in_thread(_look)(console.agent, key)
    console.ids[key] = conversation.pk
    console.open_thread(conversation, after=after)
    console.tell({**conversation_card(conversation), **ref_of(frame)})
    _take_up(console, conversation, supervision)
    console.catch_up(conversation.pk, conversation.offset)
    viewing().entered(console, conversation.pk, str(key), quiet=quiet)


def _look(agent: Agent, key: UUID) -> tuple[Conversation, Frame, bool]:
    """The conversation, who listens to it, and whether only supervisors see that I look at it."""
    conversation = conversation_for(agent, key)
    supervision = supervision_for(agent, conversation)
    silent = agent.has_perm(SUPERVISE) and conversation.assignee_id != agent.pk
    return conversation, supervision, silent and not shown_by_rule(conversation)


def _take_up(console: Console, conversation: Conversation, supervision: Frame) -> None:
    """Who listens here is told to whom it concerns; my own session goes on in this console."""
    sessions = supervision["sessions"]
    if sessions or console.supervises:
        console.tell(supervision)
    if any(one["supervisor"]["id"] == str(console.agent.uuid) for one in sessions):
        console.watching.add(conversation.pk)


async def close(console: Console, frame: Frame) -> None:
    conversation_id = console.ids.get(uuid_of(frame, "conversation"))
    if conversation_id is None:
        return
    console.close_thread(conversation_id)
    viewing().left(console, conversation_id)
    if conversation_id in console.watching:
        console.watching.discard(conversation_id)
        await run_in_thread(supervise.stop)(
            conversation_id=conversation_id, supervisor_id=console.agent.pk, at=timezone.now()
        )


async def message(console: Console, frame: Frame) -> None:
    note = flag_of(frame, "note", default=False)
    # The statement itself refuses a reply by who does not hold the conversation; for a first
    # frame and for notes this agent's sight is checked here.
    conversation_id = console.ids.get(uuid_of(frame, "conversation"))
    if conversation_id is None or note:
        conversation_id = await console.id_of(frame)
    uploads = uuids_of(frame, "attachments", limit=10)
    files = await run_in_thread(attachments_of)(conversation_id, uploads) if uploads else ()
    say(console, frame, conversation_id, note=note, attachments=files)


def say(
    console: Console,
    frame: Frame,
    conversation_id: int,
    *,
    note: bool,
    attachments: Sequence[dict[str, Any]],
) -> None:
    """Hands the words on to be stored; the answer comes when they are."""
    take_turn(console)
    key = uuid_of(frame, "conversation")
    client_id = uuid_of(frame, "id")
    text = text_of(frame)
    if not text and not attachments:
        raise BadWords("A message has a text or a file.")
    ref = ref_of(frame)
    writer().submit(
        Draft(
            conversation_id=conversation_id,
            client_id=client_id,
            author_kind="agent",
            author_name=console.agent.shown_name,
            agent_id=console.agent.pk,
            note=note,
            text=text,
            attachments=list(attachments),
            override=clean_line(text_of(frame, "override", limit=200), limit=200),
            at=timezone.now(),
        ),
        lambda answer: _answered(console, answer, key, ref),
    )


def take_turn(console: Console) -> None:
    """Raises RateLimited if this console says too much."""
    wait = console.messages.take()
    if wait:
        raise RateLimited("That was very quick; wait a moment.", retry_after=wait)


def _answered(console: Console, answer: Answer, key: UUID, ref: Frame) -> None:
    if isinstance(answer, Stored):
        console.stored(answer, key, ref)
    elif isinstance(answer, Refusal):
        console.refuse(answer.error(), str(answer.draft.client_id))
    else:
        console.refuse(answer)


async def typing(console: Console, frame: Frame) -> None:
    """Shown to the others who have it open; to the customer only when their own agent writes them.

    `note`: they write a private note, which the customer hears nothing of.
    """
    key = uuid_of(frame, "conversation")
    conversation_id = console.ids.get(key)
    if conversation_id is None:
        conversation_id = await console.id_of(frame)
    on = flag_of(frame, "on", default=True)
    note = flag_of(frame, "note", default=False)
    holds = await run_in_thread(_holds)(conversation_id, console.agent.pk)
    viewing().typing(console, conversation_id, on=on)
    if holds and not note:
        author = {"kind": "agent", "name": console.agent.shown_name}
        frame = {"type": "typing", "author": author, "on": on}
        hub().say([live.Push((live.customer_room(conversation_id),), frame)])


def _holds(conversation_id: int, agent_id: int) -> bool:
    return Conversation.objects.filter(pk=conversation_id, assignee_id=agent_id).exists()


async def read(console: Console, frame: Frame) -> None:
    conversation = await console.find(frame)
    if conversation.assignee_id == console.agent.pk:
        await run_in_thread(labelling.mark_read)(
            conversation=conversation, seq=number_of(frame, "seq")
        )


TALK: Mapping[str, Callable[[Console, Frame], Awaitable[None]]] = {
    "open": open_,
    "sync": open_,
    "close": close,
    "message": message,
    "typing": typing,
    "read": read,
}
