"""Segments asked of the database, the doors of catalogue and audiences, and the life of a recommender."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agents.recommendations.actions import training
from agents.recommendations.actions.importing import Did, Offered, keep_events, keep_items
from agents.recommendations.models import CustomerEvent, Item, Segment, ServedModel
from agents.recommendations.reads.segments import customers_in, segments_of
from agents.recommendations.reads.serving import folder_of, recommended
from bots.recommendation.card import card as card_of
from bots.recommendation.events import gathered
from bots.recommendation.keeping import keep
from bots.recommendation.reading import rows as rows_of
from bots.recommendation.training import trained
from conversations.errors import CannotMove
from conversations.models import Customer, Rating
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def _named(conditions: Any, at: datetime) -> set[str]:
    return set(customers_in(conditions, at=at).values_list("name", flat=True))


def _in_admin(role: str) -> Client:
    client = Client()
    client.force_login(make.agent(role=role, is_staff=True))
    return client


def leaf(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def test_segments_by_what_is_known_and_done(at: datetime) -> None:
    keep_items([Offered("tent", "Tent", category="tents"), Offered("mat", "Mat")], at=at)
    mia = make.customer(name="Mia", language="de", attributes={"tier": "gold", "spent": 120})
    tom = make.customer(name="Tom", email="tom@shop.example")
    make.customer(name="Ann", is_blocked=True)
    talk = make.conversation(customer=mia, at=at)
    Rating.objects.create(conversation=talk, score=2, rated_at=at)
    for n, customer in enumerate((mia, mia, tom)):
        event = Did(
            str(n), "tent" if n else "mat", "bought", at - 10 * n * DAY, customer=customer.uuid
        )
        keep_events([event], at=at)

    for conditions, wanted in (
        ({}, {"Mia", "Tom"}),
        (leaf("language", "is", "DE"), {"Mia"}),
        (leaf("language", "is_not", "de"), {"Tom"}),
        (leaf("email", "ends_with", "shop.example"), {"Tom"}),
        (leaf("email", "is_set", False), {"Mia"}),
        (leaf("attributes.tier", "is", "gold"), {"Mia"}),
        (leaf("attributes.spent", "at_least", 100), {"Mia"}),
        (leaf("attributes.spent", "is_set", False), {"Tom"}),
        ({"not": leaf("attributes.spent", "at_least", 100)}, {"Tom"}),
        (leaf("bought", "category", "tents"), {"Mia", "Tom"}),
        (leaf("bought", "item", "mat"), {"Mia"}),
        (leaf("bought_count", "at_least", 2), {"Mia"}),
        (leaf("bought_count", "at_most", 1), {"Tom"}),
        (leaf("days_since_bought", "at_least", 15), {"Tom"}),
        (leaf("days_since_bought", "at_most", 15), {"Mia"}),
        (leaf("conversations", "at_least", 1), {"Mia"}),
        (leaf("conversations", "at_most", 0), {"Tom"}),
        (leaf("rating", "at_most", 3), {"Mia"}),
        (leaf("signed_in", "is", False), {"Mia", "Tom"}),
        ({"any": [leaf("language", "is", "de"), leaf("email", "is_set", True)]}, {"Mia", "Tom"}),
        ({"all": [leaf("language", "is", "de"), leaf("email", "is_set", True)]}, set()),
    ):
        assert _named(conditions, at) == wanted, conditions
    germans = Segment.objects.create(name="German", created_at=at, conditions=leaf("language", "is", "de"))  # fmt: skip
    Segment.objects.create(name="Off", created_at=at, is_active=False)
    assert segments_of(mia, at=at) == [germans]
    assert segments_of(tom, at=at) == []


def test_the_doors_of_catalogue_segments_and_audiences(at: datetime) -> None:
    manager, agent = Door(make.agent(role="manager")), Door(make.agent())
    customer = make.customer(language="de")
    item = {"key": "tent", "name": "Tent", "price": "9.00", "url": "/shop/tent/"}

    assert agent.ask("post", "items/", {"items": [item]})[0] == 403
    assert manager.post("items/", {"items": [item]}) == {"kept": 1}
    assert manager.get("items/")["results"][0]["price"] == "9.00"
    for bad in (
        {"url": "javascript:alert(1)"},
        {"url": "//evil.example"},
        {"price": "-1"},
        {"name": ""},
    ):
        assert manager.ask("post", "items/", {"items": [item | bad]})[0] == 400
    table = manager.client.post(
        "/api/v1/items/table/", "key,name\nmat,Mat\n", content_type="text/csv"
    )
    assert (table.status_code, table.json()) == (200, {"kept": 1})
    for raw in (b"\xff\xfe", b""):
        refused = manager.client.post("/api/v1/items/table/", raw, content_type="text/csv")
        assert refused.status_code == 400
    assert manager.client.post("/api/v1/items/table/").status_code in {400, 415}
    event = {"id": "1", "item": "tent", "kind": "bought", "at": "2026-01-01T00:00:00Z"}
    given = {"events": [event | {"customer": str(customer.uuid)}]}
    assert [manager.post("customer-events/", given)["kept"] for _ in range(2)] == [1, 0]
    assert manager.ask("post", "customer-events/", {"events": [event]})[0] == 400

    words = {"name": "German", "conditions": leaf("language", "is", "de")}
    made = manager.post("segments/", words)
    assert made["customers"] == 1
    assert manager.ask("post", "segments/", words)[0] == 409
    assert manager.ask("post", "segments/", {"name": "X", "conditions": {"all": []}})[0] == 400
    assert agent.ask("get", "segments/")[0] == 403
    members = manager.get(f"segments/{made['id']}/customers/")["results"]
    assert [one["id"] for one in members] == [str(customer.uuid)]
    Item.objects.update(segment=Segment.objects.get())
    assert manager.ask("delete", f"segments/{made['id']}/")[0] == 409
    insight = manager.get(f"customers/{customer.uuid}/insight/")
    assert (insight["bought"], [one["name"] for one in insight["segments"]]) == (1, ["German"])
    assert agent.ask("get", f"customers/{customer.uuid}/insight/")[0] == 404
    assert manager.get("recommendations/worth/")["says"] == "Too few conversations to say"
    assert manager.ask("get", "recommendations/worth/?days=0")[0] == 400
    rules = manager.ask("put", "recommendations/rules/", {"inbox": None, "widget": True})[1]
    assert rules["rules"][0]["widget"] is True
    assert manager.ask("put", "recommendations/rules/", {"at_a_time": 11})[0] == 400


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("", {"says": "2 customers belong to it now: everybody."}),
        (
            '{"field": "language", "op": "is", "value": "de"}',
            {"says": "1 customer belongs to it now: language is “de”."},
        ),
        (
            '{"all": [{"field": "language", "op": "is", "value": null}]}',
            {"problem": "conditions.all[0].value: a text of 1 to 200 characters is wanted"},
        ),
        ('{"all": ', {"problem": "This is not JSON."}),
        ("[" * 9_000, {"problem": "This is not JSON."}),
    ],
    ids=["nothing", "one", "empty", "half", "deep"],
)
def test_the_page_of_a_segment_says_whom_it_means_before_it_is_saved(
    value: str, answer: dict[str, str]
) -> None:
    make.customer(language="de")
    make.customer(language="en")
    address = "/admin/recommendations/segment/check/"

    assert _in_admin("manager").post(address, {"value": value}).json() == answer
    assert _in_admin("agent").post(address, {"value": value}).status_code == 403


@pytest.mark.parametrize("name", ["seats", "0", "gte", "seats__gte", "contains", "my seats"])
def test_an_attribute_may_be_called_like_a_lookup(name: str, at: datetime) -> None:
    for many in (2, 5):
        make.customer(name=f"{many}", attributes={name: many})
    make.customer(name="none")

    assert _named(leaf(f"attributes.{name}", "at_least", 3), at) == {"5"}
    assert _named(leaf(f"attributes.{name}", "at_most", 3), at) == {"2"}
    assert _named(leaf(f"attributes.{name}", "is", 5), at) == {"5"}
    assert _named(leaf(f"attributes.{name}", "is_set", False), at) == {"none"}


def test_nobody_was_here_a_million_days_ago(at: datetime) -> None:
    make.conversation()

    for field in ("days_since_bought", "days_since_conversation"):
        assert _named(leaf(field, "at_least", 1_000_000), at) == set()


def test_the_list_of_segments_says_whom_each_means(at: datetime) -> None:
    conditions = {"any": [leaf("language", "is", "de"), leaf("bought_count", "at_least", 3)]}
    Segment.objects.create(name="Ours", conditions=conditions, created_at=at)
    Segment.objects.create(name="Of an older day", conditions={"gone": 1}, created_at=at)
    page = _in_admin("manager").get("/admin/recommendations/segment/")

    assert page.status_code == 200
    assert "language is “de” or purchases at least 3" in page.content.decode()


def _worked(table: Path, out: Path, against: Path | None) -> dict[str, Any]:
    """What the command does, in this process."""
    with table.open(newline="") as lines:
        log = gathered(rows_of(lines, now=timezone.now().timestamp()))
    done = trained(log, minutes=0.02, told=lambda _done: None, remember=False)
    card = card_of(done, source="centre", digest="-", made_at="now")
    keep(done.model, card, out)
    return card


def _busy(at: datetime) -> Customer:
    """Everybody buys along the same line of items."""
    keep_items([Offered(f"i{n:02}", f"Item {n}") for n in range(20)], at=at)
    items = dict(Item.objects.values_list("key", "pk"))
    customers = [make.customer() for _ in range(60)]
    CustomerEvent.objects.bulk_create(
        CustomerEvent(
            customer=customer, item_id=items[f"i{(n + step) % 20:02}"], kind="bought",
            at=at - (20 - step) * DAY, source=f"{n} {step}",
        )
        for n, customer in enumerate(customers)
        for step in range(8)
    )  # fmt: skip
    return customers[0]


def test_a_recommender_goes_live_when_it_wins_serves_and_is_rolled_back(
    at: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.MODELS_DIR = tmp_path
    with pytest.raises(CannotMove, match="Too few events: 0 of 300"):
        training.try_anew(by_id=None, at=at, train=_worked)
    customer = _busy(at)
    assert training.is_due(at=at)
    row = training.try_anew(by_id=None, at=at, train=_worked)

    assert (row.state, row.objections) == (ServedModel.State.LIVE, [])
    assert not list(folder_of(row.uuid).parent.glob(".log-*"))
    history = [(f"i{n:02}", float(n)) for n in range(8)]
    by, found = recommended(history, only=frozenset({"i08", "i15"}), at=at)
    assert (by, found[0].item) == (row, "i08")
    assert not training.is_due(at=at + 2 * DAY)  # nothing is new
    assert str(customer.uuid) not in (folder_of(row.uuid) / "names.json").read_text()

    def loses(table: Path, out: Path, against: Path | None) -> dict[str, Any]:
        assert against == folder_of(row.uuid)
        card = _worked(table, out, against)
        return card | {
            "figures": card["figures"] | {"live": {"ndcg@10": 1.0, "hr@10": 1.0, "recall@10": 1.0}}
        }

    lost = training.try_anew(by_id=None, at=at + DAY, train=loses)
    assert (lost.state, lost.objections) == (
        ServedModel.State.LOST,
        ["The live one does as well on the same events."],
    )
    assert training.roll_back(key=row.uuid, by_id=None, at=at + DAY) is None
    assert recommended(history, only=frozenset({"i08", "i15"}), at=at)[0] is None
    assert not training.is_due(at=at + 20 * DAY)
    with pytest.raises(CannotMove):
        training.roll_back(key=row.uuid, by_id=None, at=at)


def test_a_training_that_fails_leaves_what_is_live(
    at: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.MODELS_DIR = tmp_path
    _busy(at)

    def fails(table: Path, out: Path, against: Path | None) -> dict[str, Any]:
        raise training.TrainingFailed("no more memory")

    with pytest.raises(CannotMove, match="no more memory"):
        training.try_anew(by_id=None, at=at, train=fails)
    assert not ServedModel.objects.exists()


@pytest.mark.parametrize("page", ["item", "segment", "offerrules", "showing", "servedmodel"])
def test_the_pages_of_the_admin_open_for_a_manager(page: str, client: Any, at: datetime) -> None:
    row = ServedModel.objects.create(state="live", made_at=at, since=at, card={"served": "fused", "data": {}, "figures": {"fused": {"ndcg@10": 0.2, "hr@10": 0.3, "recall@10": 0.3}, "popular": {"ndcg@10": 0.1, "hr@10": 0.2, "recall@10": 0.2}}})  # fmt: skip
    client.force_login(make.agent(role="manager", is_staff=True))

    assert client.get(f"/admin/recommendations/{page}/").status_code == 200
    if page == "servedmodel":
        shown = client.get(f"/admin/recommendations/servedmodel/{row.pk}/change/")
        assert "Roll back" in shown.content.decode()
        client.post(f"/admin/recommendations/servedmodel/{row.pk}/decide/", {"do": "back"})
        row.refresh_from_db()
        assert row.state == "back"
