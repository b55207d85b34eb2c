"""Frames of supervisors: watch, whisper, barge in, take over; and the wall."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from django.utils import timezone

from agents.actions import supervise
from agents.socket.console import Console, Frame, ref_of
from agents.socket.frames_talk import take_turn
from agents.socket.viewing import viewing
from conversations import live
from conversations.errors import NotAllowed
from conversations.frame_words import flag_of, text_of, uuid_of
from conversations.sockets import run_in_thread


async def monitor(console: Console, frame: Frame) -> None:
    """`on: false` stops. It also ends when this console closes the conversation or is gone."""
    _check(console)
    on = flag_of(frame, "on", default=True)
    conversation_id = await console.id_of(frame)
    await run_in_thread(supervise.watch if on else supervise.stop)(
        conversation_id=conversation_id, supervisor_id=console.agent.pk, at=timezone.now()
    )
    if on:
        console.watching.add(conversation_id)
    else:
        console.watching.discard(conversation_id)
    console.done(frame)


async def whisper(console: Console, frame: Frame) -> None:
    _check(console)
    take_turn(console)
    conversation_id = await console.id_of(frame)
    stored = await run_in_thread(supervise.whisper)(
        conversation_id=conversation_id,
        supervisor_id=console.agent.pk,
        client_id=uuid_of(frame, "id"),
        text=text_of(frame),
        at=timezone.now(),
    )
    _spoke(console, conversation_id)
    console.stored(stored, uuid_of(frame, "conversation"), ref_of(frame))


async def barge(console: Console, frame: Frame) -> None:
    """With an `id` and a `text` it says something; without, it only comes in."""
    _check(console)
    take_turn(console)
    text = text_of(frame)
    client_id: UUID | None = uuid_of(frame, "id") if text else None
    conversation_id = await console.id_of(frame)
    stored = await run_in_thread(supervise.barge)(
        conversation_id=conversation_id,
        supervisor_id=console.agent.pk,
        client_id=client_id,
        text=text,
        at=timezone.now(),
    )
    _spoke(console, conversation_id)
    if stored is None:
        console.done(frame)
    else:
        console.stored(stored, uuid_of(frame, "conversation"), ref_of(frame))


async def take_over(console: Console, frame: Frame) -> None:
    _check(console)
    conversation_id = await console.id_of(frame)
    await run_in_thread(supervise.take_over)(
        conversation_id=conversation_id, supervisor_id=console.agent.pk, at=timezone.now()
    )
    console.watching.discard(conversation_id)
    viewing().shows(console, conversation_id)
    console.done(frame)


async def wall(console: Console, frame: Frame) -> None:
    """From now on, or no longer, `wall` frames with how everything stands."""
    _check(console)
    if flag_of(frame, "on", default=True):
        console.join(live.WALL_ROOM)
    else:
        console.unjoin(live.WALL_ROOM)
    console.done(frame)


def _spoke(console: Console, conversation_id: int) -> None:
    console.watching.add(conversation_id)
    viewing().shows(console, conversation_id)


def _check(console: Console) -> None:
    if not console.supervises:
        raise NotAllowed("Only supervisors may do this.")


SUPERVISION: Mapping[str, Callable[[Console, Frame], Awaitable[None]]] = {
    "monitor": monitor,
    "whisper": whisper,
    "barge": barge,
    "take_over": take_over,
    "wall": wall,
}
