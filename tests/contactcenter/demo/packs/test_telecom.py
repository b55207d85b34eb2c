"""Kestrel Mobile: plans change once and by the rules, disturbances are told, complaints are numbered."""

from collections.abc import Callable

import pytest

from contactcenter.demo.packs.telecom.models import Complaint, Subscriber
from tests.contactcenter.demo.packs.conftest import Program

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
FAULT = {"service": "internet", "since": "this morning", "phone": "0170 1234567"}
COMPLAINT = {"topic": "bill", "story": "Charged twice.", "wish": "refund", "email": "a@b.example"}


@pytest.fixture
def kestrel(opened: Callable[[str], Program]) -> Program:
    return opened("telecom")


def session(kestrel: Program, customer: str, pin: str) -> str:
    status, said = kestrel.ask("identify", customer=customer, pin=pin)
    assert status == 200
    return str(said["session"])


def test_a_plan_is_changed_once_from_the_next_month_on(kestrel: Program) -> None:
    who = session(kestrel, "KM-310042", "60417")

    before = kestrel.ask("plan", session=who)[1]
    first = kestrel.ask("plan/change", session=who, plan="soar_60")
    again = kestrel.ask("plan/change", session=who, plan="soar_max")

    assert before["plan"]["code"] == "glide_20"
    assert "classic_10" not in [one["code"] for one in before["others"]]
    assert (first[0], first[1]["starts"][-3:]) == (200, "-01")
    assert (again[0], again[1]["code"]) == (409, "already")
    assert Subscriber.objects.get(number="KM-310042").plan.code == "glide_20"


def test_who_is_bound_may_only_take_more(kestrel: Program) -> None:
    who = session(kestrel, "KM-310071", "81264")

    assert kestrel.ask("plan/change", session=who, plan="glide_5")[1]["code"] == "bound"
    assert kestrel.ask("plan/change", session=who, plan="classic_10")[0] == 404
    assert kestrel.ask("plan/change", session=who, plan="soar_max")[0] == 200


def test_somebody_else_s_pin_opens_nothing(kestrel: Program) -> None:
    assert kestrel.ask("identify", customer="KM-310042", pin="81264")[0] == 403
    assert kestrel.ask("plan", session="guess")[0] == 410


def test_a_disturbance_is_known_by_its_postcode(kestrel: Program) -> None:
    states = [
        kestrel.ask("disturbances/find", postcode=code)[1]["state"]
        for code in ("20144", "80331", "10115")
    ]

    assert states == ["outage", "works", "none"]
    assert kestrel.ask("disturbances/find", postcode="2014")[1]["fields"] == {
        "postcode": "has five digits"
    }


def test_reports_and_complaints_have_numbers(kestrel: Program) -> None:
    faults = [kestrel.ask("faults", postcode="10115", **FAULT)[1]["number"] for _ in range(2)]
    status, said = kestrel.ask("complaints", **COMPLAINT)

    assert faults == ["FR-040001", "FR-040002"]
    assert (status, said["number"]) == (200, "CP-020001")
    assert Complaint.objects.get().answer_by.isoformat() == said["answer_by"]
    assert kestrel.ask("complaints", **COMPLAINT | {"email": "nobody"})[0] == 400
    assert kestrel.ask("complaints", **COMPLAINT | {"topic": "love"})[0] == 400
