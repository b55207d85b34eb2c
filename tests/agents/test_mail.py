"""News that nobody looked at comes by e-mail, to those who want that."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from agents.actions.mail import mail_unread
from agents.actions.notify import mark_read, notify, set_rules
from agents.models import Agent
from agents.rules.attention import How
from contactcenter.mail import mail_from_url
from conversations.models import Conversation
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

BY_MAIL = How(desktop=False, sound=False, email=True)


@pytest.fixture(autouse=True)
def a_mail_server(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example"
    settings.SITE_URL = "https://desk.example"


@pytest.fixture
def bo() -> Agent:
    found = make.agent(username="bo", email="bo@example.org")
    set_rules(agent_id=found.pk, rules={"mention": BY_MAIL})
    return found


def tell(agent: Agent, *, at: datetime, kind: str = "mention", **data: Any) -> Conversation:
    talk = make.conversation()
    news = {"by": "Ada", "text": "My secret address", "offset": 7} | data
    notify(agent_ids=[agent.pk], kind=kind, conversation=talk, data=news, at=at)
    return talk


def later(at: datetime, minutes: float = 3) -> datetime:
    return at + timedelta(minutes=minutes)


def test_what_stays_unread_comes_in_one_letter(bo: Agent, at: datetime) -> None:
    first, second = tell(bo, at=at), tell(bo, at=later(at, 0.5))

    assert [mail_unread(at=later(at)), mail_unread(at=later(at, 4))] == [1, 0]

    (letter,) = mail.outbox
    assert letter.to == ["bo@example.org"]
    assert letter.subject == "Ada mentions you, and 1 more"
    for talk in (first, second):
        assert f"https://desk.example/console/#{talk.uuid}/7" in letter.body


def test_what_customers_and_colleagues_wrote_stays_in_the_house(bo: Agent, at: datetime) -> None:
    tell(bo, at=at, by="Ada\r\nBcc: everybody@example.org")

    mail_unread(at=later(at))

    letter = mail.outbox[0].message()
    assert "secret address" not in letter.as_string()
    assert letter["Bcc"] is None
    assert "\n" not in letter["Subject"]


def test_a_whisper_is_called_one(bo: Agent, at: datetime) -> None:
    tell(bo, at=at, whisper=True)

    mail_unread(at=later(at))

    assert mail.outbox[0].subject == "Ada whispers to you"


def test_what_was_read_or_is_new_is_not_told_again(bo: Agent, at: datetime) -> None:
    tell(bo, at=at)
    assert mail_unread(at=later(at, 1)) == 0
    mark_read(agent_id=bo.pk, keys=None, at=at)

    assert mail_unread(at=later(at)) == 0
    tell(bo, at=at)
    assert mail_unread(at=later(at, 60 * 24)) == 0, "news of yesterday"


def test_only_who_wants_it_has_an_address_and_works_here(bo: Agent, at: datetime) -> None:
    usual, nowhere, gone = (
        make.agent(email="a@example.org"), make.agent(), make.agent(email="c@example.org")
    )  # fmt: skip
    for agent in (nowhere, gone):
        set_rules(agent_id=agent.pk, rules={"mention": BY_MAIL})
    Agent.objects.filter(pk=gone.pk).update(is_active=False)
    for agent in (usual, nowhere, gone):
        tell(agent, at=at)
    tell(bo, at=at, kind="assigned")

    assert mail_unread(at=later(at)) == 0


def test_a_mail_server_that_is_away_costs_a_minute_and_no_news(
    bo: Agent, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(bo, at=at)

    def refuse(_: Any) -> int:
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        assert mail_unread(at=later(at)) == 0

    assert mail_unread(at=later(at, 4)) == 1


def test_without_a_mail_server_nothing_is_tried(
    bo: Agent, at: datetime, settings: Settings
) -> None:
    settings.EMAIL_URL = ""
    tell(bo, at=at)

    assert mail_unread(at=later(at)) == 0
    door = Door(bo).get("me/notification-rules/")
    assert door["email"] == {"possible": False, "address": "bo@example.org"}


@pytest.mark.parametrize(
    ("url", "port", "starttls", "ssl"),
    [
        ("smtp://us%40er:p%3Aw@mail.example", 587, True, False),
        ("smtps://us%40er:p%3Aw@mail.example:2465", 2465, False, True),
        ("smtp+plain://us%40er:p%3Aw@mail.example", 25, False, False),
    ],
)
def test_the_server_is_named_by_a_url(url: str, port: int, starttls: bool, ssl: bool) -> None:
    found = mail_from_url(url)

    assert (found.host, found.port, found.user, found.password) == (
        "mail.example", port, "us@er", "p:w"
    )  # fmt: skip
    assert (found.starttls, found.ssl) == (starttls, ssl)


@pytest.mark.parametrize("url", ["mail.example", "https://mail.example", "smtp://", "smtp://a:b"])
def test_a_url_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_from_url(url)
