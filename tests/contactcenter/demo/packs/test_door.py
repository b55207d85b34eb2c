"""The frame of the demo businesses' interfaces: who is let in, and that nothing is done twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from contactcenter.demo.packs import door
from contactcenter.demo.packs.banking.models import Card, LoanApplication
from contactcenter.demo.packs.models import Business, Receipt
from tests.contactcenter.demo.packs.conftest import Program

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
CLARA: dict[str, Any] = {"customer": "NB-204817", "birth_date": "1988-04-12", "code": "48291"}
LOAN: dict[str, Any] = {"amount": 9000, "months": 36, "purpose": "car", "income": 3000}


@pytest.fixture
def bank(opened: Callable[[str], Program]) -> Program:
    return opened("banking")


def session(bank: Program) -> str:
    status, said = bank.ask("identify", **CLARA)
    assert status == 200
    return str(said["session"])


def test_a_business_that_is_not_open_has_no_interface() -> None:
    assert Program("banking").ask("identify", **CLARA)[0] == 404


def test_a_stranger_is_not_let_in(bank: Program) -> None:
    bank.token = "guessed"

    assert bank.ask("identify", **CLARA)[0] == 401


def test_what_writes_wants_a_post_with_a_key(bank: Program) -> None:
    client, headers = Client(), {"authorization": f"Bearer {bank.token}"}

    got = client.get("/demo/banking/api/loans", headers=headers)
    posted = client.post("/demo/banking/api/loans", {}, "application/json", headers=headers)

    assert got.status_code == 405
    assert (posted.status_code, posted.json()["code"]) == (400, "key_required")


@pytest.mark.parametrize(
    "body", ["{", "[1]", "null", "{" * 5000, '"' + "x" * 20_000 + '"', r'{"amount": "\ud800"}']
)
def test_a_body_that_is_no_object_is_refused(bank: Program, body: str) -> None:
    headers = {"authorization": f"Bearer {bank.token}", "idempotency-key": "k"}

    answer = Client().post("/demo/banking/api/loans", body, "application/json", headers=headers)

    assert answer.status_code in {400, 413}
    assert answer.json()["code"] in {"invalid", "too_large"}


def test_what_is_missing_or_wrong_is_named(bank: Program) -> None:
    said = [
        bank.ask("identify", customer="NB-204817", code="1")[1]["fields"],
        bank.ask("identify", **CLARA | {"birth_date": "12.4.1988"})[1]["fields"],
        bank.ask("loans/quote", amount="lots", months=12)[1]["fields"],
        bank.ask("loans/quote", amount=["9"], months=12)[1]["fields"],
    ]

    assert [list(fields) for fields in said] == [
        ["birth_date"],
        ["birth_date"],
        ["amount"],
        ["amount"],
    ]


def test_the_same_key_is_answered_the_same_and_done_once(bank: Program) -> None:
    who = session(bank)

    first = bank.ask("loans", key="order-1", session=who, **LOAN)
    again = bank.ask("loans", key="order-1", session=who, **LOAN)
    other = bank.ask("loans", key="order-1", session=who, **LOAN | {"amount": 8000})

    assert first == again
    assert first[0] == 200
    assert (other[0], other[1]["code"]) == (422, "key_reused")
    assert LoanApplication.objects.count() == 1


def test_a_refusal_is_kept_too(bank: Program) -> None:
    who = session(bank)
    bank.ask("loans", key="one", session=who, **LOAN)

    refused = bank.ask("loans", key="two", session=who, **LOAN)
    LoanApplication.objects.update(status="approved")

    assert refused[0] == 409
    assert bank.ask("loans", key="two", session=who, **LOAN) == refused


def test_bad_days(bank: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "SLOW_SECONDS", 0)
    monkeypatch.setattr(door, "LATE_SECONDS", 0)
    who = session(bank)
    card = bank.ask("cards", session=who)[1]["cards"][0]["tail"]

    def block(weather: str, key: str) -> int:
        Business.objects.update(weather=weather)
        return bank.ask("cards/block", key=key, session=who, card=card, reason="lost")[0]

    assert [block("down", "k"), block("rubbish", "k")] == [503, 200]
    assert Card.objects.get(last_four=card).status == "active"
    assert block("lost", "k") == 502
    assert Card.objects.get(last_four=card).status == "blocked"
    assert (
        block("slow", "k") == block("late", "k") == block("fine", "k") == 200
    )  # the answer that was lost
    assert block("fine", "another") == 409


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("weather", "least"), [("slow", 2), ("late", 16)])
def test_whoever_is_slow_keeps_no_connection_from_the_customers(
    bank: Program, monkeypatch: pytest.MonkeyPatch, weather: str, least: int
) -> None:
    kept: list[Any] = []
    monkeypatch.setattr("time.sleep", lambda seconds: kept.append((seconds, connection.connection)))
    Business.objects.update(weather=weather)

    assert bank.ask("identify", **CLARA)[0] == 200

    [(seconds, held)] = kept
    assert held is None
    assert least <= seconds <= least + 4  # a patient client has the one answer, none has the other


def test_receipts_hold_nothing_of_what_was_asked(bank: Program) -> None:
    bank.ask("identify", key="k", **CLARA | {"code": "11111"})

    kept = Receipt.objects.get(key="k")
    assert not {"11111", "NB-204817", "1988"} & set(str(kept.__dict__).split("'"))
    assert "11111" not in str(kept.__dict__)
