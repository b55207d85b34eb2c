"""The model that comes along against rules and extraction: replies written anew, and summaries (measuring only).

    DATA_DIR=DIR .venv/bin/python benchmarks/rewriting.py [--replies 60] [--dialogues 60] [--show]

Agents' lines and dialogues of TweetSumm's public part. The model gets a prompt for the task, through its own
engine, once freely and once guided as it writes answers (only words of what it read). A reply counts where
`keeps` lets it through and it did what was asked: `correct`, one slip of the pen put in, is the very line again;
`shorter` saves a part of the letters; `friendlier` is another text than before. Summaries: ROUGE, as
`benchmarks/summaries.py`.
"""

import os
import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sets
from benchmarks.spelling import WORD, slipped
from benchmarks.summaries import Dialogue, dialogue, extract, scores
from bots.language.asking import Request
from bots.language.guide import Guide
from bots.language.local import CONTEXT, LONGEST, LocalModel

SYSTEM = "You help an agent of a customer service to write. You write only what is asked for."
ASKED = {
    "correct": "Correct the spelling and change nothing else:",
    "shorter": "Say this in fewer words. Keep every number, name and address:",
    "friendlier": "Say this in a friendlier way. Keep every number, name and address:",
}
SUMMARY = (
    "Summarise this conversation in two short sentences: what the customer wants, "
    "and what the agent said to it."
)
READ = 2_000  # characters of a dialogue: what the model's window holds
AT_ONCE = 8


class Writer:
    """The small model, asked for one thing after another."""

    def __init__(self, cache: Path) -> None:
        self.model = LocalModel("", device="cpu", cache_dir=cache)

    def say(self, wanted: str, text: str, *, guided: bool) -> tuple[str, float]:
        """What it wrote, and the seconds it took with those that wrote beside it."""
        tokens = self.model._tokens
        while (
            len(prompt := tokens.encode(tokens.rendered(_chat(wanted, text)))) + LONGEST > CONTEXT
        ):
            text = text[: len(text) * 9 // 10]
        request = Request(prompt, [], LONGEST)
        if guided:
            request.guide = Guide(
                tokens.encode, [text], ends=self.model._ends, size=self.model._words
            )
        began = time.perf_counter()
        self.model._engine.submit(request)
        try:
            done = self.model._listen(request, lambda _: None, lambda: False, began)
        finally:
            self.model._engine.leave(request)
        return done.text.strip().strip('"'), time.perf_counter() - began


def _chat(wanted: str, text: str) -> list[dict[str, str]]:
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": f"{wanted}\n\n{text}"},
    ]


def lines_of(rows: Sequence[dict[str, Any]], most: int, dice: random.Random) -> list[str]:
    """Agents' lines of one to three sentences, with something in them that must not be lost."""
    said = [one.text for row in rows for one in dialogue(row) if one.author == "agent"]
    fit = sorted({text for text in said if 80 <= len(text) <= 300})
    return dice.sample(fit, most)


def with_a_slip(text: str, dice: random.Random) -> str:
    places = list(WORD.finditer(text))
    for place in dice.sample(places, len(places)):
        slip = slipped(place.group(), dice)
        if slip != place.group():
            return text[: place.start()] + slip + text[place.end() :]
    return text


def rewriting(writer: Writer, lines: Sequence[str], dice: random.Random, *, show: bool) -> None:
    from agents.assist.reads import spelling
    from agents.assist.rules.rewriting import SAVES, correct, friendlier, keeps, shorter

    vars(spelling)["corpus"] = lambda: SimpleNamespace(frequency={})
    slips = [with_a_slip(one, dice) for one in lines]
    rules: dict[str, Callable[[str], str]] = {
        "correct": lambda text: correct(text, spelling.better_spelling),
        "shorter": shorter,
        "friendlier": lambda text: friendlier(text, name="", language="en"),
    }

    def does(how: str, line: str, before: str, after: str) -> bool:
        if how == "correct":
            return after == line
        return len(after) <= (1 - SAVES) * len(before) if how == "shorter" else after != before

    print("| | passes the check | changes something | did it, and passes | saved | s, median |")
    print("|---|---|---|---|---|---|")
    for how, wanted in ASKED.items():
        before = slips if how == "correct" else list(lines)
        systems: dict[str, list[tuple[str, float]]] = {
            "rules": [(rules[how](one), 0.0) for one in before]
        }
        for name, guided in (("model, free", False), ("model, guided", True)):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                systems[name] = list(
                    pool.map(lambda one, w=wanted, g=guided: writer.say(w, one, guided=g), before)
                )
        for name, found in systems.items():
            passed = [keeps(b, after) for b, (after, _) in zip(before, found, strict=True)]
            changed = [b != after for b, (after, _) in zip(before, found, strict=True)]
            did = [
                p and does(how, line, b, after)
                for p, line, b, (after, _) in zip(passed, lines, before, found, strict=True)
            ]
            saved = [
                1 - len(after) / len(b)
                for ok, b, (after, _) in zip(did, before, found, strict=True)
                if ok
            ]
            middle = sorted(seconds for _, seconds in found)[len(found) // 2]
            mean = f"{sum(saved) / len(saved):.0%}" if saved and how == "shorter" else "–"
            print(
                f"| {how}, {name} | {sum(passed)} of {len(passed)} | {sum(changed)} | "
                f"{sum(did)} | {mean} | {middle:.1f} |"
            )
            if show:
                for ok, b, (after, _) in zip(did, before, found, strict=True):
                    print(f"    {'+' if ok else '-'} {b}\n      → {after}")


def told(talk: Dialogue) -> str:
    return "\n".join(f"{one.author.capitalize()}: {one.text}" for one in talk)[:READ]


def summaries(writer: Writer, rows: Sequence[dict[str, Any]], dice: random.Random) -> None:
    talks = [dialogue(row) for row in rows]
    references = [[" ".join(one) for one in row["abstractive"]] for row in rows]
    said: dict[str, list[str]] = {"extraction": [extract(talk) for talk in talks]}
    for name, guided in (("model, free", False), ("model, guided", True)):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = pool.map(lambda t, g=guided: writer.say(SUMMARY, told(t), guided=g), talks)
            said[name] = [text for text, _ in found]
    table = {
        name: [scores(text, r) for text, r in zip(texts, references, strict=True)]
        for name, texts in said.items()
    }
    print(f"{len(rows)} dialogues\n| | ROUGE-1 | ROUGE-2 | ROUGE-L |\n|---|---|---|---|")
    for name, values in table.items():
        means = [sum(column) / len(column) for column in zip(*values, strict=True)]
        print(f"| {name} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")
    for name in list(table)[1:]:
        pairs = [m[2] - e[2] for m, e in zip(table[name], table["extraction"], strict=True)]
        drawn = sorted(sum(dice.choices(pairs, k=len(pairs))) / len(pairs) for _ in range(1000))
        print(f"ROUGE-L, {name} over extraction: {drawn[25]:+.3f} to {drawn[974]:+.3f} (95 %)")


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--replies", type=int, default=60)
    parser.add_argument("--dialogues", type=int, default=60)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings_test")
    django.setup()
    dice = random.Random(7)
    rows = [row for row in sets.rows("dialogue/tweetsumm.jsonl.gz") if row["part"] == "public"]
    writer = Writer(Path(os.environ["DATA_DIR"]) / "models")
    lines = lines_of(rows, chosen.replies, dice)
    rewriting(writer, lines, dice, show=chosen.show)
    summaries(writer, dice.sample(rows, min(chosen.dialogues, len(rows))), dice)
    writer.model.close()


if __name__ == "__main__":
    main()
