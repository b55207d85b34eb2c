"""Views, filters and counters at their doors."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from agents.models import Agent, SavedView, Team
from conversations.models import AttributeDefinition
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

URGENT = {"field": "priority", "op": "at_least", "value": 1}
VIEWS, LIST = "/api/v1/views/", "/api/v1/conversations/"


def client_of(agent: Agent) -> APIClient:
    client = APIClient()
    client.force_authenticate(agent)
    return client


@pytest.fixture
def manager() -> Agent:
    return make.agent(role="manager")


def made(client: APIClient, **words: Any) -> dict[str, Any]:
    answer = client.post(VIEWS, {"name": "Urgent", "conditions": URGENT} | words, format="json")
    assert answer.status_code == 201, answer.json()
    view: dict[str, Any] = answer.json()
    return view


def keys(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [card["conversation"] for card in answer.json()["results"]]


def test_a_view_is_made_run_changed_and_deleted(manager: Agent) -> None:
    client = client_of(manager)
    urgent, _ = make.conversation(priority=2), make.conversation()

    view = made(client)

    address = f"{VIEWS}{view['id']}/"
    assert keys(client.get(f"{LIST}?view={view['id']}")) == [str(urgent.uuid)]
    assert client.patch(address, {"name": "All"}, format="json").json()["conditions"] == URGENT
    assert client.patch(address, {"conditions": {}}, format="json").status_code == 200
    assert len(keys(client.get(f"{LIST}?view={view['id']}"))) == 2
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.get(f"{LIST}?view={view['id']}").status_code == 404


@pytest.mark.parametrize("sort", ["latest", "oldest", "newest", "waiting", "priority"])
def test_every_sort_pages_without_a_seam(manager: Agent, at: datetime, sort: str) -> None:
    client = client_of(manager)
    queue = make.queue()
    for n in range(7):
        make.conversation(
            at=at + timedelta(minutes=n % 3), priority=n % 2,
            **({"state": "queued", "queue": queue, "queued_at": at, "waiting_since": at}
               if n % 2 else {}),
        )  # fmt: skip
    view = made(client, conditions={}, sort=sort)

    whole = keys(client.get(f"{LIST}?view={view['id']}"))
    paged: list[str] = []
    address: str | None = f"{LIST}?view={view['id']}&limit=2"
    while address:
        answer = client.get(address)
        paged += keys(answer)
        address = answer.json()["next"]
    filtered: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.post(
            f"{LIST}filter/", {"sort": sort, "limit": 3, "cursor": cursor}, format="json"
        )
        filtered += keys(answer)
        cursor = answer.json()["next"]

    assert len(set(whole)) == 7
    assert whole == paged == filtered


def test_who_sees_and_changes_which_view(manager: Agent) -> None:
    agent, other = make.agent(), make.agent()
    team = Team.objects.create(name="Night")
    team.members.add(agent)
    mine = made(client_of(agent))
    teams = made(client_of(agent), shared="team", team=str(team.uuid))
    everybodys = made(client_of(manager), shared="everybody")

    def seen(who: Agent) -> set[str]:
        return {view["id"] for view in client_of(who).get(VIEWS).json()["results"]}

    def change(who: Agent, view: dict[str, Any]) -> int:
        path = f"{VIEWS}{view['id']}/"
        return client_of(who).patch(path, {"name": "x"}, format="json").status_code

    assert seen(agent) == {mine["id"], teams["id"], everybodys["id"]}
    assert seen(other) == {everybodys["id"]}
    assert change(other, mine) == change(other, teams) == 404
    assert change(other, everybodys) == 403
    assert change(manager, mine) == 404
    assert change(manager, everybodys) == change(agent, teams) == 200
    shared = {"name": "x", "shared": "everybody"}
    assert client_of(agent).post(VIEWS, shared, format="json").status_code == 403
    foreign = {"name": "x", "shared": "team", "team": str(team.uuid)}
    assert client_of(other).post(VIEWS, foreign, format="json").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {}, [], {"name": ""}, {"name": "x", "conditions": []}, {"name": "x", "sort": "random"},
        {"name": "x", "conditions": {"field": "pk", "op": "is", "value": 1}},
        {"name": "x", "shared": "team"}, {"name": "x", "shared": "team", "team": "x"},
        {"name": "x", "team": str(uuid.uuid4())}, {"name": "x", "position": -1},
        {"name": "n" * 81}, {"name": "x", "conditions": {"all": [{}] * 60}},
    ],
)  # fmt: skip
def test_bad_views_are_400(manager: Agent, body: Any) -> None:
    answer = client_of(manager).post(VIEWS, body, format="json")

    assert answer.status_code == 400
    assert SavedView.objects.count() == 0


def test_a_bad_condition_says_where(manager: Agent) -> None:
    tree = {"all": [{"field": "state", "op": "is", "value": "gone"}]}

    answer = client_of(manager).post(f"{LIST}filter/", {"conditions": tree}, format="json")

    assert answer.json()["fields"] == {
        "conditions": [
            "conditions.all[0].value: one of open, bot, queued, assigned, snoozed, resolved is wanted"
        ]
    }


def test_no_more_than_a_thousand(manager: Agent, at: datetime) -> None:
    SavedView.objects.bulk_create(
        SavedView(owner=manager, name=str(n), created_at=at) for n in range(1000)
    )

    answer = client_of(manager).post(VIEWS, {"name": "x"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame")


def test_the_counters(manager: Agent) -> None:
    agent = make.agent()
    queue = make.queue()
    queue.members.add(agent)
    make.conversation(state="assigned", assignee=agent)
    make.conversation(state="assigned", assignee=manager)
    make.waiting_conversation(queue=queue)
    make.conversation(state="resolved", resolved_at=make.NOON, assignee=agent)
    up_to = {"counted_up_to": 1000}

    assert client_of(agent).get(f"{LIST}counts/").json() == {
        "mine": 1, "unassigned": 1, "all": 2, **up_to,
    }  # fmt: skip
    assert client_of(manager).get(f"{LIST}counts/").json() == {
        "mine": 1, "unassigned": 1, "all": 3, **up_to,
    }  # fmt: skip


def test_counts_of_many_views_in_two_statements(
    manager: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.reads.views.COUNTED_UP_TO", 2)
    client = client_of(manager)
    for _ in range(4):
        make.conversation()
    make.conversation(priority=2)
    urgent, everything = made(client), made(client, conditions={})
    opened = made(client, conditions={"field": "state", "op": "is", "value": "open"})
    late = {"all": [{"field": "state", "op": "is", "value": "bot"}, URGENT]}
    both_ways = made(client, conditions=late)

    with CaptureQueriesContext(connection) as one:
        first = client.post(f"{VIEWS}counts/", {"views": [urgent["id"]]}, format="json")
    with CaptureQueriesContext(connection) as two:
        both = client.post(f"{VIEWS}counts/", {}, format="json")

    assert first.json()["counts"] == {urgent["id"]: 1}
    assert both.json()["counts"] == {
        urgent["id"]: 1, everything["id"]: 3, opened["id"]: 3, both_ways["id"]: 1,
    }  # fmt: skip
    assert len(two) <= len(one) + 5  # one more look, in a transaction of its own


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    manager: Agent, count: int, django_assert_num_queries: Any
) -> None:
    client = client_of(manager)
    view = made(client, conditions={})
    for n in range(count - 1):
        made(client, name=str(n))
    for _ in range(count):
        make.conversation()
    client.get(VIEWS)  # permissions are read once

    with django_assert_num_queries(1):
        client.get(VIEWS)
    with django_assert_num_queries(2):
        client.get(f"{LIST}?view={view['id']}")


def test_the_fields_are_listed(manager: Agent) -> None:
    answer = client_of(manager).get(f"{VIEWS}fields/").json()

    assert {"field": "unread", "ops": ["is"], "choices": None} in answer["fields"]
    assert "sentiment" in {field["field"] for field in answer["fields"]}


def test_the_inboxes_are_those_whose_customers_come_to_me(manager: Agent) -> None:
    web, shop, fair = make.inbox(), make.inbox(), make.inbox()
    general, own = make.queue(is_default=True), make.queue()
    own.inboxes.add(shop)
    here, there = make.agent(), make.agent()
    general.members.add(here)
    own.members.add(there)

    def inboxes(agent: Agent) -> set[str]:
        answer = client_of(agent).get(f"{VIEWS}fields/").json()
        return {inbox["key"] for inbox in answer["inboxes"]}

    assert inboxes(here) == {web.key, fair.key}
    assert inboxes(there) == {shop.key}
    assert {web.key, shop.key, fair.key} <= inboxes(manager)


def test_a_defined_attribute_has_its_kind(manager: Agent) -> None:
    AttributeDefinition.objects.create(
        scope="customer", key="orders", label="Orders", kind="integer"
    )
    client = client_of(manager)

    def ask(value: Any) -> int:
        leaf = {"field": "customer.attributes.orders", "op": "at_least", "value": value}
        return client.post(f"{LIST}filter/", {"conditions": leaf}, format="json").status_code

    assert [ask(3), ask("3"), ask(2.5)] == [200, 400, 400]
    fields = {field["field"]: field for field in client.get(f"{VIEWS}fields/").json()["fields"]}
    assert fields["customer.attributes.orders"]["kind"] == "integer"


def test_strangers_are_not_let_in() -> None:
    for path in (VIEWS, f"{LIST}counts/", f"{VIEWS}fields/"):
        assert APIClient().get(path).status_code == 401
