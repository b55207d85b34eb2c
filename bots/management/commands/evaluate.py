"""`evaluate`: how often the bot finds the right article, on its own examples or on a file of questions."""

import csv
import json
from argparse import ArgumentParser, ArgumentTypeError
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from bots.evaluation.measure import (
    Asked,
    Trial,
    best_of,
    by_article,
    compared,
    confusion,
    folds,
    kept,
    ranking,
    report_of,
    spread,
)
from bots.evaluation.picture import picture
from bots.knowledge.corpus import corpus
from bots.knowledge.search import PARTS, search
from bots.knowledge.vectors import encoders_for_many
from bots.models import Article, Passage
from bots.progress import Progress
from bots.queries import Inquiry, propose, understand

TOGETHER = 32
BAD_INPUT = 2  # exit status
SHARES = (0.25, 0.5, 1.0)
# What is switched off, in turn.
WITHOUT = ("vectors", "english", "words", "trigrams", "rerank")


def _folds(text: str) -> int:
    count = int(text)
    if not 2 <= count <= 20:
        raise ArgumentTypeError("between 2 and 20")
    return count


class Command(BaseCommand):
    help = (
        "Without FILE: leave each article's example questions out in turn and look for them. "
        'With FILE: JSON Lines {"question", "article"}; article is an import id or null.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="questions and their articles")
        parser.add_argument("--out", type=Path, default=Path("evaluation"), help="a folder")
        parser.add_argument("--folds", type=_folds, default=5, help="parts that are left out")
        parser.add_argument(
            "--parts", action="store_true", help="with FILE: switch off each part of search in turn"
        )

    def handle(
        self, *args: Any, file: Path | None, out: Path, folds: int, parts: bool, **options: Any
    ) -> None:
        if file is None:
            trials, report = _crossed(folds)
        else:
            trials, report = _asked(_read(file), each_part=parts)
        _write(out, trials, report)
        short = {
            key: value for key, value in report.items() if key not in {"confidence", "mixed_up"}
        }
        self.stdout.write(json.dumps(short, ensure_ascii=False))


def _write(out: Path, trials: Sequence[Trial], report: dict[str, Any]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, right in (("errors", False), ("successes", True)):
            lines = [
                json.dumps(t.shown(), ensure_ascii=False) for t in trials if t.is_right is right
            ]
            (out / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        articles = json.dumps(by_article(trials), indent=1, ensure_ascii=False)
        (out / "articles.json").write_text(articles + "\n", "utf-8")
        _write_matrix(out / "confusion.csv", trials)
        text = json.dumps(report, indent=1, ensure_ascii=False)
        (out / "report.json").write_text(text + "\n", "utf-8")
        (out / "report.svg").write_bytes(picture(trials, report.get("by_share", {})))
    except OSError as problem:
        raise CommandError(f"{out}: {problem.strerror}") from None


def _write_matrix(file: Path, trials: Sequence[Trial]) -> None:
    """Right articles as rows, those found first as columns; a cell counts questions, "" is none."""
    cells = {(one["article"], one["found"]): one["questions"] for one in confusion(trials)}
    rows, columns = (sorted({pair[side] for pair in cells}) for side in (0, 1))
    with file.open("w", encoding="utf-8", newline="") as text:
        table = csv.writer(text)
        table.writerow(["", *columns])
        table.writerows([row, *(cells.get((row, one), 0) for one in columns)] for row in rows)


# --- its own examples ---------------------------------------------------------------------


def _crossed(count: int) -> tuple[list[Trial], dict[str, Any]]:
    asked = _examples()
    parts = folds(asked, count)
    if not parts:
        raise CommandError(
            "No published article has two wordings: there is nothing to leave out.",
            returncode=BAD_INPUT,
        )
    found: dict[str, dict[float, list[Trial]]] = defaultdict(lambda: defaultdict(list))
    each: dict[str, dict[float, list[dict[str, float]]]] = defaultdict(lambda: defaultdict(list))
    with Progress("parts", len(parts) * len(SHARES)) as progress:
        for seed, held_out in enumerate(parts):
            for share in SHARES:
                given = kept(asked, held_out, share, seed)
                for name, trials in compared(asked, given, held_out):
                    found[name][share] += trials
                    each[name][share].append(ranking(trials))
                progress.step(1)
    by_share = {
        name: {
            f"{share:g}": ranking(trials) | spread(each[name][share])
            for share, trials in shares.items()
        }
        for name, shares in found.items()
    }
    best = best_of({name: shares[f"{SHARES[-1]:g}"] for name, shares in by_share.items()})
    trials = found[best][SHARES[-1]]
    return trials, {
        "articles": len({one.article for one in asked}),
        "folds": len(parts),
        "way": best,
        **report_of(trials),
        "by_share": by_share,
    }


def _examples() -> list[Asked]:
    """Titles first, so that an article always keeps one wording."""
    rows = (
        Passage.objects.filter(article__state=Article.State.PUBLISHED)
        .exclude(kind=Passage.Kind.BODY)
        .order_by("article", "position")
        .values_list("article__external_id", "article__uuid", "kind", "text", "vector", "english")
    )
    return [
        Asked(
            external_id or str(uuid),
            text,
            kind == Passage.Kind.QUESTION,
            np.asarray(vector, dtype=np.float32),
            None if english is None else np.asarray(english, dtype=np.float32),
        )
        for external_id, uuid, kind, text, vector, english in rows
    ]


# --- a file of questions ------------------------------------------------------------------


def _read(file: Path) -> list[tuple[str, str | None]]:
    found = []
    try:
        lines = file.read_text("utf-8-sig").split("\n")  # a text may hold other ends of lines
    except OSError as problem:
        raise CommandError(f"{file}: {problem.strerror}", returncode=BAD_INPUT) from None
    except UnicodeDecodeError:
        raise CommandError(f"{file}: not valid UTF-8", returncode=BAD_INPUT) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            question, article = given["question"], given.get("article")
            f"{question}{article}".encode()  # half letters can be asked nowhere
        except (ValueError, TypeError, KeyError, AttributeError):
            raise CommandError(
                f'{file}, line {number}: write {{"question": "…", "article": "…"}}',
                returncode=BAD_INPUT,
            ) from None
        if not isinstance(question, str) or not isinstance(article, str | None):
            raise CommandError(
                f"{file}, line {number}: question and article must be texts", returncode=BAD_INPUT
            )
        found.append((question, article))
    if not found:
        raise CommandError(f"{file}: there is no question in it", returncode=BAD_INPUT)
    return found


def _asked(
    given: Sequence[tuple[str, str | None]], *, each_part: bool
) -> tuple[list[Trial], dict[str, Any]]:
    names = {
        pk: external_id or str(uuid)
        for pk, external_id, uuid in Article.objects.values_list("pk", "external_id", "uuid")
    }
    known = set(names.values())
    if unknown := next((a for _, a in given if a is not None and a not in known), None):
        raise CommandError(f"There is no article {unknown!r}.", returncode=BAD_INPUT)
    ways = {"all": PARTS}
    if each_part:
        ways |= {f"without {part}": PARTS - {part} for part in WITHOUT}
    found: dict[str, list[Trial]] = {way: [] for way in ways}
    with Progress("questions", len(given)) as progress:
        for batch in _batches(given):
            understood = understand(
                [Inquiry(question) for question, _ in batch], known=encoders_for_many()
            )
            for (question, right), one in zip(batch, understood, strict=True):
                # A greeting or a call for a person is not looked up.
                asked = one.asked.get(one.text)
                for way, parts in ways.items():
                    hits = (
                        search(asked, known=corpus(), inbox_id=None, parts=parts) if asked else []
                    )
                    order = [names[hit.article_id] for hit in hits[:10] if hit.article_id in names]
                    found[way].append(Trial(question, right, order))
                proposal = propose(one)
                found["all"][-1] = replace(
                    found["all"][-1], confidence=proposal.chance, decision=proposal.decision
                )
            progress.step(len(batch))
    figures = {way: ranking(trials) for way, trials in found.items()}
    report = report_of(found["all"])
    return found["all"], report | ({"parts": figures} if each_part else {})


def _batches(
    given: Sequence[tuple[str, str | None]],
) -> Iterator[Sequence[tuple[str, str | None]]]:
    for start in range(0, len(given), TOGETHER):
        yield given[start : start + TOGETHER]
