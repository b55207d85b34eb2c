"""Conversations that the bot is tested with."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from bots.actions.articles import import_articles
from bots.evaluation.stories import BadStory, Came, Expected, problems, read
from bots.knowledge.vectors import light_encoders
from tests.bots.actions.test_answer import RETURNS

CAME = Came("answer", "found", "Within 30  days. [1]", ("returns", "Returning an item"), "en", 0.7)
EXAMPLE = Path("docs/bot-test.yaml")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("expect", "found"),
    [
        (Expected(), []),
        (Expected(decision="answer", article="returns", says=("30 days",), chance=0.7), []),
        (Expected(decision="handoff"), ["decision is answer, not handoff"]),
        (Expected(article="delivery"), ["delivery is not cited"]),
        (Expected(says=("60 days",)), ["it does not say “60 days”"]),
        (Expected(never=("WITHIN",)), ["it says “WITHIN”"]),
        (Expected(chance=0.9), ["chance is 0.70, below 0.90"]),
    ],
)
def test_what_is_not_as_expected_is_said(expect: Expected, found: list[str]) -> None:
    assert problems(expect, CAME) == found


@pytest.mark.unit
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("[]", "the file: names with values are expected here"),
        ("conversations: []", "at least one conversation"),
        ("conversations: [{turns: [{customer: Hi, expects: {}}]}]", "turn 1: expects is not known"),
        ("conversations: [{turns: [{customer: ''}]}]", "customer is a text"),
        ("conversations: [{runs: 0, turns: [{customer: Hi}]}]", "runs is a number"),
        ("conversations: [{pass: 2, turns: [{customer: Hi}]}]", "pass is all, majority"),
        ("conversations: [{turns: [{customer: Hi, expect: {decision: yes}}]}]", "decision is"),
        ("conversations: [{turns: [{customer: Hi, expect: {says: [1]}}]}]", "says is a text"),
    ],
)
def test_a_file_that_is_not_right_says_where(words: str, problem: str) -> None:
    with pytest.raises(BadStory, match=problem):
        read(yaml.safe_load(words))


@pytest.mark.unit
def test_how_many_runs_have_to_pass() -> None:
    given: dict[str, Any] = {"runs": 5, "conversations": [{"turns": [{"customer": "Hi"}]}]}

    assert [read(given | {"pass": rule}).stories[0].least for rule in ("all", "majority", 2)] == [
        5, 3, 2,
    ]  # fmt: skip
    assert read(yaml.safe_load(EXAMPLE.read_text())).stories


@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
def test_a_file_is_played_with_the_bot(tmp_path: Path, at: Any) -> None:
    import_articles([RETURNS], encoders=light_encoders(), at=at, bad=lambda _line: None)
    file = tmp_path / "test.yaml"
    file.write_text(
        "conversations:\n"
        "  - name: Returns\n"
        "    turns:\n"
        "      - customer: What is your return policy?\n"
        "        expect: {decision: answer, article: returns, says: 30 days}\n"
        "      - customer: I want to talk to a human\n"
        "        expect: {decision: handoff, reason: asked}\n"
        "  - name: Wrong\n"
        "    turns: [{customer: 'What is your return policy?', expect: {says: 90 days}}]\n"
    )
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("bot_test", str(file), "--json", stdout=out)

    good, bad = map(json.loads, out.getvalue().splitlines())
    assert (good["passed"], bad["passed"]) == (True, False)
    assert bad["turns"][0]["problems"] == ["it does not say “90 days”"]
    with pytest.raises(CommandError, match="can't be read"):
        call_command("bot_test", str(tmp_path / "none.yaml"))
