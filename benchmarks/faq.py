"""The bot on real questions, through the commands that anybody uses.

    script/manage --help > /dev/null   # once, so that the environment is there
    .venv/bin/python benchmarks/faq.py [SET …] [--json FILE]
    .venv/bin/python benchmarks/faq.py search [--base DIR]   # how long search takes over 12,039 entries

Each set is imported into a knowledge base of its own (a fresh DATA_DIR), asked with `ask`, and
compared. Sets: stackfaq, covidfaq, zh_bank_faq, banking77_oos; without a name, all of them. Needs the
evaluation data beside the repository (or EVALUATION_DATA), public parts only.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sets

MANAGE = Path(__file__).resolve().parent.parent / "script" / "manage"
BASE = Path(gettempdir()) / "contact-centre-12039-entries"
EXAMPLES = 5  # of each supported intent become an article
ASKED = 20  # further ones of each are asked
OUTSIDE = 500  # banking requests that no article answers


@dataclass
class Trial:
    """Articles to import, and questions with the id of the right article (None: there is none)."""

    articles: list[dict[str, Any]]
    questions: list[tuple[str, str | None]]
    kinds: list[str] = field(default_factory=list)


def faq(name: str, body: Callable[[dict[str, Any]], str]) -> Trial:
    articles = [
        {
            "id": row["faq_id"],
            "title": row["question"],
            "body": body(row),
            "questions": [row["question"]],
        }
        for row in sets.rows(f"faq/{name}_docs.jsonl.gz")
        if row.get("part", "public") == "public"
    ]
    queries = sets.rows(f"faq/{name}_queries.jsonl.gz")
    return Trial(articles, [(row["query"], row["faq_id"]) for row in queries])


def banking77_oos(seed: int = 0) -> Trial:
    """One article for each supported intent; requests inside, near outside and far outside."""
    dice = random.Random(seed)
    inside: dict[str, list[str]] = {}
    outside: dict[str, list[str]] = {"id_oos": [], "ood_oos": []}
    for row in sets.rows("intent/banking77_oos.csv.gz"):
        if row["kind"] == "in_scope":
            inside.setdefault(row["intent"], []).append(row["text"])
        else:
            outside[row["kind"]].append(row["text"])
    trial = Trial([], [])
    for intent, texts in sorted(inside.items()):
        dice.shuffle(texts)
        title = re.sub(r"[_?]+", " ", intent).strip().capitalize()
        trial.articles.append(
            {
                "id": intent,
                "title": title,
                "body": f"This article is about: {title.lower()}.",
                "questions": texts[:EXAMPLES],
            }
        )
        asked = texts[EXAMPLES : EXAMPLES + ASKED]
        trial.questions += [(text, intent) for text in asked]
        trial.kinds += ["in_scope"] * len(asked)
    for kind, texts in outside.items():
        dice.shuffle(texts)
        trial.questions += [(text, None) for text in texts[:OUTSIDE]]
        trial.kinds += [kind] * len(texts[:OUTSIDE])
    return trial


TRIALS: dict[str, Callable[[], Trial]] = {
    "stackfaq": lambda: faq("stackfaq", lambda row: "\n\n".join(row["answers"])),
    "covidfaq": lambda: faq("covidfaq", lambda row: str(row["answer"])),
    "zh_bank_faq": lambda: faq("zh_bank_faq", lambda row: str(row["question"])),
    "banking77_oos": banking77_oos,
}


def run(trial: Trial) -> dict[str, Any]:
    """Import, ask, compare."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "DATA_DIR": str(Path(folder) / "var")}
        source = Path(folder) / "articles.jsonl"
        source.write_text("\n".join(map(json.dumps, trial.articles)), encoding="utf-8")
        _manage(["migrate", "--verbosity", "0"], environment)
        begun = time.perf_counter()
        _manage(["import_articles", str(source)], environment)
        imported = time.perf_counter()
        asked = "\n".join(
            json.dumps({"id": place, "question": text})
            for place, (text, _) in enumerate(trial.questions)
        )
        answers = [json.loads(line) for line in _manage(["ask"], environment, asked).splitlines()]
        ended = time.perf_counter()
    return {
        "articles": len(trial.articles),
        "questions": len(trial.questions),
        **compared(trial, answers),
        "import_seconds": round(imported - begun, 1),
        "questions_per_second": round(len(answers) / (ended - imported), 1),
    }


def compared(trial: Trial, answers: list[dict[str, Any]]) -> dict[str, Any]:
    gold = [right for _, right in trial.questions]
    inside = [(a, g) for a, g in zip(answers, gold, strict=True) if g is not None]
    served = [(a, g) for a, g in inside if a["decision"] != "handoff"]
    answered = [(a, g) for a, g in inside if a["decision"] == "answer"]
    found = {
        "right_first": share(_first(a) == g for a, g in inside),
        "answered_or_clarified": round(len(served) / max(len(inside), 1), 4),
        "right_of_answered": share(_first(a) == g for a, g in answered),
        "answers_that_cite": share(bool(a["citations"]) for a, _ in answered),
    }
    for kind in ("id_oos", "ood_oos"):
        if kind in trial.kinds:
            found[f"handed_over_{kind}"] = share(
                a["decision"] == "handoff"
                for a, k in zip(answers, trial.kinds, strict=True)
                if k == kind
            )
    return found


def _first(answer: dict[str, Any]) -> str | None:
    return answer["citations"][0]["article"] if answer["citations"] else None


def share(hits: Iterable[bool]) -> float | None:
    """Unknown is not zero."""
    seen = list(hits)
    return round(sum(seen) / len(seen), 4) if seen else None


def search(base: Path) -> None:
    """Each part of a search over 12,039 entries, which are read the first time, in a few minutes."""
    environment = {**os.environ, "DATA_DIR": str(base)}
    _manage(["migrate", "--verbosity", "0"], environment)
    what = "from benchmarks.search_base import timed; timed()"
    print(_manage(["shell", "--verbosity", "0", "-c", what], environment), end="")


def _manage(arguments: list[str], environment: dict[str, str], given: str = "") -> str:
    done = subprocess.run(
        [str(MANAGE), *arguments],
        input=given,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="*", choices=[*TRIALS, "search", []], default=[])
    parser.add_argument("--base", type=Path, default=BASE, help="where search keeps its entries")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    if not sets.have():
        raise SystemExit(f"No evaluation data in {sets.FOLDER}.")
    if "search" in options.set:
        search(options.base)
        return
    figures = {}
    for name in options.set or TRIALS:
        figures[name] = run(TRIALS[name]())
        print(name)
        for what, figure in figures[name].items():
            print(f"  {what:24} {figure}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
