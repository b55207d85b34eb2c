"""Where two slots take a day, a correction is for the one that is meant; a question is no choice."""

from datetime import date, timedelta

import pytest

from bots.procedures.playing import Player
from bots.procedures.reading import read
from bots.procedures.stories import read_tests
from contactcenter.demo.packs.pack import HERE as PACKS

pytestmark = pytest.mark.unit

TODAY = date(2026, 5, 4)
FILE = PACKS / "travel/procedures/book_flight.yaml"
BACK = {
    "served": True,
    "nearest": [],
    "flights": [{"flight": "AT122", "leaves": "12:10", "arrives": "14:45", "price": 230}],
}


def ahead(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.fixture
def bot() -> Player:
    procedure = read(FILE.read_text(encoding="utf-8"))
    tests = read_tests(FILE.with_suffix(".tests.yaml").read_text(encoding="utf-8"), procedure)
    home = {"flight": "AT122", "leaves": "12:10", "arrives": "14:45"}
    look = {**tests.replies["look"], "back": home}
    return Player(procedure, {**tests.replies, "find_back": BACK, "look": look}, TODAY)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("no, I meant in 39 days", (30, 39)),  # what was told last
        ("no, the date should be in 29 days", (29, 37)),
        ("wait, the way back should be in 40 days", (30, 40)),
        ("no, rather back in 41 days", (30, 41)),
        ("sorry, it's in 28 days, back in 42 days", (28, 42)),
    ],
)
def test_a_correction_is_for_the_day_that_is_meant(
    bot: Player, said: str, days: tuple[int, int]
) -> None:
    bot.hear("a round trip from Hamburg to Rome in 30 days, 2 people, Light")
    for answer in ("in 37 days", "AT121", "Ada Berg"):
        bot.hear(answer)
    assert bot.hear("ada@example.com").state.waiting == "confirm"

    heard = bot.hear(said)

    assert (heard.state.slots["day"], heard.state.slots["back"]) == tuple(map(ahead, days))
    assert heard.state.waiting == "confirm"


def test_a_way_back_before_the_way_there_is_asked_for_again(bot: Player) -> None:
    bot.hear("a round trip from Hamburg to Rome in 30 days, 2 people, Light")

    heard = bot.hear("in 20 days")

    assert heard.state.asked_slot == "back"
    assert "or later" in heard.text


def test_a_question_with_a_word_of_an_option_chooses_nothing(bot: Player) -> None:
    bot.hear("book a flight from Hamburg to Rome")
    heard = bot.hear("What does a round ticket of yours include?")
    assert (heard.interrupted, heard.state.asked_slot) == (True, "trip")
    assert "trip" not in heard.state.slots


def test_what_could_not_be_found_out_is_told_in_words(bot: Player) -> None:
    bot.hear("a round trip from Hamburg to Rome in 30 days, 2 people, Light")
    reasons = [bot.hear("I don't know").state.reason for _ in range(3)]
    assert reasons[-1] == "“way back” could not be found out."
