"""`predict_callbacks`: how likely each attempt of a table is to succeed, and why."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from agents.prediction.keeping import load
from agents.prediction.learning import Model, predict
from agents.prediction.problems import BadModel, BadTable
from agents.prediction.reasons import reasons_of
from agents.prediction.table import Table, read_table

NOTHING = 2  # exit status: nothing was predicted
SOME = 1  # some rows could not be read


class Command(BaseCommand):
    help = (
        'Reads a table, prints {"row", "probability", "reasons"} for each row of it, counted from 0. Says on '
        "standard error when the rows are no longer like those that the model learnt from."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--model", type=Path, required=True, help="a folder of train_callbacks")

    def handle(self, *args: Any, file: Path, model: Path, **options: Any) -> None:
        try:
            learnt = load(model)
            table = read_table(file)
            told = _told(learnt, table) if table.rows else ([], "")
        except BadModel as problem:
            self._refuse(f"{model}: {problem}")
        except BadTable as problem:
            self._refuse(f"{file}: {problem}")
        lines, verdict = told
        if verdict:
            self.stderr.write(verdict)
        lines += [(one.row, {"error": one.error}) for one in table.broken]
        for row, line in sorted(lines, key=lambda pair: pair[0]):
            self.stdout.write(json.dumps({"row": row, **line}, ensure_ascii=False))
        if table.broken:
            sys.exit(SOME)

    def _refuse(self, why: str) -> NoReturn:
        self.stderr.write(why)
        sys.exit(NOTHING)


def _told(model: Model, table: Table) -> tuple[list[tuple[int, dict[str, Any]]], str]:
    """A line for each row, and what is to be said of all together."""
    prediction = predict(model, table)
    has_drifted = {"drifted": True} if prediction.verdict.has_drifted else {}
    lines = [
        (
            number,
            {
                "probability": round(float(chance), 6),
                "reasons": [reason.shown() for reason in reasons],
            }
            | has_drifted,
        )
        for number, chance, reasons in zip(
            table.numbers, prediction.chances, reasons_of(prediction, model.columns), strict=True
        )
    ]
    return lines, prediction.verdict.in_words()
