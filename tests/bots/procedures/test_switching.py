"""What is said in the middle of a procedure: an answer, another value, or something else altogether."""

from datetime import date

import pytest

from bots.procedures.playing import Player
from bots.procedures.reading import read
from bots.procedures.state import State, World
from bots.procedures.stories import read_tests
from bots.procedures.switching import only_answers
from contactcenter.demo.packs.pack import HERE as PACKS

pytestmark = pytest.mark.unit

TODAY = date(2026, 5, 4)  # a Monday
FILE = PACKS / "travel/procedures/book_flight.yaml"
BOOKS = read(FILE.read_text(encoding="utf-8"))
TESTS = read_tests(FILE.with_suffix(".tests.yaml").read_text(encoding="utf-8"), BOOKS)


@pytest.mark.parametrize(
    "said",
    [
        "next Friday", "um, the 14th please", "in two weeks I think", "Rome", "from Berlin", "two people please",
        "Flex!!", "yes please", "no thanks", "skip", "one moment", "mia@example.com", "at half past six", "thanks",
        "下周五吧", "两位，谢谢", "我看看，里斯本", "不用了", "好的", "6月5日", "稍等",
    ],
)  # fmt: skip
def test_an_answer_is_one(said: str) -> None:
    assert only_answers(said, BOOKS, State(), World(TODAY, "", "en"))


@pytest.mark.parametrize(
    "said",
    [
        "I want to change my flight", "cancel my booking for Friday", "which flights go to Rome?",
        "move me to tomorrow", "a window seat", "帮我改签到周五", "取消去罗马的航班", "有什么景点",
    ],
)  # fmt: skip
def test_a_request_is_more(said: str) -> None:
    assert not only_answers(said, BOOKS, State(), World(TODAY, "", "en"))


@pytest.fixture
def bot() -> Player:
    """It has just asked which fare."""
    bot = Player(BOOKS, TESTS.replies, TODAY)
    heard = bot.hear("book a flight from Hamburg to Rome on 20 May, one way, 2 people")
    assert heard.state.asked_slot == "fare"
    return bot


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("next Friday", "day", "2026-05-15"),
        ("下周五", "day", "2026-05-15"),
        ("Berlin please", "home", "berlin"),
        ("3 people", "travellers", 3),
    ],
)
def test_a_bare_value_of_something_known_takes_its_place(
    bot: Player, said: str, slot: str, value: object
) -> None:
    heard = bot.hear(said)

    assert heard.state.slots[slot] == value
    assert heard.state.asked_slot == "fare"
    assert heard.state.tries == {}


@pytest.mark.parametrize("said", ["cheapest please", "the cheapest one", "最便宜的"])
def test_the_cheapest_fare_has_a_name(bot: Player, said: str) -> None:
    assert bot.hear(said).state.slots["fare"] == "light"


@pytest.mark.parametrize("said", ["yes", "no thanks", "thanks", "one moment", "20 May"])
def test_what_is_no_other_value_changes_nothing(bot: Player, said: str) -> None:
    before = dict(bot.state.slots) if bot.state else {}

    assert bot.hear(said).state.slots == before
