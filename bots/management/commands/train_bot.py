"""`train_bot`: an adapter for the language model out of questions, contexts and answers."""

import json
import os
import signal
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from bots.actions.adapters import add
from bots.actions.examples import accepted
from bots.language.model import ModelUnavailable
from bots.training.examples import Example, Problem, lines_of, read
from bots.training.preparing import NothingToLearn, Wanted, prepare
from bots.training.run import Busy, TrainingFailed, train
from conversations.errors import Refused

LARGEST = 500_000_000  # bytes
NOTHING = 2  # exit status: no file to read or to write, or no line of it can be used, or too few
UNREAD = 1  # the adapter is whole, and some lines could not be read


def _number(least: int, most: int) -> Any:
    def checked(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ArgumentTypeError(f"between {least} and {most}")
        return value

    return checked


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError("a moment with its zone: 2026-11-22T20:00:00+00:00")
    return found


def _step_back() -> None:
    """Behind everybody else; and gone, with all that it started, when nobody waits for it."""
    parent = os.getppid()
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, 0, 19)
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.killpg(0, signal.SIGKILL)

    if os.getpgrp() == os.getpid():
        Thread(target=watch, name="parent", daemon=True).start()


class Command(BaseCommand):
    help = (
        'Fine-tune the language model on JSON Lines {"question", "context", "answer"}; docs/training.md '
        "says how. Each line that can't be used is told on standard error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--from-centre",
            action="store_true",
            help="instead of a file: what was accepted among the training examples",
        )
        parser.add_argument(
            "--accepted-by", type=_moment, help="with --from-centre: not what was accepted later"
        )
        parser.add_argument(
            "--background",
            action="store_true",
            help="one core at the lowest priority, and an end with the process that started it",
        )
        parser.add_argument("--out", type=Path, default=Path("adapter"), help="a folder")
        parser.add_argument("--minutes", type=float, default=0, help="of training at most")
        parser.add_argument("--rank", type=_number(1, 64), default=8)
        parser.add_argument("--epochs", type=_number(1, 20), default=3)
        parser.add_argument("--batch", type=_number(1, 64), default=8)
        parser.add_argument("--seed", type=_number(0, 1 << 30), default=7)
        parser.add_argument("--licence", default="", help="of the data, for the card")
        parser.add_argument(
            "--adopt", action="store_true", help="put it among the adapters of the admin"
        )
        parser.add_argument("--as-written", action="store_true", help="learn also what no context bears out")  # fmt: skip

    def handle(
        self, *args: Any, file: Path | None, out: Path, minutes: float, **options: Any
    ) -> None:
        wanted = _wanted(file, out, minutes, options)
        examples, problems = _read(file) if file else (accepted(by=options["accepted_by"]), [])
        _check_place(out)
        try:
            prepared = prepare(examples, problems, wanted)
            self._tell(prepared.problems)
            card = train(prepared, wanted, made_at=f"{timezone.now():%Y-%m-%d %H:%M} UTC")
        except NothingToLearn as problem:
            self._tell(problem.problems)
            self.stderr.write(f"{wanted.source}: {problem}")
            sys.exit(NOTHING)
        except ModelUnavailable as problem:
            raise CommandError(f"{problem} ({problem.code})") from problem
        except (Busy, TrainingFailed) as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{out}: {problem.strerror or problem}") from problem
        if options["adopt"]:
            try:
                add(folder=out, at=timezone.now())
            except Refused as refused:
                raise CommandError(refused.detail) from refused
        told = {key: value for key, value in card.items() if key != "training"}
        self.stdout.write(json.dumps({"out": str(out), **told}, ensure_ascii=False))
        if any(one.code == "broken" for one in problems):
            sys.exit(UNREAD)

    def _tell(self, problems: Sequence[Problem]) -> None:
        for one in problems:
            self.stderr.write(json.dumps(one.shown(), ensure_ascii=False))


def _wanted(file: Path | None, out: Path, minutes: float, options: dict[str, Any]) -> Wanted:
    if not 0 <= minutes <= 1_000_000:
        raise CommandError("--minutes: 0 (no limit) or more.")
    if settings.BOT_MODEL.startswith("openai:"):
        raise CommandError("BOT_MODEL is another server's model: it is trained there.")
    if (file is None) is not bool(options["from_centre"]):
        raise CommandError("Say a file, or --from-centre.")
    if options["background"]:
        _step_back()
    return Wanted(
        out=out,
        spec=settings.BOT_MODEL,
        device=settings.DEVICE,
        cache_dir=settings.MODELS_DIR,
        source=file.name if file else "accepted training examples",
        minutes=minutes,
        **{name: options[name] for name in ("rank", "epochs", "batch", "seed", "licence", "as_written")},
    )  # fmt: skip


def _read(file: Path) -> tuple[list[Example], list[Problem]]:
    try:
        if file.stat().st_size > LARGEST:
            raise CommandError(f"{file} is larger than {LARGEST:,} bytes.", returncode=NOTHING)
        with file.open("rb") as lines:
            return read(lines_of(lines))
    except OSError as problem:
        raise CommandError(f"{file}: {problem.strerror}", returncode=NOTHING) from None


def _check_place(out: Path) -> None:
    """Nothing of somebody else's is replaced: an empty folder, or one of ours."""
    if out.is_dir() and any(out.iterdir()) and not (out / "card.json").is_file():
        raise CommandError(f"{out} is there already, and is no adapter.", returncode=NOTHING)
    if out.exists() and not out.is_dir():
        raise CommandError(f"{out} is a file.", returncode=NOTHING)
