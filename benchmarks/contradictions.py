"""How well articles that contradict each other, and articles that say the same, are found.

Public texts are copied; the copies lose a third of their sentences, are shuffled, and in half of them one
figure is altered or one sentence denied. What is then found is right or wrong by construction. Besides,
each text is compared with its nearest others, where everything found is printed to be read by hand.

    .venv/bin/python benchmarks/contradictions.py [--read]
"""

import argparse
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sets
from bots.knowledge.text import COMMON_WORDS, tokens
from bots.learning.contradictions import contradictions, sentences_of
from bots.learning.facts import facts

SEED = 11
NEIGHBOURS = 8
_CAN = re.compile(r"\b(can|will|should|must|may|is|are)\b(?! not|n't)")
_CAN_ZH = re.compile(r"可以|能够|需要|支持")


@dataclass(frozen=True)
class Text:
    title: str
    body: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.title, self.body


def texts() -> dict[str, list[Text]]:
    feedback = [
        Text(" ".join(row["headers"][-1:]) or row["page_title"], row["content"])
        for row in sets.rows("faq/feedbackqa_passages.jsonl.gz")
    ]
    stack = [
        Text(row["question"], "\n\n".join(row["answers"]))
        for row in sets.rows("faq/stackfaq_docs.jsonl.gz")
    ]
    covid = [Text(r["question"], r["answer"]) for r in sets.rows("faq/covidfaq_docs.jsonl.gz")]
    return {"FeedbackQA": feedback, "StackFAQ": stack, "CovidFAQ": covid}


def copied(text: Text, dice: random.Random, keep: str = "") -> list[str]:
    said = [one.text for one in sentences_of(text.body)]
    kept = [one for one in said if one == keep or dice.random() < 0.67]
    dice.shuffle(kept)
    return kept


def with_other_figure(text: Text, dice: random.Random) -> Text | None:
    having = [one.text for one in sentences_of(text.body) if facts(one.text)]
    if not having:
        return None
    chosen = dice.choice(having)
    figure = re.search(r"(?<![\w.,])\d{1,4}(?![\w.,:]|\d)", chosen)
    if figure is None or facts(chosen.replace(figure.group(), "777", 1)) == facts(chosen):
        return None
    other = str(int(figure.group()) * 2 + 1)
    altered = chosen[: figure.start()] + other + chosen[figure.end() :]
    kept = copied(text, dice, chosen)
    return Text(text.title, "\n\n".join(altered if one == chosen else one for one in kept))


def denied(text: Text, dice: random.Random) -> Text | None:
    having = [one.text for one in sentences_of(text.body) if _CAN.search(one.text)]
    if not having:
        return None
    chosen = dice.choice(having)
    altered = _CAN.sub(r"\1 not", chosen, count=1)
    kept = copied(text, dice, chosen)
    return Text(text.title, "\n\n".join(altered if one == chosen else one for one in kept))


def neighbours(known: Sequence[Text]) -> Iterator[tuple[Text, Text]]:
    """Each text with those that share most of its rare words."""
    words = [frozenset(tokens(f"{one.title} {one.body}")) - COMMON_WORDS for one in known]
    counts = Counter(word for found in words for word in found)
    having: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(words):
        for word in found:
            if counts[word] <= 60:
                having[word].append(place)
    for place, found in enumerate(words):
        near: Counter[int] = Counter()
        for word in found:
            for other in having.get(word, ()):
                near[other] += log(len(known) / counts[word])  # type: ignore[assignment]
        for other, _ in near.most_common(NEIGHBOURS + 1):
            if other > place:
                yield known[place], known[other]


def injected(
    known: Sequence[Text], change: Callable[[Text, random.Random], Text | None], most: int
) -> tuple[int, int]:
    """(how many were changed, how many of these were found)."""
    dice = random.Random(SEED)
    made = [(one, other) for one in known if (other := change(one, dice))][:most]
    return len(made), sum(bool(contradictions(a.pair, b.pair)) for a, b in made)


def untouched(known: Sequence[Text], most: int) -> tuple[int, int]:
    """(how many faithful copies, how many of these were suspected)."""
    dice = random.Random(SEED)
    copies = [(one, Text(one.title, "\n\n".join(copied(one, dice)))) for one in known[:most]]
    return len(copies), sum(bool(contradictions(a.pair, b.pair)) for a, b in copies)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--read", action="store_true", help="print what natural pairs disagree about"
    )
    parser.add_argument("--most", type=int, default=400)
    options = parser.parse_args()
    if not sets.have():
        print(f"No evaluation data at {sets.FOLDER}.", file=sys.stderr)
        return 2
    print("| texts | altered figure found | denied sentence found | faithful copies suspected | natural pairs suspected | ms a pair |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    for name, known in texts().items():
        cells = [injected(known, change, options.most) for change in (with_other_figure, denied)]
        cells.append(untouched(known, options.most))
        begun = time.process_time()
        natural = list(neighbours(known[: 3 * options.most]))
        found = [(a, b, contradictions(a.pair, b.pair)) for a, b in natural]
        each = 1000 * (time.process_time() - begun) / max(1, len(natural))
        suspected = [(a, b, said) for a, b, said in found if said]
        shown = " | ".join(f"{hits} of {n}" for n, hits in cells)
        print(f"| {name} | {shown} | {len(suspected)} of {len(natural)} | {each:.1f} |")
        if options.read:
            for a, b, said in suspected:
                print(f"\n  [{a.title}] / [{b.title}]")
                for one in said[:2]:
                    print(
                        f"    {one.why} {one.likeness}: {one.first.text}\n      {one.second.text}"
                    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
