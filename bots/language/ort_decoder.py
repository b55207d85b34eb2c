"""The network on a CPU, with ONNX Runtime: a graph made once from the weights, in eight bits.

One call runs the whole network, so that a single conversation is not held up by hundreds of small
calls; keys and values lie in memory of our own, which the graph reads and writes in place.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from mmap import MADV_DONTNEED, MADV_NOHUGEPAGE, mmap
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from bots.language.decoder import Piece, Row, is_single
from bots.language.model import ModelUnavailable

DRAFTS = 32  # lines of scores beyond one for each row
DESCRIBED, GRAPH, WORDS = "network.json", "network.onnx", "words.f16"


@dataclass
class Lines:
    """Scores in a buffer that the next pass writes over."""

    values: NDArray[np.float32]

    def best(self) -> list[int]:
        found: list[int] = self.values.argmax(1).tolist()
        return found

    def line(self, number: int) -> Row:
        line: Row = self.values[number]
        return line


class OrtDecoder:
    """See `decoder.Decoder`. `folder` is what `local_graph.build` made.

    Raises `ModelUnavailable` when the folder's files are not whole. `memory[:, :, r]` are the keys and
    values of row r: shape (layers, 2, slots, heads that share, context, size).
    """

    backend = "onnxruntime"

    def __init__(self, folder: Path, *, slots: int, threads: int) -> None:
        try:
            told = json.loads((folder / DESCRIBED).read_text())
            self._session = _session(folder / GRAPH, threads)
            shape = (told["vocabulary"], told["width"])
            self._words = np.memmap(folder / WORDS, np.float16, "r", shape=shape)
        except (
            OSError,
            ValueError,
            KeyError,
            onnxruntime.capi.onnxruntime_pybind11_state.Fail,
        ) as e:
            raise ModelUnavailable("broken_file", f"{folder} is not whole: remove it.") from e
        self.precision = str(told["precision"])
        self.digest = str(told["digest"])
        self.vocabulary = int(told["vocabulary"])
        self.ends = frozenset(told["ends"])
        self.slots = slots
        self.context = int(told["context"])
        layers, heads, size = told["layers"], told["heads_that_share"], told["head_size"]
        shape_of_memory = (layers, 2, slots, heads, self.context, size)
        # The system gives small pages when they are written, so memory costs what is used of it.
        self._pages = mmap(-1, 4 * prod(shape_of_memory))
        self._pages.madvise(MADV_NOHUGEPAGE)
        self.memory: NDArray[np.float32] = np.frombuffer(self._pages, np.float32).reshape(
            shape_of_memory
        )
        self._scores = np.zeros((slots + DRAFTS, self.vocabulary), np.float32)
        self._bindings: dict[tuple[int, int], Any] = {}

    def step(self, pieces: Sequence[Piece]) -> Lines:
        """The leading single tokens go through the network together, every other piece alone."""
        together = 0
        while together < len(pieces) and is_single(pieces[together], together):
            together += 1
        line = 0
        if together:
            self._run(pieces[:together], line)
            line = together
        for piece in pieces[together:]:
            self._run([piece], line)
            line += piece.told
        return Lines(self._scores[:line])

    def move(self, row: int, to: int, count: int) -> None:
        self.memory[:, :, to, :, :count] = self.memory[:, :, row, :, :count]

    def copied(self, row: int, count: int) -> NDArray[np.float32]:
        return self.memory[:, :, row, :, :count].copy()

    def fill(self, row: int, known: NDArray[np.float32]) -> int:
        count = int(known.shape[3])
        self.memory[:, :, row, :, :count] = known
        return count

    def rest(self) -> None:
        self._pages.madvise(MADV_DONTNEED)

    def _run(self, pieces: Sequence[Piece], line: int) -> None:
        """Pieces of equal length on neighbouring rows; their scores go to the lines from `line` on."""
        length, told = len(pieces[0].tokens), pieces[0].told
        tokens = np.array([piece.tokens for piece in pieces])
        inputs = {
            "words": self._words[tokens].astype(np.float32),
            "last": np.array([p.start + length - 1 for p in pieces], np.int32),
            "longest": np.array(max(p.start for p in pieces) + length, np.int32),
            "told": np.concatenate(
                [np.arange((n + 1) * length - told, (n + 1) * length) for n in range(len(pieces))]
            ),
        }
        binding = self._binding(pieces[0].row, len(pieces))
        for name, value in inputs.items():
            binding.bind_input(name, "cpu", 0, value.dtype, value.shape, value.ctypes.data)
        wanted = self._scores[line : line + told * len(pieces)]
        binding.bind_output("scores", "cpu", 0, np.float32, wanted.shape, wanted.ctypes.data)
        self._session.run_with_iobinding(binding)

    def _binding(self, row: int, count: int) -> Any:
        """Where the keys and values of `count` rows from `row` on lie: read and written in place."""
        found = self._bindings.get((row, count))
        if found is None:
            found = self._bindings[row, count] = self._session.io_binding()
            for number, layer in enumerate(self.memory):
                for name, rows in zip("kv", layer, strict=True):
                    here = rows[row : row + count]
                    at = ("cpu", 0, np.float32, here.shape, here.ctypes.data)
                    found.bind_input(f"old_{name}{number}", *at)
                    found.bind_output(f"new_{name}{number}", *at)
        return found


def _session(graph: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if threads == 1:
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
