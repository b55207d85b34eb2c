"""The Linden Practice: a time is given once, medicines only to whom they belong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contactcenter.demo.packs.health.models import Appointment, Medicine, Refill
from tests.contactcenter.demo.packs.conftest import Program

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SOFIA = {"patient": "LP-40112", "birth_date": "1984-03-09", "card": "7731"}


@pytest.fixture
def practice(opened: Callable[[str], Program]) -> Program:
    return opened("health")


def session(practice: Program) -> str:
    status, said = practice.ask("identify", **SOFIA)
    assert status == 200
    return str(said["session"])


def free(practice: Program, after: int = 3) -> list[dict[str, Any]]:
    """Times of a day on which there are some, as they are booked."""
    day = (timezone.now() + timedelta(days=after)).date().isoformat()
    said = practice.ask("times", specialty="general", day=day)[1]
    return [
        {"specialty": "general", "day": said["day"], "time": one["time"]} for one in said["times"]
    ]


def test_a_time_is_given_once_for_each_doctor(practice: Program) -> None:
    slot = next(one for one in free(practice) if one["time"] == "10:00")

    first = practice.ask("appointments", **slot, name="Ana Cruz", phone="0170 1234567")
    second = practice.ask("appointments", **slot, session=session(practice))
    late = practice.ask("appointments", **slot, name="Too Late", phone="0170 7654321")

    assert (first[0], first[1]["number"][:3]) == (200, "AP-")
    assert second[1]["doctor"] != first[1]["doctor"]
    assert (late[0], late[1]["code"]) == (409, "gone")
    assert slot not in free(practice)
    made = Appointment.objects.order_by("-pk").values_list("phone", flat=True)[:2]
    assert sorted(made) == ["", "0170 1234567"]


def test_nobody_is_booked_outside_the_hours(practice: Program) -> None:
    slot, before = free(practice)[0], Appointment.objects.count()

    for wrong in (
        {"time": "03:00"}, {"time": "x"}, {"day": "2020-05-04"}, {"day": "2035-05-04"},
        {"day": "2026-05-03"}, {"specialty": "hearts"},
    ):  # fmt: skip
        assert practice.ask("appointments", **slot | wrong, name="A", phone="1")[0] in {400, 409}
    assert practice.ask("times", specialty="general", day="2020-01-01")[1]["code"] == "outside"
    assert practice.ask("times", specialty="hearts", day="2035-01-01")[0] == 400
    assert Appointment.objects.count() == before


def test_ones_own_appointment_is_cancelled_and_its_time_is_free_again(practice: Program) -> None:
    who, slot = session(practice), free(practice)[0]
    number = practice.ask("appointments", **slot, session=who)[1]["number"]
    other = practice.ask("appointments", **free(practice)[0], name="B", phone="1")[1]

    listed = practice.ask("appointments/list", session=who)[1]["appointments"]
    assert {one["number"] for one in listed} == {number}
    assert practice.ask("appointments/cancel", session=who, number=other["number"])[0] == 404
    assert practice.ask("appointments/cancel", session=who, number=number)[0] == 200
    assert practice.ask("appointments/cancel", session=who, number=number)[0] == 404
    assert slot in free(practice)


def test_a_refill_is_for_its_patient_and_once(practice: Program) -> None:
    who = session(practice)
    mine = {one["name"] for one in practice.ask("medicines", session=who)[1]["medicines"]}
    known = set(Medicine.objects.values_list("name", flat=True))
    (foreign,) = known - mine

    first = practice.ask("refills", session=who, medicine="Cardiprex 5")

    assert first[0] == 200
    assert (
        practice.ask("refills", session=who, medicine="Cardiprex 5")[1]["code"] == "already_asked"
    )
    assert practice.ask("refills", session=who, medicine="Nocturel")[0] == 422
    assert practice.ask("refills", session=who, medicine=foreign)[0] == 404
    assert Refill.objects.filter(status="asked").count() == 1


def test_medicines_are_private(practice: Program) -> None:
    assert practice.ask("medicines", session="guess")[0] == 410
    for _ in range(3):
        assert practice.ask("identify", **SOFIA | {"card": "0000"})[0] == 403
    assert practice.ask("identify", **SOFIA)[0] == 423
