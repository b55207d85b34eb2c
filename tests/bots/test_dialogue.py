from collections.abc import Sequence

import pytest

from bots.context import resolved
from bots.dialogue import Decision, Evidence, decide
from bots.wishes import Wish

pytestmark = pytest.mark.unit


def evidence(answerable: float = 0.9, right: float = 0.9, rivals: int = 0) -> Evidence:
    return Evidence(answerable=answerable, right=right, floor=0.4, sure=0.5, rivals=rivals)


@pytest.mark.parametrize(
    ("found", "decision"),
    [
        pytest.param(None, Decision("handoff", 0.0, "no_article"), id="no articles at all"),
        pytest.param(
            evidence(answerable=0.39, right=0.3),
            Decision("handoff", 0.3, "no_article"),
            id="nothing near enough",
        ),
        pytest.param(evidence(), Decision("answer", 0.9, "found"), id="one article, sure"),
        pytest.param(
            evidence(right=0.6, rivals=2),
            Decision("answer", 0.6, "found"),
            id="sure in spite of rivals",
        ),
        pytest.param(
            evidence(right=0.4, rivals=1),
            Decision("clarify", 0.4, "close_call"),
            id="two that are close",
        ),
        pytest.param(
            evidence(right=0.4), Decision("answer", 0.4, "found"), id="not sure, but no rival"
        ),
    ],
)
def test_decide(found: Evidence | None, decision: Decision) -> None:
    assert decide(found) == decision


def test_a_plain_wish_comes_before_any_evidence() -> None:
    assert decide(evidence(), Wish.HUMAN) == Decision("handoff", 1.0, "asked")


TENTS = [("customer", "How long may I return a tent?"), ("bot", "30 days.")]
OFFER = [("customer", "returns"), ("bot", "Is it about “Returning an item” [1] or “Gifts” [2]?")]


@pytest.mark.parametrize(
    ("question", "history", "meant"),
    [
        pytest.param(
            "and for shoes?", TENTS, "How long may I return a tent? and for shoes?", id="and"
        ),
        pytest.param("is it free?", TENTS, "How long may I return a tent? is it free?", id="it"),
        pytest.param("Where is my order?", TENTS, "Where is my order?", id="stands alone"),
        pytest.param("and for shoes?", [], "and for shoes?", id="nothing was said before"),
        pytest.param("the first one", OFFER, "Returning an item", id="picks the first"),
        pytest.param("第二个", OFFER, "Gifts", id="picks the second, in Chinese"),
        pytest.param(
            "那鞋子呢？",
            [("customer", "帐篷可以退货吗？"), ("bot", "可以。")],
            "帐篷可以退货吗？ 那鞋子呢？",
            id="Chinese",
        ),
    ],
)
def test_what_a_short_question_leaves_out_is_taken_from_before(
    question: str, history: Sequence[tuple[str, str]], meant: str
) -> None:
    assert resolved(question, history) == meant
