"""Seeding: complete the first time, silent the second, respectful of what people changed."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from agents.models import Agent, Queue
from bots.models import Article
from contactcenter.demo.models import Order, OrderLine, Product
from contactcenter.demo.seed import ARTICLES, seed
from inboxes.models import Inbox

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
NAMES = ["admin", "agent1", "agent2", "agent3", "agent4", "manager"]


@pytest.fixture(autouse=True)
def _few_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of the ninety: encoding them all takes half a minute, and the journeys do it anyway."""
    lines = ARTICLES.read_text(encoding="utf-8").splitlines(keepends=True)
    few = tmp_path / "articles.jsonl"
    wanted = ("en-returns", "en-contact", "zh-returns")
    chosen = [line for line in lines if json.loads(line)["id"] in wanted]
    few.write_text("".join(chosen), encoding="utf-8")
    monkeypatch.setattr("contactcenter.demo.seed.ARTICLES", few)


def tally() -> dict[str, int]:
    kinds = (Agent, Article, Inbox, Order, OrderLine, Product, Queue)
    return {kind.__name__: kind._default_manager.count() for kind in kinds}


def test_seed_makes_a_business_that_can_open() -> None:
    counts = seed(at=NOON, password="trailhead-1")

    assert sorted(counts.accounts) == NAMES
    assert counts.articles == 3
    assert (counts.products, counts.orders) == (26, 60)
    assert Inbox.objects.get(key="web").queues.get().name == "Support"
    assert sorted(
        Agent.objects.filter(teams__queue__name="Support").values_list("username", flat=True)
    ) == [
        "agent1",
        "agent2",
        "agent3",
        "agent4",
    ]
    for agent in Agent.objects.all():
        assert agent.check_password("trailhead-1")
        assert agent.groups.get().name == agent.username.rstrip("1234")
    assert Agent.objects.get(username="agent1").has_perm("conversations.answer_conversations")


def test_seed_twice_adds_nothing() -> None:
    seed(at=NOON, password="trailhead-1")
    before = tally()

    again = seed(at=NOON + timedelta(days=9), password="another")

    assert (again.accounts, again.places, again.products, again.orders, again.articles) == (
        [],
        0,
        0,
        0,
        0,
    )
    assert tally() == before


def test_seed_keeps_what_people_changed() -> None:
    seed(at=NOON, password="trailhead-1")
    Article.objects.filter(external_id="en-returns").update(title="Returns, corrected")
    Article.objects.filter(external_id="en-contact").delete()
    Product.objects.filter(slug="heron-2").update(price="299.00")
    Queue.objects.update(offer_seconds=45)

    counts = seed(at=NOON, password="another")

    assert counts.articles == 1
    assert Article.objects.get(external_id="en-returns").title == "Returns, corrected"
    assert str(Product.objects.get(slug="heron-2").price) == "299.00"
    assert Queue.objects.get(name="Support").offer_seconds == 45
    assert Agent.objects.get(username="admin").check_password("trailhead-1")


def test_an_order_costs_its_lines_and_the_delivery() -> None:
    seed(at=NOON, password="trailhead-1")

    for order in Order.objects.prefetch_related("lines"):
        goods = sum(line.price for line in order.lines.all())
        assert float(order.total - goods) in (0.0, 4.9)
        assert order.placed_at < NOON
        assert order.shipped_at is None or order.shipped_at < NOON
        assert order.delivered_at is None or order.delivered_at < NOON


def test_the_command_says_a_random_password_once(settings: object) -> None:
    settings.DEMO_PASSWORD = ""  # type: ignore[attr-defined]
    first, second = StringIO(), StringIO()

    call_command("seed_demo", stdout=first, stderr=StringIO())
    call_command("seed_demo", stdout=second, stderr=StringIO())

    password = first.getvalue().rsplit("Password: ", 1)[1].strip()
    assert Agent.objects.get(username="manager").check_password(password)
    assert second.getvalue() == ""


def test_the_command_never_prints_a_password_that_was_given(settings: object) -> None:
    settings.DEMO_PASSWORD = "given-by-us"  # type: ignore[attr-defined]
    said = StringIO()

    call_command("seed_demo", stdout=said, stderr=said)

    assert "given-by-us" not in said.getvalue()
    assert Agent.objects.get(username="agent4").check_password("given-by-us")
