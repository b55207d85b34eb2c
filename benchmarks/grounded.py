"""A file for `train_bot` out of public sets whose licences allow it: questions, passages, answers.

    .venv/bin/python benchmarks/grounded.py examples.jsonl [--dstc 700] [--bitext 200]

DSTC10's knowledge (Apache-2.0): what one hotel or restaurant says about itself, three to five lines in a random
order, and the line that answers the question. Bitext's answers (CDLA-Sharing 1.0): an answer as the passage, and its
first sentences that are not only polite. A hotel, and an intent's answer, is one `conversation`, so that neither is
in both parts of a split.
"""

import hashlib
import json
import random
import re
import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sets
from bots.language.words import sentences
from bots.learning.replies import answer_in

LINES = (3, 5)
SAID = 2  # sentences of an answer of Bitext's


def dstc(dice: random.Random) -> Iterator[dict[str, Any]]:
    """One question of each place, all places in a random order, then a second one, and so on."""
    places = defaultdict(list)
    for row in sets.rows("faq/dstc_knowledge_faq.jsonl.gz"):
        if row["entity"]:
            places[row["doc_key"].rsplit("|", 1)[0], row["entity"]].append(row)
    turns = []
    for (key, name), rows in sorted(places.items()):
        asked = dice.sample(rows, len(rows))
        for turn, row in enumerate(asked):
            others = [one for one in rows if one is not row]
            more = dice.sample(others, min(len(others), dice.randint(*LINES) - 1))
            told = [row, *more]
            dice.shuffle(told)
            example = {
                "conversation": key,
                "title": name,
                "question": row["question"],
                "context": " ".join(_ended(one["answer"]) for one in told),
                "answer": _ended(row["answer"]),
            }
            turns.append((turn, dice.random(), example))
    yield from (example for _, _, example in sorted(turns, key=lambda one: one[:2]))


def _ended(line: str) -> str:
    line = line.strip()
    return line if line.endswith((".", "!", "?")) else f"{line}."


def bitext(dice: random.Random) -> Iterator[dict[str, Any]]:
    rows = sets.rows("intent/bitext_qa_responses.csv.gz")
    dice.shuffle(rows)
    for row in rows:
        context = re.sub(r"\{\{(.*?)\}\}", r"\1", row["response"])
        said = sentences(answer_in(context))[:SAID]
        if said and not any(":" in one or re.match(r"\s*\d+\.", one) for one in said):
            yield {
                "conversation": hashlib.sha256(context.encode()).hexdigest()[:12],
                "title": row["intent"].replace("_", " ").capitalize(),
                "question": row["text"],
                "context": context,
                "answer": " ".join(one.strip() for one in said),
            }


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--dstc", type=int, default=700)
    parser.add_argument("--bitext", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    chosen = parser.parse_args()
    found: list[dict[str, Any]] = []
    for make, most in ((dstc, chosen.dstc), (bitext, chosen.bitext)):
        of_set = make(random.Random(chosen.seed))
        found += [one for _, one in zip(range(most), of_set, strict=False)]
    chosen.file.write_text(
        "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
