"""What a rule's value says, and the forms that rules are drawn with."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.rules.forms import FACES, GROUPS
from agents.rules.registry import RULES
from agents.rules.values import WRAP_UP_MODES, BadRule
from agents.rules.words import in_words, time_in_words

pytestmark = pytest.mark.unit

QUEUE = "6f0d0f5e-3f0a-4f53-9b0a-5a4f4b1f0001"
NAMES = {QUEUE: "Support"}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (90, "90 seconds"), (60, "1 minute"), (120, "2 minutes"), (3600, "1 hour"),
     (86_400, "1 day"), (2_592_000, "30 days"), (0, "0 seconds")],
)  # fmt: skip
def test_time_is_said_in_the_largest_unit_that_fits(seconds: int, words: str) -> None:
    assert time_in_words(seconds) == words


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("mode", "manual", "Agents pull from the list."),
        ("choose", ["skill", "round_robin"], "Highest skill, then in turns."),
        ("answer_seconds", 300, "Passed on after 5 minutes without an answer."),
        ("answer_seconds", 0, "Never passed on."),
        ("overflow", {"after": 120, "queue": QUEUE}, "After 2 minutes on to Support."),
        ("overflow", None, "Off."),
        ("sticky", {"days": 1}, "Back to whoever served them in the last 1 day."),
        ("language", {"required": True, "relax_after": 60}, "Only who speaks it; anybody after 1 minute."),
        (
            "skills",
            [{"all": [{"skill": "returns", "level": 3}], "any": [{"skill": "de"}, {"skill": "en"}],
              "seconds": 30}, {}],
            "Returns 3 and de 1 or en 1 for 30 seconds; then anybody.",
        ),
        ("waiting_messages", [], "None."),
        ("waiting_messages", [{"after": 60, "text": {"en": "Soon. A", "zh": "请稍等"}}],
         "After 1 minute: “Soon. A” (en, zh)"),
        ("limit", {"waiting": 5}, "At most 5 wait; the next one is told that all are busy."),
        ("limit", {"waiting": 5, "queue": QUEUE}, "At most 5 wait; the next one goes to Support."),
        ("max_wait", {"after": 1800, "do": "bot"}, "After 30 minutes: back to the bot."),
        ("wrap_up", {"mode": "time_boxed", "seconds": 90, "required": True},
         "Until done, or time is up, 90 seconds, with a code."),
        ("auto_resolve", {"after": 60, "bot_too": False},
         "After 1 minute without a word, but not with the bot."),
        ("webhook", {"url": "https://r.example/choose"}, "The program at https://r.example/choose has 2 seconds to choose."),
        ("sla_seconds", {"urgent": 30}, "Urgent 30 seconds."),
        ("sla_alerts", "late", "When it is late."),
        ("weightless_labels", "", "None."),
        ("weightless_labels", "parts, on loan,parts", "Parts, on loan."),
        ("joins", [], "None."),
        ("joins", [{"says": "return, refund", "language": "EN", "label": "vip", "queue": QUEUE},
                   {"queue": QUEUE}],
         "Who says “return” or “refund” and speaks en and has the label “vip” joins Support; everybody else joins Support."),
    ],
)  # fmt: skip
def test_a_value_is_one_sentence(rule: str, value: Any, words: str) -> None:
    assert in_words(rule, value, NAMES) == words


def test_every_rule_has_a_face_and_says_its_example() -> None:
    for name, rule in RULES.items():
        assert FACES[name].group in GROUPS
        example = json.loads(
            rule.example.replace('"…"', f'"{QUEUE}"').replace("https://…", "https://r.example")
        )
        assert in_words(name, example, NAMES)


def test_what_does_not_read_has_no_sentence() -> None:
    with pytest.raises(BadRule):
        in_words("mode", "sometimes")


def test_every_form_names_only_what_its_rule_takes() -> None:
    """A field that the rule would refuse is a form that nobody can send."""
    for name, face in FACES.items():
        if face.form["kind"] != "object":
            continue
        example = json.loads(RULES[name].example)
        assert set(example) <= {field["name"] for field in face.form["fields"]}, name


def test_the_page_for_managers_has_every_rule() -> None:
    page = (Path(__file__).parents[2] / "docs" / "routing.md").read_text(encoding="utf-8")
    for name in RULES:
        row = next((line for line in page.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert row, f"docs/routing.md does not explain {name}"
        example = row.rsplit(" | ", 1)[1].strip(" |`")
        json.loads(example)
    for mode in WRAP_UP_MODES:
        assert f"| `{mode}` |" in page
