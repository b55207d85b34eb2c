"""What recommendations are worth on public logs, with both commands as anybody would run them.

    python -m benchmarks.recommend SHARED/data [--only movielens,beauty,games,grocery,latency] [--out DIR]

Each customer's newest event (for groceries: the first basket after a day) is kept apart before training; every item of
the catalogue competes, and where nobody comes back, what a customer had does not. One line of JSON for each set.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from bots.recommendation import neighbours, popular
from bots.recommendation.candidates import NAMES
from bots.recommendation.events import Floats, gathered
from bots.recommendation.factors import Factors
from bots.recommendation.figures import figures
from bots.recommendation.model import FUSED, Recommender
from bots.recommendation.parts import NEXT, REACH, Parts
from bots.recommendation.ranking import Ranking
from bots.recommendation.sequence import Sequence

Row = tuple[str, str, str]
ROOT = Path(__file__).resolve().parents[1]
MOST = 10_000  # customers that are asked for
SPLIT = "2017-09-01"
SETS = ("movielens", "beauty", "games", "grocery", "latency")


def _table(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _rows(name: str, data: Path) -> list[Row]:
    here = data / "recommend"
    if name == "movielens":
        table = _table(here / "movielens100k_ratings.csv.gz")
        return [(one["user_id"], one["item_id"], one["timestamp"]) for one in table]
    if name == "grocery":
        at = {one["basket_id"]: one for one in _table(here / "grocery_baskets.csv.gz")}
        return [
            (at[one["basket_id"]]["household_id"], one["product_id"], at[one["basket_id"]]["ts"])
            for one in _table(here / "grocery_items.csv.gz")
        ]
    file = {"beauty": "amazon_beauty_seq", "games": "amazon_video_games_seq"}[name]
    place: Counter[str] = Counter()
    found = []
    for one in _table(here / f"{file}.csv.gz"):
        place[one["user"]] += 1
        found.append((one["user"], one["item"], str(place[one["user"]])))
    return found


def _apart(name: str, rows: list[Row]) -> tuple[list[Row], dict[str, set[str]]]:
    """What is learnt from, and what is to be foretold for each customer."""
    if name != "grocery":
        last = {customer: number for number, (customer, _, _) in enumerate(rows)}
        kept = [row for number, row in enumerate(rows) if last[row[0]] != number]
        return kept, {customer: {rows[number][1]} for customer, number in last.items()}
    first: dict[str, str] = {}
    for customer, _, at in rows:
        if at >= SPLIT and at < first.get(customer, "9"):
            first[customer] = at
    learnt = [row for row in rows if row[2] < SPLIT]
    known = {customer for customer, _, _ in learnt}
    wanted: dict[str, set[str]] = defaultdict(set)
    for customer, item, at in rows:
        if customer in known and first.get(customer) == at:
            wanted[customer].add(item)
    return learnt, dict(wanted)


def _plain(
    name: str, learnt: list[Row], wanted: dict[str, set[str]]
) -> dict[str, dict[str, float]]:
    """The two that have to be beaten: what is popular, and one's own most frequent items."""
    often = Counter(item for _, item, _ in learnt)
    own: dict[str, Counter[str]] = defaultdict(Counter)
    for customer, item, _ in learnt:
        own[customer][item] += 1
    order = [item for item, _ in often.most_common()]

    def popular(customer: str) -> list[str]:
        had = own[customer] if name != "grocery" else ()
        return [item for item in order[: 10 + len(had)] if item not in had][:10]

    def again(customer: str) -> list[str]:
        return [item for item, _ in own[customer].most_common(10)]

    ways = {"popularity": popular} | ({"buy it again": again} if name == "grocery" else {})
    return {told: _scored({one: way(one) for one in wanted}, wanted) for told, way in ways.items()}


def _scored(found: dict[str, list[str]], wanted: dict[str, set[str]]) -> dict[str, float]:
    names: dict[str, int] = {}

    def number(item: str) -> int:
        return names.setdefault(item, len(names))

    return figures(
        ([number(item) for item in found[customer]], [number(item) for item in items])
        for customer, items in wanted.items()
    ).told()


