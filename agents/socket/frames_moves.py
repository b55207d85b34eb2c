"""Frames that move: the agent's own state, and who has a conversation."""

from collections.abc import Awaitable, Callable, Mapping

from django.utils import timezone

from agents.actions import assign as assigning
from agents.actions import offers, pausing
from agents.actions import presence as presences
from agents.actions import wrap_up as wrapping
from agents.socket.console import Console, Frame
from conversations.errors import BadWords
from conversations.frame_words import flag_of, moment_of, text_of, uuid_of
from conversations.sockets import run_in_thread


async def presence(console: Console, frame: Frame) -> None:
    await run_in_thread(presences.set_presence)(
        agent_id=console.agent.pk,
        status=text_of(frame, "status", limit=16),
        reason=text_of(frame, "reason", limit=60),
        at=timezone.now(),
    )
    console.done(frame)


async def accept(console: Console, frame: Frame) -> None:
    await _do(offers.accept, console, frame)


async def decline(console: Console, frame: Frame) -> None:
    await _do(offers.decline, console, frame)


async def claim(console: Console, frame: Frame) -> None:
    await _do(assigning.claim, console, frame)


async def reopen(console: Console, frame: Frame) -> None:
    await _do(pausing.reopen, console, frame)


async def hold(console: Console, frame: Frame) -> None:
    on = flag_of(frame, "on", default=True)
    await _do(pausing.put_on_hold if on else pausing.take_off_hold, console, frame)


async def snooze(console: Console, frame: Frame) -> None:
    if "until" not in frame:
        raise BadWords('"until" is a time, or null: until the customer writes.')
    until = moment_of(frame, "until")
    await _do(pausing.snooze, console, frame, until=until)


async def transfer(console: Console, frame: Frame) -> None:
    match frame.get("to"):
        case {"bot": _}:
            kind, target = "bot", ""
        case {"agent": str(key)}:
            kind, target = "agent", key
        case {"team": str(key)}:
            kind, target = "team", key
        case {"queue": str(key)}:
            kind, target = "queue", key
        case _:
            raise BadWords('"to" is {"agent": id}, {"team": id}, {"queue": id} or {"bot": true}.')
    await _do(
        assigning.transfer,
        console,
        frame,
        kind=kind,
        target=uuid_of({"to": target}, "to") if target else None,
        note=text_of(frame, "note"),
    )


async def resolve(console: Console, frame: Frame) -> None:
    await _do(
        wrapping.resolve,
        console,
        frame,
        disposition=text_of(frame, "disposition", limit=40),
        note=text_of(frame, "note"),
        wrap_up=flag_of(frame, "wrap_up", default=False),
    )


async def wrap_up(console: Console, frame: Frame) -> None:
    await _do(
        wrapping.finish_wrap_up,
        console,
        frame,
        code=text_of(frame, "code", limit=40),
        note=text_of(frame, "note"),
    )


async def _do(verb: Callable[..., object], console: Console, frame: Frame, **words: object) -> None:
    await run_in_thread(verb)(
        conversation_id=await console.id_of(frame),
        agent_id=console.agent.pk,
        at=timezone.now(),
        **words,
    )
    console.done(frame)


MOVES: Mapping[str, Callable[[Console, Frame], Awaitable[None]]] = {
    "presence": presence,
    "accept": accept,
    "decline": decline,
    "claim": claim,
    "reopen": reopen,
    "hold": hold,
    "snooze": snooze,
    "transfer": transfer,
    "resolve": resolve,
    "wrap_up": wrap_up,
}
