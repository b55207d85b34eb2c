"""Whether a model fits is known before it is loaded."""

from pathlib import Path

import pytest

from bots.language import memory
from bots.language.memory import check_conversion, check_memory, free_memory, slots_for
from bots.language.model import ModelUnavailable

pytestmark = pytest.mark.unit

CONFIG = {"vocab_size": 1000, "hidden_size": 1000, "num_hidden_layers": 10, "dtype": "bfloat16"}
MIB = 1 << 20


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.truncate(400 * MIB)  # of zeros that take no room
    return tmp_path


@pytest.mark.parametrize("free", [549, 551])
def test_loading_needs_a_byte_and_a_half_for_each_weight(
    free: int, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda _device: free * MIB)

    if free > 550:
        check_memory(weights, CONFIG, "cpu")
        return
    with pytest.raises(ModelUnavailable) as refusal:
        check_memory(weights, CONFIG, "cpu")
    assert refusal.value.code == "too_little_memory"
    assert str(refusal.value) == "The model needs about 550 MiB and 549 MiB are free."


def test_converting_needs_a_few_layers_at_full_precision(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda _device: 700 * MIB)
    check_conversion(weights, CONFIG | {"num_hidden_layers": 100})

    with pytest.raises(ModelUnavailable, match="Converting the model once needs") as refusal:
        check_conversion(weights, CONFIG)
    assert refusal.value.code == "too_little_memory"


def group(folder: Path, limit: str, used: int, cache: int, names: tuple[str, str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, said in zip(names, (limit, str(used), f"anon 7\n{names[2]} {cache}"), strict=True):
        (folder / ("memory.stat" if name == names[2] else name)).write_text(said)


V2 = ("memory.max", "memory.current", "inactive_file")
V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


@pytest.mark.parametrize(("names", "top"), [(V2, "."), (V1, "memory")])
def test_a_container_leaves_its_limit_less_what_is_used_but_files_can_be_dropped(
    names: tuple[str, str, str], top: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "GROUPS", tmp_path)
    group(tmp_path / top, str(300 * MIB), 250 * MIB, 100 * MIB, names)

    assert free_memory("cpu") == 150 * MIB


def test_a_group_without_a_limit_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "GROUPS", tmp_path)
    group(tmp_path, "max", 1, 0, V2)
    whole = free_memory("cpu")

    assert whole is None or whole > 150 * MIB


def test_a_card_holds_as_many_conversations_as_fit_beside_the_weights(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = CONFIG | {"num_attention_heads": 10, "num_key_value_heads": 2}
    one = 2 * 2 * 10 * 2 * 100 * 512
    monkeypatch.setattr(memory, "free_memory", lambda _device: 400 * MIB + one * 12)

    assert slots_for(weights, config, "cuda", 512) == 6
    assert slots_for(weights, config, "cpu", 512) == memory.TOGETHER
