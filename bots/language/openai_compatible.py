"""Words from any server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from random import uniform
from threading import Lock
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit

from bots.language.model import Completion, Description, Load, ModelUnavailable, Passage, Turn
from bots.language.prompt import WIDE, as_chat

logger = logging.getLogger(__name__)

LONGEST = 300  # tokens of one answer
CONNECT = 3.0  # seconds
SILENCE = 20.0  # seconds between two pieces of an answer
TRIES = 3
BACK_OFF = 0.4  # seconds before the second try, twice that before the third
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class _TryAgain(Exception):
    """Nothing was said yet, and another try may go better."""


@dataclass
class _Heard:
    text: str = ""
    pieces: int = 0
    tokens: int | None = None
    first: float = 0.0
    reason: str | None = None


class RemoteModel:
    """One connection per answer. Before the first word it tries again; after it, it says it failed."""

    languages: frozenset[str] | None = None
    rephrases = True

    def __init__(
        self, model: str, base_url: str, *, key: str = "", pause: Callable[[float], None] = sleep
    ) -> None:
        self.name = f"openai:{model}"
        self._model = model
        self._url = urlsplit(base_url.rstrip("/"))
        self._key = key
        self._pause = pause
        self._closed = False
        self._counting = Lock()
        self._running = 0
        self._first = 0.0  # seconds to the first word, of late

    def write(
        self,
        *,
        turns: Sequence[Turn],
        passages: Sequence[Passage],
        language: str,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
        share: str = "",  # fairness is the server's own
        guidance: Sequence[str] = (),
    ) -> Completion:
        started = perf_counter()
        asked = {
            "model": self._model,
            "messages": as_chat(turns, passages, language, WIDE, guidance),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0,
            "max_tokens": LONGEST,
        }
        heard = _Heard()
        with self._counted(heard):
            self._try(asked, heard, on_text, cancelled, started)
        tokens = heard.pieces if heard.tokens is None else heard.tokens
        whole = heard.reason == "stop"
        return Completion(heard.text.rstrip(), tokens, whole, heard.first, perf_counter() - started)

    @contextmanager
    def _counted(self, heard: _Heard) -> Iterator[None]:
        with self._counting:
            self._running += 1
        try:
            yield
        finally:
            with self._counting:
                self._running -= 1
                if heard.first:
                    self._first = (
                        0.8 * self._first + 0.2 * heard.first if self._first else heard.first
                    )

    def _try(
        self,
        asked: dict[str, Any],
        heard: _Heard,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
        started: float,
    ) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                self._listen(asked, heard, on_text, cancelled, started)
                break
            except _TryAgain as problem:
                logger.warning("model server failed; attempt=%d", attempt)
                if attempt == TRIES:
                    raise ModelUnavailable("unreachable", f"{self._where}: {problem}") from problem
                self._pause(BACK_OFF * 2 ** (attempt - 1) * uniform(0.8, 1.2))

    def ready(self) -> bool:
        """The server lists its models. At most `CONNECT` seconds."""
        if self._closed:
            return False
        try:
            with closing(self._connection(CONNECT)) as connection:
                connection.request("GET", f"{self._url.path}/models", headers=self._headers())
                with connection.getresponse() as response:
                    return response.status == 200
        except (OSError, HTTPException):
            return False

    def load(self) -> Load:
        return Load(self._running, 0, self._first)

    def describe(self) -> Description:
        return Description(self.name, "", "openai", "")

    def close(self) -> None:
        self._closed = True

    @property
    def _where(self) -> str:
        return f"The model server at {self._url.hostname}"

    def _listen(
        self,
        asked: dict[str, Any],
        heard: _Heard,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
        started: float,
    ) -> None:
        if self._closed:
            raise ModelUnavailable("closed", "The language model has been closed.")
        pieces = self._pieces(asked, heard)
        with closing(pieces):
            try:
                for told in pieces:
                    if cancelled():
                        return
                    piece = told if heard.text else told.lstrip()
                    if piece:
                        heard.first = heard.first or perf_counter() - started
                        heard.text += piece
                        heard.pieces += 1
                        on_text(piece)
            except _TryAgain as problem:
                if heard.text:
                    raise ModelUnavailable(
                        "failed", f"{self._where} stopped: {problem}"
                    ) from problem
                raise

    def _pieces(self, asked: dict[str, Any], heard: _Heard) -> Generator[str, None, None]:
        """The words of the answer as they come; what the network does wrong is `_TryAgain`."""
        with closing(self._connection(CONNECT)) as connection:
            try:
                connection.connect()
                connection.sock.settimeout(SILENCE)
                body = json.dumps(asked).encode()
                connection.request(
                    "POST", f"{self._url.path}/chat/completions", body, self._headers()
                )
                response = connection.getresponse()
            except (OSError, HTTPException) as problem:
                raise _TryAgain(f"no answer ({type(problem).__name__}).") from problem
            with response:
                self._check(response)
                for told in self._data(response):
                    for choice in told.get("choices") or []:
                        heard.reason = choice.get("finish_reason") or heard.reason
                        yield (choice.get("delta") or {}).get("content") or ""
                    if told.get("usage"):
                        heard.tokens = told["usage"].get("completion_tokens")

    def _check(self, response: HTTPResponse) -> None:
        if response.status in AGAIN:
            raise _TryAgain(f"status {response.status}.")
        if response.status in {404, 400}:
            raise ModelUnavailable(
                "wrong_name", f"{self._where} does not serve {self._model} ({response.status})."
            )
        if response.status != 200:
            raise ModelUnavailable("refused", f"{self._where} said {response.status}.")

    def _data(self, response: HTTPResponse) -> Iterator[dict[str, Any]]:
        """Server-sent events, until `[DONE]`; a stream that ends without it was cut."""
        try:
            for line in response:
                if not line.startswith(b"data:"):
                    continue
                data = line[5:].strip()
                if data == b"[DONE]":
                    return
                told = json.loads(data)
                if "error" in told:
                    raise _TryAgain("it reported an error.")
                yield told
        except (OSError, HTTPException, ValueError) as problem:
            raise _TryAgain(f"the answer broke off ({type(problem).__name__}).") from problem
        raise _TryAgain("the answer broke off.")

    def _connection(self, seconds: float) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(host, port, timeout=seconds, context=context)
        return HTTPConnection(host, port, timeout=seconds)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
