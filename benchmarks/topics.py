"""How good topics are: questions with known intents, clustered without them.

    python -m benchmarks.topics [--data ../shared/data] [--sets banking77 clinc150 …] [--tune]

For each set: all at once, and as they come (in random order, 500 at a time, as the product does it), beside
what is known of it: k-means that is told how many intents there are. NMI and ARI compare with the intents
(Vinh et al. 2010; Hubert & Arabie 1985); purity is the share of questions in a group whose intent is the
group's commonest; "in a topic" the share that is in any. Questions in no topic count as one group of their own.
"""

import argparse
import csv
import gzip
import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from analytics.topics.rules import grouping
from bots.language.loader import bulk_embedder
from bots.learning.clusters import around

MOST = 3_000
SETS = ("hwu64", "banking77", "clinc150", "bitext", "zh_bank")


def rows_of(data: Path, name: str) -> list[tuple[str, str]]:
    """(question, intent), at most MOST, drawn with a fixed seed."""
    files = {
        "hwu64": ("intent/hwu64.csv.gz", ("text", "intent")),
        "banking77": ("intent/banking77.csv.gz", ("text", "intent")),
        "clinc150": ("intent/clinc150.csv.gz", ("text", "intent")),
        "bitext": ("intent/bitext_intents_8k.csv.gz", ("text", "intent")),
        "zh_bank": ("faq/zh_bank_faq_queries.jsonl.gz", ("query", "faq_id")),
    }
    path, (text, label) = files[name]
    with gzip.open(data / path, "rt", encoding="utf-8", newline="") as file:
        rows = (
            [json.loads(line) for line in file] if "jsonl" in path else list(csv.DictReader(file))
        )
    rows = [row for row in rows if row.get("part", "public") == "public"]
    keys = rows[0].keys()
    text = (
        text
        if text in keys
        else next(k for k in ("utterance", "question", "text", "query") if k in keys)
    )
    label = (
        label
        if label in keys
        else next(
            k for k in ("label", "category", "doc", "answer_id", "faq_id", "gold") if k in keys
        )
    )
    found = [
        (str(row[text]), str(row[label]))
        for row in rows
        if str(row[label]) not in {"oos", "oos_oos"}
    ]
    if name == "zh_bank":  # hundreds of FAQs with a handful of wordings: the ones with enough
        counts: dict[str, int] = {}
        for _, one in found:
            counts[one] = counts.get(one, 0) + 1
        found = [row for row in found if counts[row[1]] >= grouping.FEWEST]
    dice = np.random.default_rng(1)
    chosen = dice.permutation(len(found))[:MOST]
    return [found[place] for place in chosen]


def scores(places: np.ndarray, labels: list[str]) -> dict[str, float]:
    names = np.array(labels)
    pure = sum(
        np.unique(names[places == one], return_counts=True)[1].max()
        for one in set(places.tolist()) - {-1}
    )
    inside = int((places >= 0).sum())
    return {
        "topics": len(set(places.tolist()) - {-1}),
        "nmi": round(float(normalized_mutual_info_score(names, places)), 3),
        "ari": round(float(adjusted_rand_score(names, places)), 3),
        "purity": round(float(pure) / inside, 3) if inside else 0.0,
        "in_a_topic": round(inside / len(places), 3),
    }


def as_they_come(vectors: np.ndarray, *, joins: float, alike: float) -> np.ndarray:
    """What `analytics.topics.actions.sort` does with a stream: join, find new ones, split what has grown."""
    places = np.full(len(vectors), -1)
    looked: dict[int, int] = {}
    for start in range(0, len(vectors), 500):
        new = np.arange(start, min(start + 500, len(vectors)))
        alive = sorted(looked)
        sums = np.array([vectors[places == one].sum(axis=0) for one in alive], dtype=np.float32)
        sizes = np.array([(places == one).sum() for one in alive], dtype=np.float32)
        where, _ = grouping.nearest(
            vectors[new], sums.reshape(len(alive), vectors.shape[1]), sizes, joins=joins
        )
        for at, place in zip(new, where, strict=True):
            if place >= 0:
                places[at] = alive[place]
        left = np.flatnonzero(places[: new[-1] + 1] < 0)
        _found(places, looked, left, grouping.together(vectors[left], alike=alike), first=0)
        for one in list(looked):
            mine = np.flatnonzero(places == one)
            if grouping.is_grown(len(mine), looked[one]):
                looked[one] = len(mine)
                _found(places, looked, mine, grouping.together(vectors[mine], alike=alike), first=1)
    return places


def _found(
    places: np.ndarray, looked: dict[int, int], rows: np.ndarray, groups: np.ndarray, *, first: int
) -> None:
    for group in range(first, groups.max(initial=-1) + 1):
        number = len(looked)
        places[rows[groups == group]] = number
        looked[number] = int((groups == group).sum())


def main() -> None:
    asks = argparse.ArgumentParser()
    asks.add_argument("--data", type=Path, default=Path("../shared/data"))
    asks.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    asks.add_argument("--tune", action="store_true")
    asked = asks.parse_args()
    if not asked.data.exists():
        sys.exit(f"No data at {asked.data}.")
    encoder = bulk_embedder("")
    for name in asked.sets:
        rows = rows_of(asked.data, name)
        began = time.perf_counter()
        raw = encoder.queries([text for text, _ in rows])
        took = time.perf_counter() - began
        vectors = around(raw, raw.mean(axis=0))
        labels = [label for _, label in rows]
        intents = len(set(labels))
        print(
            json.dumps(
                {
                    "set": name,
                    "questions": len(rows),
                    "intents": intents,
                    "encoding_s": round(took, 1),
                }
            ),
            flush=True,
        )
        known = MiniBatchKMeans(intents, n_init=3, random_state=1, batch_size=1024).fit_predict(
            vectors
        )
        print(
            json.dumps({"set": name, "how": "k-means told how many", **scores(known, labels)}),
            flush=True,
        )
        limits = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5) if asked.tune else (grouping.TOGETHER,)
        for alike in limits:
            began = time.perf_counter()
            once = grouping.together(vectors, alike=alike)
            took = time.perf_counter() - began
            print(
                json.dumps(
                    {
                        "set": name,
                        "how": "all at once",
                        "alike": alike,
                        "s": round(took, 2),
                        **scores(once, labels),
                    }
                ),
                flush=True,
            )
            for joins in (alike - 0.05, alike, alike + 0.05) if asked.tune else (grouping.JOINS,):
                stream = as_they_come(vectors, joins=joins, alike=alike)
                print(
                    json.dumps(
                        {
                            "set": name,
                            "how": "as they come",
                            "alike": alike,
                            "joins": round(joins, 2),
                            **scores(stream, labels),
                        }
                    ),
                    flush=True,
                )


if __name__ == "__main__":
    main()
