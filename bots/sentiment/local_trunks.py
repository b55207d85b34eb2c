"""The two encoders that are at hand, as plain matrices: what the layers that were trained here are added to.

multilingual-e5-small comes in four bits a weight, bge-small-en in eight; both are BERTs of twelve layers
and 384 numbers. They are read once, when a worker begins or a training does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor

from bots.language.embedding import clean
from bots.language.local_e5 import of_the_wheel as e5_of_the_wheel
from bots.language.local_e5_file import opened
from bots.language.model import ModelUnavailable
from bots.language.ort_bge import of_the_wheel as bge_of_the_wheel

TrunkName = Literal["bge", "e5"]
PLACES = ("qkv", "out", "up", "down")  # the products of a layer, in order
LONGEST = 112  # pieces of a text that are read: a feeling is said early, and again at the end
TAIL = 40  # of them, the last ones of a longer text


@dataclass(frozen=True)
class TrunkLayer:
    """`weights` and `biases` by `PLACES`, shapes (out, in) and (out,); norms as (weight, bias)."""

    weights: Mapping[str, Tensor]
    biases: Mapping[str, Tensor]
    after: tuple[Tensor, Tensor]
    last: tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Trunk:
    """`words` gives vectors of pieces (n, 384); `spelt` a text's pieces with begin and end."""

    name: TrunkName
    words: Callable[[Sequence[int]], Tensor]
    places: Tensor
    first: tuple[Tensor, Tensor]
    layers: Sequence[TrunkLayer]
    heads: int
    eps: float
    spelt: Callable[[str], list[int]]


def trunk(name: TrunkName) -> Trunk:
    """Read from the wheel it comes in; `ModelUnavailable` where that is not installed."""
    return _e5(e5_of_the_wheel()) if name == "e5" else _bge(bge_of_the_wheel())


def cut(pieces: list[int]) -> list[int]:
    """The beginning and the end of a long text."""
    if len(pieces) <= LONGEST:
        return pieces
    return pieces[: LONGEST - TAIL] + pieces[-TAIL:]


# --- multilingual-e5-small ----------------------------------------------------------------


def _e5(path: Path) -> Trunk:
    read = opened(path)

    def plain(name: str) -> Tensor:
        return torch.from_numpy(read.plain(name))

    def layer(at: str) -> TrunkLayer:
        def weight(*names: str, inputs: int = read.size) -> Tensor:
            return torch.cat([torch.from_numpy(read.matrix(f"{at}{n}.w", inputs)) for n in names])

        def bias(*names: str) -> Tensor:
            return torch.cat([plain(f"{at}{n}.b") for n in names])

        return TrunkLayer(
            weights={
                "qkv": weight("q", "k", "v"),
                "out": weight("ao"),
                "up": weight("fi"),
                "down": weight("fo", inputs=read.inner),
            },
            biases={
                "qkv": bias("q", "k", "v"),
                "out": bias("ao"),
                "up": bias("fi"),
                "down": bias("fo"),
            },
            after=(plain(f"{at}aln.w"), plain(f"{at}aln.b")),
            last=(plain(f"{at}oln.w"), plain(f"{at}oln.b")),
        )

    return Trunk(
        name="e5",
        words=lambda ids: torch.from_numpy(read.words(ids)),
        places=plain("emb.pos").view(-1, read.size) + plain("emb.type")[: read.size],
        first=(plain("emb.ln.w"), plain("emb.ln.b")),
        layers=[layer(f"l{number}.") for number in range(read.layers)],
        heads=read.heads,
        eps=read.eps,
        spelt=lambda text: cut(read.speller.spelt("query: " + clean(text))),
    )


# --- bge-small-en -------------------------------------------------------------------------

_HEADS, _EPS = 12, 1e-12


def _bge(folder: Path) -> Trunk:
    try:
        graph = onnx.load(str(folder / "model.onnx")).graph
        cutter = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as problem:
        raise ModelUnavailable("broken_file", f"{folder} cannot be read.") from problem
    kept = {one.name: one for one in graph.initializer}

    def plain(name: str) -> Tensor:
        return torch.from_numpy(numpy_helper.to_array(kept[name]).astype(np.float32))

    def whole(name: str) -> Tensor:
        """A matrix that was kept in eight bits."""
        numbers = numpy_helper.to_array(kept[f"{name}_quantized"]).astype(np.float32)
        zero = numpy_helper.to_array(kept[f"{name}_zero_point"]).astype(np.float32)
        scale = numpy_helper.to_array(kept[f"{name}_scale"])
        return torch.from_numpy(((numbers - zero) * scale).astype(np.float32))

    # Matrices have lost their names in the file; a layer multiplies by q, k, v, out, up, down in turn.
    products = [
        whole(node.input[1].removesuffix("_quantized"))
        for node in graph.node
        if node.op_type == "MatMulInteger" and node.input[1] in kept
    ]
    layers = [
        _bge_layer(f"encoder.layer.{number}.", products[6 * number : 6 * number + 6], plain)
        for number in range(len(products) // 6)
    ]
    words = whole("embeddings.word_embeddings.weight")
    places = whole("embeddings.position_embeddings.weight")
    cutter.no_padding()
    cutter.no_truncation()
    return Trunk(
        name="bge",
        words=lambda ids: words[torch.as_tensor(ids)],
        places=places + whole("embeddings.token_type_embeddings.weight")[0],
        first=(plain("embeddings.LayerNorm.weight"), plain("embeddings.LayerNorm.bias")),
        layers=layers,
        heads=_HEADS,
        eps=_EPS,
        spelt=partial(_spelt_by, cutter),
    )


def _bge_layer(at: str, products: list[Tensor], plain: Callable[[str], Tensor]) -> TrunkLayer:
    query, key, value, out, up, down = (one.T.contiguous() for one in products)
    own = f"{at}attention."
    return TrunkLayer(
        weights={"qkv": torch.cat([query, key, value]), "out": out, "up": up, "down": down},
        biases={
            "qkv": torch.cat([plain(f"{own}self.{n}.bias") for n in ("query", "key", "value")]),
            "out": plain(f"{own}output.dense.bias"),
            "up": plain(f"{at}intermediate.dense.bias"),
            "down": plain(f"{at}output.dense.bias"),
        },
        after=(plain(f"{own}output.LayerNorm.weight"), plain(f"{own}output.LayerNorm.bias")),
        last=(plain(f"{at}output.LayerNorm.weight"), plain(f"{at}output.LayerNorm.bias")),
    )


def _spelt_by(cutter: Any, text: str) -> list[int]:
    pieces: list[int] = cutter.encode(clean(text)).ids
    return cut(pieces)
