"""Recommendations in a conversation: logged, hushed, clicked, counted; nobody else's; gone with the customer."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from agents.actions.erasing import erase, export
from agents.models import Agent
from agents.recommendations.actions.gathering import gather
from agents.recommendations.actions.importing import Did, Offered, Unknown, keep_events, keep_items
from agents.recommendations.actions.offering import offer
from agents.recommendations.actions.outcomes import settle, tell
from agents.recommendations.models import (
    CustomerEvent,
    Item,
    OfferRules,
    Segment,
    ServedModel,
    Showing,
    Shown,
)
from agents.recommendations.reads.events import history_of, person_of
from agents.recommendations.reads.worth import worth
from bots.actions.feelings import settle as settle_mood
from bots.models import MessageFeeling
from contactcenter.demo.models import Order, OrderLine, Product
from conversations.errors import NotFound
from conversations.models import Conversation, Customer, Identity, Message
from tests import make
from tests.agents.api import Door
from tests.bots.talks import Talk

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
NAMES = {"tent": "Heron tent", "stove": "Ember stove", "mat": "Drift mat", "lamp": "Beam lamp"}


@pytest.fixture
def shelf(at: datetime) -> dict[str, Item]:
    keep_items([Offered(key, name) for key, name in NAMES.items()], at=at)
    OfferRules.objects.create(control_percent=0, explore_percent=0, widget=True)
    return {row.key: row for row in Item.objects.all()}


def held(at: datetime, text: str = "Hello, do you have a minute?", **fields: Any) -> Talk:
    return Talk(at, **fields).asks(text)


def did(customer: Customer, item: str, at: datetime, kind: str = "bought") -> None:
    keep_events([Did(f"{customer.pk}{item}{at}", item, kind, at, customer=customer.uuid)], at=at)


def keys(row: Showing) -> list[str]:
    return [one.item.key for one in row.items.select_related("item")]


def test_without_a_model_what_is_wanted_lately_comes_first_and_says_so(
    at: datetime, shelf: dict[str, Item]
) -> None:
    for n in range(3):
        did(make.customer(), "mat", at - n * DAY)
    did(make.customer(), "stove", at - DAY)

    row = offer(held(at).conversation, place="console", at=at)

    assert keys(row)[:2] == ["mat", "stove"]
    assert row.items.get(position=1).because == "wanted 3 times in 90 days"
    assert (row.model, row.control, row.silent) == (None, False, "")
    assert {one["item"] for one in row.candidates} == set(NAMES)


def test_what_the_customer_speaks_of_comes_first_and_is_remembered(
    at: datetime, shelf: dict[str, Item]
) -> None:
    talk = held(at, "Is the Ember stove good at minus ten?")
    row = offer(talk.conversation, place="console", at=at)

    assert keys(row)[0] == "stove"
    assert CustomerEvent.objects.get().kind == "asked"
    assert history_of(talk.conversation.customer) == [("stove", at.timestamp())]


def test_asked_again_it_is_the_same_and_one_row(at: datetime, shelf: dict[str, Item]) -> None:
    talk = held(at)
    first = offer(talk.conversation, place="console", at=at)

    assert offer(talk.conversation, place="console", at=at + DAY) == first
    assert Showing.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [("This is ridiculous, you are useless", "mood"), ("I want a refund", "complaint")],
)
def test_a_bad_moment_is_silent_and_logged(
    at: datetime, shelf: dict[str, Item], text: str, why: str
) -> None:
    row = offer(held(at, text).conversation, place="console", at=at)

    assert (row.silent, keys(row), row.candidates) == (why, [], [])


def test_what_stood_there_goes_when_the_customer_becomes_cross(
    at: datetime, shelf: dict[str, Item]
) -> None:
    talk = held(at)
    agent = make.agent(role="manager")
    path = f"conversations/{talk.conversation.uuid}/recommendations/"
    with time_machine.travel(at, tick=False):
        assert len(Door(agent).get(path)["items"]) == 3
        talk.asks("Useless! This is ridiculous!!")
        hushed = Door(agent).get(path)

    assert (hushed["silent"], hushed["items"]) == ("mood", [])
    assert Showing.objects.get().silent == ""  # it was shown, and counts


def test_it_goes_when_the_messages_read_as_unhappy_without_a_cross_word(
    at: datetime, shelf: dict[str, Item]
) -> None:
    talk = held(at, "I regret ever buying from you, nobody cares.")
    assert offer(talk.conversation, place="console", at=at).silent == ""

    MessageFeeling.objects.create(
        message=Message.objects.get(conversation=talk.pk), conversation_id=talk.pk,
        label="negative", negative=0.94, neutral=0.04, positive=0.02, language="en", version="1", at=at,
    )  # fmt: skip
    settle_mood(talk.pk, at=at)

    talk.conversation.refresh_from_db()
    hushed = offer(talk.conversation, place="console", at=at)
    assert (hushed.silent, hushed.get_silent_display()) == ("mood", "The customer sounds unhappy")


def test_a_complaint_by_label_and_a_customer_shown_often_enough(
    at: datetime, shelf: dict[str, Item]
) -> None:
    customer = make.customer()
    for n in range(3):
        talk = held(at, customer=customer)
        assert offer(talk.conversation, place="console", at=at + n * DAY).silent == ""

    assert offer(held(at, customer=customer).conversation, place="console", at=at + 3 * DAY).silent == "often"  # fmt: skip
    labelled = held(at)
    Conversation.objects.filter(pk=labelled.pk).update(labels=["complaint"])
    labelled.conversation.refresh_from_db()
    assert offer(labelled.conversation, place="console", at=at).silent == "complaint"
    beside = held(at, customer=labelled.conversation.customer)  # nothing is sold while that is open
    assert offer(beside.conversation, place="console", at=at).silent == "complaint"
    Conversation.objects.filter(pk=labelled.pk).update(state="resolved", resolved_at=at)
    assert offer(beside.conversation, place="console", at=at).silent == ""


def test_the_widget_is_silent_while_too_many_wait_for_the_agents(
    at: datetime, shelf: dict[str, Item]
) -> None:
    assert offer(held(at).conversation, place="widget", at=at).silent == "busy"  # nobody is there
    for _ in range(2):
        make.present_agent(at=at)
    talk = held(at)
    assert offer(talk.conversation, place="widget", at=at).silent == ""
    queue = make.queue()
    for _ in range(2):
        make.waiting_conversation(queue=queue, at=at)
    assert offer(held(at).conversation, place="widget", at=at).silent == "busy"


def test_eligibility_audience_caps_dates_and_what_was_bought(
    at: datetime, shelf: dict[str, Item]
) -> None:
    customer = make.customer(language="de")
    germans = Segment.objects.create(
        name="German", created_at=at, conditions={"field": "language", "op": "is", "value": "de"}
    )
    Item.objects.filter(key="tent").update(segment=germans)
    Item.objects.filter(key="stove").update(again=False)
    Item.objects.filter(key="lamp").update(ends_at=at - DAY)
    did(customer, "stove", at - DAY)

    mine = offer(held(at, customer=customer).conversation, place="console", at=at)
    assert set(keys(mine)) == {"tent", "mat"}
    theirs = offer(held(at).conversation, place="console", at=at)
    assert set(keys(theirs)) == {"stove", "mat"}
    shown = mine.items.get(item__key="mat")
    tell(conversation=mine.conversation, place="console", key=shown.uuid, did="dismissed", at=at)
    again = offer(held(at, customer=customer).conversation, place="console", at=at + DAY)
    assert keys(again) == ["tent"]


def test_an_item_is_shown_to_somebody_a_few_times_and_no_more(
    at: datetime, shelf: dict[str, Item]
) -> None:
    OfferRules.objects.update(most_a_week=100)
    Item.objects.filter(key="mat").update(most_shown=2)
    customer = make.customer()
    found = [
        keys(offer(held(at, customer=customer).conversation, place="console", at=at))
        for _ in range(3)
    ]
    counts = [sum("mat" in one for one in found[: n + 1]) for n in range(3)]
    assert counts[-1] <= 2


def test_the_control_is_drawn_once_for_both_places_and_logs_its_candidates(
    at: datetime, shelf: dict[str, Item]
) -> None:
    OfferRules.objects.update(control_percent=50)
    make.present_agent(at=at)
    talks = [held(at) for _ in range(40)]
    chance = random.Random(4)
    rows = [offer(talk.conversation, place="console", at=at, chance=chance) for talk in talks]
    beside = [offer(talk.conversation, place="widget", at=at, chance=chance) for talk in talks]

    assert 10 <= sum(row.control for row in rows) <= 30
    assert [row.control for row in rows] == [row.control for row in beside]
    for row in rows:
        assert bool(row.items.exists()) is not row.control
        assert len(row.candidates) == 4


def test_a_click_and_a_purchase_are_counted_of_shown_and_of_control_alike(
    at: datetime, shelf: dict[str, Item]
) -> None:
    with_it, without = held(at), held(at)
    OfferRules.objects.update(control_percent=50)
    row = offer(with_it.conversation, place="console", at=at, chance=Drawn(0.99))
    control = offer(without.conversation, place="console", at=at, chance=Drawn(0.0))
    assert control.control
    shown = row.items.get(position=1)
    tell(conversation=row.conversation, place="console", key=shown.uuid, did="clicked", at=at)
    did(row.customer, shown.item.key, at + DAY)
    did(control.customer, "lamp", at + 2 * DAY)
    did(control.customer, "lamp", at + 20 * DAY)

    settle(at=at + 3 * DAY)
    assert settle(at=at + 15 * DAY) == 2
    for one in (row, control):
        one.refresh_from_db()
    assert (row.bought_at, control.bought_at) == (at + DAY, at + 2 * DAY)
    assert Shown.objects.get(pk=shown.pk).outcome == "bought"
    found = worth(since=at - DAY)
    assert (found.uplift.shown, found.uplift.control) == (1, 1)
    assert found.says == "Too few conversations to say"
    first = found.positions[0]
    assert (first.position, first.clicked, first.bought) == (1, 1, 1)
    assert found.silent == {"shown": 1, "control": 1}


class Drawn(random.Random):
    """Chance that always falls the same way."""

    def __init__(self, always: float) -> None:
        super().__init__(1)
        self.always = always

    def random(self) -> float:
        return self.always


def test_agents_see_only_conversations_of_theirs(at: datetime, shelf: dict[str, Item]) -> None:
    talk = held(at)
    path = f"conversations/{talk.conversation.uuid}/recommendations/"

    assert Door(make.agent()).ask("get", path)[0] == 404
    assert Door(make.agent(role="manager")).ask("get", path)[0] == 200


def test_the_door_tells_reasons_and_takes_outcomes(at: datetime, shelf: dict[str, Item]) -> None:
    agent: Agent = make.agent(role="manager")
    talk = held(at, "How heavy is the Drift mat?")
    path = f"conversations/{talk.conversation.uuid}/recommendations/"
    first = Door(agent).get(path)["items"][0]
    assert (first["name"], first["because"]) == ("Drift mat", "the customer speaks of it")

    left = Door(agent).post(f"{path}{first['id']}/", {"did": "dismissed"})["items"]
    assert first["id"] not in {one["id"] for one in left}
    assert Door(agent).ask("post", f"{path}{first['id']}/", {"did": "eaten"})[0] == 400
    assert Door(agent).ask("post", f"{path}{talk.conversation.uuid}/", {"did": "seen"})[0] == 404


def test_a_customer_sees_their_own_and_never_why_there_is_nothing(
    at: datetime, shelf: dict[str, Item]
) -> None:
    client = APIClient()
    box = make.inbox()
    session = client.post("/api/v1/sessions", {"inbox": box.key}, format="json").json()
    headers: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {session['token']}"}

    assert client.get("/api/v1/recommendations").status_code == 401
    bare = client.get("/api/v1/recommendations", **headers)
    assert bare.json() == {"silent": "silent", "says": "", "items": []}
    make.present_agent(at=datetime.now(tz=at.tzinfo))
    found = client.get("/api/v1/recommendations", **headers).json()
    assert len(found["items"]) == 3
    assert {item["because"] for item in found["items"]} <= {"Popular lately", ""}
    one = found["items"][0]["id"]
    for said in ("seen", "clicked"):
        answer = client.post(
            f"/api/v1/recommendations/{one}", {"did": said}, format="json", **headers
        )
        assert answer.status_code == 204
    assert Shown.objects.get(uuid=one).outcome == "clicked"
    other = client.post("/api/v1/sessions", {"inbox": box.key}, format="json").json()
    stranger: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {other['token']}"}
    assert client.post(f"/api/v1/recommendations/{one}", {"did": "seen"}, format="json", **stranger).status_code == 404  # fmt: skip


def test_nothing_is_shown_where_the_rules_say_so(at: datetime, shelf: dict[str, Item]) -> None:
    OfferRules.objects.update(console=False)
    with pytest.raises(NotFound):
        offer(held(at).conversation, place="console", at=at)


def test_items_and_events_are_idempotent_and_all_or_nothing(
    at: datetime, shelf: dict[str, Item]
) -> None:
    customer = make.customer()
    one = Did("order-1", "tent", "bought", at, customer=customer.uuid)

    assert [keep_events([one], at=at), keep_events([one], at=at)] == [1, 0]
    for bad in (
        Did("x", "sofa", "bought", at, customer=customer.uuid),
        Did("x", "tent", "bought", at + DAY, customer=customer.uuid),
        Did("x", "tent", "bought", at, customer=Item.objects.all()[0].uuid),
    ):
        with pytest.raises(Unknown):
            keep_events([Did("y", "tent", "bought", at, customer=customer.uuid), bad], at=at)
    assert CustomerEvent.objects.count() == 1
    keep_items([Offered("tent", "Heron tent, improved")], at=at)
    assert Item.objects.get(key="tent").name == "Heron tent, improved"
    Customer.objects.filter(pk=customer.pk).update(remembers=False)
    assert keep_events([Did("z", "tent", "bought", at, customer=customer.uuid)], at=at) == 0
    assert history_of(Customer.objects.get(pk=customer.pk)) == []


def test_events_of_who_never_wrote_are_found_when_they_sign_in_and_go_with_them(
    at: datetime, shelf: dict[str, Item]
) -> None:
    box, customer = make.inbox(), make.customer()
    event = Did("o", "tent", "bought", at - DAY, inbox=box.key, external_id="mia@example.com")
    keep_events([event], at=at)
    assert "mia" not in str(CustomerEvent.objects.values().get())
    assert history_of(customer) == []
    Identity.objects.create(
        customer=customer, inbox=box, external_id="mia@example.com", verified_at=at
    )
    assert [key for key, _ in history_of(customer)] == ["tent"]
    offer(held(at, customer=customer).conversation, place="console", at=at)

    _, given = export(customer=customer.uuid, agent_id=None, reason="asked", at=at)
    assert len(given["tables"]["recommendations.CustomerEvent"]) == 1
    assert "person" not in given["tables"]["recommendations.CustomerEvent"][0]
    assert len(given["tables"]["recommendations.Showing"]) == 1
    erase(customer=customer.uuid, agent_id=None, reason="asked", at=at)
    assert not CustomerEvent.objects.filter(person=person_of(box.key, "mia@example.com")).exists()
    assert not Showing.objects.exists()
    assert not ServedModel.objects.exists()


def test_the_demo_shop_brings_its_shelf_and_its_orders_once(at: datetime) -> None:
    tent = Product.objects.create(sku="TN-1", slug="t", name="Tent", description="-", price=9, category="tents", stock=1)  # fmt: skip
    Product.objects.create(sku="TN-2", slug="u", name="Tarp", description="-", price=9, category="tents")  # fmt: skip
    for number, status in (("FW-10001", "paid"), ("FW-10002", "cancelled")):
        order = Order.objects.create(
            number=number,
            customer_email="mia@example.com",
            status=status,
            placed_at=at - DAY,
            total=9,
        )
        OrderLine.objects.create(order=order, product=tent, name="Tent", unit_price=9)
    first = gather(at=at)

    assert (first, gather(at=at)) == (1, 0)
    assert dict(Item.objects.values_list("key", "is_active")) == {"TN-1": True, "TN-2": False}
    assert CustomerEvent.objects.get().person == person_of("web", "mia@example.com")
