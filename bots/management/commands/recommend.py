"""`recommend`: customers with their histories in, what they are likely to want next out, as JSON Lines."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from threadpoolctl import threadpool_limits

from bots.recommendation.events import ORDINAL
from bots.recommendation.model import NoModel, Recommender, joined, load
from bots.recommendation.reading import moment

LINE_LIMIT = 10_000_000
MOST_ITEMS = 100
MOST_EVENTS = 100_000
UNUSABLE = 2
DAY = 86_400.0


class BadLine(ValueError):
    """What is wrong with a line, for whoever wrote it."""


class Command(BaseCommand):
    help = (
        'Recommend, one JSON object {"customer", "history"} a line; see docs/models/recommender.md.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--model", type=Path, required=True, help="a folder")
        parser.add_argument("--top", type=int, default=10, help=f"items, at most {MOST_ITEMS}")

    def handle(self, *args: Any, model: Path, top: int, **options: Any) -> None:
        if not 1 <= top <= MOST_ITEMS:
            self.stderr.write(f"--top: between 1 and {MOST_ITEMS}.")
            sys.exit(UNUSABLE)
        try:
            served = load(model)
        except NoModel as problem:
            self.stderr.write(str(problem))
            sys.exit(UNUSABLE)
        failed = False
        with threadpool_limits(1, "blas"):
            for line in _lines():
                answer = _answered(served, line, top)
                failed |= "error" in answer
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
                self.stdout.flush()
        if failed:
            sys.exit(1)


def _lines() -> Iterator[bytes | None]:
    """Each line; None for one that is too long."""
    stream = sys.stdin.buffer
    while line := stream.readline(LINE_LIMIT + 1):
        if len(line) > LINE_LIMIT:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LINE_LIMIT)
            yield None
        elif line.strip():
            yield line


def _answered(model: Recommender, line: bytes | None, top: int) -> dict[str, Any]:
    name: Any = None
    try:
        given = _object(line)
        name = given.get("customer", given.get("id"))
        customer = _customer(given.get("customer"))
        remembered = model.remembered(customer) if customer is not None else []
        since = remembered[-1][1] if remembered else ORDINAL
        told = _history(given.get("history"), since=since, basket=model.basket)
    except UnicodeDecodeError:
        return {"id": name, "error": "not valid UTF-8"}
    except BadLine as problem:
        return {"id": name, "error": str(problem)}
    except (ValueError, RecursionError):
        return {"id": name, "error": "not valid JSON"}
    found = model.recommended(joined(remembered, told), many=top)
    return {
        "customer": given.get("customer"),
        "items": [{"item": one.item, "score": one.score, "because": one.because} for one in found],
    }


def _object(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise BadLine("the line is too long")
    given = json.loads(line.decode("utf-8-sig"))
    if not isinstance(given, dict):
        raise BadLine("a line must be a JSON object")
    return given


def _customer(given: object) -> str | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise BadLine("customer: must be a text")
    return str(given)


def _history(given: object, *, since: float, basket: int) -> list[tuple[str, float]]:
    """In order of time: names of items, or {"item", "timestamp"}.

    What bears no time comes after `since`, where customers take several items at once in baskets of that size.
    """
    if given is None:
        return []
    if not isinstance(given, list):
        raise BadLine("history: must be a list")
    if len(given) > MOST_EVENTS:
        raise BadLine(f"history: more than {MOST_EVENTS:,} events")
    read = [_event(one) for one in given]
    if all(at is not None for _, at in read):
        return sorted(((item, at or 0.0) for item, at in read), key=lambda one: one[1])
    found: list[tuple[str, float]] = []
    taken: set[str] = set()
    for item, _ in read:
        if item in taken or len(taken) >= basket:
            since, taken = since + DAY, set()
        taken.add(item)
        found.append((item, since))
    return found


def _event(one: object) -> tuple[str, float | None]:
    at = None
    if isinstance(one, dict):
        told = one.get("timestamp", one.get("at"))
        if told is not None and (at := moment(str(told))) is None:
            raise BadLine(f"history: {str(told)[:40]!r} is no timestamp")
        one = one.get("item")
    if isinstance(one, bool) or not isinstance(one, str | int):
        raise BadLine('history: each event is an item or {"item", "timestamp"}')
    return str(one), at
