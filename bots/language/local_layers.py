"""Matrix products: sixteen or eight bits a weight on the CPU, plain ones elsewhere."""

from __future__ import annotations

import warnings
from copy import copy
from typing import Protocol

import torch
from torch import Tensor

USUAL = 512  # rows: what weights are laid out for
TINY = 1e-6  # a row of zeros has no largest number to divide by


class Product(Protocol):
    """`x @ weight.T (+ bias)` for rows x of shape (n, in); the answer is (n, out), a fresh tensor."""

    def __call__(self, x: Tensor) -> Tensor: ...

    def twin(self) -> Product: ...


class Int8Product:
    """Weights in eight bits with a scale per output; activations in eight bits with a scale per row.

    torch's kernel takes one scale for all rows together, so what a customer is told would depend on
    who else is being answered. Each row is therefore divided by its own largest number first, and a
    row that holds both ends of the scale goes along: every row is then rounded by itself.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None, *, rows: int) -> None:
        scale = (weight.abs().amax(1) / 127).clamp_min(TINY * TINY)
        whole = (weight / scale[:, None]).round().to(torch.int8)
        zeros = torch.zeros(len(weight), dtype=torch.long)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the kind of tensor is on its way out; torch is pinned
            packed = torch._make_per_channel_quantized_tensor(  # noqa: SLF001 -- no public way
                whole, scale.double(), zeros, 0
            )
            self._packed = torch.ops.quantized.linear_prepack(packed, None)
        self._bias = bias
        # Without VNNI two products are added in sixteen bits; seven-bit activations cannot overflow.
        self._seven_bits = not torch.cpu._is_vnni_supported()  # noqa: SLF001 -- no public way
        self._rows = torch.zeros(rows + 1, weight.shape[1])
        self._rows[0, 0], self._rows[0, 1] = 1, -1

    def twin(self) -> Int8Product:
        """The same weights for another thread: rows are written into a place of our own."""
        twin = copy(self)
        twin._rows = self._rows.clone()  # noqa: SLF001 -- of its own kind
        return twin

    def __call__(self, x: Tensor) -> Tensor:
        count = len(x)
        peak = x.abs().amax(1, keepdim=True).clamp_min_(TINY)
        rows = self._rows[: count + 1]
        torch.div(x, peak, out=rows[1:])
        product: Tensor = torch.ops.quantized.linear_dynamic(rows, self._packed, self._seven_bits)
        product = product[1:].mul_(peak)
        return product if self._bias is None else product.add_(self._bias)


class HalfProduct:
    """Weights and activations in bfloat16, for a CPU whose matrix unit takes them (AMX): of many rows three to four
    times as quick as eight bits in the vector unit, and truer, but twice the memory. Takes and gives any kind of float.

    The kernel may add up a long row in other parts when there are other rows beside it: texts are read a hair
    apart then, never by one scale for all.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        self._weight = torch.ops.mkldnn._reorder_linear_weight(  # noqa: SLF001 -- no public way
            weight.bfloat16().contiguous(), USUAL
        )
        self._bias = None if bias is None else bias.bfloat16()

    def twin(self) -> HalfProduct:
        return self

    def __call__(self, x: Tensor) -> Tensor:
        product: Tensor = torch.ops.mkldnn._linear_pointwise(  # noqa: SLF001 -- no public way
            x.bfloat16(), self._weight, self._bias, "none", [], ""
        )
        return product


class PlainProduct:
    """In the precision of its weights."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        self._weight = weight
        self._bias = bias

    def twin(self) -> PlainProduct:
        return self

    def __call__(self, x: Tensor) -> Tensor:
        return torch.nn.functional.linear(x, self._weight, self._bias)


def can_do_half() -> bool:
    has_unit: bool = torch.cpu._is_amx_tile_supported()  # noqa: SLF001 -- no public way
    return has_unit and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]


def can_do_int8() -> bool:
    return "fbgemm" in torch.backends.quantized.supported_engines


def use_int8_kernels() -> None:
    """The quicker of the two kernels for few rows, by measurement; set once for the process."""
    torch.backends.quantized.engine = "fbgemm"
