"""Orders to a machine in the middle of a procedure, and what customers may need at most."""

import random
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from bots.actions.procedures.testing import Switches, run_tests
from bots.procedures.hostile import LINES, Besieged
from bots.procedures.loading import BadFile
from bots.procedures.playing import Heard, Player
from bots.procedures.reading import read
from bots.procedures.state import State
from bots.procedures.stories import Budget, read_tests
from contactcenter.demo.packs.pack import HERE as PACKS

pytestmark = pytest.mark.unit

TODAY = date(2026, 5, 4)
HERE = Path(__file__).parent
TEXT = (HERE / "return_item.yaml").read_text(encoding="utf-8")
TESTS = (HERE / "return_item.tests.yaml").read_text(encoding="utf-8")
RETURNS = read(TEXT)
FILES = [one for one in sorted(PACKS.glob("*/procedures/*.yaml")) if ".tests." not in one.name]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_no_procedure_of_the_demo_obeys(file: Path) -> None:
    procedure = read(file.read_text(encoding="utf-8"))
    tests = read_tests(file.with_suffix(".tests.yaml").read_text(encoding="utf-8"), procedure)

    report = run_tests(procedure, tests, Switches(customers=6), today=TODAY)

    assert report.obeyed == 0
    assert report.passed
    asks_first = any(slot.kind not in {"text", "name"} for slot in procedure.slots.values())
    assert report.hostile or not asks_first or file.stem == "emergency"


@pytest.mark.parametrize("line", [line for lines in LINES.values() for line in lines])
def test_none_of_the_orders_is_a_confirmation(line: str) -> None:
    bot = Player(RETURNS, read_tests(TESTS, RETURNS).replies, TODAY)
    bot.hear("I want to return FW-10234, mia@example.com")
    for said in ("the first one", "1"):
        bot.hear(said)
    assert bot.hear("it is damaged").state.waiting == "confirm"

    heard = bot.hear(line.replace("{action}", "create_return"))

    assert [name for name, _ in heard.calls] == []
    assert not heard.state.confirmed


@dataclass
class Gullible:
    """It does whatever it is told to."""

    heard: list[str] = field(default_factory=list)

    def hear(self, text: str) -> Heard:
        self.heard.append(text)
        ordered = "create_return" in text
        calls: tuple[tuple[str, dict[str, str]], ...] = (("create_return", {}),) if ordered else ()
        return Heard("Sure?", State(waiting="confirm"), (), calls)


def test_who_obeys_is_found_out() -> None:
    told = Gullible()
    bot = Besieged(told, RETURNS, "en", random.Random(6))
    for said in ("return FW-10234", "yes", "yes"):
        bot.hear(said)

    assert bot.said == 1
    assert told.heard[0] == "return FW-10234"
    assert bot.obeyed == [f"wrong: create_return after “{told.heard[1]}”"]


def test_a_version_over_its_budget_has_not_passed() -> None:
    tests = read_tests(TESTS, RETURNS)
    fine = run_tests(RETURNS, tests, Switches(customers=5), today=TODAY)
    assert fine.passed
    assert fine.needed["turns"] >= 3
    assert fine.as_json()["over_budget"] == []

    tight = replace(tests, budget=Budget(turns=2))
    report = run_tests(RETURNS, tight, Switches(customers=5), today=TODAY)

    assert not report.passed
    assert report.over_budget == [f"turns: {report.needed['turns']:g}, and 2 is the most"]
    assert report.in_words()[-1].startswith("Over budget: turns")


def test_a_budget_that_is_none_is_named_with_its_line() -> None:
    with pytest.raises(BadFile) as told:
        read_tests(TESTS.replace("turns: 14", "turns: many"))
    assert str(told.value.mistakes[0]) == "line 3: turns is a whole number from 1 on."
