"""Summaries against the first three sentences: ROUGE on TweetSumm's public part (measuring only), and on what
agents resolved in the demo's past.

    .venv/bin/python benchmarks/summaries.py [--demo]

The demo's references (`demo_summaries.jsonl`, one a conversation) were written for this by hand, before any figure. F of ROUGE-1, -2 and -L without stemming, the best of the references for each dialogue, with a bootstrap
interval of the difference to lead-3.
"""

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sets
from conversations.summary import Said, summarise

NEEDS, ANSWERS = 2, 2  # as the console shows it when a conversation is over
_HANDLE = re.compile(r"[@#]\w+|https?://\S+|\^\w{1,3}|\*\w{1,3}$|/\w{2}$")
_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
Dialogue = list[Said]


def words(text: str) -> list[str]:
    """Words, and in Chinese each character."""
    return re.findall(r"[\u4e00-\u9fff]|[a-z0-9]+", text.lower())


def f_score(same: int, said: int, wanted: int) -> float:
    return 2 * same / (said + wanted) if same else 0.0


def rouge_n(said: Sequence[str], wanted: Sequence[str], n: int) -> float:
    one, other = (
        Counter(zip(*(text[at:] for at in range(n)), strict=False)) for text in (said, wanted)
    )
    return f_score((one & other).total(), one.total(), other.total())


def rouge_l(said: Sequence[str], wanted: Sequence[str]) -> float:
    row = [0] * (len(wanted) + 1)
    for word in said:
        before = 0
        for at, other in enumerate(wanted, 1):
            here = row[at]
            row[at] = before + 1 if word == other else max(row[at], row[at - 1])
            before = here
    return f_score(row[-1], len(said), len(wanted))


def scores(text: str, references: Sequence[str]) -> tuple[float, float, float]:
    said = words(text)
    found = [
        (rouge_n(said, r, 1), rouge_n(said, r, 2), rouge_l(said, r)) for r in map(words, references)
    ]
    one, two, longest = (max(column) for column in zip(*found, strict=True))
    return one, two, longest


def lead(most: int) -> Callable[[Dialogue], str]:
    def first(talk: Dialogue) -> str:
        sentences = [s for line in talk for s in _END.split(line.text) if words(s)]
        return " ".join(sentences[:most])

    return first


def last_lines(talk: Dialogue) -> str:
    """What the handover said before: the customer's last four lines."""
    said = [line.text[:200] for line in talk if line.author == "customer"]
    return " ".join(said[-4:])


def extract(talk: Dialogue) -> str:
    found = summarise(talk, needs=NEEDS, answers=ANSWERS)
    return " ".join((*found.needs, *found.answers))


def dialogue(row: dict[str, object]) -> Dialogue:
    turns = row["turns"]
    assert isinstance(turns, list)
    return [Said(t["role"], " ".join(_HANDLE.sub(" ", t["text"]).split())) for t in turns]


def demo() -> list[tuple[Dialogue, list[str]]]:
    """What agents resolved in the demo's past, as `seed_demo` lives through it."""
    here = Path(__file__).resolve().parent
    talks = json.loads((here.parent / "contactcenter/demo/history.json").read_text("utf-8"))[
        "talks"
    ]
    with_agent = {talk["who"]: talk for talk in talks if talk.get("replies")}
    lines = (here / "demo_summaries.jsonl").read_text("utf-8").splitlines()
    references = {row["who"]: row["summary"] for row in map(json.loads, lines)}
    assert references.keys() == with_agent.keys()
    return [
        (
            [Said("customer", text) for text in talk["asks"]]
            + [Said("agent", text) for text in talk["replies"]],
            [references[who]],
        )
        for who, talk in with_agent.items()
    ]


def tweetsumm() -> list[tuple[Dialogue, list[str]]]:
    rows = [row for row in sets.rows("dialogue/tweetsumm.jsonl.gz") if row["part"] == "public"]
    return [(dialogue(row), [" ".join(one) for one in row["abstractive"]]) for row in rows]


def main() -> None:
    rows = demo() if "--demo" in sys.argv[1:] else tweetsumm()
    systems = {
        "lead-3": lead(3),
        "the customer's last lines": last_lines,
        "extraction": extract,
    }
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in systems}
    for talk, references in rows:
        for name, system in systems.items():
            found[name].append(scores(system(talk), references))
    print(f"{len(rows)} dialogues\n| | ROUGE-1 | ROUGE-2 | ROUGE-L |\n|---|---|---|---|")
    for name, values in found.items():
        means = [sum(column) / len(column) for column in zip(*values, strict=True)]
        print(f"| {name} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")
    dice = random.Random(7)
    pairs = [e[2] - b[2] for e, b in zip(found["extraction"], found["lead-3"], strict=True)]
    resampled = sorted(sum(dice.choices(pairs, k=len(pairs))) / len(pairs) for _ in range(1000))
    print(f"ROUGE-L, extraction over lead-3: {resampled[25]:+.3f} to {resampled[974]:+.3f} (95 %)")


if __name__ == "__main__":
    main()
