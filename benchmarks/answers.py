"""What the bot says, held against what should be said, through the commands that anybody uses.

    .venv/bin/python -m pip install sacrebleu==2.6.0 rouge-score==0.1.2
    .venv/bin/python benchmarks/answers.py [bitext|hint3|handoff|support …] [--json FILE]
    .venv/bin/python benchmarks/answers.py support --folder KEPT --seconds 240   # again until it is through

`bitext`: customers' questions held out of bitext_qa_responses against a knowledge base with one article for
each intent: the most usual answer to the others, and some of their questions. BLEU and ROUGE-L against that
article's answer; beside them against the answer that was written for the very question. `hint3`: live
questions to three shops. `handoff`: whoever wants a person. `support`: answers that the model writes about public
articles, each released sentence judged beside the gate; with `--folder` the knowledge base and the answers so far are kept
there, and each call goes on for so many seconds. Needs the evaluation data beside the repository.
"""

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sets

MANAGE = Path(__file__).resolve().parent.parent / "script" / "manage"
HELD_OUT = 100
EXAMPLES = 20  # questions of each article
_MARK = re.compile(r"\s*\[\d+\]")


def asked(
    articles: Sequence[dict[str, Any]], questions: Sequence[str], *options: str
) -> list[dict[str, Any]]:
    """What a fresh knowledge base answers, in the order of the questions."""
    with TemporaryDirectory() as folder:
        return _told(_filled(Path(folder), articles), questions, *options)