def measured(name: str, data: Path, out: Path, minutes: float) -> dict[str, object]:
    learnt, wanted = _apart(name, _rows(name, data))
    if len(wanted) > MOST:
        chosen = random.Random(0).sample(sorted(wanted), MOST)
        wanted = {customer: wanted[customer] for customer in chosen}
    table = out / f"{name}.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("customer", "item", "timestamp"), *learnt])
    began = perf_counter()
    card = json.loads(_command("train_recommender", str(table), "--out", str(out / name), "--minutes", str(minutes)))  # fmt: skip
    trained = perf_counter() - began
    lines = "".join(json.dumps({"customer": customer}) + "\n" for customer in wanted)
    began = perf_counter()
    answers = [json.loads(one) for one in _command("recommend", "--model", str(out / name), said=lines).splitlines()]  # fmt: skip
    asked = perf_counter() - began
    found = {one["customer"]: [item["item"] for item in one["items"]] for one in answers}
    ours, plain = _scored(found, wanted), _plain(name, learnt, wanted)
    return {
        "set": name,
        "asked": len(wanted),
        **ours,
        "served": card["served"],
        "others": plain,
        "more": {
            told: {at: round(ours[at] / value - 1, 3) for at, value in one.items() if value}
            for told, one in plain.items()
        },
        "validation": card["figures"],
        "training_seconds": round(trained),
        "ms_a_customer": round(1000 * asked / len(wanted), 2),
    }


def _command(*words: str, said: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        input=said,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return done.stdout


def latency(*, items: int = 100_000, asked: int = 320) -> dict[str, object]:
    """The fused way, which asks every part, on random weights of the real shapes: only its speed is looked at."""
    chance = np.random.default_rng(3)
    drawn = np.concatenate([np.arange(items), chance.zipf(1.2, items * 2) % items])
    people = items // 8
    log = gathered(
        (str(number % people), str(item), float(number))
        for number, item in enumerate(chance.permutation(drawn))
    )

    def some(*shape: int) -> Floats:
        return (chance.normal(size=shape) * 0.05).astype(np.float32)

    size, wide = 64, len(NAMES)
    shapes = {"three": (3 * size, size), "out": (size, size), "first": (2 * size, size), "second": (size, 2 * size)}  # fmt: skip
    weights = {"items.weight": some(items, size), "places.weight": some(50, size), "bias": some(items)}  # fmt: skip
    for norm in ("after", *(f"blocks.{block}.{at}" for block in range(2) for at in ("before", "between"))):  # fmt: skip
        weights |= {f"{norm}.weight": some(size) + 1, f"{norm}.bias": some(size)}
    for block in range(2):
        for name, (out, into) in shapes.items():
            at = f"blocks.{block}.{name}"
            weights |= {f"{at}.weight": some(out, into), f"{at}.bias": some(out)}
    factors = some(items, size)
    parts = Parts(
        popular.fitted(log),
        neighbours.together(log, reach=REACH),
        neighbours.following(log, reach=NEXT),
        Factors(factors, factors.T @ factors, 10.0, 5.0),
        Sequence(weights, 2),
        repeats=False,
    )
    net = {"first.weight": some(32, wide), "first.bias": some(32), "second.weight": some(1, 32), "direct.weight": some(1, wide)}  # fmt: skip
    ranking = Ranking(some(wide), np.ones(wide, np.float32), [net] * 3, 0.5)
    model = Recommender(log.items, parts, ranking, FUSED, log.customers, log)
    times = []
    with threadpool_limits(1, "blas"):
        for customer in chance.integers(0, people, asked):
            history = model.remembered(str(customer))
            began = perf_counter()
            model.recommended(history)
            times.append(1000 * (perf_counter() - began))
    p50, p95, p99 = (round(float(one), 2) for one in np.percentile(times[20:], [50, 95, 99]))
    return {"set": "latency", "items": items, "served": FUSED, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99}  # fmt: skip


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("data", type=Path)
    words.add_argument("--only", default=",".join(SETS))
    words.add_argument("--out", type=Path)
    words.add_argument("--minutes", type=float, default=15)
    words.add_argument("--pictures", type=Path, help="a folder for each model's picture")
    given = words.parse_args()
    if not (given.data / "recommend").is_dir():
        sys.exit(f"{given.data}/recommend is not there: nothing was measured.")
    with tempfile.TemporaryDirectory() as temporary:
        out = given.out or Path(temporary)
        out.mkdir(parents=True, exist_ok=True)
        for name in given.only.split(","):
            found = latency() if name == "latency" else measured(name, given.data, out, given.minutes)  # fmt: skip
            print(json.dumps(found), flush=True)
            if given.pictures and (out / name / "card.svg").is_file():
                shutil.copy(out / name / "card.svg", given.pictures / f"recommender-{name}.svg")


if __name__ == "__main__":
    main()
