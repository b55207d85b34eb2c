"""What eight bits cost: next words and perplexity on real answers, beside full precision.

    python benchmarks/engine_quality.py [--cache DIR] [--answers 200]

Teacher-forced on Bitext's public answers (skipped with a line where the data is absent): the share of
places where both would say the same word, and how surprised each is by the words that follow.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bots.language import local_decoder  # noqa: E402 -- the path comes first
from bots.language.decoder import Piece  # noqa: E402
from bots.language.ort_decoder import OrtDecoder  # noqa: E402
from bots.language.tokens import Tokens  # noqa: E402
from bots.language.weights import model_folder, network_folder  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "intent" / "bitext_qa_responses.csv.gz"
AT_ONCE = 30


def told(decoder: Any, words: list[int]) -> tuple[list[int], float]:
    """The likeliest next word at every place, and the surprise (nats) at all that really follow."""
    best, surprise = [], 0.0
    for start in range(0, len(words) - 1, AT_ONCE):
        piece = words[start : start + AT_ONCE]
        scores = decoder.step([Piece(0, start, piece, len(piece))])
        best += scores.best()
        for number in range(min(len(piece), len(words) - 1 - start)):
            line = scores.line(number)
            peak = float(line.max())
            whole = peak + float(np.log(np.exp(line - peak).sum()))
            surprise += whole - float(line[words[start + number + 1]])
    return best, surprise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--answers", type=int, default=200)
    options = parser.parse_args()
    if not DATA.is_file():
        raise SystemExit(f"There is no {DATA}.")
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == "public"]
    folder = model_folder("", options.cache)
    tokens, cores = Tokens(folder), os.cpu_count() or 1
    vars(local_decoder)["can_do_int8"] = lambda: False
    full = local_decoder.TorchDecoder(folder, device="cpu", slots=1, context=768, threads=cores)
    network = network_folder(folder, options.cache, context=768)
    ours = OrtDecoder(network, slots=1, threads=cores)
    same = places = 0
    surprises = np.zeros(2)
    for row in rows[:: max(1, len(rows) // options.answers)][: options.answers]:
        chat = [{"role": "user", "content": row["text"]}]
        words = tokens.encode(tokens.rendered(chat) + row["response"])[:700]
        (a, x), (b, y) = told(full, words), told(ours, words)
        same += sum(one == other for one, other in zip(a, b, strict=True))
        places += len(a)
        surprises += x, y
    ours_says, full_says = np.exp(surprises[::-1] / places)
    print(
        f"{places} places: the same next word at {same / places:.3f}; "
        f"perplexity {full_says:.3f} at full precision, {ours_says:.3f} in eight bits"
    )


if __name__ == "__main__":
    main()
