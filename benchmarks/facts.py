"""How often something is taken from what customers say, and from how much: to be read by a person, who
marks what is wrong.

    .venv/bin/python benchmarks/facts.py [--show]

Reads the customers' lines of public dialogues beside the repository (or under EVALUATION_DATA). `--show`
prints each fact with its sentence.
"""

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.assist.rules.facts import facts_in
from benchmarks import sets


def lines() -> Iterator[tuple[str, str]]:
    """(set, what a customer said)"""
    for row in sets.rows(
        "dialogue/multidogo_turns.csv.gz"
    ):  # what customers said, and nothing else
        yield "MultiDoGO", row["text"]
    for row in sets.rows("dialogue/ecd_zh_sample.jsonl.gz"):
        yield from (("E-commerce, Chinese", text) for text in row["context"])
    for name, file in (
        ("TweetSumm", "tweetsumm"),
        ("USS", "uss_satisfaction"),
        ("CrossWOZ, Chinese", "crosswoz_zh"),
        ("STAR", "star_dialogues"),
    ):
        for row in sets.rows(f"dialogue/{file}.jsonl.gz"):
            yield from ((name, text) for text in _said(row))


def _said(row: dict[str, Any]) -> Iterator[str]:
    turns = row.get("turns") or row.get("messages") or []
    for turn in turns:
        who = str(turn.get("role") or turn.get("who") or "")
        if who.lower() in {"customer", "user", "usr"}:
            yield str(turn.get("text") or turn.get("utterance") or "")


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    read, taken = Counter[str](), Counter[str]()
    kinds: dict[str, Counter[str]] = {}
    began = time.process_time()
    for name, text in lines():
        read[name] += 1
        for fact in facts_in(text):
            taken[name] += 1
            kinds.setdefault(name, Counter())[fact.kind] += 1
            if show:
                print(f"{name}\t{fact.kind}\t{fact.about}\t{fact.value}\t{text[:160]!r}")
    seconds = time.process_time() - began
    for name, many in read.items():
        said = ", ".join(f"{kind} {n}" for kind, n in kinds.get(name, Counter()).most_common())
        print(f"{name}: {many:,} lines, {taken[name]} facts ({said})")
    print(f"{1e6 * seconds / max(read.total(), 1):.0f} µs a line")


if __name__ == "__main__":
    main()
