"""Making what a model needs, once, in a process of its own: what that takes ends with the process.

    python -m bots.language.local_prepare gguf FILE FOLDER
    python -m bots.language.local_prepare network FOLDER FOLDER CONTEXT DIGEST BITS
    python -m bots.language.local_prepare merge FOLDER FOLDER ADAPTER

Progress goes to the terminal; what went wrong to the output, as `{"code": …, "message": …}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import gguf
import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from tokenizers import pre_tokenizers
from transformers import AutoTokenizer, LlamaConfig
from transformers.utils import logging as transformers_logging

from bots.language.local_graph import build
from bots.language.local_merge import merge
from bots.language.local_sample import sample_of
from bots.language.model import ModelUnavailable
from bots.language.weights import NO_ROOM, disk_full

NAMES = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def _bar(share: float) -> None:
    done = int(share * 30)
    end = "\n" if share >= 1 else ""
    sys.stderr.write(f"\rPreparing the language model [{'#' * done}{' ' * (30 - done)}]{end}")
    sys.stderr.flush()


def convert(packed: Path, folder: Path, *, progress: Callable[[float], None]) -> None:
    """Write a GGUF file of the Llama family as a folder in the hub's form, 16 bits a weight."""
    try:
        reader = gguf.GGUFReader(packed)
        config = _config(reader)
    except (ValueError, IndexError, AttributeError) as problem:
        raise ModelUnavailable("broken_file", f"{packed} is not whole.") from problem
    weights: dict[str, torch.Tensor] = {}
    for done, tensor in enumerate(reader.tensors):
        values = gguf.dequantize(tensor.data, tensor.tensor_type)
        name, values = _renamed(tensor.name, values, config)
        weights[name] = torch.from_numpy(values.astype(np.float16, order="C"))
        progress(0.9 * (done + 1) / len(reader.tensors))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config.save_pretrained(folder)
    tokens = AutoTokenizer.from_pretrained(packed.parent, gguf_file=packed.name)
    # The file names its splitting rule without spelling it out: digits stand alone in this family.
    tokens.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokens.save_pretrained(folder)
    progress(1)


def _config(reader: Any) -> LlamaConfig:
    def field(name: str) -> Any:
        return reader.get_field(name).contents()

    return LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=field("llama.vocab_size"),
        hidden_size=field("llama.embedding_length"),
        intermediate_size=field("llama.feed_forward_length"),
        num_hidden_layers=field("llama.block_count"),
        num_attention_heads=field("llama.attention.head_count"),
        num_key_value_heads=field("llama.attention.head_count_kv"),
        head_dim=field("llama.rope.dimension_count"),
        max_position_embeddings=field("llama.context_length"),
        rms_norm_eps=field("llama.attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": field("llama.rope.freq_base")},
        tie_word_embeddings=not any(tensor.name == "output.weight" for tensor in reader.tensors),
        bos_token_id=field("tokenizer.ggml.bos_token_id"),
        eos_token_id=field("tokenizer.ggml.eos_token_id"),
        dtype="float16",
    )


def _renamed(
    name: str, values: np.ndarray[Any, Any], config: LlamaConfig
) -> tuple[str, np.ndarray[Any, Any]]:
    """The hub's name of a tensor, and its values in the hub's order."""
    outside = {
        "token_embd.weight": "model.embed_tokens.weight",
        "output_norm.weight": "model.norm.weight",
        "output.weight": "lm_head.weight",
    }
    if name in outside:
        return outside[name], values
    _, layer, part, _ = name.split(".")
    if part in {"attn_q", "attn_k"}:
        heads = config.num_attention_heads if part == "attn_q" else config.num_key_value_heads
        values = _unwoven(values, cast(int, heads))
    return f"model.layers.{layer}.{NAMES[part]}.weight", values


def _unwoven(values: np.ndarray[Any, Any], heads: int) -> np.ndarray[Any, Any]:
    """GGUF weaves the two halves of each head together for its own rotary kernel; take them apart."""
    rows, columns = values.shape
    pairs = values.reshape(heads, rows // heads // 2, 2, columns)
    return pairs.swapaxes(1, 2).reshape(rows, columns)


def main(what: str, source: str, to: str, *more: str) -> None:
    progress = _bar if sys.stderr.isatty() else lambda _share: None
    if what == "gguf":
        convert(Path(source), Path(to), progress=progress)
    elif what == "merge":
        merge(Path(source), Path(more[0]), Path(to), progress=progress)
    else:
        context, digest, bits = more
        build(
            Path(source),
            Path(to),
            context=int(context),
            digest=digest,
            seven_bits=bits == "7",
            sample=sample_of(Path(source))[: int(context)],
            progress=progress,
        )


def _told(arguments: list[str]) -> int:
    """Runs `main`; what went wrong goes to the output."""
    try:
        main(*arguments)
    except ModelUnavailable as error:
        problem = error
    except MemoryError:
        problem = ModelUnavailable("too_little_memory", "The model does not fit while converted.")
    except (OSError, SafetensorError) as error:  # the latter hides the system's number in its words
        if getattr(error, "errno", None) not in NO_ROOM and "os error 28" not in str(error):
            raise
        problem = disk_full(Path(arguments[2]).parent)
    else:
        return 0
    sys.stdout.write(json.dumps({"code": problem.code, "message": str(problem)}))
    return 1


if __name__ == "__main__":
    quiet: Any = transformers_logging
    quiet.disable_progress_bar()
    quiet.set_verbosity_error()
    sys.exit(_told(sys.argv[1:]))
