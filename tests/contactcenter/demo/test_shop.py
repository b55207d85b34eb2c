"""The shop's pages as a customer, a stranger and an agent meet them."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

import pytest
from django.test import Client

from agents.models import Agent, Queue
from agents.roles import AGENT, ensure_roles
from contactcenter.demo import views
from contactcenter.demo.models import Order, OrderLine, Product
from contactcenter.demo.words import TEXTS
from conversations.limits import Limit
from conversations.models import Conversation, Customer
from inboxes.models import Inbox

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MIA, TOM = "mia.berger@example.com", "tom.whitfield@example.com"
ZH = {"accept-language": "zh-CN,zh;q=0.9"}


class Queries(Protocol):
    def __call__(self, num: int, /) -> AbstractContextManager[Any]: ...


@pytest.fixture(autouse=True)
def _fresh_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LOOKUPS", Limit(rate=1 / 6, burst=10))


def product(slug: str = "heron-2", **fields: Any) -> Product:
    names = {"name": "Heron 2 tent", "name_zh": "苍鹭 Heron 2 双人帐篷"}
    shown = {"description": "Two people, two doors.", "description_zh": "双人双门。"}
    place = {"category": "tents", "image": "img/shop/heron-2.svg", "stock": 9}
    known = {"sku": slug.upper(), "slug": slug, "price": Decimal("349.00")}
    return Product.objects.create(**(known | names | shown | place | fields))


def order(number: str, email: str = MIA, **fields: Any) -> Order:
    bought = Product.objects.filter(slug="heron-2").first() or product()
    known = {"customer_name": "Mia Berger", "placed_at": NOON, "total": Decimal("349.00")}
    made = Order.objects.create(**(known | {"number": number, "customer_email": email} | fields))
    OrderLine.objects.create(order=made, product=bought, name=bought.name, unit_price=bought.price)
    return made


def look_up(client: Client, number: str, email: str, **extra: Any) -> Any:
    return client.post("/orders/", {"number": number, "email": email}, **extra)


@pytest.mark.parametrize(
    "path", ["/", "/shop/tents/", "/shop/boots/", "/products/heron-2/", "/orders/"]
)
def test_pages_speak_both_languages(client: Client, path: str) -> None:
    product(is_featured=True)

    english, chinese = client.get(path), client.get(path, headers=ZH)

    assert (english.status_code, chinese.status_code) == (200, 200)
    assert '<html lang="en"' in english.content.decode()
    assert '<html lang="zh' in chinese.content.decode()
    assert TEXTS["zh"]["menu_orders"] in chinese.content.decode()


def test_a_chosen_language_is_remembered(client: Client) -> None:
    client.get("/?lang=zh")

    assert TEXTS["zh"]["hero_title"] in client.get("/").content.decode()
    assert TEXTS["en"]["hero_title"] in client.get("/?lang=en").content.decode()
    assert client.get("/?lang=%3Cscript%3E").status_code == 200


def test_the_widget_is_on_every_page_with_the_nonce_of_its_policy(client: Client) -> None:
    response = client.get("/")
    text = response.content.decode()

    nonce = text.split('nonce="', 1)[1].split('"', 1)[0]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    assert 'src="/widget.js"' in text
    assert 'data-inbox="web"' in text


@pytest.mark.parametrize("path", ["/shop/boats/", "/products/no-such-thing/", "/products/gone/"])
def test_what_is_not_on_the_shelf_is_not_found(client: Client, path: str) -> None:
    product("gone", is_active=False)

    response = client.get(path)

    assert response.status_code == 404
    assert TEXTS["en"]["not_found"] in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_shelf_takes_one_query_and_the_street_another(
    client: Client, count: int, django_assert_num_queries: Queries
) -> None:
    for i in range(count):
        product(f"tent-{i}")

    with django_assert_num_queries(2):
        client.get("/shop/tents/")


def test_look_up_finds_the_order_however_it_is_typed(client: Client) -> None:
    order(
        "FW-10234", status="shipped", shipped_at=NOON, carrier="Nordpost", tracking_number="NP1DE"
    )

    response = look_up(client, " fw-10234 ", "Mia.Berger@Example.com")

    text = response.content.decode()
    assert response.status_code == 200
    assert [word in text for word in ("FW-10234", "NP1DE", "Heron 2 tent", "349.00")] == [True] * 4
    assert "no-store" in response["Cache-Control"]


def test_look_up_does_not_tell_a_foreign_order_from_none(client: Client) -> None:
    order("FW-10234", "ida@example.com", tracking_number="NP1DE", carrier="Nordpost")

    foreign = look_up(client, "FW-10234", TOM)
    unknown = look_up(client, "FW-99999", TOM)

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert "NP1DE" not in foreign.content.decode()
    assert "ida@example.com" not in foreign.content.decode()
    assert foreign.context["refusal"] == unknown.context["refusal"] == TEXTS["en"]["order_unknown"]


@pytest.mark.parametrize(
    ("number", "email"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("10234", MIA, id="no prefix"),
        pytest.param("FW-10234", "mia", id="no address"),
        pytest.param("FW-10234", f"{'a' * 300}@example.com", id="long address"),
        pytest.param("FW-1023\x00", f"mia\x00{MIA}", id="NUL"),
        pytest.param("FW-%' OR 1=1", "<script>@example.com", id="quotes and tags"),
    ],
)
def test_look_up_says_what_is_wrong(client: Client, number: str, email: str) -> None:
    response = look_up(client, number, email)

    assert response.status_code == 400
    assert 'aria-invalid="true"' in response.content.decode()
    assert "<script>@" not in response.content.decode()


def test_a_guesser_is_slowed_down_and_a_neighbour_is_not(client: Client) -> None:
    answers = [look_up(client, f"FW-{10200 + i}", MIA).status_code for i in range(12)]
    neighbour = look_up(client, "FW-10234", MIA, REMOTE_ADDR="198.51.100.7")

    assert answers == [404] * 10 + [429] * 2
    assert neighbour.status_code == 404
    assert int(look_up(client, "FW-10234", MIA)["Retry-After"]) >= 1


def customer_of(agent_queue: Queue, email: str = MIA) -> Customer:
    inbox = Inbox.objects.get_or_create(key="web", name="Farwander")[0]
    customer = Customer.objects.create(name="Mia", email=email, created_at=NOON)
    Conversation.objects.create(
        inbox=inbox,
        customer=customer,
        queue=agent_queue,
        state="queued",
        queued_at=NOON,
        entered_at=NOON,
        rank_at=NOON,
        due_at=NOON + timedelta(minutes=1),
        opened_at=NOON,
        last_message_at=NOON,
    )
    return customer


@pytest.fixture
def agent(client: Client) -> Agent:
    ensure_roles()
    made = Agent.objects.create_user("jonas", password="x")
    made.groups.add(made.groups.model.objects.get(name=AGENT))
    client.force_login(made)
    return made


@pytest.fixture
def queue(agent: Agent) -> Queue:
    made = Queue.objects.create(name="Support")
    made.members.add(agent)
    return made


def panel(client: Client, customer: Customer) -> Any:
    return client.get(f"/demo/customer-orders/{customer.uuid}/")


def test_the_panel_shows_this_customers_orders_and_no_others(client: Client, queue: Queue) -> None:
    order("FW-10234")
    order("FW-10999", TOM)

    text = panel(client, customer_of(queue, MIA.upper())).content.decode()

    assert "FW-10234" in text
    assert "FW-10999" not in text
    assert "Ask before you tell" in text


def test_the_panel_has_words_for_nothing(client: Client, queue: Queue) -> None:
    assert "No e-mail address yet" in panel(client, customer_of(queue, "")).content.decode()
    assert f"No orders under {TOM}" in panel(client, customer_of(queue, TOM)).content.decode()


def test_the_panel_is_closed_to_strangers_and_to_agents_of_other_queues(
    client: Client, queue: Queue
) -> None:
    order("FW-10234")
    customer = customer_of(queue)
    client.force_login(Agent.objects.create_user("stranger", password="x"))

    elsewhere, signed_out = panel(client, customer), panel(Client(), customer)

    assert (elsewhere.status_code, signed_out.status_code) == (404, 403)
    assert "FW-10234" not in elsewhere.content.decode() + signed_out.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_costs_the_same_for_any_number_of_orders(
    client: Client, queue: Queue, count: int, django_assert_num_queries: Queries
) -> None:
    for i in range(count):
        order(f"FW-1023{i}")
    customer = customer_of(queue)

    # session, agent, two sorts of permissions, customer, what was proved to procedures, inboxes, open
    # businesses, verified?, orders, lines, products
    with django_assert_num_queries(12):
        panel(client, customer)
