"""Few-shot intents on public sets, through the product's own head: ten examples of each intent.

    .venv/bin/python benchmarks/intents.py [SET …] [--seeds 3] [--examples 10] [--json FILE]

Public parts only: the examples are drawn from them, and all other rows are asked. `logistic` is the usual
baseline, logistic regression over the English encoder's vectors. Nothing was trained on these sets but
three round numbers of `bots/knowledge/intents.py`, by the same public parts.
"""

import json
import os
import random
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks import sets
from bots.knowledge.intents import Examples, IntentHead
from bots.language.loader import bulk_embedder, embedder
from bots.language.model import Vectors

SETS = {"banking77": 60, "clinc150": 45, "hwu64": 45}  # rows of each intent that are read
OUTSIDE = {"oos"}


class Read:
    """The rows of one set with their vectors."""

    def __init__(self, name: str, most: int) -> None:
        dice = random.Random(0)
        rows = [(row["text"], row["intent"]) for row in sets.rows(f"intent/{name}.csv.gz")]
        dice.shuffle(rows)
        counts: dict[str, int] = {}
        self.texts: list[str] = []
        self.intents: list[str] = []
        for text, intent in rows:
            counts[intent] = counts.get(intent, 0) + 1
            if counts[intent] <= most or intent in OUTSIDE:
                self.texts.append(text)
                self.intents.append(intent)
        self.labels = sorted(set(self.intents) - OUTSIDE)
        titles = [label.replace("_", " ").replace("?", "").capitalize() for label in self.labels]
        every, english = bulk_embedder(), embedder("bge")
        self.every, self.english = every.queries(self.texts), english.queries(self.texts)
        self.titles = every.queries(titles), english.queries(titles)

    def drawn(self, examples: int, seed: int) -> tuple[list[int], list[int]]:
        """Rows to learn from, and all others."""
        dice = random.Random(seed)
        places: dict[str, list[int]] = {}
        for place, intent in enumerate(self.intents):
            places.setdefault(intent, []).append(place)
        taken: list[int] = []
        asked: list[int] = []
        for intent in sorted(places):
            mine = places[intent][:]
            dice.shuffle(mine)
            few = 0 if intent in OUTSIDE else examples
            taken += mine[:few]
            asked += mine[few:]
        return taken, asked


def trial(read: Read, examples: int, seed: int) -> dict[str, float]:
    taken, asked = read.drawn(examples, seed)
    names = [read.intents[place] for place in taken]
    truth = [read.intents[place] for place in asked]
    inside = np.array([intent not in OUTSIDE for intent in truth])
    begun = perf_counter()
    head = IntentHead.learn(
        Examples(
            [*names, *read.labels],
            np.concatenate([read.every[taken], read.titles[0]]),
            np.concatenate([read.english[taken], read.titles[1]]),
        )
    )
    assert head is not None
    seconds = perf_counter() - begun
    found = head.of(read.every[asked], read.english[asked])
    right = np.array([one.name == intent for one, intent in zip(found, truth, strict=True)])
    chances = np.array([one.probability for one in found])
    base = logistic(read.english[taken], names, read.english[asked])
    figures = {
        "accuracy": float(right[inside].mean()),
        "logistic": float(
            np.mean([b == t for b, t in zip(base, truth, strict=True) if t in names])
        ),
        "calibration error": gap(chances[inside], right[inside]),
        "seconds to learn": seconds,
    }
    if not inside.all():
        figures["out of scope AUROC"] = auroc(np.array([one.score for one in found]), inside)
    return figures


def logistic(given: Vectors, names: Sequence[str], asked: Vectors) -> list[str]:
    known = sorted(set(names))
    x, y = torch.tensor(given), torch.tensor([known.index(name) for name in names])
    weights = torch.zeros(x.shape[1] + 1, len(known), requires_grad=True)
    solver = torch.optim.LBFGS([weights], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> float:
        solver.zero_grad()
        scores = x @ weights[1:] + weights[0]
        lost = torch.nn.functional.cross_entropy(scores, y, reduction="sum")
        total = lost + (weights[1:] ** 2).sum() / 20
        total.backward()  # type: ignore[no-untyped-call]
        return float(total)

    solver.step(loss)  # type: ignore[no-untyped-call]
    best = (torch.tensor(asked) @ weights[1:] + weights[0]).argmax(1)
    return [known[int(place)] for place in best]


def auroc(scores: NDArray[np.float64], inside: NDArray[np.bool_]) -> float:
    order = scores.argsort().argsort()
    return float((order[inside].mean() - (inside.sum() - 1) / 2) / (~inside).sum())


def gap(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error in ten bins of equal size."""
    bins = np.array_split(chances.argsort(), 10)
    return float(sum(len(b) * abs(chances[b].mean() - right[b].mean()) for b in bins) / len(right))


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="*", choices=[*SETS, []], default=[])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--examples", type=int, default=10)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    if not sets.have():
        raise SystemExit(f"No evaluation data in {sets.FOLDER}.")
    report: dict[str, Any] = {}
    for name in options.set or SETS:
        read = Read(name, SETS[name])
        tries = [trial(read, options.examples, seed) for seed in range(options.seeds)]
        report[name] = {key: [round(one[key], 4) for one in tries] for key in tries[0]}
        print(f"{name}, {len(read.labels)} intents")
        for key, values in report[name].items():
            print(f"  {key:20} {np.mean(values):.4f}  {values}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
