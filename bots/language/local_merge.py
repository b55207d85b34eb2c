"""An adapter added to the weights it was trained beside, so that it costs nothing while it answers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from bots.language.model import ModelUnavailable
from bots.language.tuning import CONFIG, WEIGHTS

_NAME = re.compile(r"base_model\.model\.(?P<layer>.+)\.lora_(?P<side>[AB])\.weight")


def merge(folder: Path, adapter: Path, to: Path, *, progress: Callable[[float], None]) -> None:
    """Write the folder in the hub's form that `folder` and a LoRA `adapter` (peft's form) make together.

    Raises `ModelUnavailable` when the adapter's files are not whole, or are not of this model.
    """
    changes = _changes(adapter)
    known = set(changes)
    for source in sorted(folder.iterdir()):
        if source.suffix != ".safetensors":
            shutil.copyfile(source, to / source.name)
            continue
        weights: dict[str, Tensor] = {}
        with safe_open(source, framework="pt") as file:
            names = list(file.keys())
            for done, name in enumerate(names):
                weights[name] = _added(name, file.get_tensor(name), changes)
                known.discard(name)
                progress(done / len(names))
        save_file(weights, to / source.name, metadata={"format": "pt"})
    if known:
        raise ModelUnavailable("broken_file", f"The adapter is not of {folder.name}.")
    progress(1)


def _added(name: str, weight: Tensor, changes: dict[str, tuple[Tensor, Tensor]]) -> Tensor:
    if name not in changes:
        return weight
    down, up = changes[name]
    if (up.shape[0], down.shape[1]) != tuple(weight.shape) or up.shape[1] != down.shape[0]:
        raise ModelUnavailable("broken_file", f"The adapter has another shape at {name}.")
    return (weight.float() + up @ down).to(weight.dtype)


def _changes(adapter: Path) -> dict[str, tuple[Tensor, Tensor]]:
    """For each weight that is changed: shapes (rank, in) and (out, rank), scaled."""
    try:
        told: dict[str, Any] = json.loads((adapter / CONFIG).read_text(encoding="utf-8"))
        rank, alpha = int(told["r"]), float(told["lora_alpha"])
        tensors = load_file(adapter / WEIGHTS)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as problem:
        raise ModelUnavailable("broken_file", "The adapter's files are not whole.") from problem
    if told.get("peft_type") != "LORA" or _is_unusual(told) or rank < 1:
        raise ModelUnavailable("broken_file", "Only plain LoRA adapters can be added to weights.")
    sides: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        found = _NAME.fullmatch(name)
        if found is None or not torch.isfinite(tensor).all():
            raise ModelUnavailable("broken_file", f"The adapter holds {name}, which is not LoRA.")
        sides.setdefault(f"{found['layer']}.weight", {})[found["side"]] = tensor.float()
    if not sides or any(set(both) != {"A", "B"} for both in sides.values()):
        raise ModelUnavailable("broken_file", "The adapter's files are not whole.")
    return {name: (both["A"], both["B"] * (alpha / rank)) for name, both in sides.items()}


def _is_unusual(told: dict[str, Any]) -> bool:
    return bool(
        told.get("use_dora")
        or told.get("use_rslora")
        or told.get("fan_in_fan_out")
        or told.get("rank_pattern")
        or told.get("alpha_pattern")
        or told.get("modules_to_save")
        or told.get("bias", "none") != "none"
    )
