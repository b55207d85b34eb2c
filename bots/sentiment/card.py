"""The card that lies beside the shipped weights. Read without loading them: pages show it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CARD = Path(__file__).with_name("shipped") / "card.json"


def read_card(path: Path = CARD) -> dict[str, Any]:
    """What was written; empty where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_card(path: Path, card: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
