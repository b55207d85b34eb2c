"""Continuous batching: conversations join and leave between two tokens, and share every pass.

One thread owns the network. The rows of its memory are kept without holes: first those who speak,
then at most one whose prompt is half read. A joining prompt goes along with the others' next tokens in
pieces, so nobody waits for more than one piece of somebody else's.
"""

from __future__ import annotations

import logging
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from queue import SimpleQueue
from threading import Condition, Thread
from time import perf_counter

import torch
from torch import Tensor

from bots.language.admission import Admission
from bots.language.local_decoder import CHUNK, Chunk, Decoder
from bots.language.local_guide import Guide
from bots.language.model import Load, ModelUnavailable, Overloaded

logger = logging.getLogger(__name__)

LOOP = 12  # as many tokens said a second time in the same order are a loop
WIDE = 16  # from so many rows on a pass is quicker on all cores than on one
KEPT = 1_500  # tokens of prompts whose keys and values are kept for the next who begins alike


class End(Enum):
    """Why an answer is over."""

    WHOLE = "whole"
    LENGTH = "length"
    LOOP = "loop"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Request:
    """A prompt and the answer to it, token by token, on a queue that ends with an `End` or an error.

    `marks`: lengths of beginnings of the prompt that others are likely to share. `share`: in whose
    line it waits.
    """

    prompt: Sequence[int]
    marks: Sequence[int]
    longest: int
    guide: Guide | None = None
    share: str = ""
    answer: SimpleQueue[int | End | ModelUnavailable] = field(default_factory=SimpleQueue)
    cancelled: bool = False
    read: int = 0
    said: list[int] = field(default_factory=list)
    begun: float = 0.0


class Engine:
    """Runs requests together on one decoder. `submit` may be called from any thread."""

    def __init__(
        self, decoder: Decoder, *, ends: frozenset[int], waiting: int, threads: int
    ) -> None:
        self._decoder = decoder
        self._ends = ends
        self._threads = threads
        self._changed = Condition()
        self._waiting = Admission[Request](waiting)
        self._speaking: list[Request] = []
        self._reading: list[Request] = []
        self._beginnings = Beginnings(decoder)
        self._pace = Pace()
        self._thread: Thread | None = None
        self._closed = False

    def submit(self, request: Request) -> None:
        """Raises `Overloaded`, or `ModelUnavailable` when closed or when the prompt is too long."""
        if len(request.prompt) + request.longest > self._decoder.context:
            raise ModelUnavailable("failed", "The conversation is longer than the model can read.")
        with self._changed:
            if self._closed:
                raise _closed()
            gone = self._waiting.put(request, request.share)
            if gone is request:
                raise Overloaded(len(self._waiting))
            if gone is not None:
                gone.answer.put(Overloaded(len(self._waiting)))
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="language-model", daemon=True)
                self._thread.start()
            self._changed.notify()

    def leave(self, request: Request) -> None:
        """Nobody wants the answer any more."""
        request.cancelled = True
        with self._changed:
            if self._waiting.leave(request, request.share):
                request.answer.put(End.CANCELLED)

    def load(self) -> Load:
        running, waiting = len(self._speaking) + len(self._reading), len(self._waiting)
        seconds = self._pace.seconds_to_first(running, waiting, self._decoder.slots)
        return Load(running, waiting, seconds)

    @property
    def open(self) -> bool:
        return not self._closed

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while self._has_work():
            try:
                self._step()
            except Exception:
                # Whatever broke, the next conversation deserves a try; these get an error at once.
                logger.exception("language model failed; conversations=%d", len(self._speaking))
                self._fail(ModelUnavailable("failed", "The language model failed."))
        self._fail(_closed())
        with self._changed:
            for request in self._waiting.clear():
                request.answer.put(_closed())

    def _has_work(self) -> bool:
        """Waits for work; false when closed."""
        with self._changed:
            while not (self._closed or self._waiting or self._speaking or self._reading):
                self._changed.wait()
            return not self._closed

    def _fail(self, problem: ModelUnavailable) -> None:
        for request in [*self._speaking, *self._reading]:
            request.answer.put(problem)
        self._speaking, self._reading = [], []

    @torch.inference_mode()
    def _step(self) -> None:
        self._let_go()
        chunks = self._pieces()
        if not self._speaking and not chunks:
            return
        tokens = [request.said[-1] for request in self._speaking]
        # A row knows its prompt and all that it said but the newest word, which is told it now.
        places = [len(request.prompt) + len(request.said) - 1 for request in self._speaking]
        for request, chunk in zip(self._reading, chunks, strict=True):
            tokens.extend(request.prompt[chunk.start : chunk.start + chunk.count])
        torch.set_num_threads(self._threads if len(tokens) >= WIDE else 1)
        scores = self._decoder.step(tokens, places, chunks)
        for row, request in enumerate([*self._speaking, *self._reading]):
            if request.guide is not None:
                scores[row] = request.guide.apply(scores[row], request.said)
        words: list[int] = scores.argmax(1).tolist()
        unfinished = self._read_on(chunks)
        over: list[int] = []
        for row, request in enumerate(self._speaking):
            end = self._say(request, words[row])
            if end is not None:
                self._pace.answered(perf_counter() - request.begun)
                request.answer.put(end)
                over.append(row)
        self._reading = unfinished
        self._close_ranks(over)

    def _pieces(self) -> list[Chunk]:
        """The next pieces of prompts, one step's worth, and their readers in `_reading`."""
        chunks: list[Chunk] = []
        left = CHUNK
        while left and len(self._speaking) + len(chunks) < self._decoder.slots:
            row = len(self._speaking) + len(chunks)
            if len(chunks) == len(self._reading):
                request = self._next()
                if request is None:
                    break
                request.begun = perf_counter()
                request.read = self._beginnings.recall(request, row)
                self._reading.append(request)
            request = self._reading[len(chunks)]
            count = min(left, len(request.prompt) - request.read)
            chunks.append(Chunk(row, request.read, count))
            left -= count
        return chunks

    def _next(self) -> Request | None:
        under_way = Counter(one.share for one in [*self._speaking, *self._reading])
        with self._changed:
            return self._waiting.take(under_way)

    def _read_on(self, chunks: Sequence[Chunk]) -> list[Request]:
        """Who has read the whole prompt may speak; returns who has not, which is one at most."""
        unfinished = []
        for request, chunk in zip(self._reading, chunks, strict=True):
            request.read += chunk.count
            if request.read < len(request.prompt):
                unfinished.append(request)
            else:
                self._beginnings.keep(request, chunk.row)
                self._speaking.append(request)
        return unfinished

    def _say(self, request: Request, word: int) -> End | None:
        if word in self._ends:
            return End.WHOLE
        if not request.said:
            self._pace.read(perf_counter() - request.begun)
        request.said.append(word)
        request.answer.put(word)
        if len(request.said) >= request.longest:
            return End.LENGTH
        return End.LOOP if is_loop(request.said) else None

    def _let_go(self) -> None:
        """Those whose customer has left or written again."""
        for request in [r for r in self._reading if r.cancelled]:
            request.answer.put(End.CANCELLED)
            self._reading.remove(request)
        gone = [row for row, request in enumerate(self._speaking) if request.cancelled]
        for row in gone:
            self._speaking[row].answer.put(End.CANCELLED)
        self._close_ranks(gone)

    def _close_ranks(self, gone: Sequence[int]) -> None:
        """Rows that ended are filled from behind, and the half-read prompt follows."""
        before = len(self._speaking)
        for row in sorted(gone, reverse=True):
            last = self._speaking.pop()
            if row < len(self._speaking):
                self._decoder.move(len(self._speaking), row, len(last.prompt) + len(last.said))
                self._speaking[row] = last
        if self._reading and len(self._speaking) < before:
            self._decoder.move(before, len(self._speaking), self._reading[0].read)


