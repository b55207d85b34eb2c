"""What the demo businesses' bots can do: every procedure's own tests, simulated customers, real doors."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from benchmarks.packs import run
from bots.procedures.customers import Customer
from bots.procedures.playing import Player, play
from bots.procedures.reading import read
from bots.procedures.stories import read_tests
from bots.procedures.visits import visit
from contactcenter.demo.packs.models import Business
from contactcenter.demo.packs.pack import HERE
from contactcenter.demo.seed import _orders, _products

FILES = [one for one in sorted(HERE.glob("*/procedures/*.yaml")) if ".tests." not in one.name]
TODAY = date(2026, 5, 4)
OURS = ("travel", "restaurant", "retail", "banking", "telecom", "health")


@pytest.mark.unit
@pytest.mark.parametrize("today", [TODAY, date(2026, 12, 31), date(2028, 2, 29)], ids=str)
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_procedure_passes_its_tests_and_its_customers(file: Path, today: date) -> None:
    """Whatever day it is: they are played again when a business is opened."""
    procedure = read(file.read_text(encoding="utf-8"))
    tests = read_tests(file.with_suffix(".tests.yaml").read_text(encoding="utf-8"), procedure)
    assert len(tests.stories) >= 2
    assert tests.goals

    for story in tests.stories:
        player = Player(
            procedure, {**tests.replies, **story.replies}, today, story.language, story.customer
        )
        assert not play(story, player).problems, story.name
    for goal in tests.goals:
        for seed in range(3):
            customer = Customer.of(goal, seed)
            replies = {**tests.replies, **goal.replies}
            player = Player(procedure, replies, today, customer.language, goal.customer)
            assert not visit(procedure, customer, player, today=today).problems, goal.name


@pytest.mark.unit
def test_every_text_is_there_in_both_languages() -> None:
    for file in FILES:
        procedure = read(file.read_text(encoding="utf-8"))
        texts = [slot.ask for slot in procedure.slots.values()]
        texts += [step.text for step in procedure.steps] + [procedure.name]
        for text in texts:
            assert not text.said or {"en", "zh"} <= set(text.said) or "" in text.said, file.name


@pytest.mark.integration
@pytest.mark.django_db
@pytest.mark.parametrize("pack", OURS)
def test_customers_reach_their_goal_at_the_real_doors(
    pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if pack == "retail":
        _products()
        _orders(at=timezone.now())

    assert run(pack, customers=1)

    said = capsys.readouterr().out
    assert "✗" not in said
    assert said.count("1/1 completed") == len([one for one in FILES if one.parts[-3] == pack])


@pytest.mark.integration
@pytest.mark.django_db
@pytest.mark.parametrize("weather", ["lost", "rubbish"])
def test_on_a_bad_day_nothing_wrong_is_done(
    weather: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("restaurant", customers=1, weather=weather, kill=True)

    assert "1 handed over" in capsys.readouterr().out
    assert Business.objects.get(pack="restaurant").weather == "fine"
