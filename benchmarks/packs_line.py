"""A simulated customer's page: a session and a socket of a running product, and the bot as it is heard there."""

import json
import random
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any, Protocol

from websockets.sync.client import ClientConnection, connect

from bots.models import ProcedureRun
from bots.procedures.playing import Heard
from bots.procedures.shapes import Procedure
from bots.procedures.state import State

LONGEST_WAIT = 60.0  # seconds for one answer, kills and all
PING = 20.0  # seconds, as the chat does: a worker that dies between storing and telling leaves the words unheard


class Unserved(Exception):
    """Nothing came within the longest wait."""


@dataclass(slots=True)
class Line:
    """A customer's page: one session, one socket, reopened where it was when it breaks."""

    port: int
    inbox: str
    language: str
    waits: list[float] = field(default_factory=list)
    key: str = ""
    _token: str = ""
    _seq: int = 0
    _socket: ClientConnection | None = None

    def open(self) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/sessions",
            json.dumps({"inbox": self.inbox, "language": self.language}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            made = json.load(answer)
        self.key, self._token = made["conversation"], made["token"]
        self._connect()

    @property
    def conversation(self) -> str:
        return self.key

    def _connect(self) -> None:
        address = f"ws://127.0.0.1:{self.port}/ws/chat?token={self._token}&after={self._seq}"
        self._socket = connect(address, open_timeout=30)

    def say(self, text: str) -> str:
        """The bot's next message; "" when a person was asked for without a word. Raises Unserved."""
        began, mine = time.monotonic(), str(uuid.uuid4())
        self._send({"type": "message", "id": mine, "text": text})
        asked_at: int | None = None
        while time.monotonic() - began < LONGEST_WAIT:
            frame = self._next(began)
            match frame.get("type"):
                case "ack" if frame["id"] == mine:
                    asked_at = frame["seq"]
                case "error" if frame.get("id") == mine and "retry_after" in frame:
                    time.sleep(float(frame["retry_after"]))
                    self._send({"type": "message", "id": mine, "text": text})
                case "message":
                    self._seq = max(self._seq, frame["seq"])
                    if frame["author"]["kind"] == "bot" and asked_at and frame["seq"] > asked_at:
                        self.waits.append(time.monotonic() - began)
                        return str(frame["text"])
                case "state" if frame["state"] in {"queued", "assigned"} and asked_at:
                    self.waits.append(time.monotonic() - began)
                    return ""
        raise Unserved

    def close(self) -> None:
        if self._socket is not None:
            self._send({"type": "end"})
            self._socket.close()

    def _send(self, frame: dict[str, Any]) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(frame))

    def _next(self, began: float) -> dict[str, Any]:
        assert self._socket is not None
        while (left := LONGEST_WAIT - (time.monotonic() - began)) > 0:
            try:
                found: dict[str, Any] = json.loads(self._socket.recv(timeout=min(left, PING)))
            except TimeoutError:
                self._send({"type": "ping"})
                continue
            if found.get("type") == "pong" and found["seq"] > self._seq:
                self._send({"type": "sync", "after": self._seq})
            return found
        raise Unserved


class Spoken(Protocol):
    """A way to the bot: one conversation."""

    language: str

    @property
    def conversation(self) -> str: ...

    def say(self, text: str) -> str: ...


@dataclass(slots=True)
class LiveBot:
    """The product's bot, as simulated customers hear it."""

    line: Spoken
    procedure: Procedure
    dice: random.Random
    again: int = 0
    other: str = ""
    _seen: set[int] = field(default_factory=set)

    def hear(self, text: str) -> Heard:
        said = self.line.say(text)
        run = self._run()
        while run is None and said and self.again < 2 and not self.other:
            self.again += 1
            said = self.line.say(self._other_words())
            run = self._run()
        if run is None:
            return Heard(said, State(ending="handed_over", reason=self.other or _unbegun(said)))
        state = State.of(run.data)
        if (
            run.state == ProcedureRun.State.HANDED_OVER or not said
        ):  # "" is a person who was asked for
            state.ending = state.ending or "handed_over"
        fresh = [one for one in run.calls.all() if one.pk not in self._seen]
        self._seen |= {one.pk for one in fresh}
        return Heard(said, state, (), tuple((one.action, dict(state.slots)) for one in fresh))

    def _run(self) -> ProcedureRun | None:
        runs = ProcedureRun.objects.filter(conversation__uuid=self.line.conversation)
        run = runs.select_related("version__procedure").order_by("-started_at", "-pk").first()
        if run is not None and run.version.procedure.key != self.procedure.key:
            self.other = f"{run.version.procedure.key} began instead"
            return None
        return run

    def _other_words(self) -> str:
        examples = [
            said
            for code, said in self.procedure.when.examples
            if code.split("-")[0] in {"", self.line.language}
        ]
        return self.dice.choice(examples or list(self.procedure.when.keywords))


def _unbegun(said: str) -> str:
    return "did not begin" if said else "a person was asked for before it began"
