"""What eight bits lose, made less: numbers that are large in few places are moved into the weights.

A row of activations is rounded in steps of its largest number, so a channel that is always large
leaves the others few steps. Divided by a factor where it is made (a norm, or the matrix before) and
multiplied by it in the matrix that reads it, it changes nothing that the network says, and both sides
round well (Xiao et al., SmoothQuant, 2022). How large each channel gets is told by a sample of text,
which flows through the network at full precision, one layer in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

Values: TypeAlias = "NDArray[np.float32]"
Lookup = Callable[[str], Any]  # the values of a name of the hub's, or None

SHARE = 0.5  # of what is hard to round that goes into the weights
LEAST = 1e-5  # a channel that the sample never used still needs a factor


class Smoother:
    """`layer(0)`, `layer(1)`, … in order, then `last()`: each gives a lookup with the changed values.

    `sample`: tokens of one text as the model will read it.
    """

    def __init__(self, config: Any, tensor: Lookup, sample: Sequence[int]) -> None:
        self._tensor = tensor
        self._eps = float(config.rms_norm_eps)
        heads = int(config.num_attention_heads)
        self._size = int(getattr(config, "head_dim", None) or config.hidden_size // heads)
        self._x = torch.from_numpy(tensor("model.embed_tokens.weight")[list(sample)])
        cos, sin = LlamaRotaryEmbedding(config)(self._x, torch.arange(len(sample))[None])
        self._turns = cos[0], sin[0]

    @torch.inference_mode()
    def layer(self, number: int) -> Lookup:
        layer = _Layer(self._tensor, f"model.layers.{number}.")
        self._attention(layer)
        self._feed_forward(layer)
        return layer.get

    @torch.inference_mode()
    def last(self) -> Lookup:
        """The last norm, and `lm_head.weight` also where the file has it only as the words."""
        layer = _Layer(self._tensor, "")
        head = layer.get("lm_head.weight")
        layer.put(
            "lm_head.weight", layer.get("model.embed_tokens.weight") if head is None else head
        )
        normed = self._normed(layer, "model.norm.weight")
        layer.smooth(normed, made_by=["model.norm.weight"], read_by=["lm_head.weight"])
        return layer.get

    def _attention(self, layer: _Layer) -> None:
        norm, out = "input_layernorm.weight", "self_attn.o_proj"
        asked = [f"self_attn.{name}_proj.weight" for name in "qkv"]
        normed = self._normed(layer, norm)
        seen = self._seen(layer, normed)
        self._x = self._x + layer.product(out, seen)
        layer.smooth(normed, made_by=[norm], read_by=asked)
        values = [name for name in (asked[2], "self_attn.v_proj.bias") if layer.has(name)]
        layer.smooth(seen, made_by=values, read_by=[f"{out}.weight"], size=self._size)

    def _feed_forward(self, layer: _Layer) -> None:
        norm = "post_attention_layernorm.weight"
        gate, up, down = (f"mlp.{name}_proj" for name in ("gate", "up", "down"))
        normed = self._normed(layer, norm)
        wide = functional.silu(layer.product(gate, normed)) * layer.product(up, normed)
        self._x = self._x + layer.product(down, wide)
        layer.smooth(normed, made_by=[norm], read_by=[f"{gate}.weight", f"{up}.weight"])
        makers = [name for name in (f"{up}.weight", f"{up}.bias") if layer.has(name)]
        layer.smooth(wide, made_by=makers, read_by=[f"{down}.weight"])

    def _seen(self, layer: _Layer, normed: Tensor) -> Tensor:
        """What the heads answer: shape (words, heads × size)."""
        parts = []
        for name in "qkv":
            flat = layer.product(f"self_attn.{name}_proj", normed)
            heads = flat.view(len(flat), -1, self._size).transpose(0, 1)
            if layer.has(f"self_attn.{name}_norm.weight"):
                norm = layer.tensor(f"self_attn.{name}_norm.weight")
                heads = functional.rms_norm(heads, (self._size,), norm, self._eps)
            parts.append(heads if name == "v" else self._turned(heads))
        queries, keys, values = (part[None] for part in parts)
        seen = functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=True
        )
        return seen[0].transpose(0, 1).flatten(1)

    def _turned(self, heads: Tensor) -> Tensor:
        left, right = heads.chunk(2, dim=-1)
        return heads * self._turns[0] + torch.cat([-right, left], dim=-1) * self._turns[1]

    def _normed(self, layer: _Layer, name: str) -> Tensor:
        return functional.rms_norm(self._x, self._x.shape[-1:], layer.tensor(name), self._eps)


class _Layer:
    """One layer's weights by name, read once, and changed."""

    def __init__(self, tensor: Lookup, at: str) -> None:
        self._tensor = tensor
        self._at = at
        self._known: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._tensor(name)
        return self._known[name]

    def put(self, name: str, values: Values) -> None:
        self._known[name] = values

    def has(self, name: str) -> bool:
        return self.get(self._at + name) is not None

    def tensor(self, name: str) -> Tensor:
        return torch.from_numpy(self.get(self._at + name))

    def product(self, name: str, x: Tensor) -> Tensor:
        bias = self.tensor(f"{name}.bias") if self.has(f"{name}.bias") else None
        return functional.linear(x, self.tensor(f"{name}.weight"), bias)

    def smooth(
        self, made: Tensor, *, made_by: Sequence[str], read_by: Sequence[str], size: int = 0
    ) -> None:
        """`made`, shape (words, channels), are the rows of `made_by` and the columns of `read_by`.

        With `size`, neighbouring heads of that size read the same rows, and share their factors.
        """
        rows = len(self.tensor(made_by[0]))
        group = made.shape[1] // rows

        def shared(channels: Tensor) -> Tensor:
            return channels.view(-1, group, size or 1).amax(1).flatten()

        largest = shared(made.abs().amax(0))
        heaviest = shared(torch.stack([self.tensor(one).abs().amax(0) for one in read_by]).amax(0))
        factors = largest.clamp_min(LEAST) ** SHARE / heaviest.clamp_min(LEAST) ** (1 - SHARE)
        spread = factors.view(-1, 1, size or 1).expand(-1, group, -1).flatten().numpy()
        for name in made_by:
            whole = self.get(self._at + name)
            self.put(self._at + name, whole / factors.numpy().reshape(-1, *[1] * (whole.ndim - 1)))
        for name in read_by:
            self.put(self._at + name, self.get(self._at + name) * spread)
