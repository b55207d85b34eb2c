"""The network itself, for the Llama family: many conversations in one pass, each at its own place.

transformers' own forward pass spends most of a token in Python and in small operations, and it knows
no batch whose members come and go. This one knows nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import prod
from mmap import MADV_NOHUGEPAGE, mmap
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.nn import functional
from transformers import AutoConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

from bots.language.decoder import Piece, Row, is_single
from bots.language.heap import give_back
from bots.language.local_layers import (
    Int8Product,
    PlainProduct,
    Product,
    can_do_int8,
    use_int8_kernels,
)
from bots.language.model import ModelUnavailable
from bots.language.weights import check_family, digest_of

MOST = 256  # tokens of one pass
WIDE = 16  # from so many tokens on a pass is quicker on all cores than on one


@dataclass(frozen=True)
class Lines:
    """Scores that stay on the device until somebody looks at a line."""

    values: Tensor

    def best(self) -> list[int]:
        found: list[int] = self.values.argmax(1).tolist()
        return found

    def line(self, number: int) -> Row:
        line: Row = self.values[number].float().cpu().numpy()
        return line


@dataclass(frozen=True)
class _Layer:
    before: Tensor
    qkv: Product
    query_norm: Tensor | None
    key_norm: Tensor | None
    out: Product
    after: Tensor
    gate_up: Product
    down: Product


class TorchDecoder:
    """See `decoder.Decoder`; row r is `memory[:, :, r]`."""

    backend = "torch"

    def __init__(
        self,
        folder: Path,
        *,
        device: str,
        slots: int,
        context: int,
        threads: int = 1,
        kind: torch.dtype | None = None,
    ) -> None:
        """`kind`: of the numbers, where it should not be the device's own: eight bits on a CPU that
        can, full precision on one that cannot, bfloat16 on a card."""
        self.config = _config_of(folder)
        self.device = device
        self._threads = threads
        self.vocabulary = int(self.config.vocab_size)
        self.ends = _ends(self.config)
        self.digest = digest_of(folder)
        self.slots = slots
        self.context = min(context, int(self.config.max_position_embeddings))
        self._int8 = device == "cpu" and kind is None and can_do_int8()
        self._dtype = kind or (torch.float32 if device == "cpu" else torch.bfloat16)
        if self._int8:
            use_int8_kernels()
        self.precision = "int8" if self._int8 else str(self._dtype).removeprefix("torch.")
        self._measure()
        try:
            self._read(folder)
        except torch.OutOfMemoryError as problem:
            raise MemoryError from problem
        except (SafetensorError, KeyError, OSError) as problem:
            raise ModelUnavailable(
                "broken_file", f"The weights in {folder} are not whole: {problem}"
            ) from problem
        give_back()
        self._turns = self._rotations()
        self.memory = self._blank()
        self._places = torch.arange(self.context, device=device)

    def _measure(self) -> None:
        config = self.config
        self._heads = int(config.num_attention_heads)
        self._kv_heads = int(getattr(config, "num_key_value_heads", None) or self._heads)
        self._head_size = int(
            getattr(config, "head_dim", None) or config.hidden_size // self._heads
        )
        self._layer_count = int(config.num_hidden_layers)
        self._eps = float(config.rms_norm_eps)

    def _blank(self) -> Tensor:
        """Keys and values: shape (layers, 2, slots, heads that share, context, size)."""
        heads = self._kv_heads
        shape = (self._layer_count, 2, self.slots, heads, self.context, self._head_size)
        if self.device != "cpu" or self._dtype != torch.float32:
            return torch.zeros(shape, dtype=self._dtype, device=self.device)
        # The system gives small pages when they are written, so memory costs what is used of it.
        pages = mmap(-1, 4 * prod(shape))
        pages.madvise(MADV_NOHUGEPAGE)
        return torch.frombuffer(pages, dtype=torch.float32).view(shape)

    def _rotations(self) -> tuple[Tensor, Tensor]:
        """Cosine and sine of every place, ready for `x·cos + roll(x)·sin`: shapes (context, 1, size)."""
        places = torch.arange(self.context)[None]
        cos, sin = LlamaRotaryEmbedding(self.config)(torch.zeros(1), places)
        half = self._head_size // 2
        sin = torch.cat([-sin[..., :half], sin[..., half:]], dim=-1)
        return (
            cos[0, :, None].to(self.device, self._dtype),
            sin[0, :, None].to(self.device, self._dtype),
        )

    def _read(self, folder: Path) -> None:
        """One tensor at a time, so that the unpacked weights are never in memory together."""
        with ExitStack() as stack:
            files = [
                stack.enter_context(safe_open(str(path), framework="pt"))
                for path in sorted(folder.glob("*.safetensors"))
            ]
            where = {name: file for file in files for name in file.keys()}  # noqa: SIM118 -- no mapping

            def tensor(name: str) -> Tensor:
                value: Tensor = where[name].get_tensor(name)
                return value

            def optional(name: str) -> Tensor | None:
                return self._plain(tensor(name)) if name in where else None

            self._layers = [
                self._layer(f"model.layers.{number}.", tensor, optional)
                for number in range(self._layer_count)
            ]
            self._last_norm = self._plain(tensor("model.norm.weight"))
            words = tensor("model.embed_tokens.weight")
            head = tensor("lm_head.weight") if "lm_head.weight" in where else words
            kind = torch.float16 if self._int8 else self._dtype
            self._words = words.to(self.device, kind, copy=True)  # or the whole file stays mapped
            self._head = self._product(head, None)

    def _layer(
        self,
        at: str,
        tensor: Callable[[str], Tensor],
        optional: Callable[[str], Tensor | None],
    ) -> _Layer:
        def joined(room: str, names: Sequence[str]) -> Product:
            weight = torch.cat([tensor(f"{at}{room}.{name}.weight") for name in names])
            biases = [optional(f"{at}{room}.{name}.bias") for name in names]
            kept = [bias for bias in biases if bias is not None]
            return self._product(weight, torch.cat(kept) if kept else None)

        return _Layer(
            before=self._plain(tensor(at + "input_layernorm.weight")),
            qkv=joined("self_attn", ["q_proj", "k_proj", "v_proj"]),
            query_norm=optional(at + "self_attn.q_norm.weight"),
            key_norm=optional(at + "self_attn.k_norm.weight"),
            out=joined("self_attn", ["o_proj"]),
            after=self._plain(tensor(at + "post_attention_layernorm.weight")),
            gate_up=joined("mlp", ["gate_proj", "up_proj"]),
            down=joined("mlp", ["down_proj"]),
        )

    def _plain(self, weight: Tensor) -> Tensor:
        return weight.to(self.device, self._dtype)

    def _product(self, weight: Tensor, bias: Tensor | None) -> Product:
        if self._int8:
            return Int8Product(weight.float(), bias, rows=MOST)
        return PlainProduct(self._plain(weight), bias)

    def move(self, row: int, to: int, count: int) -> None:
        """The first `count` places of one row become those of another."""
        self.memory[:, :, to, :, :count] = self.memory[:, :, row, :, :count]

    def copied(self, row: int, count: int) -> Tensor:
        return self.memory[:, :, row, :, :count].clone()

    def fill(self, row: int, known: Tensor) -> int:
        count = known.shape[3]
        self.memory[:, :, row, :, :count] = known
        return count

    def rest(self) -> None:
        """Rows keep what they have: it is not much, or it is the device's."""

    @torch.inference_mode()
    def step(self, pieces: Sequence[Piece]) -> Lines:
        """All tokens in one pass."""
        tokens = [token for piece in pieces for token in piece.tokens]
        if self.device == "cpu":
            torch.set_num_threads(self._threads if len(tokens) >= WIDE else 1)
        at = torch.tensor(
            [p.start + n for p in pieces for n in range(len(p.tokens))], device=self.device
        )
        rows = torch.tensor([p.row for p in pieces for _ in p.tokens], device=self.device)
        looks = self._looks(at, pieces)
        turn = self._turns[0][at], self._turns[1][at]
        x = self._words[torch.tensor(tokens, device=self.device)].to(self._dtype)
        for number, layer in enumerate(self._layers):
            x = x + self._attend(layer, self.memory[number], x, (rows, at), turn, looks)
            normed = functional.rms_norm(x, x.shape[-1:], layer.after, self._eps)
            gate, up = layer.gate_up(normed).chunk(2, dim=-1)
            x = x + layer.down(functional.silu(gate) * up)
        told: list[int] = []
        end = 0
        for piece in pieces:
            end += len(piece.tokens)
            told.extend(range(end - piece.told, end))
        normed = functional.rms_norm(x[told], x.shape[-1:], self._last_norm, self._eps)
        return Lines(self._head(normed))

    def _looks(self, at: Tensor, pieces: Sequence[Piece]) -> list[_Look]:
        """Who may see what: one entry for all leading single tokens together, one for each piece."""
        decoding = 0
        while decoding < len(pieces) and is_single(pieces[decoding], decoding):
            decoding += 1
        looks: list[_Look] = []
        if decoding:
            seen = max(piece.start for piece in pieces[:decoding]) + 1
            mask = self._hidden(at[:decoding], seen)[:, None]
            rows = slice(0, decoding)
            looks.append(_Look(0, decoding, rows, seen, mask, alone=False))
        start = decoding
        for piece in pieces[decoding:]:
            end = start + len(piece.tokens)
            seen = piece.start + len(piece.tokens)
            mask = self._hidden(at[start:end], seen)
            mask = mask.repeat(self._heads // self._kv_heads, 1)[None, None]
            rows = slice(piece.row, piece.row + 1)
            looks.append(_Look(start, end, rows, seen, mask, alone=True))
            start = end
        return looks

    def _hidden(self, at: Tensor, seen: int) -> Tensor:
        """Minus infinity at every place after one's own: shape (len(at), seen)."""
        mask = torch.zeros((len(at), seen), dtype=self._dtype, device=self.device)
        return mask.masked_fill_(self._places[:seen] > at[:, None], float("-inf"))

    def _attend(
        self,
        layer: _Layer,
        memory: Tensor,
        x: Tensor,
        here: tuple[Tensor, Tensor],
        turn: tuple[Tensor, Tensor],
        looks: Sequence[_Look],
    ) -> Tensor:
        count, heads, kv_heads, size = len(x), self._heads, self._kv_heads, self._head_size
        normed = functional.rms_norm(x, x.shape[-1:], layer.before, self._eps)
        qkv = layer.qkv(normed).view(count, heads + 2 * kv_heads, size)
        turned = qkv[:, : heads + kv_heads]
        if layer.query_norm is not None and layer.key_norm is not None:
            queries = functional.rms_norm(turned[:, :heads], (size,), layer.query_norm, self._eps)
            keys = functional.rms_norm(turned[:, heads:], (size,), layer.key_norm, self._eps)
            turned = torch.cat([queries, keys], dim=1)
        turned = torch.addcmul(turned * turn[0], turned.roll(size // 2, -1), turn[1])
        qkv[:, : heads + kv_heads] = turned
        memory.permute(1, 3, 0, 2, 4)[here] = qkv[:, heads:].view(count, 2, kv_heads, size)
        seen_by = [
            self._look(memory, turned[look.start : look.end, :heads], look) for look in looks
        ]
        return layer.out(seen_by[0] if len(seen_by) == 1 else torch.cat(seen_by))

    def _look(self, memory: Tensor, queries: Tensor, look: _Look) -> Tensor:
        """Attention of some queries to what is remembered in their rows; (n, heads × size).

        The heads that share keys stand beside one another as if they were further places.
        """
        count, size = len(queries), self._head_size
        group = self._heads // self._kv_heads
        together = queries.view(count, self._kv_heads, group, size)
        keys, values = memory[:, look.rows]
        if look.alone:
            spread = together.permute(1, 2, 0, 3).reshape(1, self._kv_heads, group * count, size)
            seen = functional.scaled_dot_product_attention(
                spread, keys[:, :, : look.seen], values[:, :, : look.seen], attn_mask=look.mask
            )
            seen = seen.view(self._kv_heads, group, count, size).permute(2, 0, 1, 3)
            return seen.reshape(count, -1)
        if (
            self._dtype != torch.float32
        ):  # scores in so few bits would be rough: the kernel has more
            seen = functional.scaled_dot_product_attention(
                together,
                keys[:, :, : look.seen],
                values[:, :, : look.seen],
                attn_mask=look.mask[:, None],
            )
            return seen.reshape(count, -1)
        pairs = count * self._kv_heads
        mask = look.mask.repeat_interleave(self._kv_heads, 0)
        keys = keys.reshape(pairs, self.context, size)[:, : look.seen]
        values = values.reshape(pairs, self.context, size)[:, : look.seen]
        scores = torch.baddbmm(
            mask, together.reshape(pairs, group, size), keys.transpose(1, 2), alpha=size**-0.5
        )
        return torch.bmm(scores.softmax(-1), values).view(count, -1)


@dataclass(frozen=True)
class _Look:
    """Queries `start:end` of a pass look at the first `seen` places of `rows`, but for `mask`.

    `alone`: they all belong to one conversation, each at its own place; else each to its own.
    """

    start: int
    end: int
    rows: slice
    seen: int
    mask: Tensor
    alone: bool


def _ends(config: Any) -> frozenset[int]:
    """The words after which the model has said all."""
    known = config.eos_token_id
    several = known if isinstance(known, list) else [known]
    return frozenset(word for word in several if word is not None)


def _config_of(folder: Path) -> Any:
    try:
        config = AutoConfig.from_pretrained(folder)
    except (OSError, ValueError) as problem:
        raise ModelUnavailable(
            "broken_file", f"{folder}/config.json is not a model's: {str(problem).splitlines()[0]}"
        ) from problem
    check_family(config.model_type)
    return config
