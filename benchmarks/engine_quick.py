"""How soon, how fast and how large: the local model with 1, 4, 8 and 16 conversations at once.

    python benchmarks/engine_quick.py [--cache DIR] [--counts 1,4,8,16] [--json FILE]

Two loads for each count. `decode`: short prompts, 48 tokens each, nothing shared but the rules:
tokens/s of all together. `support`: an article of its own for each conversation, through the gate:
seconds to the first token and to the first sentence that a customer sees. The box's load is printed,
since two cores that others use say little.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bots.language.decoder import Piece  # noqa: E402 -- the path comes first
from bots.language.loader import language_model  # noqa: E402 -- the path comes first
from bots.language.model import LanguageModel, Passage, Turn  # noqa: E402
from bots.language.support_gate import SupportGate  # noqa: E402

ROUNDS = 4
TOPICS = (
    "Returns|You can return unused {0} within 3{1} days of delivery. Refunds are paid to the card "
    "you used within five working days after we have received the {0}. Sale items can be "
    "exchanged but not refunded. Return shipping costs €{1}.90 unless the {0} is faulty. Write to "
    "help{1}@shop.example if a label is missing. Gifts can be returned by the person who got them."
)
THINGS = "boots tents jackets stoves packs ropes maps lamps socks gloves poles mats cups filters"


def article(number: int) -> Passage:
    things = THINGS.split()
    title, text = TOPICS.split("|")
    thing = things[number % len(things)]
    return Passage(f"a{number}", f"{title} {thing}", text.format(thing, number % 10))


def share(values: list[float], of: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * of))], 3) if values else -1.0


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def ask(model: LanguageModel, number: int) -> dict[str, Any]:
    passage = article(number)
    started = time.perf_counter()
    seen: list[float] = []
    gate = SupportGate([passage], lambda _text: seen.append(time.perf_counter() - started))
    completion = model.write(
        turns=[Turn("customer", "How long do I have to return them, and what does it cost?")],
        passages=[passage],
        language="en",
        on_text=gate.feed,
        cancelled=lambda: gate.stopped,
    )
    gate.finish()
    return {"first": completion.seconds_to_first, "seen": seen[:1], "tokens": completion.tokens}


def support(model: LanguageModel, count: int, offset: int) -> dict[str, Any]:
    with ThreadPoolExecutor(count) as pool:
        told = [
            answer
            for turn in range(ROUNDS)
            for answer in pool.map(
                lambda number: ask(model, number),
                range(offset + turn * count, offset + (turn + 1) * count),
            )
        ]
    seen = [seconds for answer in told for seconds in answer["seen"]]
    firsts = [answer["first"] for answer in told]
    return {
        "first_token_p50": share(firsts, 0.5),
        "first_token_p95": share(firsts, 0.95),
        "first_sentence_p50": share(seen, 0.5),
        "first_sentence_p95": share(seen, 0.95),
        "answered": round(len(seen) / len(told), 2),
    }


def decode(model: Any, count: int) -> float:
    """Aggregate tokens/s of `count` free-running answers, from the first token of the last to join."""
    steps = 48
    decoder = model._engine._decoder
    words = [7] * count
    for place in range(8):
        decoder.step([Piece(row, place, [word]) for row, word in enumerate(words)])
    started = time.perf_counter()
    for place in range(8, 8 + steps):
        words = decoder.step([Piece(row, place, [word]) for row, word in enumerate(words)]).best()
    return round(count * steps / (time.perf_counter() - started), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--counts", default="1,4,8,16")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    before = megabytes()
    started = time.perf_counter()
    model = language_model(device="cpu", cache_dir=options.cache)
    result: dict[str, Any] = {
        "load_seconds": round(time.perf_counter() - started, 1),
        "load_average": os.getloadavg()[0],
        "counts": {},
    }
    print(f"loaded in {result['load_seconds']} s, the box's load is {result['load_average']:.1f}")
    print("at once | tokens/s | first token p50 p95 | first sentence p50 p95 | answered | MiB")
    for offset, count in enumerate(int(count) for count in options.counts.split(",")):
        row = {"tokens_per_second": decode(model, count)}
        row |= support(model, count, offset * 1_000) | {"mebibytes": megabytes()}
        result["counts"][count] = row
        print(
            f"{count:7} | {row['tokens_per_second']:8} | {row['first_token_p50']:9} "
            f"{row['first_token_p95']:9} | {row['first_sentence_p50']:10} "
            f"{row['first_sentence_p95']:11} | {row['answered']:8} | {row['mebibytes']:.0f}",
            flush=True,
        )
    result["mebibytes_before"] = before
    result["load_average_after"] = os.getloadavg()[0]
    print(json.dumps(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2))
    model.close()


if __name__ == "__main__":
    main()
