"""Words from any server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from queue import Empty
from random import uniform
from threading import Lock
from time import perf_counter, sleep
from typing import Any

from bots.language.model import Completion, Description, Load, ModelUnavailable, Passage, Turn
from bots.language.openai_stream import Server, Stream, TryAgain
from bots.language.prompt import WIDE, as_chat

logger = logging.getLogger(__name__)

LONGEST = 300  # tokens of one answer
ENOUGH = 16 * LONGEST  # characters: a server that goes on has not heard of the limit
TRIES = 3
BACK_OFF = 0.4  # seconds before the second try, twice that before the third
PATIENCE = (
    20.0  # seconds to the first word, tries and all: then a person serves the customer sooner
)
POLL = 0.1  # seconds between two looks at whether the customer is still there


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
        self._server = Server(base_url, key)
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
            except TryAgain as problem:
                logger.warning("model server failed; attempt=%d", attempt)
                pause = max(problem.pause, BACK_OFF * 2 ** (attempt - 1) * uniform(0.8, 1.2))
                if heard.text:
                    raise ModelUnavailable(
                        "failed", f"{self._server.name} stopped: {problem}"
                    ) from problem
                late = perf_counter() - started + pause > PATIENCE
                if attempt == TRIES or late:
                    raise ModelUnavailable(
                        problem.code, f"{self._server.name}: {problem}"
                    ) from problem
                if cancelled():
                    return
                self._pause(pause)

    def ready(self) -> bool:
        """The server lists its models."""
        return not self._closed and self._server.is_there()

    def load(self) -> Load:
        return Load(self._running, 0, self._first)

    def describe(self) -> Description:
        return Description(self.name, "", "openai", "")

    def close(self) -> None:
        self._closed = True

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
        with closing(Stream(self._server, asked)) as stream:
            while not cancelled() and len(heard.text) < ENOUGH:
                try:
                    word = stream.news.get(timeout=POLL)
                except Empty:
                    if heard.text or perf_counter() - started < PATIENCE:
                        continue
                    raise TryAgain("it says nothing.") from None
                if word is None:
                    return
                if isinstance(word, Exception):
                    raise word
                heard.reason = word.reason or heard.reason
                heard.tokens = heard.tokens if word.tokens is None else word.tokens
                piece = word.text if heard.text else word.text.lstrip()
                if piece:
                    heard.first = heard.first or perf_counter() - started
                    heard.text += piece
                    heard.pieces += 1
                    on_text(piece)
