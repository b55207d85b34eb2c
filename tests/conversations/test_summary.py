"""A conversation in its own sentences."""

import pytest

from conversations.summary import Said, summarise

pytestmark = pytest.mark.unit

TALK = [
    Said("customer", "Hi there! I ordered a tent last week and the zip is broken."),
    Said("bot", "You may return anything within 30 days."),
    Said("customer", "ok thanks"),
    Said("customer", "But I need it repaired before Friday, we are going camping in Norway."),
    Said("agent", "Hello Ann, I am sorry about that! Let me check."),
    Said("agent", "We will send you a new tent by express, it arrives on Thursday."),
    Said("agent", "Is there anything else I can do for you?"),
    Said("customer", "No, that is great, bye!"),
]


def test_it_says_what_was_wanted_and_what_was_done_and_leaves_the_polite_out() -> None:
    found = summarise(TALK)

    assert found.needs == (
        "I ordered a tent last week and the zip is broken.",
        "But I need it repaired before Friday, we are going camping in Norway.",
    )
    assert found.answers == ("We will send you a new tent by express, it arrives on Thursday.",)
    assert all(
        any(sentence in line.text for line in TALK) for sentence in (*found.needs, *found.answers)
    )


def test_what_is_said_twice_is_told_once() -> None:
    said = [
        Said("customer", "My parcel did not arrive. Where is my parcel?"),
        Said("customer", "My parcel still did not arrive!"),
        Said("customer", "And the invoice has the wrong address."),
    ]
    assert "And the invoice has the wrong address." in summarise(said).needs


def test_chinese_is_cut_into_its_sentences() -> None:
    said = [
        Said("customer", "你好。我上周买的帐篷拉链坏了。怎么退货？"),
        Said("agent", "您好，请稍等。我们周四给您寄一顶新的帐篷。"),
    ]
    found = summarise(said)
    assert "我上周买的帐篷拉链坏了。" in found.needs
    assert found.answers == ("我们周四给您寄一顶新的帐篷。",)


@pytest.mark.parametrize("said", [[], [Said("customer", "…!?")], [Said("bot", "Welcome.")]])
def test_where_nothing_was_said_nothing_is_summed_up(said: list[Said]) -> None:
    assert summarise(said).needs == ()


def test_one_who_never_ends_is_cut() -> None:
    found = summarise([Said("customer", "I need " + "boots and " * 200)])
    assert len(found.needs[0]) == 240
    assert found.needs[0].endswith("…")
