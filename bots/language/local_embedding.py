"""Sentence vectors with torch: any encoder by folder or hub id.

Only `loader` reaches this room, and only by its dotted name: whoever loads it has paid for torch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

from bots.language.embedding import in_batches
from bots.language.model import ModelUnavailable, Vectors

TOKENS = 256


class SentenceEncoder:
    """An encoder in the hub's form, its token vectors averaged (or the first taken) and normalised.

    Models of the E5 family are told which text is a question and which a passage, as they were
    trained to be.
    """

    def __init__(self, spec: str, *, device: str = "cpu") -> None:
        try:
            self._tokens: Any = AutoTokenizer.from_pretrained(spec)
            model: Any = AutoModel.from_pretrained(spec, dtype=torch.float32)
        except (OSError, ValueError) as problem:
            reason = str(problem).splitlines()[0]
            raise ModelUnavailable("wrong_name", f"No encoder called {spec}: {reason}") from problem
        self._model = model.to(device).eval()
        self._device = device
        self._first_token = _takes_first_token(spec)
        self._prefixes = ("query: ", "passage: ") if "e5" in spec.lower() else ("", "")
        self.name = spec
        self.dimensions = int(model.config.hidden_size)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return in_batches(texts, self.dimensions, lambda few: self._encode(few, self._prefixes[0]))

    def passages(self, texts: Sequence[str]) -> Vectors:
        return in_batches(texts, self.dimensions, lambda few: self._encode(few, self._prefixes[1]))

    @torch.inference_mode()
    def _encode(self, texts: list[str], prefix: str) -> Vectors:
        words = self._tokens(
            [prefix + text for text in texts],
            padding=True,
            truncation=True,
            max_length=TOKENS,
            return_tensors="pt",
        ).to(self._device)
        states = self._model(**words).last_hidden_state
        if self._first_token:
            pooled = states[:, 0]
        else:
            mask = words["attention_mask"].unsqueeze(-1).to(states.dtype)
            pooled = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
        vectors: Vectors = torch.nn.functional.normalize(pooled, dim=1).float().cpu().numpy()
        return vectors


def _takes_first_token(source: str) -> bool:
    """What the model's own folder says about pooling; without a word of it, the average."""
    pooling = Path(source) / "1_Pooling" / "config.json"
    if not pooling.is_file():
        return False
    return bool(json.loads(pooling.read_text()).get("pooling_mode_cls_token"))
