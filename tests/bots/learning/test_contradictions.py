"""Sentences that speak of the same and do not agree; English and Chinese."""

import pytest

from bots.learning.contradictions import contradictions
from bots.learning.facts import facts

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Within 30 days.", {"time": {30.0}}),
        ("Two weeks, or 48 hours.", {"time": {14.0, 2.0}}),
        ("It takes 3-5 working days.", {"time": {3.0, 5.0}}),
        ("Costs €4.90 or 1,200 dollars", {"€": {4.9}, "$": {1200.0}}),
        ("A discount of 15 % until May 1", {"%": {15.0}, "date": {"5-1"}}),
        ("We open at 9:30 and close at 6 pm.", {"clock": {"09:30", "18:00"}}),
        ("签收后30天内，运费二十五元，12月24日截止", {"time": {30.0}, "¥": {25.0}, "date": {"12-24"}}),
        ("三个月内可换货两次", {"time": {90.0}, "count": {2.0}}),
        ("Model X200 in room 12.", {}),
        ("The last of 4", {}),
        ("It costs 30 $ or 30%", {"$": {30.0}, "%": {30.0}}),
    ],
)  # fmt: skip
def test_figures_are_read(sentence: str, found: dict[str, set[float | str]]) -> None:
    assert facts(sentence) == found


RETURNS = ("Returning an item", "You can return anything within 30 days of delivery.")


@pytest.mark.parametrize(
    ("title", "body", "why"),
    [
        ("Sending things back", "You can return anything within 14 days of delivery.", "figure"),
        ("Sending things back", "You can return anything within one month of delivery.", None),
        ("Returns", "You cannot return anything after delivery within 30 days.", "negation"),
        ("Refunds", "The refund arrives within 5 days.", None),
        ("Returns", "You can return anything within 30 days of delivery, members within 60 days.", None),
        ("Delivery", "Anything can be delivered.", None),
    ],
)  # fmt: skip
def test_what_does_not_agree(title: str, body: str, why: str | None) -> None:
    found = contradictions(RETURNS, (title, body))
    assert [one.why for one in found] == ([why] if why else [])
    assert [one.why for one in contradictions((title, body), RETURNS)] == ([why] if why else [])


def test_the_place_of_each_sentence_is_told() -> None:
    body = "Hello.\n\n* Shipping is **free** from 50 euros on.\n* Ask us."
    other = "Shipping is free from 80 euros on."
    (found,) = contradictions(("Shipping", body), ("Costs of shipping", other))
    assert body[found.first.start : found.first.end] == "Shipping is **free** from 50 euros on."
    assert (found.second.start, found.second.text) == (0, other)


def test_chinese_sentences_are_compared_too() -> None:
    one = ("怎么退货", "自签收之日起30天内可以无理由退货。")
    assert [
        [found.why for found in contradictions(one, ("退货政策", body))]
        for body in (
            "自签收之日起15天内可以无理由退货。",
            "自签收之日起三十天内可以无理由退货。",
            "自签收之日起30天内不可以无理由退货。",
            "发票会随包裹一起寄出。",
        )
    ] == [["figure"], [], ["negation"], []]


def test_a_few_everyday_words_do_not_make_two_sentences_speak_of_the_same() -> None:
    warranty = ("Warranty", "We answer within 2 working days.")
    second = ("Bringing back used equipment", "You have the answer within 10 working days.")
    assert contradictions(warranty, second) == []
    assert len(contradictions(warranty, ("Warranty claims", second[1]))) == 1


def test_what_titles_set_apart_is_no_contradiction() -> None:
    express = ("Express delivery", "Your parcel arrives after 1 day at home.")
    standard = ("Post boxes abroad", "Your parcel arrives after 9 days at the office.")
    assert contradictions(express, standard) == []
