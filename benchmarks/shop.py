"""Plain questions to the demo shop, as customers write them, through `import_articles` and `ask`.

    .venv/bin/python benchmarks/shop.py

`shop_questions.jsonl` has {question, articles} in English and Chinese, written for this, with the articles that
answer each. Printed are the decisions, how often the right article came first, and all that was not answered from it.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.faq import _manage

HERE = Path(__file__).resolve().parent
ARTICLES = HERE.parent / "contactcenter" / "demo" / "articles.jsonl"


def ask(questions: list[str]) -> list[dict[str, object]]:
    """One answer of `ask` for each, in their order, by a fresh knowledge base of the demo's articles."""
    lines = "\n".join(
        json.dumps({"id": str(place), "question": question})
        for place, question in enumerate(questions)
    )
    with TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder}
        _manage(["migrate", "--verbosity", "0"], environment)
        _manage(["import_articles", str(ARTICLES)], environment)
        answers = [json.loads(line) for line in _manage(["ask"], environment, lines).splitlines()]
    return sorted(answers, key=lambda answer: int(answer["id"]))


def main() -> None:
    rows = [
        json.loads(line)
        for line in (HERE / "shop_questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    counted: Counter[str] = Counter()
    for row, answer in zip(rows, ask([row["question"] for row in rows]), strict=True):
        cited = [one["article"] for one in answer["citations"]]  # type: ignore[attr-defined]
        right = bool(cited) and cited[0] in row["articles"]
        counted[str(answer["decision"])] += 1
        counted[f"{answer['decision']}, right article first"] += right
        if not right or answer["decision"] != "answer":
            print(f"{answer['decision']}: {row['question']} -> {', '.join(cited)}")
    print(json.dumps(dict(sorted(counted.items()))))


if __name__ == "__main__":
    main()
