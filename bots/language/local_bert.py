"""The forward pass of a small BERT, for texts of any length side by side: both encoders are one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from bots.language.local_layers import (
    HalfProduct,
    Int8Product,
    PlainProduct,
    Product,
    can_do_half,
    can_do_int8,
    use_int8_kernels,
)
from bots.language.model import Vectors

MOST = 512  # tokens in one pass

Norm = tuple[Tensor, Tensor]  # weight and bias


@dataclass(frozen=True)
class Layer:
    qkv: Product
    out: Product
    after: Norm
    up: Product
    down: Product
    last: Norm


@dataclass(frozen=True)
class Bert:
    """`words` gives the vectors of pieces of words, (n, size); `places` those of positions."""

    words: Callable[[Sequence[int]], Tensor]
    places: Tensor
    first: Norm
    layers: Sequence[Layer]
    heads: int
    eps: float

    @torch.inference_mode()
    def vectors(self, spelt: Sequence[list[int]]) -> Vectors:
        """The mean over each text's pieces, of length one; what goes together is of like length."""
        found = [functional.normalize(self._pass(some)[1], dim=1) for some in passes(spelt)]
        vectors: Vectors = torch.cat(found).numpy()
        return vectors

    @torch.inference_mode()
    def pooled(self, spelt: Sequence[list[int]]) -> Tensor:
        """The first piece and the mean of each text side by side, shape (texts, 2 * size)."""
        return torch.cat([torch.cat(self._pass(some), dim=1) for some in passes(spelt)])

    def twin(self) -> Bert:
        """The same weights for another thread: what is computed in is not shared."""
        return replace(
            self,
            layers=[
                replace(
                    layer,
                    qkv=layer.qkv.twin(),
                    out=layer.out.twin(),
                    up=layer.up.twin(),
                    down=layer.down.twin(),
                )
                for layer in self.layers
            ],
        )

    def _pass(self, spelt: list[list[int]]) -> tuple[Tensor, Tensor]:
        """The first piece of each text, and the mean over its pieces.

        Texts side by side, shorter ones filled up; nobody looks at the filling.
        """
        sizes = torch.tensor([len(text) for text in spelt])
        longest = int(sizes.max())
        real = torch.arange(longest)[None] < sizes[:, None]
        words = self.words([word for text in spelt for word in text])
        places = torch.arange(longest).expand(len(spelt), longest)[real]
        x = self._norm(words + self.places[places], self.first)
        mask = torch.zeros(real.shape).masked_fill_(~real, float("-inf"))[:, None, None]
        for layer in self.layers:
            x = self._norm(x + layer.out(self._attend(layer.qkv(x), real, mask)), layer.after)
            x = self._norm(x + layer.down(functional.gelu(layer.up(x))), layer.last)
        row = torch.arange(len(spelt)).repeat_interleave(sizes)
        sums = torch.zeros(len(spelt), x.shape[1]).index_add_(0, row, x)
        return x[sizes.cumsum(0) - sizes], sums / sizes[:, None]

    def _norm(self, x: Tensor, by: Norm) -> Tensor:
        return functional.layer_norm(x, (x.shape[1],), by[0], by[1], self.eps)

    def _attend(self, qkv: Tensor, real: Tensor, mask: Tensor) -> Tensor:
        spread = torch.zeros(*real.shape, qkv.shape[1])
        spread[real] = qkv.float()  # in fewer bits the filling would be seen
        count, longest = real.shape
        asked, known, said = spread.view(count, longest, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(asked, known, said, attn_mask=mask)
        return seen.transpose(1, 2).reshape(count, longest, -1)[real]


def passes(spelt: Sequence[list[int]]) -> list[list[list[int]]]:
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


def product(weight: Tensor, bias: Tensor, *, longest: int) -> Product:
    """In what this machine multiplies quickest. `longest`: tokens of one text."""
    if can_do_half():
        return HalfProduct(weight, bias)
    if not can_do_int8():
        return PlainProduct(weight, bias)
    use_int8_kernels()
    # A single text may be longer than what goes together.
    return Int8Product(weight, bias, rows=max(MOST, longest))
