"""Seeding: complete the first time, silent the second, respectful of what people changed."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from agents.actions.wrap_up import codes_for
from agents.models import Agent, CannedReply, Macro, Policy, Queue, Schedule
from agents.reads.policies import PolicyBook, hours_in
from agents.rules.placeholders import unknown_in
from agents.rules.shapes import Overflow
from agents.verbs import actions
from bots.models import Article
from contactcenter.demo.models import Order, OrderLine, Product
from contactcenter.demo.seed import ARTICLES, seed
from conversations.models import AttributeDefinition, ChecklistTemplate, Label
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
    kinds = (Agent, Article, Inbox, Label, Macro, Order, OrderLine, Policy, Product, Queue)
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


def test_the_shop_shows_how_work_is_handed_out() -> None:
    seed(at=NOON, password="trailhead-1")

    book = PolicyBook.load()
    orders, support = (
        Queue.objects.get(name="Orders and returns"),
        Queue.objects.get(name="Support"),
    )
    there, here = book.for_queue(orders), book.for_queue(support)
    assert support.is_default
    assert there.overflow == Overflow(120, support.uuid)
    assert [step.after for step in here.waiting_messages] == [60, 180]
    assert all(set(step.text) == {"en", "zh"} for step in here.waiting_messages)
    assert here.sticky is not None
    assert here.auto_resolve is not None
    assert (here.sticky.days, here.auto_resolve.after, here.answer_seconds) == (30, 86_400, 300)
    assert here.hours is there.hours is None  # the demo works at any hour
    hours = hours_in(Schedule.objects.get(name="Shop hours"))
    assert hours.is_open(NOON)
    assert not hours.is_open(NOON.replace(hour=22))
    lin = Agent.objects.get(username="agent2")
    assert dict(lin.skills.values_list("skill__name", "level"))["chinese"] == 5
    assert "refund" not in {code.code for code in codes_for(support)}
    assert {"refund", "solved"} <= {code.code for code in codes_for(orders)}
    for model in (Label, AttributeDefinition, ChecklistTemplate, CannedReply, Macro):
        assert model._default_manager.exists()
    for reply in CannedReply.objects.all():
        reply.full_clean()
        assert all(not unknown_in(text) for text in reply.texts.values())
    assert actions(Macro.objects.get().actions) == Macro.objects.get().actions
    for policy in Policy.objects.all():
        policy.full_clean()


def test_rules_that_somebody_set_or_took_away_stay_so() -> None:
    seed(at=NOON, password="trailhead-1")
    Policy.objects.filter(rule="sticky").delete()
    Policy.objects.filter(rule="answer_seconds").update(value=60)

    again = seed(at=NOON, password="trailhead-1")

    assert again.routing == 0
    assert not Policy.objects.filter(rule="sticky").exists()
    assert Policy.objects.get(rule="answer_seconds").value == 60


def test_a_house_with_rules_of_its_own_keeps_them() -> None:
    Policy.objects.create(rule="sticky", value={"days": 7})

    seed(at=NOON, password="trailhead-1")

    assert Policy.objects.get(rule="sticky").value == {"days": 7}
    assert Policy.objects.filter(rule="waiting_messages").exists()


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
    settings.DEMO_HISTORY = False  # type: ignore[attr-defined]
    first, second = StringIO(), StringIO()

    call_command("seed_demo", stdout=first, stderr=StringIO())
    call_command("seed_demo", stdout=second, stderr=StringIO())

    password = first.getvalue().rsplit("Password: ", 1)[1].strip()
    assert Agent.objects.get(username="manager").check_password(password)
    assert second.getvalue() == ""


def test_the_command_never_prints_a_password_that_was_given(settings: object) -> None:
    settings.DEMO_PASSWORD = "given-by-us"  # type: ignore[attr-defined]
    settings.DEMO_HISTORY = False  # type: ignore[attr-defined]
    said = StringIO()

    call_command("seed_demo", stdout=said, stderr=said)

    assert "given-by-us" not in said.getvalue()
    assert Agent.objects.get(username="agent4").check_password("given-by-us")
