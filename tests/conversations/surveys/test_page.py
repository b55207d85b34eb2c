"""The survey's page: whoever has the link answers there; nobody else finds it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Event, Rating
from conversations.surveys.inviting import keep_invitation, link_to
from conversations.surveys.models import Invitation, Reply, Survey
from tests.conversations.surveys.asking import key, over, survey

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def made() -> Survey:
    options = [{"key": "slow", "en": "<b>Slow</b>"}, {"key": "rude", "en": "Rude"}]
    return survey(
        ("csat", {"is_required": True}),
        ("choices", {"only_up_to": 2, "options": options}),
        ("nps", {}),
        ("text", {}),
    )


@pytest.fixture
def link(made: Survey) -> str:
    invitation = keep_invitation(over(), made, way="link", at=timezone.now())
    return urlsplit(link_to(invitation)).path


def test_it_asks_and_keeps_the_answers(client: Client, made: Survey, link: str) -> None:
    page = client.get(link).content.decode()
    assert "&lt;b&gt;Slow&lt;/b&gt;" in page
    assert 'name="robots" content="noindex"' in page

    sent = client.post(
        link,
        {
            key(made, "csat"): "1",
            key(made, "choices"): ["slow", "rude"],
            key(made, "nps"): "",
            key(made, "text"): "<script>alert(1)</script>",
        },
    )

    assert (sent.status_code, sent["Location"]) == (302, f"{link}?done")
    assert "Thank you" in client.get(f"{link}?done").content.decode()
    kept = {one.kind: (one.number, one.chosen, one.text) for one in Reply.objects.all()}
    assert kept == {
        "csat": (1, [], ""),
        "choices": (None, ["slow", "rude"], ""),
        "text": (None, [], "<script>alert(1)</script>"),
    }
    assert Rating.objects.get().score == 1
    again = client.get(link).content.decode()
    assert "&lt;script&gt;" in again
    assert "<script>alert" not in again
    assert again.count("checked") == 3


def test_what_is_missing_is_said_and_nothing_is_lost(
    client: Client, made: Survey, link: str
) -> None:
    sent = client.post(link, {key(made, "nps"): "7", key(made, "text"): "Still here"})

    page = sent.content.decode()
    assert sent.status_code == 400
    assert "Please answer what is marked" in page
    assert "Still here" in page
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    "value", ["six", "9" * 5000, "-1", "١", "\x00"], ids=lambda value: f"{len(value)} characters"
)
def test_what_is_no_number(client: Client, made: Survey, link: str, value: str) -> None:
    assert client.post(link, {key(made, "csat"): value}).status_code == 400


def test_a_closed_one_says_so(client: Client, made: Survey, link: str) -> None:
    Invitation.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    assert client.get(link).status_code == 410
    assert client.post(link, {key(made, "csat"): "5"}).status_code == 410
    assert not Reply.objects.exists()


@pytest.mark.parametrize("change", ["cut", "other", "strange"])
def test_a_link_that_was_guessed_leads_nowhere(client: Client, link: str, change: str) -> None:
    key_part, _, signature = link.removeprefix("/survey/").strip("/").partition(":")
    guessed = {
        "cut": key_part,
        "other": f"{'0' * 32}:{signature}",
        "strange": f"{key_part}:%F0%9F%98%80%3Cb%3E",
    }[change]

    assert client.get(f"/survey/{guessed}/").status_code == 404
    assert client.post(f"/survey/{guessed}/stop/").status_code == 404


def test_whoever_sends_it_again_and_again_fills_no_log(
    client: Client, made: Survey, link: str
) -> None:
    statuses = [client.post(link, {key(made, "csat"): "1"}).status_code for _ in range(20)]

    assert statuses[:10] == [302] * 10
    assert set(statuses[10:]) == {429}
    assert Event.objects.filter(kind="surveyed").count() == 10
