"""Northbridge Bank: first who, then what, and money only within its rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from bots.actions.procedures.keeping import ensure_procedure
from bots.models import ProcedureRun, ProcedureVersion
from contactcenter.demo.packs.banking.models import Client
from contactcenter.demo.packs.models import Attempts, Visit
from contactcenter.demo.packs.pack import write_books
from contactcenter.demo.packs.records import Known, known_as
from conversations.models import Conversation
from tests import make
from tests.agents.assist.test_neighbours import FILE
from tests.contactcenter.demo.packs.conftest import NOON, Program
from tests.contactcenter.demo.packs.test_door import CLARA, LOAN, session

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def bank(opened: Callable[[str], Program]) -> Program:
    return opened("banking")


def test_the_books_are_written_once() -> None:
    assert write_books("banking", at=NOON) == Client.objects.count() == 8
    assert write_books("banking", at=NOON) == 0


def test_three_wrong_tries_close_the_door_also_to_the_right_one(bank: Program) -> None:
    wrong = [bank.ask("identify", **CLARA | {"code": code})[0] for code in ("1", "2", "3")]

    assert wrong == [403, 403, 403]
    assert bank.ask("identify", **CLARA)[0] == 423
    Attempts.objects.update(since=timezone.now() - timedelta(minutes=16))
    assert bank.ask("identify", **CLARA)[0] == 200


def test_a_number_that_nobody_has_is_refused_the_same_way(bank: Program) -> None:
    stranger = CLARA | {"customer": "NB-999999"}
    known = CLARA | {"code": "00000"}

    assert bank.ask("identify", **stranger) == bank.ask("identify", **known)
    for _ in range(2):
        bank.ask("identify", **stranger)
    assert bank.ask("identify", **stranger)[0] == 423


def test_a_try_that_is_sent_twice_counts_once(bank: Program) -> None:
    for _ in range(4):
        assert bank.ask("identify", key="same", **CLARA | {"code": "1"})[0] == 403

    assert Attempts.objects.get().wrong == 1


def test_a_number_is_proved_by_the_bank_and_not_by_what_was_typed_after(bank: Program) -> None:
    ensure_procedure(FILE, "", at=NOON)
    talk = make.conversation()
    typed = {"customer_no": "NB-204902", "email": "clara@example.com"}
    run = ProcedureRun.objects.create(
        conversation=talk, version=ProcedureVersion.objects.get(), state="handed_over",
        started_at=NOON, updated_at=NOON, ended_at=NOON,
        data={"slots": typed, "called": [["identify", "ok"]], "saved": {"session": session(bank)}},
    )  # fmt: skip
    seen = Conversation.objects.filter(pk=talk.pk)

    assert known_as("", seen) == Known("clara@example.com", ("NB-204817",))
    assert known_as("other@example.com", seen).email == "other@example.com"
    Visit.objects.update(
        until=timezone.now()
    )  # it can do nothing any more, and was theirs all the same
    assert known_as("", seen).numbers == ("NB-204817",)
    run.data |= {"called": [["identify", "wrong"]], "saved": {"session": "guess"}}
    run.save()
    assert known_as("", seen) == Known()


def test_nothing_private_without_a_session_or_with_an_old_one(bank: Program) -> None:
    who = session(bank)
    Visit.objects.update(until=timezone.now())

    for path in ("accounts", "cards"):
        assert bank.ask(path, session="guess")[0] == bank.ask(path, session=who)[0] == 410


def test_balance_and_transfers_are_ones_own(bank: Program) -> None:
    who = session(bank)

    _, said = bank.ask("accounts", session=who)
    current = said["accounts"][0]
    own = bank.ask("transfers/find", session=who, number="tr-700101")
    other = bank.ask("transfers/find", session=who, number="TR-700111")

    assert current["available"] == pytest.approx(current["balance"] + 500 - current["held"])
    assert (own[0], own[1]["number"]) == (200, "TR-700101")
    assert other[0] == 404


def test_a_card_of_somebody_else_is_not_blocked(bank: Program) -> None:
    who = session(bank)
    theirs = Client.objects.get(number="NB-205118").accounts.get(kind="current").cards.all()[0]

    assert bank.ask("cards/block", session=who, card=theirs.last_four, reason="lost")[0] == 404
    theirs.refresh_from_db()
    assert theirs.status == "active"


def test_loans_have_limits(bank: Program) -> None:
    who = session(bank)

    quote = bank.ask("loans/quote", amount=12_000, months=48)[1]

    assert quote == {"rate": 6.19, "monthly": 282.87, "total": 13577.76}
    assert bank.ask("loans/quote", amount=900, months=48)[0] == 422
    assert bank.ask("loans", session=who, **LOAN | {"income": 700})[1]["code"] == "too_much"
    assert bank.ask("loans", session=who, **LOAN)[1]["number"] == "LA-300001"
    assert bank.ask("loans", session=who, **LOAN)[1]["code"] == "already_open"
