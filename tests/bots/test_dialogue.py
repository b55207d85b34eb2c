from dataclasses import replace
from typing import Any

import pytest

from bots.answering.dialogue import Decision, Evidence, decide, floor_at, needed
from bots.answering.manner import Manner
from bots.answering.wishes import Wish

pytestmark = pytest.mark.unit


def evidence(answerable: float = 0.9, right: float = 0.9, rivals: int = 0) -> Evidence:
    return Evidence(
        answerable=answerable, right=right, floor=0.4, sure=0.5, rivals=rivals, chance=0.45
    )


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


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"told": True, "repeats": 1}, "loop", id="asked again after an answer"),
        pytest.param({"repeats": 1}, "found", id="sent twice before any answer"),
        pytest.param({"cross": 0.8}, "frustrated", id="the customer is cross"),
        pytest.param({"chance": 0.1}, "low_chance", id="too unlikely to help"),
        pytest.param(
            {"rivals": 2, "right": 0.4, "asked_back": True}, "found", id="asked back once"
        ),
    ],
)
def test_how_the_conversation_goes_counts(changes: dict[str, Any], reason: str) -> None:
    assert decide(replace(evidence(), **changes)).reason == reason


def test_the_longer_the_wait_the_sooner_the_bot_tries() -> None:
    waits = [needed(Manner(expected_wait=seconds)) for seconds in (0, 120, 600, 2_400)]

    assert waits == sorted(waits, reverse=True)
    assert needed(Manner(expected_wait=120)) > needed() > needed(Manner(expected_wait=2_400))
    assert needed(Manner(caution=3.0)) > needed()


def test_a_doubtful_answer_is_given_to_who_would_wait_forty_minutes() -> None:
    doubtful = replace(evidence(answerable=0.35), chance=0.12)

    assert decide(doubtful, None, Manner(expected_wait=320)).reason == "no_article"
    assert decide(doubtful, None, Manner(expected_wait=2_400)).choice == "answer"
    again = replace(evidence(), told=True, repeats=1)
    assert decide(again, None, Manner(expected_wait=2_400)).choice == "answer"


@pytest.mark.parametrize("wait", [0, 30, 120, 319])
def test_a_person_who_is_free_is_no_reason_to_leave_an_answer_unsaid(wait: float) -> None:
    plain = replace(evidence(answerable=0.478, right=0.6), chance=0.63)

    assert decide(plain, None, Manner(expected_wait=wait)).reason == "found"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"chance": 0.25}, "person_free", id="too little while somebody is free"),
        pytest.param({"answerable": 0.42}, "person_free", id="hardly above the floor"),
        pytest.param({"answerable": 0.3}, "no_article", id="nothing near enough at any time"),
        pytest.param({"chance": 0.1}, "low_chance", id="not worth trying at any time"),
    ],
)
def test_that_a_person_was_free_is_said_where_it_decided(
    changes: dict[str, Any], reason: str
) -> None:
    found = replace(evidence(), **({"chance": 0.4} | changes))

    assert decide(found, None, Manner(expected_wait=0)).reason == reason


def test_who_is_free_speaks_against_no_question_back() -> None:
    close = replace(evidence(right=0.4, rivals=1), chance=0.25)

    assert decide(close, None, Manner(expected_wait=0)).reason == "close_call"


def test_a_floor_moves_with_the_wait_within_a_band() -> None:
    floors = [floor_at(0.4, Manner(expected_wait=w)) for w in (0, 60, 320, 900, 2_400, 9_000)]

    assert floor_at(0.4, Manner()) == pytest.approx(0.4)
    assert floors == sorted(floors, reverse=True)
    assert floors[0] == pytest.approx(0.449, abs=1e-3)
    assert floors[-1] == pytest.approx(0.197, abs=1e-3)
    assert floor_at(0.4, Manner(caution=3.0)) > 0.6
