"""Does it fit? Asked before loading, because the system's own answer is to kill the process."""

from __future__ import annotations

from pathlib import Path

from bots.language.model import ModelUnavailable
from bots.language.weights import described

TOGETHER = 16  # conversations in one pass on a CPU: more would each be slower than reading speed
TOGETHER_CUDA = 32
MIB = 1 << 20
ROOM_BESIDE = 250 * MIB  # for what conversations and torch itself need while they run


def check_memory(folder: Path, device: str) -> None:
    """Raises `ModelUnavailable` when the weights in `folder` would not fit on the device."""
    stored = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    wide = 4 if described(folder).get("dtype") == "float32" else 2
    weights = stored // wide
    each = 1.5 if device == "cpu" else 2  # eight bits a weight, and the words once more at sixteen
    needed = int(weights * each) + ROOM_BESIDE
    free = free_memory(device)
    if free is not None and needed > free:
        raise ModelUnavailable(
            "too_little_memory",
            f"The model needs about {needed // MIB} MiB and {free // MIB} MiB are free.",
        )


def slots_for(folder: Path, device: str, context: int) -> int:
    """How many conversations' keys and values the device can hold beside the weights."""
    if device == "cpu":
        return TOGETHER
    config = described(folder)
    heads = config.get("num_key_value_heads") or config["num_attention_heads"]
    size = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    one: int = 2 * 2 * config["num_hidden_layers"] * heads * size * context
    free = free_memory(device) or one
    return max(1, min(TOGETHER_CUDA, int(free * 0.3) // one))


def free_memory(device: str) -> int | None:
    """Bytes that may still be taken, by this machine and by its container; None if nobody says."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    limits = [limit for limit in (_of_machine(), _of_container()) if limit is not None]
    return min(limits, default=None)


def _of_machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(x.split()[1]) * 1024 for x in lines if x.startswith("MemAvailable:")), None)


def _of_container() -> int | None:
    folder = Path("/sys/fs/cgroup")
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
    except (OSError, ValueError):
        return None
    return int(limit) - used if limit.isdigit() else None
