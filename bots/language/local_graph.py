"""From a folder in the hub's form to the files of `ort_decoder`: a graph, and weights in eight bits.

Each matrix has one scale per output, each row of activations one of its own: a row is never rounded
by what its neighbours hold, so what a customer is told does not depend on who else is answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnx import TensorProto
from safetensors import SafetensorError, safe_open
from transformers import AutoConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

from bots.language.local_nodes import BLOCK, OURS, WEIGHTS, Graph
from bots.language.local_smooth import Lookup, Smoother, Values
from bots.language.model import ModelUnavailable
from bots.language.ort_decoder import DESCRIBED, GRAPH, WORDS
from bots.language.weights import NO_ROOM

PARTS = (("singles", "rows"), ("piece", 1))  # see `OrtDecoder.step`


def build(
    folder: Path,
    to: Path,
    *,
    context: int,
    digest: str,
    seven_bits: bool,
    sample: Sequence[int] = (),
    progress: Callable[[float], None] = lambda _share: None,
) -> None:
    """Write the files into the folder `to`, one layer in memory at a time.

    `seven_bits`: for processors that add products of eight bits in sixteen, where full ones overflow.
    `sample`: tokens of a text like those that will be read; without it nothing is smoothed.
    Raises `ModelUnavailable`.
    """
    config: Any = AutoConfig.from_pretrained(folder)
    context = min(context, int(config.max_position_embeddings))
    try:
        with ExitStack() as stack:
            files = [
                stack.enter_context(safe_open(str(path), framework="pt"))
                for path in sorted(folder.glob("*.safetensors"))
            ]
            where = {name: file for file in files for name in file.keys()}  # noqa: SIM118 -- no mapping

            def tensor(name: str) -> Values | None:
                if name not in where:
                    return None
                values: Values = where[name].get_tensor(name).float().numpy()
                return values

            weights = stack.enter_context((to / WEIGHTS).open("wb"))
            graph = Graph(weights, seven_bits=seven_bits)
            smoother = Smoother(config, tensor, sample) if len(sample) else None
            told = _network(graph, config, tensor, smoother, (context, to, progress))
    except (SafetensorError, AttributeError, TypeError, ValueError, OSError) as problem:
        if getattr(problem, "errno", None) in NO_ROOM:
            raise
        raise ModelUnavailable(
            "broken_file", f"The weights in {folder} are not whole."
        ) from problem
    (to / GRAPH).write_bytes(graph.serialized())
    told |= {"digest": digest, "precision": "int8", "context": context}
    (to / DESCRIBED).write_text(json.dumps(told))
    progress(1)


def _network(
    graph: Graph,
    config: Any,
    tensor: Lookup,
    smoother: Smoother | None,
    task: tuple[int, Path, Callable[[float], None]],
) -> dict[str, Any]:
    context, to, progress = task
    heads = int(config.num_attention_heads)
    sharing = int(getattr(config, "num_key_value_heads", None) or heads)
    size = int(getattr(config, "head_dim", None) or config.hidden_size // heads)
    layers, width = int(config.num_hidden_layers), int(config.hidden_size)
    cos, sin = LlamaRotaryEmbedding(config)(torch.zeros(1), torch.arange(context)[None])
    graph.constant("cos", cos[0, :, : size // 2].numpy())
    graph.constant("sin", sin[0, :, : size // 2].numpy())
    graph.takes("words", TensorProto.FLOAT, [1, "words", width])
    graph.takes("parts", TensorProto.INT64, [2])
    graph.takes("told", TensorProto.INT64, ["lines"])
    for part, rows in PARTS:
        graph.takes(f"{part}_last", TensorProto.INT32, [rows])
        graph.takes(f"{part}_longest", TensorProto.INT32, [])
        for number in range(layers):
            for name in "kv":
                shape = [rows, sharing, context, size]
                graph.takes(f"{part}_old_{name}{number}", TensorProto.FLOAT, shape)
                graph.gives(f"{part}_new_{name}{number}", TensorProto.FLOAT, shape)
    stream = _Stream(graph, "words", float(config.rms_norm_eps))
    for number in range(layers):
        at = f"model.layers.{number}."
        smooth = smoother.layer(number) if smoother else tensor
        _attention(graph, stream, smooth, at, number, (heads, sharing, size))
        _feed_forward(graph, stream, smooth, at)
        progress(0.9 * (number + 1) / layers)
    smooth = smoother.last() if smoother else tensor
    whole = stream.normed(smooth("model.norm.weight"))
    flat = graph.node("Reshape", [whole, graph.shape([-1, width])])
    chosen = graph.node("Gather", [flat, "told"], axis=0)
    count = _write_words(tensor, to / WORDS)
    head = smooth("lm_head.weight")
    if head is None:
        head = tensor("model.embed_tokens.weight")
    graph.product(chosen, head, None, name="scores")
    graph.gives("scores", TensorProto.FLOAT, ["lines", count])
    return {
        "layers": layers,
        "heads_that_share": sharing,
        "head_size": size,
        "width": width,
        "vocabulary": count,
        "ends": _ends(config),
    }


def _write_words(tensor: Lookup, file: Path) -> int:
    words = tensor("model.embed_tokens.weight")
    with file.open("wb") as opened:
        for at in range(0, len(words), BLOCK):
            opened.write(words[at : at + BLOCK].astype(np.float16).tobytes())
    return len(words)


def _attention(
    graph: Graph,
    stream: _Stream,
    tensor: Lookup,
    at: str,
    number: int,
    sizes: tuple[int, int, int],
) -> None:
    heads, sharing, size = sizes
    names = [f"{at}self_attn.{name}_proj" for name in "qkv"]
    weights = np.concatenate([tensor(f"{name}.weight") for name in names])
    biases = [tensor(f"{name}.bias") for name in names]
    bias = None if biases[0] is None else np.concatenate(biases)
    together = graph.product(stream.normed(tensor(at + "input_layernorm.weight")), weights, bias)
    norm = tensor(at + "self_attn.q_norm.weight")
    if norm is not None:  # each head's queries and keys have a norm of their own
        three = graph.shape([heads * size, sharing * size, sharing * size])
        parts = graph.split(together, three, 3, axis=-1)
        key_norm = tensor(at + "self_attn.k_norm.weight")
        queries = stream.normed_heads(parts[0], norm, heads)
        keys = stream.normed_heads(parts[1], key_norm, sharing)
        together = graph.node("Concat", [queries, keys, parts[2]], axis=-1)
    # Only here must conversations be told apart: singles are a batch, the piece is one row of its own.
    singles, piece = graph.split(together, "parts", 2, axis=1)
    each = graph.node("Reshape", [singles, graph.shape([-1, 1, weights.shape[0]])])
    seen = [
        graph.node(
            "GroupQueryAttention",
            [asked, "", "", f"{part}_old_k{number}", f"{part}_old_v{number}", *_places(part)],
            more=[f"{part}_new_k{number}", f"{part}_new_v{number}"],
            domain=OURS,
            num_heads=heads,
            kv_num_heads=sharing,
            do_rotary=1,
        )
        for (part, _), asked in zip(PARTS, (each, piece), strict=True)
    ]
    flat = graph.node("Reshape", [seen[0], graph.shape([1, -1, heads * size])])
    whole = graph.node("Concat", [flat, seen[1]], axis=1)
    stream.add(graph.layer(whole, tensor, at + "self_attn.o_proj"))


def _places(part: str) -> list[str]:
    return [f"{part}_last", f"{part}_longest", "cos", "sin"]


def _feed_forward(graph: Graph, stream: _Stream, tensor: Lookup, at: str) -> None:
    normed = stream.normed(tensor(at + "post_attention_layernorm.weight"))
    gate = graph.layer(normed, tensor, at + "mlp.gate_proj")
    up = graph.layer(normed, tensor, at + "mlp.up_proj")
    opened = graph.node("QuickGelu", [gate], domain=OURS, alpha=1.0)
    wide = graph.node("Mul", [opened, up])
    stream.add(graph.layer(wide, tensor, at + "mlp.down_proj"))


def _ends(config: Any) -> list[int]:
    known = config.eos_token_id
    several = known if isinstance(known, list) else [known]
    return [int(word) for word in several if word is not None]


class _Stream:
    """What every block reads and adds to."""

    def __init__(self, graph: Graph, start: str, eps: float) -> None:
        self._graph = graph
        self._sum = start
        self._more = ""
        self._eps = eps

    def add(self, more: str) -> None:
        self._more = more

    def normed(self, weight: Values) -> str:
        """The sum of all so far, brought to length one: one operator adds and does that."""
        scale = self._graph.constant("", weight)
        if not self._more:
            return self._norm(self._sum, scale)
        normed = self._graph.node(
            "SkipSimplifiedLayerNormalization",
            [self._sum, self._more, scale],
            more=["", "", self._graph.name()],
            domain=OURS,
            epsilon=self._eps,
        )
        self._sum, self._more = self._graph.last_outputs[3], ""
        return normed

    def normed_heads(self, x: str, weight: Values, heads: int) -> str:
        apart = self._graph.node("Reshape", [x, self._graph.shape([0, 0, heads, -1])])
        normed = self._norm(apart, self._graph.constant("", weight))
        return self._graph.node("Reshape", [normed, self._graph.shape([0, 0, -1])])

    def _norm(self, x: str, scale: str) -> str:
        return self._graph.node(
            "SimplifiedLayerNormalization", [x, scale], axis=-1, epsilon=self._eps
        )
