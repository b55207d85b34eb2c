"""`train_recommender`: a model of what comes next, out of a table of who took what when."""

import codecs
import hashlib
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bots.progress import Progress
from bots.recommendation.card import card
from bots.recommendation.events import NothingToLearn, gathered
from bots.recommendation.keeping import Occupied, alone, check_place, keep
from bots.recommendation.model import NoModel, load
from bots.recommendation.reading import BadTable, rows
from bots.recommendation.training import STEPS, trained

UNUSABLE = 2
LARGEST = 1_000_000_000  # bytes of the table
LONGEST = 100_000  # characters of a line


class Command(BaseCommand):
    help = "Learn from a CSV customer,item,timestamp what a customer takes next; see docs/models/recommender.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, default=Path("recommender"), help="a folder")
        parser.add_argument(
            "--minutes", type=float, default=15, help="of the transformer's training at most"
        )
        parser.add_argument(
            "--forget", action="store_true", help="keep no customer's history in the model"
        )

        parser.add_argument(
            "--against", type=Path, metavar="DIR", help="judge this model on the same events"
        )
        parser.add_argument("--background", action="store_true", help="at the lowest priority")

    def handle(
        self, *args: Any, file: Path, out: Path, minutes: float, forget: bool, **options: Any
    ) -> None:
        if options["background"]:
            with suppress(OSError):
                os.nice(19)
        if not 0 < minutes < 10_000:
            self._refused("--minutes: more than 0.")
        digest = hashlib.sha256()
        try:
            check_place(out)
            with alone(out):
                now = timezone.now()
                log = gathered(rows(_lines(file, digest), now=now.timestamp()))
                other = load(options["against"]) if options["against"] else None
                with Progress("Learning", STEPS) as bar:
                    done = trained(
                        log, minutes=minutes, told=bar.step, remember=not forget, against=other
                    )
                made = card(
                    done,
                    source=file.name,
                    digest=digest.hexdigest()[:16],
                    made_at=f"{now:%Y-%m-%d %H:%M} UTC",
                )
                keep(done.model, made, out)
        except (NothingToLearn, NoModel, Occupied) as problem:
            self._refused(
                f"{file}: {problem}" if isinstance(problem, NothingToLearn) else str(problem)
            )
        except OSError as problem:
            self._refused(f"{problem.filename or file}: {problem.strerror or problem}")
        else:
            told = {name: value for name, value in made.items() if name != "curve"}
            self.stdout.write(json.dumps({"out": str(out), **told}, ensure_ascii=False))

    def _refused(self, problem: str) -> None:
        self.stderr.write(problem)
        sys.exit(UNUSABLE)


def _lines(file: Path, digest: Any) -> Iterator[str]:
    """The table's lines; raises BadTable for what is no text, or no table at all."""
    if file.stat().st_size > LARGEST:
        raise BadTable(f"larger than {LARGEST:,} bytes.")
    with file.open("rb") as table:
        number = 0
        while line := table.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                raise BadTable(f"line {number} is longer than {LONGEST:,} characters.")
            digest.update(line)
            try:
                text = line.removeprefix(codecs.BOM_UTF8).decode() if number == 1 else line.decode()
            except UnicodeDecodeError:
                raise BadTable(f"line {number} is not UTF-8.") from None
            if "\0" in text:
                raise BadTable(f"line {number} holds a NUL: that is no text.")
            yield text
