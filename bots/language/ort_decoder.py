"""The network on a CPU, with ONNX Runtime: a graph made once from the weights, in eight bits.

One call runs the whole network, so that a single conversation is not held up by hundreds of small
calls; keys and values lie in memory of our own, which the graph reads and writes in place.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
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
BINDINGS = 128  # ways in which rows meet in a pass, remembered; in order there are 34
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
        # One row more than there are conversations: what a pass computes for nobody goes there.
        shape_of_memory = (layers, 2, slots + 1, heads, self.context, size)
        # The system gives small pages when they are written, so memory costs what is used of it.
        self._pages = mmap(-1, 4 * prod(shape_of_memory))
        self._pages.madvise(MADV_NOHUGEPAGE)
        self.memory: NDArray[np.float32] = np.frombuffer(self._pages, np.float32).reshape(
            shape_of_memory
        )
        self._nobody = Piece(slots, 0, [0], 0)
        self._scores = np.zeros((slots + DRAFTS, self.vocabulary), np.float32)
        self._bindings: dict[tuple[int, int, int], Any] = {}

    def step(self, pieces: Sequence[Piece]) -> Lines:
        """The leading single tokens go through the network together, and the first piece with them.

        The graph takes both and neither may be missing, so the last single may be the piece, and a
        word of nobody's fills what is left. Every further piece has a pass of its own.
        """
        together = 0
        while together < len(pieces) and is_single(pieces[together], together):
            together += 1
        if together == len(pieces) > 1:
            together -= 1
        singles, others = pieces[:together], pieces[together:] or [self._nobody]
        line = 0
        for piece in others:
            line += self._run(singles or [self._nobody], piece, line)
            singles = []
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

    def _run(self, singles: Sequence[Piece], piece: Piece, line: int) -> int:
        """One pass. Scores go to the lines from `line` on; returns how many they are."""
        count, length = len(singles), len(piece.tokens)
        tokens = [one.tokens[0] for one in singles] + list(piece.tokens)
        told = [at for at, one in enumerate(singles) if one.told]
        told += range(count + length - piece.told, count + length)
        starts = [one.start for one in singles]
        inputs = {
            "words": self._words[tokens].astype(np.float32)[None],
            "parts": np.array([count, length]),
            "told": np.array(told, np.int64),
            "singles_last": np.array(starts, np.int32),
            "singles_longest": np.array(max(starts) + 1, np.int32),
            "piece_last": np.array([piece.start + length - 1], np.int32),
            "piece_longest": np.array(piece.start + length, np.int32),
        }
        binding = self._binding(singles[0].row, count, piece.row)
        for name, value in inputs.items():
            binding.bind_input(name, "cpu", 0, value.dtype, value.shape, value.ctypes.data)
        wanted = self._scores[line : line + len(told)]
        binding.bind_output("scores", "cpu", 0, np.float32, wanted.shape, wanted.ctypes.data)
        self._session.run_with_iobinding(binding)
        return len(told)

    def _binding(self, row: int, count: int, piece: int) -> Any:
        """Where the keys and values of rows lie: read and written in place."""
        found = self._bindings.get((row, count, piece))
        if found is None:
            if len(self._bindings) >= BINDINGS:
                self._bindings.clear()
            found = self._bindings[row, count, piece] = self._session.io_binding()
            parts = (("singles", slice(row, row + count)), ("piece", slice(piece, piece + 1)))
            for number, layer in enumerate(self.memory):
                for (part, where), (name, rows) in product(parts, zip("kv", layer, strict=True)):
                    here = rows[where]
                    at = ("cpu", 0, np.float32, here.shape, here.ctypes.data)
                    found.bind_input(f"{part}_old_{name}{number}", *at)
                    found.bind_output(f"{part}_new_{name}{number}", *at)
        return found


def _session(graph: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if threads == 1:
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
