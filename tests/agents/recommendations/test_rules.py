"""Brakes, chances, segments and uplift: what decides about offers, without a database."""

import random
from collections import Counter
from typing import Any

import pytest

from agents.recommendations.rules.brakes import Standing, silence
from agents.recommendations.rules.chances import placed
from agents.recommendations.rules.reasons import to_customer
from agents.recommendations.rules.segment_words import form, in_words
from agents.recommendations.rules.segments import ATTRIBUTE, FIELDS, BadSegment, parse
from agents.recommendations.rules.talked_about import named_in
from agents.recommendations.rules.uplift import Tried, uplift

pytestmark = pytest.mark.unit


def _standing(**fields: Any) -> Standing:
    plain: dict[str, Any] = {
        "words": ["Which tent is good for two?"], "crossness": 0.0, "labels": [], "urgent": False,
        "shown_this_week": 0, "most_a_week": 3,
    }  # fmt: skip
    return Standing(**(plain | fields))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, ""),
        ({"crossness": 0.45}, "mood"),
        ({"unhappy": 0.34}, ""),
        ({"unhappy": 0.35}, "mood"),
        ({"labels": ["Complaint"]}, "complaint"),
        ({"urgent": True}, "complaint"),
        ({"complains_elsewhere": True}, "complaint"),
        ({"words": ["I want my money back"]}, "complaint"),
        ({"words": ["my parcel never arrived"]}, "complaint"),
        ({"words": ["帐篷坏了"]}, "complaint"),
        ({"words": ["Meine Stirnlampe ist kaputt"]}, "complaint"),
        ({"shown_this_week": 3}, "often"),
        ({"busy_from": 0.8, "waiting": 4, "online": 5}, "busy"),
        ({"busy_from": 0.8, "waiting": 3, "online": 5}, ""),
        ({"busy_from": 0.8, "waiting": 0, "online": 0}, "busy"),
    ],
)
def test_nothing_is_offered_at_a_bad_moment(fields: dict[str, Any], why: str) -> None:
    assert silence(_standing(**fields)) == why


def test_a_customer_reads_the_reason_in_their_language() -> None:
    assert (
        to_customer("often goes with Lark 1 {tent}", "en-GB")
        == "Often taken together with Lark 1 {tent}"
    )
    assert to_customer("wanted 9 times in 90 days", "zh-Hans") == "近期热门"
    assert to_customer("taken 2 times, last the last time", "de") == "You have taken it before"
    assert to_customer("in the catalogue; nobody has wanted it lately", "en") == ""


def test_the_logged_chance_is_how_often_an_item_stands_there() -> None:
    drawn, told = Counter[tuple[int, int]](), dict[tuple[int, int, tuple[int, ...]], float]()
    given = Counter[tuple[int, tuple[int, ...]]]()
    each = Counter[tuple[int, int, tuple[int, ...]]]()
    chance = random.Random(5)
    for _ in range(20_000):
        before: tuple[int, ...] = ()
        for position, one in enumerate(placed(4, many=2, explore=0.3, chance=chance)):
            drawn[position, one.candidate] += 1
            given[position, before] += 1
            each[position, one.candidate, before] += 1
            told[position, one.candidate, before] = one.propensity
            before += (one.candidate,)

    assert told[0, 0, ()] == pytest.approx(0.775)
    assert told[0, 3, ()] == pytest.approx(0.075)
    for (position, candidate, before), propensity in told.items():
        share = each[position, candidate, before] / given[position, before]
        assert share == pytest.approx(propensity, abs=0.05)


def test_without_chance_the_order_is_the_models() -> None:
    found = placed(5, many=3, explore=0.0, chance=random.Random(1))

    assert [(one.candidate, one.propensity) for one in found] == [(0, 1.0), (1, 1.0), (2, 1.0)]
    assert placed(0, many=3, explore=0.5, chance=random.Random(1)) == []


def _rows(n: int, *, effect: float, seed: int) -> list[Tried]:
    """Who bought before buys more, shown or not; a fifth is drawn to be shown nothing."""
    chance, found = random.Random(seed), []
    for _ in range(n):
        bought, shown = chance.randint(0, 4), chance.random() < 0.8
        share = 0.05 + 0.15 * bought + (effect if shown else 0.0)
        found.append(Tried(shown, 0.8, chance.random() < share, [float(bought)]))
    return found


