"""Search over large knowledge bases: how long each part takes, and what each part is worth.

    .venv/bin/python benchmarks/faq.py search [--base DIR]            # over 12,039 entries
    DATA_DIR=DIR script/manage shell -c "from benchmarks.search_base import worth; worth('feedbackqa')"

A base is built once in its DATA_DIR and kept; a run that was stopped goes on where it was. It replaces other
articles of that database, which must be of a benchmark. Public parts only; no other client.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
from django.utils import timezone

from benchmarks import sets
from benchmarks.fit_confidence import PREFIX
from bots.knowledge import search as searching
from bots.knowledge.corpus import corpus
from bots.knowledge.index import index_articles
from bots.knowledge.questions import encode
from bots.knowledge.search import PARTS, search
from bots.knowledge.statement import wording
from bots.knowledge.text import language_of
from bots.knowledge.vectors import encoders, encoders_for_many
from bots.models import Article

TOGETHER = 256
SOURCES = ("Australia", "CDC", "UK", "WHO", "Quebec")
Asked = list[tuple[str, set[str]]]  # words, and the entries of which one answers them


def dstc() -> tuple[list[dict[str, Any]], Asked]:
    """12,039 questions on restaurants, hotels, trains; what people said to ask for some of them."""
    articles = []
    for row in sets.rows("faq/dstc_knowledge_faq.jsonl.gz"):
        name = f"{row['entity']}: " if row["entity"] else f"{row['domain'].capitalize()}: "
        articles.append(
            {
                "id": PREFIX + row["doc_key"],
                "title": f"{name}{row['question']}"[:290],
                "body": row["answer"],
            }
        )
    rows = sets.rows("faq/dstc10_spoken_dialogues.jsonl.gz")
    return articles, [
        (said(row["turns"]), {PREFIX + key for key in row["gold"]})
        for row in rows
        if row["needs_knowledge"]
    ]


def said(turns: Sequence[dict[str, Any]]) -> str:
    """The newest words, with what was said before them: they seldom name the place they are about."""
    return " ".join(turn["text"] for turn in turns[-3:])[-400:]


def feedbackqa(source: str) -> tuple[list[dict[str, Any]], Asked]:
    articles = []
    for row in sets.rows("faq/feedbackqa_passages.jsonl.gz"):
        if row["source"] == source:
            heads = row["headers"] if isinstance(row["headers"], str) else " ".join(row["headers"])
            title = (heads.strip() or str(row["page_title"]))[:290]
            articles.append(
                {"id": PREFIX + str(row["passage_id"]), "title": title, "body": row["content"]}
            )
    rows = [r for r in sets.rows("faq/feedbackqa_questions.jsonl.gz") if r["source"] == source]
    asked = [
        (row["question"], {PREFIX + str(row["passage_id"])})
        for row in rows
        if row["part"] == "public"
    ]
    return articles, asked[:: max(1, len(asked) // 200)]


def plain_faq(name: str) -> tuple[list[dict[str, Any]], Asked]:
    """As `benchmarks/faq.py` has it."""
    from benchmarks.faq import TRIALS

    trial = TRIALS[name]()
    articles = [{**one, "id": PREFIX + str(one["id"])} for one in trial.articles]
    return articles, [(text, {PREFIX + str(gold)}) for text, gold in trial.questions if gold]


BASES: dict[str, Callable[[], tuple[list[dict[str, Any]], Asked]]] = {
    "dstc": dstc,
    **{f"feedbackqa-{name}": partial(feedbackqa, name) for name in SOURCES},
    **{name: partial(plain_faq, name) for name in ("stackfaq", "covidfaq", "zh_bank_faq")},
}


def build(articles: Sequence[dict[str, Any]], seconds: float = 280.0) -> bool:
    """These, and no others, until the time is over; whether all are there."""
    if Article.objects.exclude(external_id__startswith=PREFIX).exists():
        raise SystemExit("This database holds articles of its own; use an empty one.")
    begun, known = time.monotonic(), encoders_for_many()
    Article.objects.exclude(external_id__in=[one["id"] for one in articles]).delete()
    there = set(
        Article.objects.filter(indexed_with=known.name).values_list("external_id", flat=True)
    )
    missing = [one for one in articles if one["id"] not in there]
    for place in range(0, len(missing), TOGETHER):
        if time.monotonic() - begun > seconds:
            print(
                f"{len(articles) - len(missing) + place} of {len(articles)} are there; run it again"
            )
            return False
        some, now = missing[place : place + TOGETHER], timezone.now()
        Article.objects.filter(external_id__in=[one["id"] for one in some]).delete()
        made = Article.objects.bulk_create(
            Article(
                external_id=one["id"],
                title=one["title"][:300],
                body=one["body"],
                questions=one.get("questions", []),
                language=language_of(f"{one['title']} {one['body']}"),
                state=Article.State.PUBLISHED,
                created_at=now,
                updated_at=now,
            )
            for one in some
        )
        index_articles(made, encoders=known, at=now)
    return True


class Watch:
    """How long each part of each search took, in milliseconds."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    @contextmanager
    def on(self, part: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.spent.setdefault(part, []).append(1e3 * (time.perf_counter() - begun))

    def around(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            with self.on(part):
                return call(*given, **named)

        return timed

    def show(self) -> None:
        print(f"{'ms':28} p50     p95     p99     most")
        for part, spent in self.spent.items():
            found = " ".join(f"{value:7.1f}" for value in np.percentile(spent, [50, 95, 99, 100]))
            print(f"{part:26} {found}")


def timed(name: str = "dstc", rounds: int = 3) -> None:
    """One question after another, each encoded alone, as customers ask."""
    articles, asked = BASES[name]()
    if not build(articles):
        return
    watch, used, known = Watch(), encoders(), corpus()
    texts = [text for text, _ in asked] + [
        one["title"] for one in articles[:: len(articles) // 100]
    ]
    search(encode(texts[:1], ["en"], used)[0], known=known, inbox_id=None)
    with ExitStack() as stack:
        for part, where, name in (
            ("the statement", searching, "rows"),
            ("words of passages", wording, "of"),
            ("words of the question", searching, "terms_of"),
        ):
            timed_part = watch.around(part, getattr(where, name))
            stack.enter_context(patch.object(where, name, timed_part))
        for text in texts * rounds:
            with watch.on("encoding"):
                question = encode([text], ["en"], used)[0]
            with watch.on("search"):
                search(question, known=known, inbox_id=None)
    print(
        f"{len(articles)} entries, {known.passages} passages, {len(texts)} questions, {rounds} times"
    )
    watch.show()


def worth(*names: str) -> None:
    """Recall and mean reciprocal rank, with each part of search switched off in turn."""
    for name in names or BASES:
        articles, asked = BASES[name]()
        if not build(articles):
            return
        known, used = corpus(), encoders_for_many()
        ids = dict(Article.objects.values_list("pk", "external_id"))
        texts = [text for text, _ in asked]
        questions = encode(texts, [language_of(text) for text in texts], used)
        print(f"{name}: {len(articles)} entries, {len(asked)} questions", flush=True)
        for without in ("", *sorted(PARTS)):
            parts = PARTS - {without}
            places = []
            for question, (_, gold) in zip(questions, asked, strict=True):
                hits = search(question, known=known, inbox_id=None, parts=parts)
                found = [place for place, hit in enumerate(hits, 1) if ids[hit.article_id] in gold]
                places.append(found[0] if found else 0)
            first = np.mean([place == 1 for place in places])
            five = np.mean([0 < place <= 5 for place in places])
            mrr = np.mean([1 / place if place else 0.0 for place in places])
            what = f"without {without}" if without else "all parts"
            print(f"  {what:18} R@1 {first:.3f}  R@5 {five:.3f}  MRR {mrr:.3f}", flush=True)
