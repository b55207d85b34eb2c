"""`score_sentiment`: texts in, how they feel out, as JSON Lines; nothing is stored."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bots.language.model import ModelUnavailable
from bots.sentiment.feeling import LONGEST, Feeling

TOGETHER = 512  # texts that are read at once where a file or a pipe brings them
LINE_LIMIT = 11_000_000


@dataclass(frozen=True, slots=True)
class Given:
    """One line of input; `error` says why it is no text."""

    id: Any
    text: str
    error: str = ""


class Command(BaseCommand):
    help = 'Say how texts feel, one JSON object {"id", "text"} a line.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--weights", metavar="FILE", help="other ones than those that are shipped"
        )
        parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))

    def handle(self, *args: Any, weights: str | None, threads: int, **options: Any) -> None:
        if not 1 <= threads <= 64:
            raise CommandError("--threads: from 1 to 64", returncode=2)
        from bots.actions.feelings import reader

        try:
            reads = reader(weights=weights, threads=threads)
        except ModelUnavailable as problem:
            raise CommandError(str(problem), returncode=2) from problem
        failed = False
        for some in _batches():
            good = [one for one in some if not one.error]
            feelings = iter(reads.read([one.text for one in good]))
            for one in some:
                failed |= bool(one.error)
                shown = {"error": one.error} if one.error else _shown(next(feelings))
                self.stdout.write(json.dumps({"id": one.id, **shown}, ensure_ascii=False))
            self.stdout.flush()
        if failed:
            raise SystemExit(1)


def _shown(feeling: Feeling) -> Mapping[str, Any]:
    return {
        "label": feeling.label,
        "score": round(feeling.score, 4),
        "probabilities": {
            "negative": round(feeling.negative, 4),
            "neutral": round(feeling.neutral, 4),
            "positive": round(feeling.positive, 4),
        },
        "language": feeling.language,
    }


def _batches() -> Iterator[list[Given]]:
    """At a terminal each line is answered at once."""
    lines = _lines()
    together = 1 if sys.stdin.isatty() else TOGETHER
    while some := list(islice(lines, together)):
        yield some


def _lines() -> Iterator[Given]:
    stream = sys.stdin.buffer
    while line := stream.readline(LINE_LIMIT + 1):
        if len(line) > LINE_LIMIT:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LINE_LIMIT)
            yield Given(None, "", "the line is too long")
        elif line.strip():
            yield _given(line)


def _given(line: bytes) -> Given:
    name: Any = None
    try:
        given = json.loads(line.decode("utf-8-sig"))
        if not isinstance(given, dict):
            return Given(name, "", "a line must be a JSON object")
        name = given.get("id")
        text = given.get("text")
        if not isinstance(text, str):
            return Given(name, "", "text: must be a text")
        if not text.strip():
            return Given(name, "", "text: is empty")
        # As long as a message may be; of anything longer the beginning speaks for it.
        return Given(name, text[:LONGEST].encode("utf-8", "replace").decode("utf-8"))
    except UnicodeDecodeError:
        return Given(name, "", "not valid UTF-8")
    except (ValueError, RecursionError):
        return Given(name, "", "not valid JSON")
