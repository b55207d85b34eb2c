"""Whole answers, several requests, other languages and manners, over a small knowledge base."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from bots.actions.articles import import_articles
from bots.answering.manner import NEUTRAL, FixedAnswer, Manner, Mode
from bots.knowledge.calibration import calibration
from bots.knowledge.corpus import _counted
from bots.knowledge.vectors import Encoders, light_encoders
from bots.language.model import Turn
from bots.models import Article
from bots.queries import Proposal, consult
from bots.sources.rows import Row

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

STEPS = (
    "To cancel an order, follow these steps:\n\n1. Open **Orders**.\n2. Choose *Cancel*.\n\n"
    "You get an e-mail."
)
ROWS = [
    Row(
        "returns",
        "Returning an item",
        "You may return anything within **30 days**. It must be unused.",
        ["How long can I return a jacket?", "Can I send a tent back?", "How do I return a jacket?"],
        "en",
    ),
    Row(
        "delivery",
        "Delivery times",
        "Parcels arrive within 3 working days. Express takes one day.",
        ["When will my parcel arrive?", "How long does shipping take?", "Do you ship by express?"],
        "en",
    ),
    Row(
        "cancel",
        "Cancelling an order",
        STEPS,
        ["How do I cancel my order?", "I want to cancel a purchase", "cancel order"],
        "en",
    ),
]


@cache
def known() -> Encoders:
    return light_encoders()


@pytest.fixture(autouse=True)
def articles(db: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_counted, "corpus", None)  # what another test had may be kept for a while
    import_articles(ROWS, encoders=known(), at=at, bad=lambda _line: None)


def asked(question: str, history: Sequence[Turn] = (), *, manner: Manner = NEUTRAL) -> Proposal:
    return consult(question=question, history=history, manner=manner, known=known())


def names(proposal: Proposal) -> list[str | None]:
    return [cited.external_id for cited in proposal.citations]


def test_steps_are_said_whole_with_their_numbers() -> None:
    proposal = asked("How do I cancel my order?")

    assert proposal.answer == (
        "To cancel an order, follow these steps:\n\n1. Open Orders.\n2. Choose Cancel.\n\n"
        "You get an e-mail. [1]"
    )
    assert proposal.citations[0].verbatim == STEPS


def test_each_sentence_knows_where_it_stands() -> None:
    proposal = asked("How long can I return a jacket?")

    article = Article.objects.get(external_id="returns")
    assert [article.body[one.start : one.end] for one in proposal.claims] == [
        "You may return anything within **30 days**.",
        "It must be unused.",
    ]
    assert {(one.article, one.version) for one in proposal.claims} == {(article.uuid, 1)}
    cited = proposal.citations[0]
    assert article.body[cited.start : cited.end] == cited.verbatim


def test_two_requests_in_one_message_are_both_answered() -> None:
    proposal = asked("How long can I return a jacket? And when will my parcel arrive?")

    assert (proposal.decision, names(proposal)) == ("answer", ["returns", "delivery"])
    assert "30 days" in proposal.answer
    assert "3 working days" in proposal.answer
    assert [one.decision for one in proposal.requests] == ["answer", "answer"]
    assert [one.citation for one in proposal.claims] == [0, 0, 1, 1]


def test_what_no_article_answers_goes_to_a_person_by_name() -> None:
    proposal = asked(
        "How long can I return a jacket? And which planets have rings of ice and dust?"
    )

    assert (proposal.decision, proposal.reason) == ("handoff", "part")
    assert "30 days" in proposal.answer
    assert "which planets have rings" in proposal.answer
    assert [one.decision for one in proposal.requests] == ["answer", "handoff"]


def test_each_request_is_answered_in_its_own_language(at: datetime) -> None:
    chinese = [
        Row("zh-returns", "退货", "30 天内可以退货。", ["靴子可以退货吗？", "怎么退货？"], "zh"),
        Row("zh-cancel", "取消订单", "打开订单，选择取消。", ["怎么取消订单？"], "zh"),
    ]
    import_articles(chinese, encoders=known(), at=at, bad=lambda _line: None)

    proposal = asked("When will my parcel arrive and how do I cancel my order? 靴子可以退货吗？")

    assert (proposal.decision, names(proposal)) == ("answer", ["delivery", "cancel", "zh-returns"])
    assert proposal.answer.endswith("30 天内可以退货。 [3]")
    assert "in Chinese" not in proposal.answer
    assert "只有英文版" not in proposal.answer


def test_a_request_in_another_language_is_answered_from_the_article_there_is() -> None:
    proposal = asked("How do I cancel my order?\n包裹什么时候到？")

    assert (proposal.decision, names(proposal)) == ("answer", ["cancel", "delivery"])
    english, chinese = proposal.answer.split("[1]")
    assert "只有英文版" not in english
    assert chinese.lstrip().startswith("这段内容来自一篇只有英文版的文章：\n")


def test_one_of_two_languages_may_be_asked_back_about(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_sure = replace(calibration(), sure=1.1)  # where two articles come near
    monkeypatch.setattr("bots.queries.calibration", lambda: never_sure)
    chinese = [
        Row("zh-shop", "门店服务", "门店可以处理靴子。", ["靴子怎么处理？"], "zh"),
        Row("zh-post", "邮寄服务", "邮寄可以处理靴子。", ["靴子怎么处理？"], "zh"),
    ]
    import_articles(chinese, encoders=known(), at=at, bad=lambda _line: None)

    proposal = asked("How do I cancel my order? 靴子怎么处理？")

    assert asked("靴子怎么处理？").decision == "clarify"
    assert (proposal.decision, proposal.reason) == ("clarify", "close_call")
    assert names(proposal)[0] == "cancel"
    assert set(names(proposal)[1:]) == {"zh-shop", "zh-post"}
    assert {"门店服务", "邮寄服务"} < set(proposal.suggestions)
    answered, back = proposal.answer.rsplit("\n\n", 1)
    assert answered.endswith("[1]")
    assert "[2]" in back
    assert "[3]" in back
    history = [Turn("customer", "…"), Turn("bot", proposal.answer)]
    assert names(asked("the second one", history))[:1] == names(proposal)[2:]


def test_one_of_several_in_one_language_may_be_asked_back_about(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_sure = replace(calibration(), sure=1.1)  # where two articles come near
    monkeypatch.setattr("bots.queries.calibration", lambda: never_sure)
    boots = [
        Row(
            "shop", "Boots in the shop", "We resole them.", ["Where are worn boots resoled?"], "en"
        ),
        Row("post", "Boots by post", "We resole them.", ["Where are worn boots resoled?"], "en"),
    ]
    import_articles(boots, encoders=known(), at=at, bad=lambda _line: None)

    proposal = asked("How do I cancel my order? And where are worn boots resoled?")

    assert (proposal.decision, proposal.reason) == ("clarify", "close_call")
    assert [one.decision for one in proposal.requests] == ["answer", "clarify"]
    assert names(proposal)[0] == "cancel"
    assert set(names(proposal)[1:]) == {"shop", "post"}
    answered, back = proposal.answer.rsplit("\n\n", 1)
    assert "Choose Cancel" in answered
    assert "Boots by post" in back
    assert {"Boots in the shop", "Boots by post"} < set(proposal.suggestions)


def test_what_is_left_goes_to_a_person_in_the_language_it_was_asked_in() -> None:
    proposal = asked("How long can I return a jacket?\n哪些行星有光环和冰尘？")

    assert (proposal.decision, proposal.reason) == ("handoff", "part")
    assert proposal.answer.endswith("关于“哪些行星有光环和冰尘？”，正在请同事来帮您。")


def test_nothing_is_named_of_a_message_that_is_not_plain_questions_only() -> None:
    planets = "And which planets have rings of ice and dust?"
    proposal = asked(f"How do I cancel my order, you system? {planets}")

    assert (proposal.decision, proposal.reason) == ("handoff", "part")
    assert "planets" not in proposal.answer


def test_a_new_topic_leaves_the_old_one_behind() -> None:
    history = [Turn("customer", "How do I cancel my order?"), Turn("bot", "Open Orders. [1]")]

    proposal = asked("And how long does express shipping take?", history)

    assert names(proposal) == ["delivery"]


def test_an_article_of_another_language_is_named_as_one() -> None:
    proposal = asked("包裹什么时候到？")

    assert (proposal.decision, names(proposal)) == ("answer", ["delivery"])
    assert proposal.answer.startswith("这段内容来自一篇只有英文版的文章：\n")
    assert "3 working days" in proposal.answer


def test_strict_mode_says_nothing_that_was_not_approved_in_this_language() -> None:
    proposal = asked("包裹什么时候到？", manner=Manner(mode=Mode.STRICT))

    assert (proposal.decision, proposal.reason) == ("handoff", "policy")


def test_a_fixed_answer_is_said_word_for_word_but_a_person_comes_first() -> None:
    manner = Manner(fixed=(FixedAnswer(("recall",), "Stop using the stove."),))

    assert asked("Is there a recall?", manner=manner).answer == "Stop using the stove."
    assert asked("I want to talk to a human about the recall", manner=manner).reason == "asked"


def test_an_article_of_fixed_wording_is_said_whole() -> None:
    body = "Our hours vary.\n\nCall before you come.\n\nWe like visitors."
    Article.objects.filter(external_id="delivery").update(body=body, is_fixed=True)

    assert asked("When will my parcel arrive?").answer == f"{body} [1]"


def test_the_same_question_again_goes_to_a_person() -> None:
    history = [
        Turn("customer", "How long can I return a jacket?"),
        Turn("bot", "You may return anything within 30 days. [1]"),
    ]

    assert asked("How long can I return a jacket", history).reason == "loop"
    assert asked("that's not what I asked", history).reason == "loop"
    assert asked("This is ridiculous, you are useless!! Where is it?", history).reason in {
        "frustrated",
        "complaint",
    }


def test_who_would_wait_long_is_offered_a_call() -> None:
    waiting = Manner(expected_wait=2_400, callback=True)

    assert asked("I want to talk to a human", manner=waiting).offers_callback
    assert not asked("I want to talk to a human").offers_callback