def test_an_effect_is_found_with_an_interval_and_evening_out_makes_it_narrower() -> None:
    found = uplift(_rows(4_000, effect=0.1, seed=1))

    assert found.verdict == "more"
    assert found.plain is not None
    assert found.adjusted is not None
    assert found.adjusted[1] < 0.1 < found.adjusted[2]
    assert found.adjusted[2] - found.adjusted[1] < found.plain[2] - found.plain[1]


def test_no_effect_is_said_to_be_none_nineteen_times_in_twenty() -> None:
    wrong = sum(uplift(_rows(400, effect=0.0, seed=seed)).verdict != "none" for seed in range(200))

    assert wrong <= 20  # 5 % are expected


def test_a_harm_is_said_and_too_few_are_too_few() -> None:
    assert uplift(_rows(4_000, effect=-0.1, seed=2)).verdict == "fewer"
    few = uplift(_rows(60, effect=0.5, seed=3))
    assert (few.verdict, few.adjusted) == ("too_few", None)
    assert uplift([]).share_shown is None


def test_items_are_named_by_words_that_tell_them_apart() -> None:
    names = {
        "a": "Heron 2 tent",
        "b": "Crane 4 family tent",
        "c": "Ember stove",
        "d": "Lark 1 tent",
    }

    assert [key for key, _ in named_in(["Is the Heron good in wind?"], names)] == ["a"]
    assert named_in(["I need a tent"], names) == []
    assert named_in([], names) == []


@pytest.mark.parametrize(
    ("tree", "problem"),
    [
        ([], "conditions: an object is wanted"),
        ({"all": []}, "a list of 1"),
        ({"field": "password", "op": "is", "value": "x"}, "no such field"),
        ({"field": "language", "op": "like", "value": "x"}, "one of is, is_not, is_set"),
        ({"field": "conversations", "op": "at_least", "value": -1}, "a whole number"),
        ({"field": "language", "op": "is", "value": "x" * 201}, "a text of 1 to 200"),
        ({"field": "attributes.a__b'; --", "op": "is", "value": 1}, "no such field"),
        ({"not": {"not": {"not": {"not": {}}}}}, "nested"),
        ({"any": [{"field": "phone", "op": "is_set", "value": True}] * 31}, "a list of 1 to 30"),
    ],
)
def test_a_segment_that_makes_no_sense_is_refused_with_its_place(tree: Any, problem: str) -> None:
    with pytest.raises(BadSegment, match=problem):
        parse(tree)


def test_every_condition_has_words_and_can_be_chosen_in_the_form() -> None:
    """What the page makes of each choice is understood, and nothing can be said that it does not offer."""
    sample = {"text": "x", "switch": False, "number": 3, "pick": "tent"}
    described = form([{"value": "tent", "label": "Tent"}], ["Tents"])["fields"][1]["each"]
    offered = set()
    for option in described["options"]:
        field, op = option["value"].split(" ")
        offered.add((field, op))
        value = sample[option["fields"][-1]["kind"]]
        where = "attributes.plan" if field == "attributes" else field
        said = in_words(parse({"field": where, "op": op, "value": value}))
        assert said.startswith("not: ") == (value is False)
        assert str(value) in said or value is False
    known = {(field, op) for field, ops in FIELDS.items() for op in ops}
    assert offered - known == {(ATTRIBUTE[:-1], op) for op in ("is", "is_not", "at_least", "at_most", "is_set")}  # fmt: skip
    assert known <= offered


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({}, "everybody"),
        ({"field": "signed_in", "op": "is", "value": False}, "not: signed in on our own site"),
        (
            {"all": [{"field": "language", "op": "is", "value": "de"}, {"any": [
                {"field": "bought", "op": "item", "value": "tent"},
                {"field": "attributes.seats", "op": "at_least", "value": 2.5}]}]},
            "language is “de” and (bought “tent” or seats is at least 2.5)",
        ),
        (
            {"not": {"any": [{"field": "rating", "op": "at_most", "value": 3}]}},
            "not (average rating at most 3)",
        ),
    ],
)  # fmt: skip
def test_a_segment_says_whom_it_means(tree: Any, words: str) -> None:
    assert in_words(parse(tree)) == words
