"""Questions in one language about articles in another: what is found, answered, and wrong.

    DATA_DIR=DIR script/manage shell -c "from benchmarks.cross_language import collect; collect('DIR/seen')"
    script/manage shell -c "from benchmarks.cross_language import report; report('DIR/seen', fitted=True)"

The articles are the demo's, in one language at a time. Asked is what their translations list as questions (Chinese
and English), and `cross_language.jsonl`, written for this: German, French and Spanish questions, and requests that
no article answers. More of the latter are of HWU64 and CrossWOZ. Half of the articles (by a hash of their names), with
the questions about them, and half of the other requests are for fitting, the other half for measuring. Chinese on Chinese is there to compare. The second command fits
`judges.foreign` of bots/answering/chance.json.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import handover, sets
from bots.answering.chance import FILE

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent / "contactcenter" / "demo" / "articles.jsonl"
PAIRS = (
    ("zh", "en"),
    ("de", "en"),
    ("fr", "en"),
    ("es", "en"),
    ("en", "zh"),
    ("de", "zh"),
    ("zh", "zh"),
)
ELSEWHERE = 60  # requests of other trades
TERMS = ("right", "asked", "margin", "share", "agreement")


def collect(folder: str) -> None:
    """What search says of each question, one file for each pair of languages; those that are there stay."""
    from benchmarks.fit_confidence import install
    from bots.knowledge.vectors import encoders

    known = encoders()
    Path(folder).mkdir(parents=True, exist_ok=True)
    for asked, said in PAIRS:
        file = Path(folder) / f"{asked}-{said}.jsonl"
        if file.exists():
            continue
        articles, requests = base(asked, said)
        ids = install(articles, known)
        found = list(_looked(requests, asked, ids, known))
        file.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
        print(file.name, len(found), sum(row["is_right"] for row in found), flush=True)


def base(asked: str, said: str) -> tuple[list[dict[str, Any]], list[tuple[str, str | None]]]:
    """Articles in one language; requests in the other, with the article that answers each."""
    demo = {row["id"]: row for row in map(json.loads, DEMO.read_text("utf-8").splitlines())}
    own = (HERE / "cross_language.jsonl").read_text("utf-8").splitlines()
    articles, requests = [], list[tuple[str, str | None]]()
    for key, row in demo.items():
        if key.startswith(f"{said}-"):
            new = {"id": f"fit:{key[3:]}", "title": row["title"], "body": row["body"]}
            same = asked == said  # then every second question is an example, the others are asked
            examples = row["questions"][::2] if same else row["questions"]
            articles.append({**new, "of": examples, "language": said})
            other = (
                row["questions"][1::2]
                if same
                else demo.get(f"{asked}-{key[3:]}", {}).get("questions", ())
            )
            requests += [(text, key[3:]) for text in other]
    there = {one["id"].removeprefix("fit:") for one in articles}
    for row in map(json.loads, own):
        if asked in row and (row["article"] is None or row["article"] in there):
            requests.append((row[asked], row["article"]))
    return articles, requests + [(text, None) for text in _elsewhere(asked)]


def _elsewhere(language: str) -> list[str]:
    if language == "zh":
        rows = [
            turn["text"]
            for row in sets.rows("dialogue/crosswoz_zh.jsonl.gz")
            for turn in row["turns"][:1]
            if turn["role"] == "usr"
        ]
    elif language == "en":
        rows = [row["text"] for row in sets.rows("intent/hwu64.csv.gz")]
    else:
        return []
    return random.Random(5).sample(rows, ELSEWHERE)


def _looked(
    requests: Sequence[tuple[str, str | None]], language: str, ids: dict[int, str], known: Any
) -> list[dict[str, Any]]:
    from bots.answering.chance import signals
    from bots.knowledge.corpus import corpus
    from bots.knowledge.questions import encode
    from bots.knowledge.search import search

    found = []
    questions = encode([text for text, _ in requests], [language] * len(requests), known)
    for question, (text, gold) in zip(questions, requests, strict=True):
        hits = search(question, known=corpus(), inbox_id=None)
        found.append(
            {
                "question": text,
                "gold": gold,
                "found": ids[hits[0].article_id].removeprefix("fit:"),
                "has_answer": gold is not None,
                "is_right": ids[hits[0].article_id] == f"fit:{gold}",
                "fitted": sha256((gold or text).encode()).digest()[0] % 2 == 0,
                **{name: round(v, 5) for name, v in signals(question, hits, corpus()).items()},
            }
        )
    return found


# --- fitted and measured ----------------------------------------------------------------------


def report(folder: str, *, fitted: bool = False) -> dict[str, Any]:
    """The half that nothing was fitted to: what share of questions that an article answers is answered
    from it, asked back about, or answered wrongly, and what share of the others is answered."""
    rows = {
        file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for file in sorted(Path(folder).glob("??-??.jsonl"))
    }
    foreign = {name: one for name, one in rows.items() if name != "zh-zh"}
    if fitted:
        halves = {name: [row for row in one if row["fitted"]] for name, one in foreign.items()}
        data = json.loads(FILE.read_text("utf-8"))
        data["judges"]["foreign"] = handover.fit(halves, TERMS)
        data["card"]["between two languages"] = (
            "half of the questions about the demo's articles in another language (the project's own words), and "
            "requests of HWU64 (CC BY 4.0) and CrossWOZ (Apache-2.0) that none answers; benchmarks/cross_language.py"
        )
        FILE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    measured = {name: [row for row in one if not row["fitted"]] for name, one in foreign.items()}
    found: dict[str, Any] = {name: _decided(one) for name, one in measured.items()}
    every = [row for one in measured.values() for row in one]
    judge = json.loads(FILE.read_text("utf-8"))["judges"]["foreign"]
    found["all"] = _decided(every)
    found["chance"] = handover.figures(handover.chances(every, judge), handover.truth(every))
    print(json.dumps(found, indent=1))
    return found


def _decided(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """By the decision as the product takes it, when nobody knows the wait."""
    from bots.answering.chance import chance_of
    from bots.answering.dialogue import decide
    from bots.queries import evidence_between_languages

    said = [
        decide(evidence_between_languages(chance_of(row), row, rivals=2)).choice for row in rows
    ]
    inside = [(row["is_right"], one) for row, one in zip(rows, said, strict=True) if row["gold"]]
    outside = [one for row, one in zip(rows, said, strict=True) if not row["gold"]]

    def share(many: int, whole: int) -> float:
        return round(many / max(whole, 1), 3)

    return {
        "inside": len(inside),
        "found first": share(sum(right for right, _ in inside), len(inside)),
        "answered rightly": share(inside.count((True, "answer")), len(inside)),
        "answered wrongly": share(inside.count((False, "answer")), len(inside)),
        "asked back": share(sum(one == "clarify" for _, one in inside), len(inside)),
        "outside": len(outside),
        "outside answered": share(outside.count("answer"), len(outside)),
        "outside asked back": share(outside.count("clarify"), len(outside)),
    }
