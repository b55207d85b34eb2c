"""Spelling of agents' words: slips put into the demo's articles, and what is changed that was right.

    .venv/bin/python benchmarks/spelling.py

Every tenth word of five letters or more gets one slip: two letters changed places, one left out, doubled, or
another one beside it. The articles' own words are not known here, which is harder than in the house.
"""

import json
import os
import random
import re
import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings_test")

WORD = re.compile(r"\b[a-z]{5,}\b")


def slipped(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + dice.choice("abcdefghiklmnoprstuvwy") + word[at + 1 :]


def main() -> None:
    import django

    django.setup()
    from agents.assist.reads import spelling

    vars(spelling)["corpus"] = lambda: SimpleNamespace(frequency={})
    dice = random.Random(7)
    right = wrong = left = changed = words = 0
    for line in (ROOT / "contactcenter/demo/articles.jsonl").read_text("utf-8").splitlines():
        article = json.loads(line)
        if article["language"] != "en":
            continue
        for word in WORD.findall(article["body"]):
            words += 1
            changed += spelling.better_spelling(word) is not None
            if dice.random() > 0.1 or (slip := slipped(word, dice)) == word:
                continue
            meant = spelling.better_spelling(slip)
            right += meant == word
            left += meant is None
            wrong += meant not in {None, word}
    slips = right + wrong + left
    print(f"{words} right words: {changed} changed ({changed / words:.2%})")
    print(
        f"{slips} slips: {right / slips:.1%} mended, {left / slips:.1%} left, {wrong / slips:.1%} made another word"
    )


if __name__ == "__main__":
    main()
