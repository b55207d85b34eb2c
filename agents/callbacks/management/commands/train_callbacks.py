"""`train_callbacks`: from a table of past attempts to a model that says how likely the next ones are to work."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone

from agents.prediction.keeping import is_ours, save
from agents.prediction.learning import Asked, learn, prepare
from agents.prediction.problems import BadTable
from agents.prediction.table import read_table
from bots.progress import Progress

NOTHING = 2  # exit status: no model was made


class Command(BaseCommand):
    help = (
        "Learn from a table of past contact attempts (CSV, also gzipped; rows in time order) how likely one is "
        "to succeed. Prints the figures of the model as one line of JSON; docs/models/callbacks.md explains them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--target", required=True, help="the column with yes and no")
        parser.add_argument(
            "--drop", default="", help="columns that are known only afterwards: a,b"
        )
        parser.add_argument("--positive", default="", help="which value of the target is a success")
        parser.add_argument("--out", type=Path, default=Path("callbacks-model"), help="a folder")

    def handle(self, *args: Any, file: Path, out: Path, **options: Any) -> None:
        if not is_ours(out):
            self._refuse(f"{out} is there already, and is no model.")
        asked = Asked(
            options["target"],
            frozenset(name.strip() for name in options["drop"].split(",") if name.strip()),
            options["positive"],
            timezone.now(),
        )
        try:
            prepared = prepare(read_table(file), asked)
            with Progress("Learning", prepared.steps) as progress:
                model = learn(prepared, asked, progress.step)
            save(model, out)
        except BadTable as problem:
            self._refuse(f"{file}: {problem}")
        except OSError as problem:
            self._refuse(f"{out}: {problem.strerror or problem}")
        self.stdout.write(json.dumps({"out": str(out), **model.card}, ensure_ascii=False))

    def _refuse(self, why: str) -> NoReturn:
        self.stderr.write(why)
        sys.exit(NOTHING)
