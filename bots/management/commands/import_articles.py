"""`import_articles FILE`: a company's own articles, from JSON Lines or CSV."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bots.actions.articles import import_articles
from bots.imports import BadLine, read
from bots.knowledge.vectors import encoders_for
from bots.progress import Progress


class Command(BaseCommand):
    help = "Store and index articles: {id, title, body, questions, language, category} a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON Lines, or CSV with a header (.csv)")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as given:
                lines = sum(1 for _ in given)
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from None
        with Progress("articles", lines) as progress:
            counts = import_articles(
                read(file),
                encoders=encoders_for(lines),
                at=timezone.now(),
                bad=self._complain,
                progress=progress.step,
            )
        self.stdout.write(json.dumps(asdict(counts)))
        if counts.errors:
            raise SystemExit(1)

    def _complain(self, bad: BadLine) -> None:
        line = {"id": bad.id, "error": f"line {bad.line}: {bad.error}"}
        self.stdout.write(json.dumps(line, ensure_ascii=False))
