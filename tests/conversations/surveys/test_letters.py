"""Letters that ask: to whom, when, how often, and to whom never again."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from conversations.models import Conversation, Customer
from conversations.surveys.answering import answer
from conversations.surveys.inviting import NotAsked, invite
from conversations.surveys.letters import send_letters
from conversations.surveys.models import Invitation
from tests import make
from tests.conversations.surveys.asking import key, over, survey

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def a_mail_server(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example"
    settings.SITE_URL = "https://desk.example"


def asked(at: datetime, *, email: str = "cora@example.org", **fields: Any) -> Invitation:
    customer = fields.pop("customer", None) or make.customer(email=email)
    talk = over(customer=customer, **fields)
    invite(talk, at=at)
    return Invitation.objects.get(conversation=talk)


def later(at: datetime, minutes: float = 60) -> datetime:
    return at + timedelta(minutes=minutes)


def test_a_letter_goes_out_once_its_time_has_come(at: datetime) -> None:
    survey(by_email=True, email_after_minutes=60)
    asked(at, inbox=make.inbox(name="Trailhead"))

    assert [send_letters(at=later(at, minutes)) for minutes in (59, 60, 61)] == [0, 1, 0]

    (letter,) = mail.outbox
    assert letter.to == ["cora@example.org"]
    assert letter.subject == "How did we do?"
    assert "Trailhead" in letter.body
    assert "https://desk.example/survey/" in letter.body
    assert letter.extra_headers["List-Unsubscribe"].endswith("/stop/>")


def test_it_speaks_the_customer_s_language(at: datetime) -> None:
    survey(by_email=True)
    asked(at, language="zh")

    send_letters(at=later(at))

    assert mail.outbox[0].subject == "您对本次服务满意吗？"


def test_its_link_leads_to_the_questions(at: datetime, client: Client) -> None:
    survey(by_email=True, open_days=9000)
    asked(at)
    send_letters(at=later(at))
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("https"))

    page = client.get(link.removeprefix("https://desk.example"))

    assert page.status_code == 200
    assert "How was it?" in page.content.decode()


def test_where_only_letters_ask_the_chat_does_not(at: datetime) -> None:
    survey(by_email=True, in_chat=False)
    talk = over(customer=make.customer(email="cora@example.org"))

    with pytest.raises(NotAsked):
        invite(talk, at=at)

    assert send_letters(at=later(at)) == 1


@pytest.mark.parametrize("address", ["", "no address", "a@b", "x@example.org\nBcc: y@example.org"])
def test_what_is_no_address_gets_nothing(address: str, at: datetime) -> None:
    survey(by_email=True)
    asked(at, email=address)

    assert send_letters(at=later(at)) == 0
    assert Invitation.objects.get().letter_due_at is None


def test_whoever_has_answered_or_goes_on_talking_is_not_asked_by_letter(at: datetime) -> None:
    made = survey(by_email=True)
    answered, talking = asked(at), asked(at, email="dan@example.org")
    answer(answered, {key(made, "csat"): 4}, way="link", at=at)
    Conversation.objects.filter(pk=talking.conversation_id).update(state="bot", resolved_at=None)

    assert send_letters(at=later(at)) == 0


def test_one_letter_a_day_to_one_address(at: datetime) -> None:
    survey(by_email=True)
    asked(at)
    asked(at, email="CORA@example.org")

    assert send_letters(at=later(at)) == 1
    assert send_letters(at=later(at, 24 * 60 + 61)) == 0  # what was not sent is not sent later


def test_whoever_wants_none_gets_none(at: datetime, client: Client) -> None:
    survey(by_email=True, open_days=9000)
    first = asked(at)
    send_letters(at=later(at))
    stop = (
        mail.outbox[0].extra_headers["List-Unsubscribe"][1:-1].removeprefix("https://desk.example")
    )

    assert client.get(stop).status_code == 200  # a program that looks at links stops nothing
    asked(at, customer=Customer.objects.get(pk=first.conversation.customer_id))
    assert send_letters(at=later(at, 3 * 24 * 60)) == 1

    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    asked(at, email="Cora@Example.org")
    assert send_letters(at=later(at, 9 * 24 * 60)) == 0


def test_a_mail_server_that_hangs_ends_the_round(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round is a thread of the worker that brings customers to people, and there is one each minute."""
    survey(by_email=True)
    for name in ("ann", "bob", "cid", "dan", "eve"):
        asked(at, email=f"{name}@example.org")
    clock = [0.0]

    def hangs(self: Any, **_: Any) -> int:
        clock[0] += 10
        raise TimeoutError

    monkeypatch.setattr("conversations.rounds.monotonic", lambda: clock[0])
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", hangs)
        assert send_letters(at=later(at)) == 0

    assert clock[0] == 30
    assert send_letters(at=later(at)) == 5


def test_a_mail_server_that_is_down_is_tried_again(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey(by_email=True)
    asked(at)

    def broken(self: Any, **_: Any) -> int:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", broken)
        assert send_letters(at=later(at)) == 0

    assert send_letters(at=later(at, 61)) == 1


def test_without_a_mail_server_nothing_is_lost(at: datetime, settings: Settings) -> None:
    survey(by_email=True)
    asked(at)
    settings.EMAIL_URL = ""

    assert send_letters(at=later(at)) == 0
    assert Invitation.objects.get().letter_due_at is not None
