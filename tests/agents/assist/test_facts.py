"""What is taken from a customer's words, and what is not: rather nothing than something wrong."""

import pytest

from agents.assist.rules.facts import Fact, facts_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Hi, my name is Jane Doe and I need help", [Fact("name", "Jane Doe")]),
        ("Please call me Bo. I live in New York.", [Fact("called", "Bo"), Fact("place", "New York")]),
        ("I usually wear a size M jacket", [Fact("size", "M", "jacket")]),
        ("I wear 42 in boots, my hat is lost", [Fact("size", "42", "shoes")]),
        ("my shoe size is 43.5", [Fact("size", "43.5", "shoes")]),
        ("I'm a size 10. Sorry, I'm a size 12.", [Fact("size", "12")]),
        ("I’m allergic to nuts and shellfish.", [Fact("allergy", "nuts"), Fact("allergy", "shellfish")]),
        ("I have a peanut allergy. Is it safe?", [Fact("allergy", "peanut")]),
        ("I'm vegan and I live in Bern", [Fact("place", "Bern"), Fact("diet", "vegan")]),
        ("I don't eat pork", [Fact("diet", "no pork")]),
        ("Please don't call me, write to me", [Fact("contact", "no calls")]),
        ("I'd prefer e-mail", [Fact("contact", "e-mail")]),
        ("Can you please reply in German?", [Fact("language", "de")]),
        ("The app crashes on my iPhone 14 Pro", [Fact("device", "iPhone 14 Pro", "phone")]),
        ("我叫王小明，想退货", [Fact("name", "王小明")]),
        ("请叫我小李就行。我穿42码的鞋", [Fact("called", "小李"), Fact("size", "42", "shoes")]),
        ("我对花生和牛奶过敏", [Fact("allergy", "花生"), Fact("allergy", "牛奶")]),
        ("请用英文回复", [Fact("language", "en")]),
        ("我用的是华为Mate 60", [Fact("device", "华为Mate 60", "phone")]),
    ],
)  # fmt: skip
def test_plain_statements_about_oneself_are_taken(text: str, facts: list[Fact]) -> None:
    assert facts_in(text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "My name is wrong on the card",
        "Call me back tomorrow. Call me ASAP",
        "Do you have size 43? I need size 12",
        "I take 2 of these",
        "My sister wears a size 8 and is allergic to nuts",
        "If I wear size M, does it fit",
        "I used to wear size M",
        "I'm not allergic to nuts",
        "I have a peanut allergy, is it safe?",
        "I'm allergic to work",
        "I have an iPhone 14 I want to return",
        "我女儿穿36码。叫我等了三天",
        "麻烦您给我叫辆出租车，从酒店到机场",
        "I would prefer Russian food. I prefer italian",
        "你们有42码的鞋吗",
        "",
    ],
)
def test_questions_conditions_the_past_and_other_people_are_not(text: str) -> None:
    assert facts_in(text) == []


def test_hostile_words_are_read_in_time() -> None:
    for piece in (
        "my size is ",
        "I'm allergic to a, ",
        "call me A",
        "我对",
        "i am " * 3,
        "on my iPhone ",
    ):
        assert len(facts_in(piece * 4_000)) < 50
