"""`simulate_customers`: a procedure's conversation tests, and customers who want something of it."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bots.actions.procedures.testing import Report, Switches, run_tests
from bots.models import Procedure
from bots.procedures.faults import FAULTS
from bots.procedures.loading import LARGEST, BadFile
from bots.procedures.reading import read
from bots.procedures.stories import read_tests
from bots.progress import Progress


class Command(BaseCommand):
    help = "Play a procedure's tests and simulated customers; docs/procedures.md says how."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("procedure", nargs="?", help="the key of one that is kept here")
        parser.add_argument("--file", type=Path, help="a procedure's file instead")
        parser.add_argument("--tests", type=Path, help="its tests; beside the file if left out")
        parser.add_argument("--customers", type=int, default=20, help="for each kind of them")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--api", choices=FAULTS, default="fine", help="how the business does")
        parser.add_argument("--check", action="store_true", help="only read the files")
        parser.add_argument("--show", action="store_true", help="print whole conversations")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text, tests = _texts(options)
        try:
            procedure = read(text)
            given = read_tests(tests, procedure) if tests else None
        except BadFile as problem:
            raise CommandError("\n".join(map(str, problem.mistakes))) from problem
        if options["check"] or given is None:
            self.stdout.write(f"{procedure.key}: no mistakes.")
            return
        switches = Switches(
            customers=options["customers"], seed=options["seed"], weather=options["api"]
        )
        total = len(given.stories) + len(given.goals) * switches.customers
        with Progress("Playing", total) as progress:
            report = run_tests(
                procedure, given, switches, today=timezone.localdate(), step=progress.step
            )
        self._say(report, options)
        if not report.passed:
            raise SystemExit(1)

    def _say(self, report: Report, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        say: Callable[[str], object] = self.stdout.write
        for one in report.conversations:
            if one.problems or options["show"]:
                say(f"{'✗' if one.problems else '✓'} {one.name}")
                for problem in one.problems:
                    say(f"    {problem}")
                for who, words in one.lines if options["show"] or one.problems else ():
                    say(f"      {who}: {words}")
        for line in report.in_words():
            say(line)


def _texts(options: dict[str, Any]) -> tuple[str, str]:
    """The procedure and its tests, out of files or as they are kept here."""
    file, tests = options["file"], options["tests"]
    if file is not None:
        beside = tests or file.with_suffix(".tests.yaml")
        if tests is None and not beside.exists():
            beside = None
        return _read(file), _read(beside) if beside else ""
    if not options["procedure"]:
        raise CommandError("Name a procedure, or give a --file.")
    kept = Procedure.objects.filter(key=options["procedure"]).first()
    version = kept.versions.order_by("-number").first() if kept else None
    if version is None:
        raise CommandError(f"There is no procedure {options['procedure']!r} here.")
    return version.text, _read(tests) if tests else version.tests


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > 4 * LARGEST:
            raise CommandError(f"{file} is too large.")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} can't be read: {error}") from error
