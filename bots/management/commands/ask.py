"""`ask`: questions in, the bot's answers out, as JSON Lines; nothing is stored."""

import json
import sys
from argparse import ArgumentParser
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bots.actions.write import write_answer
from bots.knowledge.corpus import corpus
from bots.knowledge.vectors import encoders_for_many
from bots.language.model import Role, Turn
from bots.queries import (
    LONGEST_QUESTION,
    Citation,
    Inquiry,
    Proposal,
    Understood,
    propose,
    understand,
)
from bots.tasks import configured_model, model_at_hand
from inboxes.models import Inbox

TOGETHER = 16  # questions that are answered with one call of the encoders
LINE_LIMIT = 1_000_000
_ROLES: dict[str, Role] = {
    "customer": "customer",
    "user": "customer",
    "human": "customer",
    "visitor": "customer",
    "bot": "bot",
    "assistant": "bot",
    "system": "bot",
    "agent": "agent",
}


@dataclass(frozen=True)
class Asked:
    """One line of input; `error` says why it is no question."""

    id: Any
    question: str
    history: tuple[Turn, ...]
    read_at: float
    error: str = ""


class BadQuestion(ValueError):
    """What is wrong with a line, for whoever wrote it."""


class Command(BaseCommand):
    help = 'Answer questions, one JSON object {"id", "question", "history"} a line.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inbox", metavar="KEY", help="answer as this inbox would")
        parser.add_argument(
            "--generate", action="store_true", help="let the language model write the answers"
        )

    def handle(self, *args: Any, inbox: str | None, generate: bool, **options: Any) -> None:
        inbox_id = _inbox_id(inbox)
        failed = False
        try:
            for asked, understood in _ahead(inbox_id):
                failed |= any(one.error for one in asked)
                self._answer(asked, understood, generate=generate)
        finally:
            # Python may not end while the model's thread is inside torch: that aborts the process.
            if generate and (model := model_at_hand()):
                model.close()
        if failed:
            raise SystemExit(1)

    def _answer(
        self, asked: Sequence[Asked], understood: Sequence[Understood], *, generate: bool
    ) -> None:
        proposals = (propose(one) for one in understood)
        for one in asked:
            if one.error:
                self._say({"id": one.id, "error": one.error})
                continue
            proposal = next(proposals)
            answer, citations, by = proposal.answer, proposal.citations, "article"
            if generate and proposal.decision == "answer":
                turns = [*one.history[-4:], Turn("customer", one.question)]
                written = write_answer(proposal, turns, model=configured_model)
                if written:
                    answer, citations, by = written.text, written.citations, "model"
            self._say({**_shown(one, proposal, answer, citations), "by": by})

    def _say(self, line: Mapping[str, Any]) -> None:
        self.stdout.write(json.dumps(line, ensure_ascii=False))
        self.stdout.flush()


def _inbox_id(key: str | None) -> int | None:
    if key is None:
        return None
    found = Inbox.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no inbox with the key {key!r}.")
    return found


def _shown(
    asked: Asked, proposal: Proposal, answer: str, citations: Sequence[Citation]
) -> dict[str, Any]:
    return {
        "id": asked.id,
        "decision": proposal.decision,
        "answer": answer,
        "confidence": proposal.confidence,
        "citations": [
            {
                "article": cited.external_id or str(cited.article),
                "title": cited.title,
                "quote": cited.verbatim,
            }
            for cited in citations
        ],
        "suggestions": list(proposal.suggestions),
        "language": proposal.language,
        "intent": proposal.intent,
        "reason": proposal.reason,
        "chance": round(proposal.chance, 4),
        "latency_ms": round((perf_counter() - asked.read_at) * 1000, 1),
    }


def _ahead(inbox_id: int | None) -> Iterator[tuple[list[Asked], list[Understood]]]:
    """What was asked with its vectors; the next ones are encoded while these are looked up."""

    def understood(asked: list[Asked]) -> tuple[list[Asked], list[Understood]]:
        good = [Inquiry(one.question, one.history, inbox_id) for one in asked if not one.error]
        return asked, understand(good, known=encoders_for_many())

    with ThreadPoolExecutor(1) as encoding:
        # What takes a second each at the start is done side by side.
        encoding.submit(encoders_for_many)
        corpus()
        waiting: deque[Future[tuple[list[Asked], list[Understood]]]] = deque()
        for asked, more in _batches():
            waiting.append(encoding.submit(understood, asked))
            # One at a terminal is answered at once; a full pipe is kept two batches ahead.
            while waiting and (len(waiting) > 2 or not more):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


# --- reading ------------------------------------------------------------------------------


def _batches() -> Iterator[tuple[list[Asked], bool]]:
    """What has arrived, a few questions at a time, and whether more is there already.

    A single one does not wait for others.
    """
    arrived: SimpleQueue[Asked | None] = SimpleQueue()
    Thread(target=_read_all, args=(arrived,), daemon=True).start()
    while (first := arrived.get()) is not None:
        batch, ended = [first], False
        while len(batch) < TOGETHER:
            try:
                further = arrived.get(timeout=0.002)
            except Empty:
                break
            if further is None:
                ended = True
                break
            batch.append(further)
        yield batch, not ended and not arrived.empty()
        if ended:
            return


def _read_all(arrived: "SimpleQueue[Asked | None]") -> None:
    stream = sys.stdin.buffer
    # The terminal's or pipe's own pace is kept: nobody reads further ahead than memory allows.
    while line := stream.readline(LINE_LIMIT + 1):
        if len(line) > LINE_LIMIT:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LINE_LIMIT)
            arrived.put(Asked(None, "", (), perf_counter(), "the line is too long"))
        elif line.strip():
            arrived.put(_asked(line))
    arrived.put(None)


def _asked(line: bytes) -> Asked:
    read_at = perf_counter()
    name: Any = None
    try:
        given = _object(json.loads(line.decode("utf-8-sig")))
        name = given.get("id")
        question, history = _question(given), _history(given.get("history"))
    except UnicodeDecodeError:
        return Asked(name, "", (), read_at, "not valid UTF-8")
    except BadQuestion as problem:
        return Asked(name, "", (), read_at, str(problem))
    except (ValueError, RecursionError):
        return Asked(name, "", (), read_at, "not valid JSON")
    return Asked(name, question, history, read_at)


def _object(given: object) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadQuestion("a line must be a JSON object")
    return given


def _question(given: Mapping[str, Any]) -> str:
    question = given.get("question")
    if not isinstance(question, str):
        raise BadQuestion("question: must be a text")
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(f"question: longer than {LONGEST_QUESTION:,} characters")
    return question.encode("utf-8", "replace").decode("utf-8")


def _history(given: object) -> tuple[Turn, ...]:
    """Texts are the customer's; objects say who spoke (role or author) and what (text or content)."""
    if given is None:
        return ()
    if not isinstance(given, list):
        raise BadQuestion("history: must be a list")
    return tuple(_turn(one) for one in given)


def _turn(given: object) -> Turn:
    if isinstance(given, str):
        return Turn("customer", given)
    if isinstance(given, dict):
        text = given.get("text", given.get("content"))
        author = given.get("role", given.get("author", given.get("author_kind", "customer")))
        if isinstance(author, dict):
            author = author.get("kind")
        if isinstance(text, str) and isinstance(author, str):
            return Turn(_ROLES.get(author.lower(), "customer"), text)
    raise BadQuestion('history: each turn is a text or {"role", "text"}')
