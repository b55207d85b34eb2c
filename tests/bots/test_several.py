"""Parts of one message that come nearest to the same article."""

from dataclasses import replace
from uuid import uuid4

import pytest

from bots.answering.composing import Look
from bots.answering.dialogue import Decision, Evidence, decide
from bots.answering.manner import NEUTRAL
from bots.answering.several import agreed
from bots.knowledge.search import Hit

pytestmark = pytest.mark.unit

STORES, RENTAL = (Hit(number, "zh", uuid4()) for number in (1, 2))
CLOSE = Evidence(0.9, 0.4, floor=0.4, sure=0.5, rivals=1, chance=0.54)
CLEAR = replace(CLOSE, right=0.9, rivals=0)
NOTHING = replace(CLOSE, answerable=0.1)


def look(first: Hit, found: Evidence) -> Look:
    return Look("周末开门吗？", decide(found), "zh", [first], found.chance, evidence=found)


def test_what_all_parts_come_nearest_to_answers_the_whole() -> None:
    whole = agreed(look(STORES, CLOSE), [look(STORES, CLOSE), look(STORES, CLEAR)], NEUTRAL)

    assert whole.decision == Decision("answer", 0.4, "found")
    assert whole.evidence is not None
    assert decide(whole.evidence) == whole.decision  # as the trace keeps it


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        pytest.param(look(STORES, CLOSE), [], id="one request"),
        pytest.param(
            look(STORES, CLOSE), [look(RENTAL, CLOSE), look(STORES, CLEAR)], id="different ones"
        ),
        pytest.param(
            look(STORES, CLOSE), [look(STORES, CLOSE), look(STORES, CLOSE)], id="none is clear"
        ),
        pytest.param(look(STORES, NOTHING), [look(STORES, CLEAR)], id="to a person"),
        pytest.param(
            look(STORES, CLOSE),
            [look(STORES, CLEAR), Look("?", decide(None), "zh")],
            id="nothing was found for one",
        ),
    ],
)
def test_else_it_stays_as_it_was(whole: Look, parts: list[Look]) -> None:
    assert agreed(whole, parts, NEUTRAL) is whole
