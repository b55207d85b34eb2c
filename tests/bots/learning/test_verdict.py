"""Two answers to one question: what differs, and when it is worse."""

from collections.abc import Sequence

import pytest

from bots.learning.verdict import Reply, bears_out, change_of, worse

pytestmark = pytest.mark.unit

HELD = "You may return anything within 30 days of delivery. It must be unused."


def unlike(wanted: Sequence[str], held: Sequence[str]) -> list[float]:
    return [0.0] * len(wanted)


def alike(wanted: Sequence[str], held: Sequence[str]) -> list[float]:
    return [0.95] * len(wanted)


def reply(decision: str = "answer", text: str = HELD, article: str = "a", basis: str = "") -> Reply:
    return Reply(decision, text, (article,), 0.9, basis or text)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (reply(), reply(), "same"),
        (reply(), reply(text="45 days"), "reworded"),
        (reply(), reply(article="b"), "moved"),
        (reply(), reply("clarify"), "lost"),
        (reply(), reply("handoff"), "lost"),
        (reply("handoff"), reply(), "gained"),
        (reply("handoff", "A"), reply("handoff", "B", "b"), "same"),
        (reply("handoff"), reply("clarify"), "other"),
        (reply("clarify"), reply("clarify", article="b"), "other"),
    ],
)
def test_what_differs(before: Reply, after: Reply, change: str) -> None:
    assert change_of(before, after) == change


@pytest.mark.parametrize(
    ("after", "outcome", "why"),
    [
        (reply("handoff"), "confirmed", "lost"),
        (reply("clarify"), "", "lost"),
        (reply("handoff"), "went_on", ""),
        (reply("handoff"), "unanswered", ""),
        (reply(text="You may return anything within 45 days of delivery. It must be unused."),
         "confirmed", ""),
        (reply(text="Parcels arrive within three working days."), "confirmed", "unsupported"),
        (reply(text="Ask us.", basis=f"Ask us.\n\n{HELD}"), "confirmed", ""),
    ],
)  # fmt: skip
def test_what_is_worse(after: Reply, outcome: str, why: str) -> None:
    asked = "How long may I return it?"
    assert worse(reply(), after, question=asked, outcome=outcome, likeness=unlike) == why


@pytest.mark.parametrize(
    ("question", "why"),
    [("Can I pay by invoice?", "unsupported"), ("Which cards can I pay with?", "")],
)
def test_what_was_asked_about_has_to_be_said_still(question: str, why: str) -> None:
    said = "You can pay with Visa, Mastercard, PayPal, other cards, and in Germany also by invoice."
    left = "You can pay with Visa, Mastercard, PayPal and other cards."
    found = worse(
        reply(text=said), reply(text=left), question=question, outcome="confirmed", likeness=alike
    )
    assert found == why


def test_other_words_may_say_the_same() -> None:
    new = "Items can go back up to one month later, as long as nobody wore them."
    assert not bears_out(new, HELD, unlike)
    assert bears_out(new, HELD, alike)


def test_half_of_what_was_said_is_enough() -> None:
    said = "You may return anything within 30 days. Bring the original receipt to any shop in town please."
    assert bears_out("Bring your original receipt to any shop in town.", said, unlike)
    assert not bears_out("You may return anything.", said, unlike)


def test_chinese_is_compared_by_its_characters() -> None:
    said = "自签收之日起30天内可以退货。"
    assert bears_out("自签收之日起45天内可以退货，商品须未经使用。", said, unlike)
    assert not bears_out("我们支持支付宝和微信付款。", said, unlike)
    assert bears_out("", "", unlike)
