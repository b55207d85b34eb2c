"""Public evaluation data, read where it lies beside the repository; never part of it."""

import csv
import gzip
import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(
    os.environ.get("EVALUATION_DATA")
    or Path(__file__).resolve().parent.parent.parent / "shared" / "data"
)


def have() -> bool:
    return FOLDER.is_dir()


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one file, `faq/stackfaq_docs.jsonl.gz` for one; CSV or JSON Lines."""
    with gzip.open(FOLDER / name, "rt", encoding="utf-8", newline="") as file:
        if ".csv" in name:
            return list(csv.DictReader(file))
        return [json.loads(line) for line in file]
