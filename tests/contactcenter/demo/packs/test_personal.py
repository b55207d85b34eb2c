"""What the demo businesses' books hold about a customer is given out, and made anonymous when they are erased."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from agents.actions.erasing import erase, export
from bots.actions.procedures.candidates import shape_of
from bots.actions.procedures.keeping import ensure_procedure
from bots.models import ActionCall, ProcedureRun, ProcedureVersion
from contactcenter.demo.models import Order
from contactcenter.demo.packs.banking.models import Account, Client, Transfer
from contactcenter.demo.packs.health.models import Appointment, Doctor, Medicine, Patient
from contactcenter.demo.packs.identity import admitted
from contactcenter.demo.packs.models import Business, Receipt, Visit, open_business
from contactcenter.demo.packs.pack import HERE, names
from contactcenter.demo.packs.restaurant.models import FoodOrder, Reservation, Table
from contactcenter.demo.packs.telecom.models import Complaint, FaultReport, Subscriber
from contactcenter.demo.packs.travel.models import Booking
from contactcenter.demo.seed import _orders, _products
from conversations.models import Conversation
from tests import make
from tests.agents.test_erasing import tables_with
from tests.contactcenter.demo.packs.conftest import Program

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

MARK = "quizzical"
ONE_OF_EACH = {
    "retail": "track_order",
    "banking": "balance",
    "telecom": "plan_change",
    "health": "cancel",
    "travel": "change_flight",
    "restaurant": "change_table",
}


class Talks:
    """What businesses answered in one customer's conversations, as the bot keeps it."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.customer = make.customer(name="Bo", email="typed@mail.example")

    def answered(self, pack: str, answer: dict[str, Any], *, outcome: str = "ok") -> None:
        text = (HERE / pack / "procedures" / f"{ONE_OF_EACH[pack]}.yaml").read_text("utf-8")
        ensure_procedure(text, at=self.at)
        held: Conversation = make.conversation(at=self.at, customer=self.customer)
        version = ProcedureVersion.objects.get(text=text)
        run = ProcedureRun.objects.create(
            conversation=held, version=version, state="done", started_at=self.at,
            updated_at=self.at, ended_at=self.at,
        )  # fmt: skip
        action = next(iter(shape_of(text).actions))
        call = ActionCall.objects.create(
            run=run, number=1, action=action, key=uuid4(), state="answered", outcome=outcome,
            answer=answer, sent_at=self.at,
        )  # fmt: skip
        Receipt.objects.create(
            business=Business.objects.get(pack=pack), key=str(call.key), asked="x",
            answer={"name": MARK}, at=self.at,
        )  # fmt: skip

    def proves(self, pack: str, number: str) -> None:
        with transaction.atomic():
            token = admitted(pack, number, is_right=True, at=self.at)
        self.answered(pack, {"session": token, "holder": MARK})


def everything(talks: Talks) -> None:
    """The marker word in each book, where a business has said that it is theirs."""
    at = talks.at
    Order.objects.filter(number="FW-10234").update(
        customer_name=MARK, customer_email=f"{MARK}@mail.example"
    )
    talks.answered("retail", {"order": {"number": "FW-10234"}})
    Booking.objects.filter(number="AT-40112").update(name=MARK, email=f"{MARK}@mail.example")
    talks.answered("travel", {"booking": {"number": "AT-40112"}})
    order = FoodOrder.objects.create(
        number="LH-99999", name=MARK, email=f"{MARK}@mail.example", how="deliver", address=MARK,
        postcode="20359", note=MARK, total=9, placed_at=at, due_at=at,
    )  # fmt: skip
    table = Reservation.objects.create(
        number="T-99999", name=MARK, email=f"{MARK}@mail.example", day=at.date(), time=at.time(),
        people=2, table=Table.objects.latest("pk"), note=MARK, made_at=at,
    )  # fmt: skip
    talks.answered("restaurant", {"table": {"number": table.number}, "orders": [order.number]})
    Subscriber.objects.filter(number="KM-310042").update(name=MARK)
    talks.proves("telecom", "KM-310042")
    Complaint.objects.create(
        number="C-12345", topic="bill", story=MARK, wish="refund", email=f"{MARK}@mail.example",
        at=at, answer_by=at.date(),
    )  # fmt: skip
    FaultReport.objects.create(
        number="F-12345", postcode="20144", service="internet", since=MARK, phone=MARK, at=at
    )
    talks.answered("telecom", {"number": "C-12345", "more": {"number": "F-12345"}})
    Client.objects.filter(number="NB-204817").update(name=MARK)
    account = Account.objects.filter(client__number="NB-204817")[:1].get()
    Transfer.objects.create(
        number="TR-999999", account=account, payee=MARK, amount=5, status="sent", placed_at=at,
        due_on=at.date(),
    )  # fmt: skip
    talks.proves("banking", "NB-204817")
    patient = Patient.objects.get(number="LP-40112")
    Patient.objects.filter(pk=patient.pk).update(name=MARK)
    Medicine.objects.create(patient=patient, name=MARK)
    talks.proves("health", "LP-40112")
    Appointment.objects.create(
        number="AP-99999", doctor=Doctor.objects.latest("pk"), starts_at=at + timedelta(days=900),
        name=MARK, phone=MARK,
    )  # fmt: skip
    talks.answered("health", {"number": "AP-99999"})


