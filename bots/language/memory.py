"""Does it fit? Asked before loading, because the system's own answer is to kill the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bots.language.model import ModelUnavailable

TOGETHER = 16  # conversations in one pass on a CPU: more would each be slower than reading speed
TOGETHER_CUDA = 32
MIB = 1 << 20
ROOM_BESIDE = 250 * MIB  # for what conversations and torch itself need while they run
CONVERTER = 500 * MIB  # the process that converts, before it has read anything
GROUPS = Path("/sys/fs/cgroup")


def check_memory(folder: Path, config: Mapping[str, Any], device: str) -> None:
    """Raises `ModelUnavailable` when the weights in `folder` would not fit on the device."""
    each = 1.5 if device == "cpu" else 2  # eight bits a weight, and the words once more at sixteen
    needed = int(_weights(folder, config) * each) + ROOM_BESIDE
    _check(needed, device, "The model needs")


def check_conversion(folder: Path, config: Mapping[str, Any]) -> None:
    """The same for the process that makes the files of `ort_decoder`: one layer of full precision at a
    time, and the matrix of words twice."""
    words = int(config.get("vocab_size") or 0) * int(config.get("hidden_size") or 0)
    layers = int(config.get("num_hidden_layers") or 1)
    layer = max(0, _weights(folder, config) - words) // layers
    _check(4 * (2 * words + 3 * layer) + CONVERTER, "cpu", "Converting the model once needs")


def _weights(folder: Path, config: Mapping[str, Any]) -> int:
    stored = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    kind = config.get("dtype") or config.get("torch_dtype")
    return stored // (4 if kind == "float32" else 2)


def _check(needed: int, device: str, told: str) -> None:
    free = free_memory(device)
    if free is not None and needed > free:
        raise ModelUnavailable(
            "too_little_memory",
            f"{told} about {needed // MIB} MiB and {max(0, free) // MIB} MiB are free.",
        )


def slots_for(folder: Path, config: Mapping[str, Any], device: str, context: int) -> int:
    """How many conversations' keys and values the device can hold beside the weights."""
    if device == "cpu":
        return TOGETHER
    heads = config.get("num_key_value_heads") or config["num_attention_heads"]
    size = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    one: int = 2 * 2 * config["num_hidden_layers"] * heads * size * context
    free = (free_memory(device) or one) - 2 * _weights(
        folder, config
    )  # asked before they are loaded
    return max(1, min(TOGETHER_CUDA, free // 2 // one))


def free_memory(device: str) -> int | None:
    """Bytes that may still be taken, by this machine and by its container; None if nobody says."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    left = [_of_machine(), *(_of_group(folder) for folder in _groups())]
    return min((one for one in left if one is not None), default=None)


def _of_machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(x.split()[1]) * 1024 for x in lines if x.startswith("MemAvailable:")), None)


def _groups() -> Iterator[Path]:
    """The control groups with a say in this process's memory, of either version: its own and all above.

    In a container the names are the host's, and only the group at the top is to be seen.
    """
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, name = line.split(":", 2)
            if controllers and "memory" not in controllers.split(","):
                continue
            top = GROUPS / "memory" if controllers else GROUPS
            own = top / name.strip("/")
            yield from (one for one in (own, *own.parents) if one.is_relative_to(top))


def _of_group(folder: Path) -> int | None:
    """What a group may still take; pages of files that nobody reads any more count as free."""
    for limit, used, old in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        with suppress(OSError, ValueError):
            told = dict(x.split() for x in (folder / "memory.stat").read_text().splitlines())
            bound = int((folder / limit).read_text())
            return bound - int((folder / used).read_text()) + int(told.get(old, 0))
    return None
