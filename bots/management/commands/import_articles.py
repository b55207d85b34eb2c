"""`import_articles FILE…`: a company's own articles, from files of every kind that we read."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bots.actions import gate
from bots.actions.articles import import_articles
from bots.actions.from_files import lines_of
from bots.actions.gated import publish_all
from bots.knowledge.vectors import Encoders, encoders_for
from bots.progress import Progress
from bots.sources.rows import CATEGORY_LIMIT, LANGUAGE, BadLine, Row


class Command(BaseCommand):
    help = (
        "Store, publish and index articles. JSON Lines or CSV with {id, title, body, questions,"
        " language, category, translation_of}; also PDF, Word (.docx), HTML and Markdown, a ZIP or a"
        " folder of all these."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument(
            "--whole",
            action="store_true",
            help="one article for each document, not one for each heading",
        )
        parser.add_argument("--category", default="", help="for documents that name none")
        parser.add_argument("--language", default="", help="else it is found in the text")

        parser.add_argument(
            "--override",
            default="",
            metavar="REASON",
            help="publish new words of live articles although past questions are answered worse;"
            " the reason is kept",
        )

    def handle(
        self,
        *args: Any,
        files: list[Path],
        whole: bool,
        category: str,
        language: str,
        override: str,
        **options: Any,
    ) -> None:
        if language and not LANGUAGE.match(language):
            raise CommandError("--language: not a BCP 47 tag such as en or zh-Hans")
        if len(category) > CATEGORY_LIMIT:
            raise CommandError(f"--category: longer than {CATEGORY_LIMIT} characters")
        lines = sum(map(_lines_in, files))
        encoders = encoders_for(lines)
        drafted: list[UUID] = []
        with Progress("articles", lines) as progress:
            counts = import_articles(
                _read(files, whole=whole, category=category, language=language),
                encoders=encoders,
                at=timezone.now(),
                bad=self._complain,
                progress=progress.step,
                drafted=drafted if gate.looks(at=timezone.now()) else None,
            )
        held = self._replay(drafted, encoders, " ".join(override.split())[:300])
        self.stdout.write(json.dumps(asdict(counts)))
        if counts.errors or held:
            raise SystemExit(1)

    def _replay(self, drafted: list[UUID], encoders: Encoders, override: str) -> int:
        """New words of live articles, by the rule of the house; how many are held back."""
        if not drafted:
            return 0
        held = 0
        with Progress("replays of past questions", len(drafted)) as progress:
            for one in publish_all(
                drafted,
                encoders=encoders,
                clock=timezone.now,
                override=override,
                progress=progress.step,
            ):
                held += 1
                self.stdout.write(json.dumps(asdict(one) | {"error": _WORSE}))
        return held

    def _complain(self, bad: BadLine) -> None:
        where = f"{bad.file}: " if bad.file else ""
        where += f"line {bad.line}: " if bad.line else ""
        line = {"id": bad.id, "error": f"{where}{bad.error}"}
        self.stdout.write(json.dumps(line, ensure_ascii=False))


_WORSE = "kept as a draft: past questions would be answered worse (--override REASON publishes it)"


def _read(
    files: list[Path], *, whole: bool, category: str, language: str
) -> Iterator[Row | BadLine]:
    for file in files:
        yield from lines_of(
            file, whole=whole, category=category, language=language, named=len(files) > 1
        )


def _lines_in(path: Path) -> int:
    """As many as there may be articles: for the bar, and for how many to encode at once."""
    try:
        if path.is_dir():
            return sum(1 for _ in path.rglob("*"))
        with path.open("rb") as given:
            return sum(1 for _ in given)
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror}") from None
