"""What is fine-tuned, and how: a job that a process with torch runs, and what it leaves. Without torch."""

from __future__ import annotations

from dataclasses import dataclass

JOB, CURVE, ADAPTER = "job.json", "curve.json", "adapter"
WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
EVERYTHING = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True)
class Job:
    """`model` is a folder in the hub's form, `filler` the token that fills a batch.

    `rank` of the adapter; `minutes` of computing at most, over all tries (0: no limit); the model is held
    against what it does not learn from each `every` steps, and it ends after `patience` of these without a
    better one. `rate` falls along a cosine after `warmup` steps. Memory and time grow with `batch`.
    """

    model: str
    filler: int
    seed: int = 7
    rank: int = 8
    targets: tuple[str, ...] = EVERYTHING
    epochs: int = 3
    batch: int = 8
    rate: float = 4e-4
    warmup: int = 10
    dropout: float = 0.05
    every: int = 20
    patience: int = 4
    minutes: float = 0
    device: str = "cpu"
    bfloat16: bool = False
