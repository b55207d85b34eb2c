"""When a customer may be called, and who would rather hang up."""

from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from agents.callbacks.dialling import CannotDial, Loopback
from agents.callbacks.rules.patience import Wait, fit_patience, is_worth_offering
from agents.callbacks.rules.planning import Plan
from tests.conftest import NOON

pytestmark = [pytest.mark.unit]
PLAN = Plan(time(20), time(9), timedelta(hours=1), timedelta(hours=72))


@pytest.mark.parametrize(
    ("at", "zone", "allowed"),
    [
        ("2026-05-04T12:00", "UTC", "2026-05-04T12:00"),
        ("2026-05-04T20:00", "UTC", "2026-05-05T09:00"),
        ("2026-05-04T03:30", "UTC", "2026-05-04T09:00"),
        ("2026-05-04T12:00", "Asia/Tokyo", "2026-05-05T00:00"),  # 21:00 there
        ("2026-05-04T12:00", "America/Los_Angeles", "2026-05-04T16:00"),  # 05:00 there
        ("2026-10-24T19:30", "Europe/Berlin", "2026-10-25T08:00"),  # the night has an hour more
    ],
)
def test_nobody_is_called_at_night(at: str, zone: str, allowed: str) -> None:
    moment, expected = (datetime.fromisoformat(x).replace(tzinfo=UTC) for x in (at, allowed))

    assert PLAN.allowed(moment, zone) == expected


def test_quiet_hours_over_noon_and_none() -> None:
    siesta = Plan(time(13), time(16), timedelta(hours=1), timedelta(hours=72))
    never = Plan(time(0), time(0), timedelta(hours=1), timedelta(hours=72))

    assert siesta.allowed(NOON + timedelta(hours=2), "UTC") == NOON + timedelta(hours=4)
    assert siesta.allowed(NOON, "UTC") == NOON
    assert never.allowed(NOON, "UTC") == NOON


def test_each_attempt_waits_longer() -> None:
    waits = [PLAN.again(NOON, attempts=n, zone="UTC") - NOON for n in (1, 2, 3, 4)]

    assert waits == [
        timedelta(minutes=15), timedelta(hours=2), timedelta(days=1), timedelta(days=1)
    ]  # fmt: skip
    late = NOON + timedelta(hours=7, minutes=55)  # 19:55: a quarter of an hour on it is night
    assert PLAN.again(late, attempts=1, zone="UTC") == NOON + timedelta(hours=21)


def test_the_hazard_is_found_again() -> None:
    """Who gives up after 120 seconds on average, and is answered after 80."""
    chance = np.random.default_rng(2)
    patient, answered = chance.exponential(120, 6000), chance.exponential(80, 6000)
    waits = [Wait(min(p, a), p < a) for p, a in zip(patient, answered, strict=True)]
    found = fit_patience(waits)

    assert found is not None
    assert (found.waits, found.gave_up) == (6000, sum(w.gave_up for w in waits))
    for seconds in (10, 60, 200):
        assert found.stays(seconds) == pytest.approx(np.exp(-seconds / 120), abs=0.03)
    assert found.leaves_within(60, waited=90) == pytest.approx(1 - np.exp(-0.5), abs=0.03)
    assert found.leaves_within(0, waited=90) == 0
    naive = np.mean([w.seconds for w in waits])  # what forgets that the answered ones were patient
    assert abs(1 - np.exp(-60 / naive) - found.leaves_within(60, waited=0)) > 0.1


def test_too_few_say_nothing_and_a_long_wait_is_enough() -> None:
    few = fit_patience([Wait(30, gave_up=True)] * 29)
    many = fit_patience([Wait(30, gave_up=True)] * 40 + [Wait(30, gave_up=False)] * 40)

    assert few is None
    assert not is_worth_offering(few, waited=0, expected=300, long_wait=600, share=0.5)
    assert is_worth_offering(few, waited=0, expected=600, long_wait=600, share=0.5)
    assert is_worth_offering(many, waited=0, expected=300, long_wait=600, share=0.5)
    assert not is_worth_offering(many, waited=0, expected=2, long_wait=600, share=0.5)


def test_the_loopback_rings_and_answers_by_the_last_digit() -> None:
    ours = Loopback()
    calls = [ours.dial(f"+49 30 12345{digit}", at=NOON) for digit in (0, 1, 2, 7)]
    later = NOON + timedelta(seconds=5)

    assert [ours.outcome(call, at=NOON) for call in calls] == ["", "", "", ""]
    assert [ours.outcome(call, at=later) for call in calls] == [
        "no_answer", "voicemail", "busy", "reached"
    ]  # fmt: skip
    with pytest.raises(CannotDial):
        ours.dial("12", at=NOON)
