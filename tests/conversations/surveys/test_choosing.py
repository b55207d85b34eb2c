"""Whom a survey asks: by rules, by lot, and not too often."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from conversations.surveys.choosing import Ended, Rule, drawn, first_fitting, fits, rested

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def rule(**words: Any) -> Rule:
    return Rule(key=words.pop("key", UUID(int=1)), **words)


def ended(**words: Any) -> Ended:
    usual: dict[str, Any] = {
        "key": UUID(int=2), "inbox": 7, "language": "en", "labels": ["Billing"], "by_person": True,
    }  # fmt: skip
    return Ended(**(usual | words))


@pytest.mark.parametrize(
    ("words", "is_for_it"),
    [
        pytest.param({}, True, id="anything"),
        pytest.param({"inboxes": frozenset({7, 8})}, True, id="its inbox"),
        pytest.param({"inboxes": frozenset({8})}, False, id="another inbox"),
        pytest.param({"languages": frozenset({"en"})}, True, id="its language"),
        pytest.param({"languages": frozenset({"zh"})}, False, id="another language"),
        pytest.param({"ended_with": "person"}, True, id="ended with a person"),
        pytest.param({"ended_with": "bot"}, False, id="only those of the bot"),
        pytest.param({"with_labels": frozenset({"billing"})}, True, id="its label, in any case"),
        pytest.param({"with_labels": frozenset({"order"})}, False, id="another label"),
        pytest.param({"without_labels": frozenset({"billing"})}, False, id="a label kept out"),
    ],
)
def test_rules(words: dict[str, Any], is_for_it: bool) -> None:
    assert fits(rule(**words), ended()) is is_for_it


def test_a_region_is_no_other_language() -> None:
    assert fits(rule(languages=frozenset({"zh"})), ended(language="zh-Hans"))


def test_the_first_that_fits_decides() -> None:
    chinese, all_others = rule(languages=frozenset({"zh"})), rule(key=UUID(int=3))

    assert first_fitting([chinese, all_others], ended()) is all_others
    assert first_fitting([chinese], ended()) is None


@pytest.mark.parametrize("share", [1, 30, 99])
def test_the_lot_draws_its_share_and_always_the_same(share: int) -> None:
    wanted = rule(key=uuid4(), share=share)
    talks = [ended(key=uuid4()) for _ in range(4000)]

    first = [drawn(wanted, talk) for talk in talks]

    assert [drawn(wanted, talk) for talk in talks] == first
    # Five standard deviations of a fair lot
    spread = 5 * (4000 * share / 100 * (1 - share / 100)) ** 0.5
    assert abs(sum(first) - 4000 * share / 100) <= spread


def test_everybody_is_drawn_by_a_hundred() -> None:
    assert all(drawn(rule(share=100), ended(key=uuid4())) for _ in range(200))


def test_who_was_asked_rests() -> None:
    monthly = rule(rest=timedelta(days=30))

    assert rested(monthly, last_asked=None, at=NOON)
    assert not rested(monthly, last_asked=NOON - timedelta(days=29), at=NOON)
    assert rested(monthly, last_asked=NOON - timedelta(days=30), at=NOON)