def _filled(folder: Path, articles: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The environment of a knowledge base in a folder; it is made if it is not there."""
    environment = {**os.environ, "DATA_DIR": str(folder / "var")}
    if not (folder / "filled").exists():
        source = folder / "articles.jsonl"
        source.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        _manage(["migrate", "--verbosity", "0"], environment)
        _manage(["import_articles", str(source)], environment)
        (folder / "filled").touch()
    return environment


def _told(
    environment: dict[str, str], questions: Sequence[str], *options: str
) -> list[dict[str, Any]]:
    lines = "".join(json.dumps({"id": n, "question": q}) + "\n" for n, q in enumerate(questions))
    told = _manage(["ask", *options], environment, lines)
    return [json.loads(line) for line in told.splitlines()]


def _manage(arguments: list[str], environment: dict[str, str], given: str = "") -> str:
    done = subprocess.run(
        [str(MANAGE), *arguments],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


# --- the answers of a shop --------------------------------------------------------------------


def bitext(seed: int = 1) -> dict[str, Any]:
    sacrebleu, rouge = import_module("sacrebleu"), import_module("rouge_score.rouge_scorer")
    rows = sets.rows("intent/bitext_qa_responses.csv.gz")
    random.Random(seed).shuffle(rows)
    held, others = rows[:HELD_OUT], defaultdict(list)
    for row in rows[HELD_OUT:]:
        others[row["intent"]].append(row)
    articles = [_article(intent, group) for intent, group in sorted(others.items())]
    usual = {article["id"]: article["body"] for article in articles}
    answers = asked(articles, [row["text"] for row in held])
    said = [_MARK.sub("", one["answer"]) for one in answers]
    scorer = rouge.RougeScorer(["rougeL"])

    def scored(told: Sequence[str], wanted: Sequence[str]) -> dict[str, float]:
        overlaps = [
            scorer.score(right, one)["rougeL"].fmeasure
            for one, right in zip(told, wanted, strict=True)
        ]
        bleu = sacrebleu.corpus_bleu(list(told), [list(wanted)]).score / 100
        return {"bleu": round(bleu, 3), "rouge_l": round(statistics.mean(overlaps), 3)}

    of_article = [usual[row["intent"]] for row in held]
    right = [_cited(one) == row["intent"] for one, row in zip(answers, held, strict=True)]
    missed = [
        {
            "question": row["text"],
            "intent": row["intent"],
            "said": one["decision"],
            "cited": _cited(one),
        }
        for one, row, fine in zip(answers, held, right, strict=True)
        if not fine or one["decision"] != "answer"
    ]
    return {
        "against the article's answer": scored(said, of_article),
        "as shown, with marks": scored([one["answer"] for one in answers], of_article),
        "against the answer written for the very question": scored(
            said, [row["response"] for row in held]
        ),
        "the best that any article could": scored(of_article, [row["response"] for row in held]),
        "right article": sum(right),
        "answered": sum(one["decision"] == "answer" for one in answers),
        "missed": missed,
    }


def _article(intent: str, group: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer that shares most words with the others is the intent's."""
    bags = [frozenset(re.findall(r"\w+", row["response"].lower())) for row in group]
    usual = max(
        range(len(group)),
        key=lambda n: sum(len(bags[n] & other) / len(bags[n] | other) for other in bags),
    )
    return {
        "id": intent,
        "title": intent.replace("_", " ").capitalize(),
        "body": group[usual]["response"],
        "questions": [row["text"] for row in group[:EXAMPLES]],
        "language": "en",
    }


def _cited(one: dict[str, Any]) -> str | None:
    return one["citations"][0]["article"] if one["citations"] else None


# --- live traffic -----------------------------------------------------------------------------


def hint3() -> dict[str, Any]:
    """Three shops' real questions: answered rightly, and sent to a person when nothing answers."""
    found: dict[str, Any] = {}
    rows = [row for row in sets.rows("intent/hint3.csv.gz") if row["version"] == "v2"]
    for bot in ("curekart", "powerplay11", "sofmattress"):
        mine = [row for row in rows if row["bot"] == bot]
        intents = defaultdict(list)
        for row in mine:
            intents[row["intent"]].append(row["text"])
        outside = intents.pop("NO_NODES_DETECTED", [])
        articles, inside = [], list[tuple[str, str]]()
        for intent, texts in sorted(intents.items()):
            learnt = texts[: max(1, len(texts) * 2 // 3)]
            title = intent.replace("_", " ").capitalize()
            body = f"This is what we say about {title.lower()}."
            articles.append({"id": intent, "title": title, "body": body, "questions": learnt[:50]})
            inside += [(text, intent) for text in texts[len(learnt) :]]
        random.Random(1).shuffle(outside)
        outside = outside[: len(inside)]
        answers = asked(articles, [text for text, _ in inside] + outside)
        within, without = answers[: len(inside)], answers[len(inside) :]
        found[bot] = {
            "inside": len(inside),
            "answered rightly or asked back about it": round(
                statistics.mean(
                    one["decision"] != "handoff"
                    and intent in {cited["article"] for cited in one["citations"]}
                    for one, (_, intent) in zip(within, inside, strict=True)
                ),
                3,
            ),
            "inside, to a person": round(
                statistics.mean(one["decision"] == "handoff" for one in within), 3
            ),
            "outside": len(outside),
            "outside, to a person": round(
                statistics.mean(one["decision"] == "handoff" for one in without), 3
            )
            if without
            else None,
        }
    return found


def handoff() -> dict[str, Any]:
    """NLU++: who wants a person, among all who write to a bank or a hotel."""
    rows = sets.rows("intent/nlupp.jsonl.gz")
    answers = asked([], [row["text"] for row in rows])
    wants = ["handoff" in (row["intents"] or ()) for row in rows]
    says = [one["reason"] == "asked" for one in answers]
    hits = sum(w and s for w, s in zip(wants, says, strict=True))
    return {
        "messages": len(rows),
        "want a person": sum(wants),
        "recall": round(hits / max(sum(wants), 1), 3),
        "precision": round(hits / max(sum(says), 1), 3),
    }


# --- what a model writes ----------------------------------------------------------------------


PIECE = 100  # questions that are asked, and kept, together
SOURCES = ("CovidFAQ", "WHO", "CDC")
ASKED = 400  # of each set, before more of the larger ones


def support(
    folder: Path | None = None, seconds: float = 1e9, sources: Sequence[str] = SOURCES
) -> dict[str, Any]:
    """Answers of the model about public articles, each sentence judged by other means than the gate's.

    The judge knows neither order nor stems: it takes the sentence of the citation that shares most
    pairs of letters with the one that was said (Dice), and wants 0.8 of it, every figure, and as many
    denials, conditions and words of degree. What it refuses is printed, and some of the rest, to be read.
    """
    if folder is None:
        with TemporaryDirectory() as new:
            return support(Path(new), seconds, sources)
    begun = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    articles, pool = _public(sources)
    environment = _filled(folder, articles)
    answers: list[dict[str, Any]] = []
    for start in range(0, len(pool), PIECE):
        kept = folder / f"answers-{start:05}.jsonl"
        if not kept.exists():
            if time.monotonic() - begun > seconds:
                break
            told = _told(environment, pool[start : start + PIECE], "--generate")
            kept.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
        answers += map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    return _judged(pool, answers)


def _judged(pool: Sequence[str], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    said = [
        (question, sentence, citation)
        for question, one in zip(pool, answers, strict=False)
        if one["by"] == "model"
        for sentence, citation in _sentences(one)
    ]
    verdicts = [_borne_out(sentence, citation) for _, sentence, citation in said]
    rows = [
        {"question": q, "sentence": s, "citation": c, "supported": v}
        for (q, s, c), v in zip(said, verdicts, strict=True)
    ]
    each = {s: v for (_, s, _), v in zip(said, verdicts, strict=True)}
    return {
        "asked": len(answers),
        "answered": sum(one["decision"] == "answer" for one in answers),
        "written by the model": sum(one["by"] == "model" for one in answers),
        "sentences": len(rows),
        "supported": round(sum(verdicts) / max(len(rows), 1), 4),
        "different sentences": len(each),
        "supported of these": round(sum(each.values()) / max(len(each), 1), 4),
        "refused by the judge": [row for row in rows if not row["supported"]],
        "to be read": random.Random(4).sample(rows, min(50, len(rows))),
    }


def _public(sources: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Articles of CovidFAQ and of health authorities in FeedbackQA, and questions about them."""
    articles, pools = list[dict[str, Any]](), list[list[str]]()
    if "CovidFAQ" in sources:
        articles = [
            _text(f"covid-{row['faq_id']}", row["question"], row["answer"])
            for row in sets.rows("faq/covidfaq_docs.jsonl.gz")
        ]
        pools = [[row["query"] for row in sets.rows("faq/covidfaq_queries.jsonl.gz")]]
    passages = sets.rows("faq/feedbackqa_passages.jsonl.gz")
    asked = sets.rows("faq/feedbackqa_questions.jsonl.gz")
    for source in [one for one in sources if one != "CovidFAQ"]:
        for row in passages:
            if row["source"] == source:
                title = (
                    row["headers"] if isinstance(row["headers"], str) else " ".join(row["headers"])
                )
                title = title.strip() or row["page_title"]
                articles.append(_text(f"{source}-{row['passage_id']}", title[:200], row["content"]))
        pools.append([row["question"] for row in asked if row["source"] == source])
    first, rest = list[str](), list[str]()
    for one in pools:
        random.Random(3).shuffle(one)
        first += one[:ASKED]
        rest += one[ASKED:]
    random.Random(3).shuffle(first)
    random.Random(3).shuffle(rest)
    return articles, first + rest


def _text(key: str, title: str, body: str) -> dict[str, Any]:
    return {"id": key, "title": title, "body": body, "questions": [title], "language": "en"}


def _sentences(one: dict[str, Any]) -> list[tuple[str, str]]:
    """The sentences of an answer with the words that each of them cites."""
    pieces = re.findall(r"(.+?)\s*\[(\d+)\]\s*", one["answer"], re.DOTALL)
    return [(text.strip(), one["citations"][int(mark) - 1]["quote"]) for text, mark in pieces]


_DENIES = re.compile(r"\b(?:not|no|never|without|cannot|none)\b|n['’]t\b", re.IGNORECASE)
_LIMITS = re.compile(
    r"\b(?:if|unless|when|while|although|until|except|only|most|some|many|may|might|could|can|should|must|usually)\b",
    re.IGNORECASE,
)


def _borne_out(sentence: str, citation: str) -> bool:
    lines = re.split(r"(?<=[.!?])\s+", " ".join(citation.split()))
    pairs = [" ".join(two) for two in pairwise(lines)]
    best = max([*lines, *pairs], key=lambda line: _dice(sentence, line))
    figures = set(re.findall(r"\d+", sentence)) <= set(re.findall(r"\d+", citation))
    same = all(len(one.findall(sentence)) == len(one.findall(best)) for one in (_DENIES, _LIMITS))
    return figures and same and _dice(sentence, best) >= 0.8


def _dice(one: str, other: str) -> float:
    a, b = (Counter(zip(t.lower(), t.lower()[1:], strict=False)) for t in (one, other))
    return 2 * sum((a & b).values()) / max(sum(a.values()) + sum(b.values()), 1)


TRIALS: dict[str, Callable[[], dict[str, Any]]] = {
    "bitext": bitext,
    "hint3": hint3,
    "handoff": handoff,
    "support": support,
}


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("trials", nargs="*", choices=[*TRIALS, []])
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--sources", default=",".join(SOURCES), help="of `support`: also UK, Australia, Quebec"
    )
    parser.add_argument("--folder", type=Path, help="where `support` keeps what it has")
    parser.add_argument("--seconds", type=float, default=1e9, help="of `support`, for this call")
    chosen = parser.parse_args()
    kept = {"support": partial(support, chosen.folder, chosen.seconds, chosen.sources.split(","))}
    report = {name: (TRIALS | kept)[name]() for name in chosen.trials or TRIALS}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    print(text)
    if chosen.json:
        chosen.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
