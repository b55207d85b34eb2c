"""One request to a server that speaks OpenAI's chat completions, and the words that it streams back."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from queue import SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from bots.language.model import ModelUnavailable

CONNECT = 3.0  # seconds
SILENCE = 20.0  # seconds between two pieces of an answer
LINE = 1 << 20  # bytes of one event: nobody's words are longer
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class TryAgain(Exception):
    """Another try may go better, after `pause` seconds if the server says so."""

    def __init__(self, message: str, code: str = "unreachable", pause: float = 0.0) -> None:
        super().__init__(message)
        self.code = code
        self.pause = pause


@dataclass(frozen=True)
class Word:
    """`reason`: why the answer ends, if it does; `tokens`: how many it had, if the server counts."""

    text: str = ""
    reason: str | None = None
    tokens: int | None = None


class Server:
    """Where it is and how it is spoken to. Raises `ModelUnavailable` when the address is none."""

    def __init__(self, base_url: str, key: str) -> None:
        self._url = urlsplit(base_url.rstrip("/"))
        self._key = key
        try:
            self._port = self._url.port
        except ValueError as problem:
            raise ModelUnavailable("wrong_name", f"{base_url} is no address.") from problem
        self.name = f"The model server at {self._url.hostname}"

    def is_there(self) -> bool:
        """It lists its models. At most `CONNECT` seconds for each answer of its socket."""
        try:
            with closing(self.connection()) as connection:
                connection.request("GET", f"{self._url.path}/models", headers=self._headers())
                with connection.getresponse() as response:
                    return response.status == 200
        except (OSError, HTTPException, ValueError):
            return False

    def connection(self) -> HTTPConnection:
        host = self._url.hostname or ""
        if self._url.scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(host, self._port, timeout=CONNECT, context=context)
        return HTTPConnection(host, self._port, timeout=CONNECT)

    def ask(self, connection: HTTPConnection, asked: dict[str, Any]) -> HTTPResponse:
        body = json.dumps(asked).encode()
        connection.request("POST", f"{self._url.path}/chat/completions", body, self._headers())
        return connection.getresponse()

    def check(self, response: HTTPResponse, model: str) -> None:
        if response.status in AGAIN:
            code = "busy" if response.status == 429 else "unreachable"
            pause = _seconds(response.headers.get("Retry-After", ""))
            raise TryAgain(f"status {response.status}.", code, pause)
        if response.status == 404:
            raise ModelUnavailable("wrong_name", f"{self.name} does not serve {model} (404).")
        if response.status != 200:
            raise ModelUnavailable("refused", f"{self.name} said {response.status}.")

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})


class Stream:
    """What the server says, read on a thread of its own: whoever waits can leave at any moment.

    `news` gets words, then None when the answer is whole, or what went wrong.
    """

    def __init__(self, server: Server, asked: dict[str, Any]) -> None:
        self.news: SimpleQueue[Word | TryAgain | ModelUnavailable | None] = SimpleQueue()
        self._server = server
        self._asked = asked
        self._connection = server.connection()
        self._socket: socket.socket | None = (
            None  # the connection forgets it before the answer ends
        )
        self._left = False
        Thread(target=self._run, name="model-server", daemon=True).start()

    def close(self) -> None:
        self._left = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # wakes who reads it

    def _run(self) -> None:
        try:
            with closing(self._connection):
                self._connection.connect()
                self._socket = self._connection.sock
                self._socket.settimeout(SILENCE)
                if not self._left:
                    self._answer()
        except (TryAgain, ModelUnavailable) as problem:
            self.news.put(problem)
        except (OSError, HTTPException) as problem:
            self.news.put(TryAgain(f"no answer ({type(problem).__name__})."))
        except (ValueError, TypeError, AttributeError) as problem:
            self.news.put(TryAgain(f"the answer makes no sense ({type(problem).__name__})."))

    def _answer(self) -> None:
        with self._server.ask(self._connection, self._asked) as response:
            self._server.check(response, str(self._asked["model"]))
            for word in self._words(response):
                self.news.put(word)
                if self._left:
                    return
        self.news.put(None)

    def _words(self, response: HTTPResponse) -> Iterator[Word]:
        """Server-sent events, until `[DONE]`; a stream that ends with neither it nor a reason was
        cut."""
        ended = False
        while line := response.readline(LINE):
            if len(line) == LINE:
                raise ValueError
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                return
            for word in _read(json.loads(data)):
                ended = ended or word.reason is not None
                yield word
        if not ended:
            raise TryAgain("the answer broke off.")


def _read(told: dict[str, Any]) -> Iterator[Word]:
    if told.get("error"):
        raise TryAgain("it reported an error.")
    for choice in told.get("choices") or []:
        text = (choice.get("delta") or {}).get("content") or ""
        if not isinstance(text, str):
            raise TypeError
        yield Word(text, choice.get("finish_reason"))
    if told.get("usage"):
        yield Word(tokens=int(told["usage"].get("completion_tokens") or 0))


def _seconds(told: str) -> float:
    return float(told) if told.isdecimal() else 0.0