@pytest.fixture
def houses(opened: Callable[[str], Program]) -> None:
    _products()
    _orders(at=timezone.now())
    for name in names():
        if name == "retail":
            open_business(name, at=timezone.now())
        else:
            opened(name)


def test_nothing_of_an_erased_customer_stays_in_the_businesses_books(
    houses: None, at: datetime
) -> None:
    talks = Talks(at)
    everything(talks)
    others = Booking.objects.exclude(number="AT-40112").order_by("pk")[:2]
    theirs, refused = (one.number for one in others)
    # Under an address that was only typed; and one that the business would not show.
    Booking.objects.filter(number=theirs).update(email=talks.customer.email)
    talks.answered("travel", {"booking": {"number": refused}}, outcome="wrong")
    kept = {one.pk: one.name for one in Booking.objects.exclude(number="AT-40112")}
    before = tables_with(MARK)
    assert before >= {
        "demo_order", "demo_banking_client", "demo_banking_transfer", "demo_health_appointment",
        "demo_health_medicine", "demo_health_patient", "demo_packs_receipt",
        "demo_restaurant_foodorder", "demo_restaurant_reservation", "demo_telecom_complaint",
        "demo_telecom_faultreport", "demo_telecom_subscriber", "demo_travel_booking",
    }  # fmt: skip
    visits = Visit.objects.count()

    _, data = export(customer=talks.customer.uuid, agent_id=None, reason="", at=at)
    tables = data["tables"]
    assert [one["number"] for one in tables["demo_travel.Booking"]] == ["AT-40112"]
    assert [one["story"] for one in tables["demo_telecom.Complaint"]] == [MARK]
    assert MARK in [one["name"] for one in tables["demo_health.Medicine"]]
    assert tables["demo_telecom.Subscriber"][0]["name"] == MARK
    assert "pin" not in tables["demo_telecom.Subscriber"][0]
    assert "code" not in tables["demo_banking.Client"][0]

    done = erase(customer=talks.customer.uuid, agent_id=None, reason="", at=at)

    assert tables_with(MARK) == set()
    assert done.rows["demo_travel.Booking"] == done.rows["demo_banking.Client"] == 1
    assert Visit.objects.count() == visits - 3
    # The books still add up, and other customers' are as they were.
    assert Booking.objects.get(number="AT-40112").status == "booked"
    assert FoodOrder.objects.get(number="LH-99999").total == 9
    assert {one.pk: one.name for one in Booking.objects.exclude(number="AT-40112")} == kept
    assert Booking.objects.get(number=theirs).email == talks.customer.email
    assert not Account.objects.filter(client__number="NB-204817", iban__startswith="DE").exists()


def test_who_was_erased_is_let_in_nowhere(
    houses: None, at: datetime, opened: Callable[[str], Program]
) -> None:
    talks = Talks(at)
    everything(talks)
    erase(customer=talks.customer.uuid, agent_id=None, reason="", at=at)

    travel, bank = Program("travel"), Program("banking")
    for email in ("", "(erased)", f"{MARK}@mail.example"):
        status, answer = travel.ask("bookings/find", number="AT-40112", email=email)
        assert (status, "name" in answer) in {(400, False), (403, False), (423, False)}
    status, _ = bank.ask("identify", customer="NB-204817", birth_date="1900-01-01", code="0")
    assert status in {400, 403}
