"""The language of procedures: what a file may say, and what is told about one that may not."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bots.actions.procedures.testing import Switches, run_tests
from bots.procedures.choosing import Choice
from bots.procedures.expressions import BadExpression, expression
from bots.procedures.filling import listen
from bots.procedures.loading import BadFile
from bots.procedures.matching import is_open
from bots.procedures.reading import read
from bots.procedures.said import agrees_to, gives_up, wants_a_person, yes_or_no
from bots.procedures.shapes import Hours, Slot
from bots.procedures.state import State, World
from bots.procedures.stories import Rule, read_tests
from bots.procedures.templates import Known, filled, path_of
from bots.procedures.understanding import Surroundings, answered, heard
from bots.procedures.visits import passes
from contactcenter.demo.packs.pack import HERE as PACKS
from inboxes.fetch import is_outside

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)  # a Sunday
TEXT = (HERE / "return_item.yaml").read_text(encoding="utf-8")
TESTS = (HERE / "return_item.tests.yaml").read_text(encoding="utf-8")


def test_the_example_of_the_manual_is_this_one() -> None:
    manual = (HERE.parents[2] / "docs" / "procedures.md").read_text(encoding="utf-8")
    shown = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    assert shown == [TEXT, TESTS]


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadFile) as told:
        read(text)
    return [str(one) for one in told.value.mistakes]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("type: email", "type: emial", "line 26: “emial” is no type; did you mean “email”."),
        ("goto: which", "goto: whcih", "line 78: No step has the id “whcih”"),
        ("found.total > 200", "found.total >> 200", "line 84: In if only names"),
        ("found.status !=", "fuond.status !=", "line 79: Nothing is called “fuond”"),
        ("- call: find_order", "- call: find_odrer", "line 73: There is no action “find_odrer”"),
        ("ask: [order, email]", "ask: [odrer, email]", "line 72: There is no slot “odrer”"),
        (
            "      not_found:\n",
            "      nowhere:\n",
            "line 73: “find_order” has no outcome “nowhere”",
        ),
        ("timeout: 4", "timeout: 90", "line 57: timeout is a number from 0.5 to 8, not 90."),
        ("method: POST", "method: SEND", "line 63: “SEND” is not one of GET"),
        ("path: /returns", "path: //evil.example", "line 64: A path begins with one /"),
        ("zone: Europe/Berlin", "zone: Mars", "line 4: “Mars” is not a time zone"),
        ("pattern: 'FW-?\\d{5}'", "pattern: 'FW-(\\d'", "line 22: This pattern is not a regular"),
        ("    min: 1", "    min: 1\n    min: 2", "line 38: “min” stands here twice."),
        ("irreversible: true", "irreversable: true", "line 66: “irreversable” is not known here"),
        ("- done\n  - ask", "- done\n    - ask", "line 83: "),
        (
            "{found.total|money:EUR}",
            "{found.total|mony}",
            "line 86: In this text there is no |mony",
        ),
        ("  - id: which", "\t- id: which", "line 71: A tab may not be used"),
        ("name: {en: Return", "name: &n {en: *x, de: Return", "An alias (*name) may not be used"),
        (
            "name: {en: Return",
            'name: {en: "\\ud83d", de: Return',
            "line 2: A sign in this text can't be",
        ),
        (
            "name: {en: Return",
            'name: {en: "a\\0", de: Return',
            "line 2: A sign in this text can't be",
        ),
        ("procedure: return_item", "procedure: Return Item", "line 1: “Return Item” is not a name"),
        ("connection: shop  ", "connexion: shop  ", "line 52: The action “find_order” has no"),
    ],
)
def test_each_mistake_has_its_line_and_a_sentence(before: str, after: str, told: str) -> None:
    assert before in TEXT
    assert any(told in one for one in mistakes(TEXT.replace(before, after, 1)))


def test_nothing_irreversible_is_done_without_a_confirmation_on_every_way() -> None:
    read(TEXT)
    without = re.sub(r"  - confirm:.*?(?=  - call: create_return)", "", TEXT, flags=re.DOTALL)
    assert "“create_return” is irreversible" in mistakes(without)[0]
    asked_again = TEXT.replace("  - call: create_return", "  - ask: count\n  - call: create_return")
    assert "“create_return” is irreversible" in mistakes(asked_again)[0]
    only_sometimes = TEXT.replace(
        "  - confirm:\n", "  - if: count > 1\n    then:\n      - goto: send\n  - confirm:\n"
    ).replace("  - call: create_return", "  - id: send\n    call: create_return")
    assert "“create_return” is irreversible" in mistakes(only_sometimes)[0]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "a: [1", "a: b: c", "a: !!python/object:os.system x", "a: " + "[" * 60, "a: \x00"],
)
def test_what_is_no_procedure_is_told_so(text: str) -> None:
    assert mistakes(text)[0].startswith("line 1: ")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("count > 2 and has(order)", True),
        ("missing > 2", False),
        ("order in ['A', 'B']", True),
        ("price * count + 1", 31),
        ("days(day)", 3),
        ("today + 7", "2026-11-29"),
        ("lines.0.sku", "T2"),
        ("not has(missing)", True),
        ("price / 0", None),
    ],
)
def test_expressions(source: str, value: object) -> None:
    names = {
        "count": 3, "price": 10, "order": "A", "day": "2026-11-25", "today": "2026-11-22",
        "lines": [{"sku": "T2"}],
    }  # fmt: skip
    assert expression(source).of(names) == value


@pytest.mark.parametrize(
    "source",
    ["__import__('os')", "(lambda: 1)()", "a.__class__", "[x for x in y]", "2 ** 9 ** 9", "f(", ""],
)
def test_nothing_else_is_an_expression(source: str) -> None:
    with pytest.raises(BadExpression):
        expression(source)


def test_a_value_in_a_path_leads_nowhere_else() -> None:
    known = Known({"order": "../admin?x=1", "dots": ".."})
    assert path_of("/orders/{order}/{dots}", known) == "/orders/..%2Fadmin%3Fx%3D1/%2E%2E"
    assert filled("{{x}} {missing}|", known) == "{x} |"


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 traveller"), (3, "3 travellers"), (None, " travellers")]
)
def test_other_is_for_every_code_that_has_no_words_of_its_own(count: int | None, said: str) -> None:
    words = {"people": {"1": "traveller", "other": "travellers"}}
    known = Known({"count": count}, words=words)
    assert filled("{count} {count|word:people}", known) == said


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "next friday", "2026-11-27"),
        ("date", "下周五", "2026-11-27"),
        ("date", "June 5th, 2027", "2027-06-05"),
        ("date", "6月5日", "2027-06-05"),
        ("date", "the 6th", "2026-12-06"),
        ("time", "half past six", "06:30"),
        ("time", "晚上六点半", "18:30"),
        ("number", "1,200.5", 1200.5),
        ("integer", "两百三十", 230),
        ("integer", "我看看，1", 1),
        ("amount", "it was €12.50", 12.5),
        ("name", "I'm Mia Berger", "Mia Berger"),
        ("name", "我叫王芳", "王芳"),
        ("email", "it is Mia@Example.com.", "mia@example.com"),
        ("yes_no", "好的，谢谢", True),
        ("yes_no", "no thanks", False),
    ],
)
def test_values_as_people_write_them(kind: str, text: str, value: object) -> None:
    slot = Slot("x", kind, 1)  # type: ignore[arg-type]
    assert [one.value for one in answered(slot, text, Surroundings(TODAY))] == [value]


@pytest.mark.parametrize("text", ["FW-10234", "order fw 10234", "订单FW-10234的", "fw-1O234"])
def test_patterns_are_found_as_they_are_written(text: str) -> None:
    slot = Slot("x", "pattern", 1, pattern=r"FW-\d{5}", listen=True)
    assert [one.value for one in heard(slot, text, Surroundings(TODAY))] == ["FW-10234"]


def test_choices_by_name_by_place_and_with_a_slip() -> None:
    choices = (Choice("small", "Too small", ("太小",)), Choice("broken", "Broken", ("damaged",)))
    slot, around = Slot("x", "choice", 1), Surroundings(TODAY, choices)
    said = ["it was damaged", "the second one", "第二个", "2", "brokne"]
    found = [[one.value for one in answered(slot, text, around)] for text in said]
    assert found == [["broken"]] * 5


@pytest.mark.parametrize(
    ("question", "said", "agreed"),
    [
        ("Shall I block the card ending in 4471?", "Yes, block it", True),
        ("Shall I block the card ending in 4471?", "yes please block card 4471", True),
        ("Shall I block the card ending in 4471?", "yes, block 4472", False),
        ("Shall I block the card ending in 4471?", "yes block it but not today", False),
        ("Shall I block the card ending in 4471?", "yes, cancel it", False),
        ("Shall I block the card ending in 4471?", "yes, can you block it?", False),
        ("Shall I block the card ending in 4471?", "block it", False),
        ("确认挂失尾号4471的卡吗？", "好的，请帮我挂失", True),
        ("确认挂失尾号4471的卡吗？", "是的，不要挂失", False),
        ("确认挂失尾号4471的卡吗？", "好，取消", False),
    ],
)
def test_a_yes_may_repeat_what_was_asked(question: str, said: str, agreed: bool) -> None:
    assert agrees_to(said, question) is agreed


def test_nothing_but_a_yes_is_a_yes() -> None:
    assert yes_or_no("Yes, go ahead") is True
    for text in ("yes but tomorrow", "maybe", "yes?no", "what happens if I say yes"):
        assert yes_or_no(text) is None, text
    assert gives_up("never mind")
    assert gives_up("算了")
    assert not gives_up("cancel my order FW-10234")


def test_a_person_is_asked_for_in_short_words_too() -> None:
    assert all(
        map(wants_a_person, ("I want a person", "get me a human please", "I'd like an agent"))
    )
    assert not wants_a_person("I want a table for a person in a wheelchair")


def test_hours_may_run_past_midnight() -> None:
    late = Hours(frozenset({4}), 22 * 60, 2 * 60)  # Fridays
    assert is_open(late, datetime(2026, 11, 27, 23, tzinfo=UTC))
    assert is_open(late, datetime(2026, 11, 28, 1, tzinfo=UTC))
    assert not is_open(late, datetime(2026, 11, 28, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("93.184.216.34", True), ("127.0.0.1", False), ("10.1.2.3", False), ("169.254.169.254", False),
        ("::1", False), ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False), ("fe80::1%eth0", False),
        ("2002:7f00:1::", False), ("224.0.0.1", False), ("0.0.0.0", False),
    ],
)  # fmt: skip
def test_only_the_internet_is_outside(address: str, outside: bool) -> None:
    assert is_outside(address) is outside


@pytest.mark.parametrize("weather", ["fine", "down", "slow", "rubbish", "flaky"])
def test_simulated_customers_never_get_what_they_did_not_want(weather: str) -> None:
    procedure = read(TEXT)
    tests = read_tests(TESTS, procedure)

    report = run_tests(procedure, tests, Switches(40, 7, weather), today=TODAY, step=lambda _: None)

    assert report.passed
    assert report.wrong == report.failed_stories == 0
    assert report.good == 40 or weather != "fine"


def test_a_rule_counts_the_lower_bound_of_a_share() -> None:
    assert passes(Rule(share=0.9), 50, 50)
    assert not passes(Rule(share=0.95), 50, 50)
    assert passes(Rule(2, 3), 14, 20)
    assert not passes(Rule(3, 3), 19, 20)


def test_a_test_file_is_told_its_mistakes() -> None:
    with pytest.raises(BadFile) as told:
        read_tests(
            TESTS.replace("asks: item", "asks: itme").replace("3 of 3", "4 of 3"), read(TEXT)
        )
    said = [str(one) for one in told.value.mistakes]
    assert any("There is no slot “itme”" in one for one in said)
    assert "line 2: 4 of 3 is no rule." in said


def test_from_one_day_to_another_is_the_second_where_only_one_is_asked_for() -> None:
    file = PACKS / "travel" / "procedures" / "change_flight.yaml"
    move, world = read(file.read_text(encoding="utf-8")), World(TODAY, f"{TODAY}T12:00", "en")

    for said in (
        "move it from 1 July to 9 July",
        "从7月1日改到7月9日",
        "to 9 July instead of 1 July",
    ):
        assert listen(move, State(), world, said).fresh["day"] == "2027-07-09"
