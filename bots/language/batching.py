"""Continuous batching: conversations join and leave between two tokens, and share every pass.

One thread owns the network. The rows of its memory are kept without holes: first those who speak,
then at most one whose prompt is half read. A joining prompt goes along with the others' next tokens in
pieces, so nobody waits for more than one piece of somebody else's.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from threading import Condition, Thread
from time import perf_counter

from bots.language import gauges
from bots.language.admission import Admission
from bots.language.asking import End, Request, is_loop
from bots.language.beginnings import Beginnings
from bots.language.decoder import Decoder, Piece, Scores
from bots.language.drafts import Drafter
from bots.language.model import Load, ModelUnavailable, Overloaded
from bots.language.pace import Along, Pace

logger = logging.getLogger(__name__)

CROWD = 4  # times the tokens of one joining prompt go along with a step, when so many wait or more
AT_ONCE = 128  # the same while nobody speaks
DEAD = 3  # passes in a row that failed: a card does not come back by itself
DRAFTED = 2  # with more conversations than these, all their words in one pass beat guessing


class Engine:
    """Runs requests together on one decoder. `submit` may be called from any thread."""

    def __init__(self, decoder: Decoder, *, waiting: int) -> None:
        self._decoder = decoder
        self._changed = Condition()
        self._waiting = Admission[Request](waiting)
        self._speaking: list[Request] = []
        self._reading: list[Request] = []
        self._beginnings = Beginnings(decoder)
        self._pace = Pace()
        self._along = Along()
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
            if gone is not None:
                gauges.REFUSED.inc()
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
        failures = 0
        while self._has_work():
            try:
                self._step()
                failures = 0
            except Exception:
                failures += 1
                self._closed = self._closed or failures >= DEAD
                # Whatever broke, the next conversation deserves a try; these get an error at once.
                logger.exception("language model failed; conversations=%d", len(self._speaking))
                self._fail(ModelUnavailable("failed", "The language model failed."))
        self._fail(_closed())
        with self._changed:
            for request in self._waiting.clear():
                request.answer.put(_closed())
        self._tell()

    def _has_work(self) -> bool:
        """Waits for work; false when closed."""
        if not (self._waiting or self._speaking or self._reading):
            self._tell()
            self._decoder.rest()
        with self._changed:
            while not (self._closed or self._waiting or self._speaking or self._reading):
                self._changed.wait()
            return not self._closed

    def _tell(self) -> None:
        gauges.RUNNING.set(len(self._speaking) + len(self._reading))
        gauges.WAITING.set(len(self._waiting))

    def _fail(self, problem: ModelUnavailable) -> None:
        for request in [*self._speaking, *self._reading]:
            request.answer.put(problem)
        self._speaking, self._reading = [], []

    def _step(self) -> None:
        self._let_go()
        pieces = [self._newest(row, request) for row, request in enumerate(self._speaking)]
        pieces += self._of_prompts()
        self._tell()
        if not pieces:
            return
        joining = pieces[len(self._speaking) :]
        begun = perf_counter()
        scores = self._decoder.step(pieces)
        best = scores.best()  # a card has not finished before
        words = sum(len(piece.tokens) for piece in joining)
        self._along.stepped(perf_counter() - begun, len(self._speaking), words)
        unfinished = self._read_on(joining)
        over, line = [], 0
        for row, (request, piece) in enumerate(zip(self._speaking, pieces, strict=False)):
            end = self._hear(request, piece, scores, best[line : line + piece.told], line)
            line += piece.told
            if end is not None:
                self._pace.answered(perf_counter() - request.begun)
                request.answer.put(end)
                over.append(row)
        self._reading = unfinished
        self._close_ranks(over)

    def _newest(self, row: int, request: Request) -> Piece:
        """The newest word, which the row does not know yet, and guesses at those that follow."""
        at = len(request.prompt) + len(request.said) - 1
        tokens = request.said[-1:]
        if len(self._speaking) <= DRAFTED:
            request.drafter = request.drafter or Drafter(request.prompt)
            room = request.longest - len(request.said) - 1
            tokens = [*tokens, *request.drafter.guess(request.said)[:room]]
        return Piece(row, at, tokens, told=len(tokens))

    def _of_prompts(self) -> list[Piece]:
        """The next pieces of prompts, one step's worth, and their readers in `_reading`."""
        pieces: list[Piece] = []
        crowd = min(max(1, len(self._waiting) + len(self._reading)), CROWD)
        left = self._along.words * crowd if self._speaking else AT_ONCE
        while left and len(self._speaking) + len(pieces) < self._decoder.slots:
            row = len(self._speaking) + len(pieces)
            if len(pieces) == len(self._reading):
                newcomer = self._next()
                if newcomer is None:
                    break
                self._reading.append(newcomer)
            request = self._reading[len(pieces)]
            if not request.begun:
                if self._is_being_read(request, self._reading[: len(pieces)]):
                    break
                self._begin(request, row)
            tokens = request.prompt[request.read : request.read + left]
            told = int(request.read + len(tokens) == len(request.prompt))
            pieces.append(Piece(row, request.read, tokens, told=told))
            left -= len(tokens)
        return pieces

    def _is_being_read(self, request: Request, ahead: Sequence[Request]) -> bool:
        """Somebody ahead reads the same beginning: one pass later it need not be read again."""
        return any(
            other.prompt[:mark] == request.prompt[:mark]
            and not self._beginnings.knows(request.prompt, mark)
            for other in ahead
            for mark in request.marks
            if mark in other.marks
        )

    def _begin(self, request: Request, row: int) -> None:
        request.begun = perf_counter()
        request.read = self._beginnings.recall(request.prompt, request.marks, row)
        gauges.READ.labels("remembered").inc(request.read)
        gauges.READ.labels("computed").inc(len(request.prompt) - request.read)

    def _next(self) -> Request | None:
        under_way = Counter(one.share for one in [*self._speaking, *self._reading])
        with self._changed:
            return self._waiting.take(under_way)

    def _read_on(self, pieces: Sequence[Piece]) -> list[Request]:
        """Who has read the whole prompt may speak. Returns who has not: at most one who has begun, and
        one who waits for it."""
        unfinished = []
        for request, piece in zip(self._reading, pieces, strict=False):
            request.read += len(piece.tokens)
            self._beginnings.keep(request.prompt, request.marks, piece.row, request.read)
            if request.read < len(request.prompt):
                unfinished.append(request)
            else:
                self._speaking.append(request)
        return unfinished + self._reading[len(pieces) :]

    def _hear(
        self, request: Request, piece: Piece, scores: Scores, best: Sequence[int], line: int
    ) -> End | None:
        """Say the next word and, as long as the guesses were right, those that follow them."""
        for number, unguided in enumerate(best):
            word = unguided
            if request.guide is not None:
                word = int(request.guide.apply(scores.line(line + number), request.said).argmax())
            end = self._say(request, word)
            guessed = piece.tokens[number + 1 : number + 2]
            if end is not None or list(guessed) != [word]:
                return end
        return None

    def _say(self, request: Request, word: int) -> End | None:
        if word in self._decoder.ends:
            return End.WHOLE
        if not request.said:
            now = perf_counter()
            gauges.FIRST_TOKEN.observe(now - request.asked)
            self._pace.read(now - request.begun)
        request.said.append(word)
        request.answer.put(word)
        gauges.TOKENS.inc()
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


def _closed() -> ModelUnavailable:
    return ModelUnavailable("closed", "The language model has been closed.")
