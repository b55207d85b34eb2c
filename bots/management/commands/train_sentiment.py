"""`train_sentiment`: labelled texts and plain questions in, the weights that `score_sentiment` reads out."""

import json
import os
from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bots.actions.appeals import learnt_from_people
from bots.language.model import ModelUnavailable
from bots.progress import Progress
from bots.sentiment.tables import PLAIN, TALKS, BadTable, Row, learnable, read, shares

REFUSED = 2  # exit status: nothing was written


class Command(BaseCommand):
    help = (
        "Train the reader of feelings on CSV tables with the columns text and label (negative, neutral, "
        "positive), and perhaps language and part: rows whose part is held_out or test are left alone. "
        "A training that was stopped goes on where it was; docs/models/sentiment.md says more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="+", help="a table, perhaps with .gz")
        parser.add_argument(
            "--plain",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help='JSON Lines of {"questions", "language"} in which customers feel nothing',
        )
        parser.add_argument(
            "--talks",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="the same, of what customers said in dialogues: only the weighing learns from it",
        )
        parser.add_argument(
            "--out", type=Path, default=Path("sentiment"), help="a folder for weights and card"
        )

        parser.add_argument(
            "--appeals",
            action="store_true",
            help="also messages that people here have labelled (accepted appeals)",
        )

    def handle(
        self,
        *args: Any,
        file: list[Path],
        plain: list[Path],
        talks: list[Path],
        out: Path,
        appeals: bool,
        **options: Any,
    ) -> None:
        try:
            rows = _rows(file, plain, talks)
            rows += learnt_from_people() if appeals else ()
            with suppress(AttributeError, OSError):
                os.setpriority(os.PRIO_PROCESS, 0, 19)
            card = _train(rows, out)
        except BadTable as problem:
            raise CommandError(str(problem), returncode=REFUSED) from problem
        except ModelUnavailable as problem:
            raise CommandError(f"{problem} ({problem.code})", returncode=REFUSED) from problem
        except OSError as problem:
            why = problem.strerror or str(problem)
            raise CommandError(f"{out}: {why}", returncode=REFUSED) from problem
        self.stdout.write(json.dumps({"out": str(out), **card}, ensure_ascii=False))


def _rows(files: list[Path], plain: list[Path], talks: list[Path]) -> list[Row]:
    rows = [row for path in files for row in read(path)]
    for source, paths in ((PLAIN, plain), (TALKS, talks)):
        rows += [row for path in paths for row in read(path, unfelt=source)]
    return learnable(rows)


def _train(rows: list[Row], out: Path) -> dict[str, Any]:
    """Imported here: whoever only asks for help needs no torch."""
    from bots.language.embedding import one_thread_each

    one_thread_each()
    import torch

    from bots.sentiment.card import write_card
    from bots.sentiment.judging import card_of
    from bots.sentiment.training import train

    torch.set_num_threads(1)
    trained = train(rows, out / "sentiment.npz", progress=Progress)
    kept = card_of(trained)
    card = {
        "version": trained.weights.version,
        "texts": len(rows),
        "labels": shares(rows),
        "kept_back": {name: asdict(one) for name, one in kept.each.items()},
        "pooled": {name: asdict(one) for name, one in kept.pooled.items()},
    }
    write_card(out / "card.json", card)
    return card
