"""How sure may the bot be, and when should a person take over? Collected, fitted, measured, drawn.

    DATA_DIR=DIR script/manage shell -c "from benchmarks.handover import collect; collect('DIR/seen')"
    .venv/bin/python -m benchmarks.handover DIR/seen [--fit] [--picture docs/handover.svg]

The first command asks the real search of small knowledge bases, one file of signals for each; what is there
already is not collected again. It replaces the articles of the database it runs on, so it refuses one that
holds others. The second one fits `bots/chance.json` on FITTED (with `--fit`) and measures on everything else:
expected calibration error, Brier score, and what share of answers is right for each share of customers answered.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import sets

ROOT = Path(__file__).resolve().parent.parent
ASKED = 200  # requests of each base at most
OUTSIDE = 0.25  # of the requests of an FAQ set: as many more that no article answers

# name → (set, intents that become articles, examples of each: 0 for a title alone)
FITTED: dict[str, tuple[str, int, int]] = {
    "clinc-a": ("clinc150", 75, 5),
    "clinc-c": ("clinc150", 100, 0),
    "hwu-a": ("hwu64", 35, 5),
    "hint3-a": ("hint3", 40, 5),
    "hint3-b": ("hint3", 40, 0),
    "bitext-a": ("bitext_intents_8k", 18, 4),
    "bitext-b": ("bitext_intents_8k", 20, 0),
}
# Questions about articles in another language, the demo's own: the first half of its articles.
FITTED |= {"demo-zh-en": ("demo-zh-en", 0, 0), "demo-en-zh": ("demo-en-zh", 0, 0)}
MEASURED: dict[str, tuple[str, int, int]] = {
    "banking77-a": ("banking77_oos", 35, 5),
    "banking77-b": ("banking77_oos", 40, 0),
    "insurance": ("dstc11_insurance", 15, 4),
    "stackfaq": ("stackfaq", 0, 0),
    "covidfaq": ("covidfaq", 0, 0),
    "zh_bank_faq": ("zh_bank_faq", 0, 0),
    "feedbackqa": ("feedbackqa", 0, 0),
}


def collect(folder: str, *first: str, seconds: float = 300.0) -> None:
    """Signals of every base into `folder`, one JSON Lines file each, until the time is over."""
    from benchmarks.fit_confidence import install
    from bots.knowledge.vectors import encoders

    known, begun = encoders(), time.monotonic()
    bases = {**FITTED, **MEASURED}
    for name in sorted(bases, key=lambda name: name not in first):
        source, supported, examples = bases[name]
        if time.monotonic() - begun > seconds:
            return
        files = {
            judge: Path(folder) / f"{name}.{judge}.jsonl"
            for judge in (
                ("alone",) if source.startswith(("zh", "demo")) else ("bilingual", "alone")
            )
        }
        if all(file.exists() for file in files.values()):
            continue
        base = _base(name, source, supported, examples)
        ids = install(base.articles, known)
        for judge, file in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            rows = list(_asked(base.requests, ids, judge, known))
            file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            print(name, judge, len(rows), sum(row["is_right"] for row in rows), flush=True)


def _base(name: str, source: str, supported: int, examples: int) -> Any:
    from benchmarks.fit_confidence import Base, make_base

    dice = random.Random(name)
    if supported:
        base = make_base(source, supported=supported, examples=examples, seed=len(name))
    elif source.startswith("demo"):
        base = _demo(source)
    elif source == "feedbackqa":
        base = Base(name, [], [])
        for row in sets.rows("faq/feedbackqa_passages.jsonl.gz"):
            if row["source"] == "WHO":
                title = (
                    row["headers"] if isinstance(row["headers"], str) else " ".join(row["headers"])
                )
                title = title.strip() or str(row["page_title"])
                base.articles.append(
                    {
                        "id": f"fit:{row['passage_id']}",
                        "title": title[:200],
                        "body": row["content"],
                        "of": [],
                    }
                )
        base.requests.extend(
            (row["question"], f"fit:{row['passage_id']}")
            for row in sets.rows("faq/feedbackqa_questions.jsonl.gz")
            if row["source"] == "WHO"
        )
    else:
        base = Base(name, [], [])
        for row in sets.rows(f"faq/{source}_docs.jsonl.gz"):
            body = row.get("answer") or "\n\n".join(row.get("answers", ())) or row["question"]
            base.articles.append(
                {
                    "id": f"fit:{row['faq_id']}",
                    "title": row["question"][:290],
                    "body": body,
                    "of": [],
                }
            )
        base.requests.extend(
            (row["query"], f"fit:{row['faq_id']}")
            for row in sets.rows(f"faq/{source}_queries.jsonl.gz")
        )
    if source.startswith("zh"):
        base.articles[:] = [{**one, "language": "zh"} for one in base.articles]
    dice.shuffle(base.requests)
    del base.requests[ASKED:]
    if not supported:
        base.requests.extend(
            (text, None) for text in _elsewhere(source, int(OUTSIDE * ASKED), dice)
        )
    return base


def _demo(source: str) -> Any:
    """Articles in the second language of the name, questions of their translations in the first."""
    from benchmarks.fit_confidence import Base

    _, asked, said = source.split("-")
    lines = (ROOT / "contactcenter/demo/articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = {row["id"]: row for row in map(json.loads, lines)}
    base = Base(source, [], [])
    for key, row in articles.items():
        if key.startswith(f"{said}-"):
            new = {"id": f"fit:{key}", "title": row["title"], "body": row["body"]}
            base.articles.append({**new, "of": row["questions"], "language": said})
            other = articles.get(f"{asked}-{key[3:]}")
            base.requests.extend(
                (text, f"fit:{key}") for text in (other or {}).get("questions", ())
            )
    return base


def _elsewhere(source: str, many: int, dice: random.Random) -> Iterator[str]:
    """Requests of other trades, in the set's language."""
    if source.startswith(("zh", "demo-zh")):
        rows = [
            turn["text"]
            for row in sets.rows("dialogue/crosswoz_zh.jsonl.gz")
            for turn in row["turns"][:1]
            if turn["role"] == "usr"
        ]
    else:
        rows = [row["text"] for row in sets.rows("intent/hwu64.csv.gz")]
    yield from dice.sample(rows, many)


def _asked(
    requests: Sequence[tuple[str, str | None]], ids: dict[int, str], judge: str, known: Any
) -> Iterator[dict[str, Any]]:
    from bots.chance import signals
    from bots.knowledge.corpus import corpus
    from bots.knowledge.search import encode, search
    from bots.knowledge.text import language_of
    from bots.knowledge.vectors import Encoders

    used = known if judge == "bilingual" else Encoders(known.every)
    texts = [text for text, _ in requests]
    languages = ["en" if judge == "bilingual" else language_of(text) for text in texts]
    for question, (_, gold) in zip(encode(texts, languages, used), requests, strict=True):
        hits = search(question, known=corpus(), inbox_id=None)
        yield {
            "has_answer": gold is not None,
            "is_right": ids[hits[0].article_id] == gold,
            **{k: round(v, 5) for k, v in signals(question, hits, corpus()).items()},
        }


if __name__ == "__main__":
    sys.exit("see collect")
