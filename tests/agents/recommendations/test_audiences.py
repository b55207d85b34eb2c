"""What is kept for an audience reaches its members, and nobody else by any door."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from agents.recommendations.models import Segment
from bots.actions.procedures.candidates import Here, live_here
from bots.actions.procedures.keeping import ensure_connection, ensure_procedure
from bots.actions.turn import reader_of
from bots.audiences import audiences
from bots.knowledge.vectors import light_encoders
from bots.models import Article, Member, Reader
from bots.queries import consult
from bots.reads.found import found_articles
from conversations.actions.session import Claims, open_session
from conversations.models import Conversation, Customer, Identity
from tests import make
from tests.bots.procedures.test_running import TEXT
from tests.bots.talks import RETURNS, knows

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
LOUNGE = replace(
    RETURNS,
    id="lounge",
    title="The lounge for gold members",
    body="Gold members enter the lounge with the code Zephyr 77.",
    questions=["How do I get into the lounge?", "What is the code of the lounge?", "Lounge entry"],
)
ASKED = "How do I get into the lounge?"


@pytest.fixture
def gold(at: datetime) -> Segment:
    return Segment.objects.create(
        name="Gold", created_at=at,
        conditions={"field": "attributes.tier", "op": "is", "value": "gold"},
    )  # fmt: skip


@pytest.fixture
def lounge(at: datetime, gold: Segment) -> Article:
    [article] = knows(at, LOUNGE)
    Article.objects.update(visibility="audience", audience=str(gold.uuid))
    article.refresh_from_db()
    return article


def somebody(at: datetime, *, tier: str = "", is_known: bool) -> tuple[Conversation, str]:
    inbox = make.inbox()
    opened = open_session(inbox=inbox, language="en", claims=Claims(), origin="", at=at)
    customer = opened.conversation.customer
    Customer.objects.filter(pk=customer.pk).update(attributes={"tier": tier} if tier else {})
    if is_known:
        Identity.objects.create(customer=customer, inbox=inbox, external_id="c", verified_at=at)
    return opened.conversation, opened.token


OUTSIDE: list[dict[str, Any]] = [
    {"tier": "gold", "is_known": False},  # says so of themselves, in a form
    {"tier": "silver", "is_known": True},
    {"is_known": True},
    {"is_known": False},
]


def test_the_bot_answers_a_member_from_it(at: datetime, lounge: Article, gold: Segment) -> None:
    conversation, token = somebody(timezone.now(), tier="gold", is_known=True)
    reader = reader_of(conversation, at=at)
    proposal = consult(
        question=ASKED, reader=reader, inbox_id=conversation.inbox_id, known=light_encoders()
    )

    assert reader == Member((str(gold.uuid),))
    assert [one.article for one in proposal.citations] == [lounge.uuid]
    door = Client(headers={"Authorization": f"Bearer {token}"})
    assert door.get(f"/api/v1/help/articles/{lounge.uuid}/").status_code == 200


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_outside_sees_it_by_any_door(
    at: datetime, lounge: Article, who: dict[str, Any]
) -> None:
    conversation, token = somebody(timezone.now(), **who)
    reader = reader_of(conversation, at=at)
    proposal = consult(
        question=ASKED, reader=reader, inbox_id=conversation.inbox_id, known=light_encoders()
    )

    assert not isinstance(reader, Member)
    assert proposal.citations == ()
    assert "Zephyr" not in proposal.answer
    door = Client(headers={"Authorization": f"Bearer {token}"})
    found = door.get("/api/v1/help/search/", {"q": ASKED, "lang": "en"})
    assert (found.status_code, found.json()["results"]) == (200, [])
    assert door.get(f"/api/v1/help/articles/{lounge.uuid}/").status_code == 404
    vote = {"version": 1, "helpful": True}
    voted = door.post(f"/api/v1/help/articles/{lounge.uuid}/vote/", vote, "application/json")
    assert voted.status_code in {400, 404}


def test_nor_does_the_help_centre_show_it_and_agents_read_it(lounge: Article) -> None:
    for path in ("/help/", f"/help/search/?q={ASKED}", f"/help/{lounge.uuid}/", "/sitemap.xml"):
        assert b"lounge" not in Client().get(path).content.lower().replace(
            ASKED.lower().encode(), b""
        )
    agent = Client()
    agent.force_login(make.agent())
    assert b"For some customers" in agent.get(f"/help/{lounge.uuid}/").content
    assert [one.article for one in found_articles(ASKED, language="en", reader=Reader.AGENT)] == [
        lounge
    ]


def test_who_leaves_the_segment_reads_it_no_more(
    at: datetime, lounge: Article, gold: Segment
) -> None:
    conversation, _ = somebody(timezone.now(), tier="gold", is_known=True)
    Customer.objects.update(attributes={"tier": "silver"})
    assert reader_of(conversation, at=at) == Reader.CUSTOMER
    Customer.objects.update(attributes={"tier": "gold"})
    Segment.objects.update(is_active=False)
    assert reader_of(conversation, at=at) == Reader.CUSTOMER
    assert audiences() == []


def test_a_procedure_begins_for_its_members_alone(at: datetime, gold: Segment) -> None:
    ensure_connection("shop", "https://shop.example", "sesame", own=True)
    text = TEXT.replace("when:\n", "when:\n  audiences: [gold]\n", 1)
    assert ensure_procedure(text, "", at=at)

    def live(conversation: Conversation) -> list[str]:
        inbox = conversation.inbox
        here = Here(inbox.pk, inbox.key, inbox.kind, conversation.customer_id)
        return [one.procedure.key for one in live_here(here, at=at, language="en")]

    member, _ = somebody(timezone.now(), tier="gold", is_known=True)
    assert live(member) == ["return_item"]
    for who in OUTSIDE:
        assert live(somebody(timezone.now(), **who)[0]) == []


@pytest.mark.parametrize(
    "words",
    [
        {"visibility": "audience"},
        {"visibility": "audience", "audience": "nobody"},
        {"visibility": "audience", "audience": str(UUID(int=1))},
        {"visibility": "public", "audience": "gold"},
        {"visibility": "audience", "audience": "x" * 5_000},
    ],
)
def test_an_audience_that_is_none_is_refused(
    at: datetime, gold: Segment, words: dict[str, str]
) -> None:
    door = APIClient()
    door.force_authenticate(make.agent(role="admin"))
    [article] = knows(at, LOUNGE)

    answer = door.patch(f"/api/v1/articles/{article.uuid}/", words, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    article.refresh_from_db()
    assert (article.visibility, article.audience) == ("public", "")


def test_what_is_opened_to_everybody_forgets_its_audience(
    at: datetime, lounge: Article, gold: Segment
) -> None:
    door = APIClient()
    door.force_authenticate(make.agent(role="admin"))
    path = f"/api/v1/articles/{lounge.uuid}/"
    assert door.patch(path, {"visibility": "public"}, format="json").json()["audience"] == ""
    kept = {"visibility": "audience", "audience": str(gold.uuid)}
    assert door.patch(path, kept, format="json").status_code == 200
