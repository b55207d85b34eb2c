"""The search finds what was said, shows nobody more than they may see, and pages without a seam."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from agents.actions import search_index
from agents.actions.search_index import index_customers, index_new
from agents.models import Agent, IndexedMessage, SearchProgress
from agents.reads.search import Wanted, search
from conversations.actions.post import post, store
from conversations.models import Conversation, Customer, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def manager() -> Agent:
    return make.agent(role="manager")


def client_of(agent: Agent) -> APIClient:
    client = APIClient()
    client.force_authenticate(agent)
    return client


def say(conversation: Conversation, text: str, **fields: Any) -> None:
    store([make.draft(conversation, text, **fields)])


def texts(agent: Agent, query: str, **fields: Any) -> list[str]:
    found = search(Wanted(query, **fields), agent=agent, cursor="", limit=50)
    assert found.next is None
    return [hit.message.text for hit in found.hits]


def test_words_phrases_beginnings_and_chinese(manager: Agent, at: datetime) -> None:
    talk = make.conversation()
    for text in ("Where is my refund?", "It was refunded late", "我想退款，谢谢", "退货还是换款"):
        say(talk, text)
    index_new(at=at)

    assert set(texts(manager, "refunds ")) == {"Where is my refund?", "It was refunded late"}
    assert texts(manager, "refund lat") == ["It was refunded late"]
    assert texts(manager, '"my refund"') == ["Where is my refund?"]
    assert texts(manager, '"refund my"') == []
    assert texts(manager, "退款") == ["我想退款，谢谢"]
    assert set(texts(manager, "款")) == {"我想退款，谢谢", "退货还是换款"}
    assert len(texts(manager, "it's ' \\ !refund <->")) == 2


def test_the_newer_and_the_better_match_comes_first(manager: Agent, at: datetime) -> None:
    talk = make.conversation()
    say(talk, "refund", at=at - timedelta(days=200))
    say(talk, "something else and then a refund", at=at - timedelta(days=1))
    say(talk, "refund refund refund", at=at - timedelta(days=1, hours=1))
    index_new(at=at)

    assert texts(manager, "refund ") == [
        "refund refund refund",
        "something else and then a refund",
        "refund",
    ]


def test_it_is_narrowed_by_inbox_author_conversation_and_time(manager: Agent, at: datetime) -> None:
    agent = make.agent()
    one = make.conversation(state="assigned", assignee=agent)
    two = make.conversation()
    say(one, "parcel one", author_kind="agent", agent_id=agent.pk, at=at)
    say(two, "parcel two", at=at + timedelta(days=1))
    index_new(at=at)

    assert texts(manager, "parcel", inbox_id=one.inbox_id) == ["parcel one"]
    assert texts(manager, "parcel", agent_id=agent.pk) == ["parcel one"]
    assert texts(manager, "parcel", conversation_id=two.pk) == ["parcel two"]
    assert texts(manager, "parcel", since=at + timedelta(hours=1)) == ["parcel two"]
    assert texts(manager, "parcel", until=at + timedelta(hours=1)) == ["parcel one"]


def test_nobody_finds_what_they_may_not_see(at: datetime) -> None:
    agent, other = make.agent(), make.agent()
    mine = make.conversation(state="assigned", assignee=agent)
    theirs = make.conversation(state="assigned", assignee=other, customer=make.customer(name="Zoe"))
    say(mine, "secret mine", note=True, author_kind="agent", agent_id=agent.pk)
    say(theirs, "secret theirs")
    index_new(at=at)
    index_customers()

    assert texts(agent, "secret") == ["secret mine"]
    assert client_of(agent).get("/api/v1/search/?q=zoe").json()["customers"] == []
    known = client_of(other).get("/api/v1/search/?q=zoe").json()["customers"]
    assert [(k["name"], len(k["conversations"])) for k in known] == [("Zoe", 1)]


def test_pages_have_no_seam_even_when_windows_end(
    manager: Agent, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.reads.search._WINDOW", 7)
    talk = make.conversation()
    for n in range(25):
        say(talk, f"tent {n} {'tent ' * (n % 3)}", at=at + timedelta(minutes=n))
    index_new(at=at)

    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        found = search(Wanted("tent"), agent=manager, cursor=cursor, limit=4)
        seen += [hit.message.pk for hit in found.hits]
        cursor = found.next
        if len(seen) == 4:
            say(talk, "tent, said in between", at=at + timedelta(hours=1))
            index_new(at=at)

    assert len(seen) == len(set(seen)) == 25


def test_an_agent_who_sees_little_gets_it_in_bounded_steps(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.reads.search._WINDOW", 3)
    monkeypatch.setattr("agents.reads.search._WINDOWS", 2)
    agent = make.agent()
    say(make.conversation(state="assigned", assignee=agent), "lamp mine", at=at)
    foreign = make.conversation()
    for n in range(10):
        say(foreign, f"lamp {n}", at=at + timedelta(minutes=n + 1))
    index_new(at=at)

    first = search(Wanted("lamp"), agent=agent, cursor="", limit=5)
    second = search(Wanted("lamp"), agent=agent, cursor=first.next or "", limit=5)

    assert (list(first.hits), first.next is not None) == ([], True)
    assert [hit.message.text for hit in second.hits] == ["lamp mine"]


def test_indexing_twice_changes_nothing_and_nothing_is_left_out(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 4)
    monkeypatch.setattr(search_index, "_LOOKED_AT_AGAIN", 2)
    talk = make.conversation()
    for n in range(10):
        say(talk, f"chair {n}")
    later = at + timedelta(hours=1)

    assert index_new(at=later) == 10
    assert index_new(at=later) == 0
    newest = Message.objects.latest("pk").pk
    assert SearchProgress.objects.get().through_id == newest - 2
    IndexedMessage.objects.filter(pk=newest).delete()  # as if its commit had come late
    assert index_new(at=later) == 1


def test_everything_is_read_again(manager: Agent, at: datetime) -> None:
    talk = make.conversation(customer=make.customer(email="ann@example.com"))
    say(talk, "boots")
    IndexedMessage.objects.all().delete()

    call_command("reindex_messages")

    assert texts(manager, "boots") == ["boots"]
    answer = client_of(manager).get("/api/v1/search/", {"q": "ann@example.com"}).json()
    assert [known["email"] for known in answer["customers"]] == ["ann@example.com"]


def test_a_renamed_customer_is_found_by_the_new_name(manager: Agent, at: datetime) -> None:
    talk = make.conversation(customer=make.customer(name="Old"))
    index_customers()
    Customer.objects.filter(pk=talk.customer_id).update(name="王小明")

    assert index_customers() == 1
    assert index_customers() == 0
    found = client_of(manager).get("/api/v1/search/", {"q": "小明"}).json()["customers"]
    assert [known["name"] for known in found] == ["王小明"]


@pytest.mark.parametrize(
    "text", ["na " * 1333, "退" * 4000, "'\\:*&|!()<->" * 300, "é" * 4000, "😀"]
)
def test_odd_texts_are_read(manager: Agent, at: datetime, text: str) -> None:
    talk = make.conversation()
    say(talk, text)
    say(talk, "after it")

    index_new(at=at)

    assert texts(manager, "after it ") == ["after it"]


def test_the_door(manager: Agent, at: datetime) -> None:
    talk = make.conversation()
    post(make.draft(talk, "😀 <b>refund</b>"))
    index_new(at=at)

    answer = client_of(manager).get("/api/v1/search/?q=refund").json()

    hit = answer["results"][0]
    assert (hit["text"], hit["highlights"]) == ("😀 <b>refund</b>", [[5, 11]])
    assert (hit["conversation"], hit["offset"], hit["note"]) == (str(talk.uuid), 2, False)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400), ("q=", 400), ("q=%20", 400), ("q=!!", 400), ("q=" + "x" * 201, 400),
        ("q=a&cursor=zzz", 400), ("q=a&cursor=W10", 400), ("q=a&limit=0", 400),
        ("q=a&since=yesterday", 400), ("q=a&agent=me", 400), ("q=a%00b", 400),
        ("q=a&conversation=0b8d3bcb-6f7c-4d5f-9f3b-0c3bd5a9a111", 404),
        ("q=a&agent=0b8d3bcb-6f7c-4d5f-9f3b-0c3bd5a9a111", 200), ("q=a&inbox=nowhere", 200),
    ],
)  # fmt: skip
def test_bad_words_at_the_door(manager: Agent, query: str, status: int) -> None:
    answer = client_of(manager).get(f"/api/v1/search/?{query}")

    assert answer.status_code == status
    assert status == 200 or set(answer.json()) == {"code", "detail", "fields"}


def test_a_stranger_is_not_let_in() -> None:
    assert APIClient().get("/api/v1/search/?q=a").status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_the_cost_of_a_page_does_not_grow(manager: Agent, at: datetime, count: int) -> None:
    for n in range(count):
        say(make.conversation(customer=make.customer(name=f"mug {n}")), "mug")
    index_new(at=at)
    index_customers()
    client = client_of(manager)
    client.get("/api/v1/search/?q=mug")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(client.get("/api/v1/search/?q=mug").json()["results"]) == count

    assert len([q for q in queries if q["sql"].startswith("SELECT") or "WITH" in q["sql"]]) <= 9
