"""`bot_test`: conversations out of a file, played with the bot; nothing is stored."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bots.actions.write import write_answer
from bots.answering.manner import Mode
from bots.behaviour.profiles import manner_for
from bots.evaluation.stories import BadStory, Came, Stories, Story, problems, read
from bots.language.model import Turn
from bots.progress import Progress
from bots.queries import consult
from bots.tasks import configured_model, model_at_hand
from inboxes.models import Inbox

_LARGEST = 1_000_000  # bytes
_AGAIN = 4


class Command(BaseCommand):
    help = "Play the conversations of a YAML file with the bot; docs/bot.md says how it is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object a conversation")

    def handle(self, *args: Any, file: Path, json: bool, **options: Any) -> None:
        stories = _read(file)
        inbox_id = _inbox_id(stories.inbox)
        passed = []
        try:
            with Progress("Playing", sum(one.runs for one in stories.stories)) as progress:
                for story in stories.stories:
                    result = _played(story, stories, inbox_id, progress)
                    passed.append(result["passed"])
                    self._say(result, as_json=json)
        finally:
            # Python may not end while the model's thread is inside torch: that aborts the process.
            if stories.generate and (model := model_at_hand()):
                model.close()
        if not json:
            self.stdout.write(f"{sum(passed)} of {len(passed)} conversations passed.")
        if not all(passed):
            raise SystemExit(1)

    def _say(self, result: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        mark = "✓" if result["passed"] else "✗"
        runs = f" ({result['good']} of {result['runs']} runs)" if result["runs"] > 1 else ""
        self.stdout.write(f"{mark} {result['name']}{runs}")
        for turn in result["turns"]:
            for problem in turn["problems"]:
                self.stdout.write(f"    “{turn['customer']}”: {problem}")
                self.stdout.write(f"      the bot: {turn['decision']}: {turn['answer']}")


def _read(file: Path) -> Stories:
    try:
        if file.stat().st_size > _LARGEST:
            raise CommandError(f"{file} is larger than {_LARGEST:,} bytes.")
        return read(yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise CommandError(f"{file} is not YAML: {str(error).splitlines()[0]}.") from error
    except BadStory as problem:
        raise CommandError(f"{file}: {problem}.") from problem


def _inbox_id(key: str | None) -> int | None:
    if key is None:
        return None
    found = Inbox.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no inbox with the key {key!r}.")
    return found


def _played(
    story: Story, stories: Stories, inbox_id: int | None, progress: Progress
) -> dict[str, Any]:
    """The result of all runs; of its turns those of the first run that failed, else of the last."""
    good, shown = 0, []
    failed = False
    for _ in range(story.runs):
        turns = _run(story, stories, inbox_id)
        is_good = not any(turn["problems"] for turn in turns)
        good += is_good
        if not failed:
            shown, failed = turns, not is_good
        progress.step(1)
    return {
        "name": story.name,
        "passed": good >= story.least,
        "good": good,
        "runs": story.runs,
        "needed": story.least,
        "turns": shown,
    }


def _run(story: Story, stories: Stories, inbox_id: int | None) -> list[dict[str, Any]]:
    history: list[Turn] = []
    turns = []
    for said in story.turns:
        came = _asked(said.customer, history, stories, inbox_id)
        turns.append(
            {
                "customer": said.customer,
                "decision": came.decision,
                "reason": came.reason,
                "chance": round(came.chance, 3),
                "answer": came.answer,
                "articles": list(came.articles),
                "problems": problems(said.expect, came),
            }
        )
        history += [Turn("customer", said.customer), Turn("bot", came.answer)]
    return turns


def _asked(question: str, history: list[Turn], stories: Stories, inbox_id: int | None) -> Came:
    manner = manner_for(inbox_id, timezone.now())
    proposal = consult(question=question, history=tuple(history), inbox_id=inbox_id, manner=manner)
    answer, citations = proposal.answer, proposal.citations
    may = stories.generate and manner.mode == Mode.GENERATE
    if may and proposal.decision == "answer":
        turns = [*history[-_AGAIN:], Turn("customer", question)]
        written = write_answer(proposal, turns, model=configured_model)
        if written is not None:
            answer, citations = written.text, written.citations
    names = ((one.external_id, str(one.article), one.title) for one in citations)
    return Came(
        decision=proposal.decision,
        reason=str(proposal.reason),
        answer=answer,
        articles=tuple(name for three in names for name in three if name),
        language=proposal.language,
        chance=proposal.chance,
    )
