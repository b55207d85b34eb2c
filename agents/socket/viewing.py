"""Who has a conversation open, and who writes in it: told to the agents who are there, never kept.

Each web process knows its own consoles and tells the others over the live channel. What a process
says holds for a while and is said again before that ends, so one that dies is forgotten.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from agents.models import Agent
from conversations import live
from conversations.hub import hub

AGAIN_SECONDS = 10.0
HOLDS_SECONDS = 25.0
TYPING_SECONDS = 8.0
_HERE = live.ORIGIN.hex()

Frame = dict[str, Any]


class Guest(Protocol):
    """An agent's console, as this room sees it."""

    agent: Agent
    supervises: bool

    def tell(self, frame: Frame) -> None:
        """Sends a frame."""

    def look_again(self, conversation_id: int) -> None:
        """Closes it if its agent may no longer see it."""


@dataclass(slots=True)
class _Look:
    """One console at one conversation. Only supervisors see a `quiet` one."""

    quiet: bool
    writes_until: float = 0.0
    told: list[Frame] | None = None


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    agents: list[Frame]
    until: float


class Viewing:
    """One for each process; it listens at the hub in a room of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._here: dict[int, dict[Guest, _Look]] = {}
        self._keys: dict[int, str] = {}
        self._elsewhere: dict[int, dict[str, _Elsewhere]] = {}
        hub().join(live.VIEWING_ROOM, self)
        self._task = self.loop.create_task(self._again())

    # --- what a console does ---

    def entered(self, guest: Guest, conversation_id: int, key: str, *, quiet: bool) -> None:
        alone = conversation_id not in self._here
        self._keys[conversation_id] = key
        looks = self._here.setdefault(conversation_id, {})
        if guest in looks:
            looks[guest].quiet = quiet
            looks[guest].told = None
        else:
            looks[guest] = _Look(quiet)
        if alone:
            self._send({"ask": conversation_id})
        self._changed(conversation_id)

    def left(self, guest: Guest, conversation_id: int) -> None:
        looks = self._here.get(conversation_id, {})
        if looks.pop(guest, None) is None:
            return
        self._changed(conversation_id)
        if not looks:
            del self._here[conversation_id]
            self._elsewhere.pop(conversation_id, None)
            self._keys.pop(conversation_id, None)

    def gone(self, guest: Guest) -> None:
        for conversation_id in [pk for pk, looks in self._here.items() if guest in looks]:
            self.left(guest, conversation_id)

    def shows(self, guest: Guest, conversation_id: int) -> None:
        """A supervisor spoke up: now everybody may see them."""
        look = self._here.get(conversation_id, {}).get(guest)
        if look and look.quiet:
            look.quiet = False
            self._changed(conversation_id)

    def typing(self, guest: Guest, conversation_id: int, *, on: bool) -> None:
        look = self._here.get(conversation_id, {}).get(guest)
        if look is None:
            return
        look.writes_until = self.loop.time() + TYPING_SECONDS if on else 0.0
        writer = _person(guest.agent, quiet=look.quiet, typing=on)
        self._tell_typing(conversation_id, writer)
        self._changed(conversation_id, writer=writer)
        if on:
            self.loop.call_later(TYPING_SECONDS + 0.1, self._stopped, guest, conversation_id)

    def _stopped(self, guest: Guest, conversation_id: int) -> None:
        look = self._here.get(conversation_id, {}).get(guest)
        if look and 0 < look.writes_until <= self.loop.time():
            look.writes_until = 0.0
            self._changed(conversation_id)

    # --- telling ---

    def _changed(self, conversation_id: int, *, writer: Frame | None = None) -> None:
        self._show(conversation_id)
        said: Frame = {"conversation": conversation_id, "agents": self._mine(conversation_id)}
        self._send(said | ({"writer": writer} if writer else {}))

    def _send(self, said: Frame) -> None:
        hub().say([live.Push((live.VIEWING_ROOM,), {"from": _HERE, **said})])

    def _mine(self, conversation_id: int) -> list[Frame]:
        """Each agent once: seen if one of their consoles is, writing if one of them is."""
        now = self.loop.time()
        people: dict[str, Frame] = {}
        for guest, look in self._here.get(conversation_id, {}).items():
            one = _person(guest.agent, quiet=look.quiet, typing=look.writes_until > now)
            _join(people, one)
        return list(people.values())

    def _show(self, conversation_id: int) -> None:
        """Tells each console here who else is there, if that is not what it knows."""
        people: dict[str, Frame] = {}
        now = self.loop.time()
        elsewhere = self._elsewhere.get(conversation_id, {})
        lists = [one.agents for one in elsewhere.values() if one.until > now]
        for agents in [self._mine(conversation_id), *lists]:
            for one in agents:
                _join(people, one)
        for guest, look in self._here.get(conversation_id, {}).items():
            seen = [
                one
                for one in people.values()
                if one["id"] != str(guest.agent.uuid) and (guest.supervises or not one["quiet"])
            ]
            if seen == (look.told or []):
                continue
            look.told = seen
            guest.tell(
                {
                    "type": "viewers",
                    "conversation": self._keys[conversation_id],
                    "agents": [_shown(one) for one in seen],
                }
            )

    def _tell_typing(self, conversation_id: int, writer: Frame) -> None:
        for guest in self._here.get(conversation_id, {}):
            if writer["id"] == str(guest.agent.uuid):
                continue
            if writer["quiet"] and not guest.supervises:
                continue
            author = {"kind": "agent", "id": writer["id"], "name": writer["name"]}
            guest.tell(
                {
                    "type": "typing",
                    "conversation": self._keys[conversation_id],
                    "author": author,
                    "on": writer["typing"],
                }
            )

    # --- what the other processes say: a listener of the hub ---

    def hear(self, text: str, number: int | None, conversation_id: int | None) -> None:
        said = orjson.loads(text)
        if said["from"] == _HERE:
            return
        if "look_again" in said:
            for guest in list(self._here.get(said["look_again"], {})):
                guest.look_again(said["look_again"])
        elif "ask" in said:
            if said["ask"] in self._here:
                self._changed(said["ask"])
        elif "all" in said:
            for key, agents in said["all"].items():
                self._heard(int(key), said["from"], agents)
        else:
            self._heard(said["conversation"], said["from"], said["agents"])
            if "writer" in said:
                self._tell_typing(said["conversation"], said["writer"])

    def _heard(self, conversation_id: int, process: str, agents: list[Frame]) -> None:
        if conversation_id not in self._here:
            return
        known = self._elsewhere.setdefault(conversation_id, {})
        if agents:
            known[process] = _Elsewhere(agents, self.loop.time() + HOLDS_SECONDS)
        else:
            known.pop(process, None)
        self._show(conversation_id)

    def conversations_heard(self) -> tuple[int, ...]:
        return ()

    def caught_up(self, numbers: dict[int, tuple[int, int]]) -> None:
        """Nothing is counted here."""

    async def _again(self) -> None:
        while True:
            await asyncio.sleep(AGAIN_SECONDS)
            if self._here:
                self._send({"all": {str(pk): self._mine(pk) for pk in self._here}})
            for conversation_id in self._here:
                self._show(conversation_id)


def _person(agent: Agent, *, quiet: bool, typing: bool) -> Frame:
    return {"id": str(agent.uuid), "name": agent.shown_name, "typing": typing, "quiet": quiet}


def _join(people: dict[str, Frame], one: Frame) -> None:
    known = people.get(one["id"])
    if known is None:
        people[one["id"]] = dict(one)
    else:
        known["typing"] = known["typing"] or one["typing"]
        known["quiet"] = known["quiet"] and one["quiet"]


def _shown(one: Frame) -> Frame:
    shown = {"id": one["id"], "name": one["name"], "typing": one["typing"]}
    return {**shown, "quiet": True} if one["quiet"] else shown


_viewing: Viewing | None = None


def viewing() -> Viewing:
    """This process's, made on first use inside the running event loop."""
    global _viewing  # noqa: PLW0603 -- one for each process, and it needs the loop
    if _viewing is None or _viewing.loop is not asyncio.get_running_loop():
        _viewing = Viewing()
    return _viewing
