"""The manager's page at its real address."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from tests import make
from tests.analytics.story import Story
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

PAGE = "/admin/analytics/"


def signed_in(role: str, *, staff: bool = True) -> Client:
    client = Client()
    client.force_login(make.agent(role=role, is_staff=staff))
    return client


def titles(html: str) -> list[str]:
    found = re.findall(r'<h2 id="[a-z]+-title">(.*?)</h2>', html)
    return [unescape(title).replace("\u202f", " ") for title in found]


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_every_title_is_an_answer() -> None:
    make.queue(is_default=True, target_seconds=20)
    agent = make.agent()
    Story(NOON).asks(1).bot(3).customer_ends(60).rated(70, 5)
    Story(NOON).asks(1).bot(3).hands_over(10).taken(20, agent).agent_says(25, agent)

    answer = signed_in("manager").get(PAGE)

    assert answer.status_code == 200
    assert titles(answer.content.decode()) == [
        "100 % answered within 20 s",
        "The bot settled 50 % alone",
        "Half had a first answer within 2.0 s, 9 of 10 within 2.0 s",
        "5.0 of 5 from 1 answer",
        "How satisfied those are who said nothing is not known yet",
        "2 conversations",
        "1 handoff",
        "The bot gave 2 answers",
        "Every question found an article",
        "1 agent took 1 conversation",
        "Agents gave no answers to help with",
    ]


def test_an_empty_house_says_so() -> None:
    answer = signed_in("manager").get(PAGE + "?from=2020-01-01&to=2020-01-07")
    html = answer.content.decode()

    assert "Nobody waited for a person" in html
    assert "No survey was answered in this period." in html
    assert "<canvas" not in html


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_a_number_leads_to_its_conversations() -> None:
    solved = Story(NOON).asks(1).bot(3)
    Story(NOON).asks(1)
    manager = signed_in("manager")

    html = manager.get(PAGE + "?period=today").content.decode()
    link = unescape(
        re.findall(r'href="([^"]*behind=bot\.verdict&amp;detail=assumed[^"]*)"', html)[0]
    )
    answer = manager.get(link)

    assert [row.pk for row in answer.context["cl"].result_list] == [solved.pk]
    assert "Only conversations that ended as" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["from=x&to=y", "period=century", "inbox=nobodys", "from=2026-05-04&to=2026-05-01"],
)
def test_a_bad_address_says_what_is_wrong(query: str) -> None:
    answer = signed_in("manager").get(f"{PAGE}?{query}")

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["behind=bot.nothing", "behind=bot.solved&from=x", "behind=satisfaction.score&detail=9"],
)
def test_a_bad_link_shows_nothing_and_says_why(query: str) -> None:
    Story(NOON).asks(1).bot(3)

    answer = signed_in("manager").get(f"/admin/conversations/conversation/?{query}")

    assert answer.status_code == 200
    assert list(answer.context["cl"].result_list) == []
    assert [str(m) for m in answer.context["messages"]] != []


def test_who_may_see_the_reports() -> None:
    assert signed_in("admin").get(PAGE).status_code == 200
    assert signed_in("agent").get(PAGE).status_code == 403
    assert signed_in("manager", staff=False).get(PAGE).status_code == 302
    stranger = Client().get(PAGE)
    assert (stranger.status_code, stranger["Location"]) == (302, "/admin/login/?next=" + PAGE)
    assert signed_in("agent").get(PAGE + "live/").status_code == 403


def test_the_live_strip_is_a_part_of_the_page() -> None:
    answer = signed_in("manager").get(PAGE + "live/")

    assert answer.status_code == 200
    assert answer.content.decode().count('class="report-tile"') == 5
    assert "no-store" in answer["Cache-Control"]


def test_the_policy_is_wider_only_under_admin() -> None:
    client = signed_in("manager")

    inside = client.get(PAGE)["Content-Security-Policy"]
    outside = client.get("/widget/?inbox=none")["Content-Security-Policy"]

    assert "'unsafe-eval'" in inside
    assert "script-src 'self' 'nonce-" in inside
    assert "'unsafe-inline'" not in re.findall(r"script-src [^;]*", inside)[0]
    assert "unsafe" not in outside