class Pace:
    """How long reading a prompt and a whole answer take of late."""

    def __init__(self) -> None:
        self._reading = 0.0
        self._answer = 0.0

    def read(self, seconds: float) -> None:
        self._reading = _lately(self._reading, seconds)

    def answered(self, seconds: float) -> None:
        self._answer = _lately(self._answer, seconds)

    def seconds_to_first(self, running: int, waiting: int, slots: int) -> float:
        """Prompts are read one after another; who finds no room waits until others are done."""
        unlucky = running + waiting + 1 - slots
        turns = unlucky / slots * self._answer if unlucky > 0 else waiting * self._reading
        return turns + self._reading


def _lately(before: float, now: float) -> float:
    return 0.8 * before + 0.2 * now if before else now


class Beginnings:
    """Keys and values of prompts' beginnings (the instructions, an article), for who begins alike."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._kept: OrderedDict[tuple[int, ...], Tensor] = OrderedDict()

    def recall(self, request: Request, row: int) -> int:
        """Fill the row with the longest known beginning; returns its length in tokens."""
        for mark in sorted(request.marks, reverse=True):
            beginning = tuple(request.prompt[:mark])
            known = self._kept.get(beginning)
            if known is not None and mark < len(request.prompt):
                self._kept.move_to_end(beginning)
                self._decoder.fill(row, known)
                return mark
        return 0

    def keep(self, request: Request, row: int) -> None:
        for mark in request.marks:
            beginning = tuple(request.prompt[:mark])
            if 0 < mark <= KEPT and beginning not in self._kept:
                self._kept[beginning] = self._decoder.copied(row, mark)
        while sum(map(len, self._kept)) > KEPT:
            self._kept.popitem(last=False)


def is_loop(said: Sequence[int]) -> bool:
    """The newest words were said before, in the same order."""
    newest = said[-LOOP:]
    return any(said[at : at + LOOP] == newest for at in range(len(said) - LOOP))


def _closed() -> ModelUnavailable:
    return ModelUnavailable("closed", "The language model has been closed.")
