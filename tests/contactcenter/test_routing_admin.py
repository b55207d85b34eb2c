"""The rules of routing in the admin: set by managers, checked while they are written, read in words."""

import json
from typing import Any

import pytest
from django.test import Client

from agents.actions.presence import set_presence
from agents.models import (
    Agent,
    AgentSkill,
    Assignment,
    Offer,
    OpeningHours,
    Policy,
    Queue,
    Schedule,
    Skill,
    Team,
    WrapUpCode,
)
from conversations.models import Customer
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

LISTS = (
    "policy",
    "skill",
    "schedule",
    "wrapupcode",
    "statereason",
    "offer",
    "assignment",
    "presencechange",
)
ADD = "/admin/agents/policy/add/"


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.agent(role=role, is_staff=True))
    return client


@pytest.fixture
def manager() -> Client:
    return signed_in("manager")


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(Agent.objects.create_superuser("boss", password="x"))
    return client


def rows_of(prefix: str, *rows: dict[str, Any], kept: int = 0) -> dict[str, str]:
    """An inline's part of a form."""
    words = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(kept)}
    for n, row in enumerate(rows):
        words |= {f"{prefix}-{n}-{name}": str(value) for name, value in row.items()}
    return words


def policy(**words: Any) -> dict[str, str]:
    return {"place": "everything", "value": "null", **words}


def decided() -> Offer:
    conversation = make.waiting_conversation(queue=make.queue())
    why = {
        "rule": ["language", "least_loaded"], "chosen": "<b>Anna</b>", "runner_up": "Ben",
        "propensity": 1.0, "waited_seconds": 12, "preferred": "", "asked_for": {"all": ["returns 3"]},
        "online": 3, "eligible": 2, "filtered": {"no_room": 1},
        "candidates": [
            {"name": "<b>Anna</b>", "blocked": "", "load": 1.0, "capacity": 5, "open": 1, "idle_seconds": 9},
            {"name": "Cem", "blocked": "no_room", "load": 5.0, "capacity": 5, "open": 5, "idle_seconds": 1},
        ],
    }  # fmt: skip
    who: dict[str, Any] = {"agent": make.agent(), "conversation": conversation, "why": why}
    Assignment.objects.create(started_at=NOON, **who)
    return Offer.objects.create(created_at=NOON, expires_at=NOON, **who)


@pytest.mark.parametrize("page", LISTS)
def test_every_list_opens_searches_and_filters(manager: Client, page: str) -> None:
    decided()
    set_presence(agent_id=make.agent().pk, status="away", reason="Lunch", at=NOON)
    Policy.objects.create(rule="mode", value="offer")
    Policy.objects.create(rule="mode", value="no longer a mode", channel="web")
    Schedule.objects.create(name="Shop")
    for query in ("", "?q=nobody", "?o=1", "?o=-1"):
        assert manager.get(f"/admin/agents/{page}/{query}").status_code == 200
    assert signed_in("agent").get(f"/admin/agents/{page}/").status_code == 403


class TestARule:
    def test_is_set_with_names_and_read_in_words(self, manager: Client) -> None:
        make.queue(name="Support")
        orders = make.queue(name="Orders")
        value = '{"after": 120, "queue": "support"}'

        answer = manager.post(
            ADD, policy(rule="overflow", place="queue", queue=orders.pk, value=value)
        )

        row = Policy.objects.get()
        assert answer.status_code == 302
        assert row.value is not None
        assert row.value["queue"] == str(Queue.objects.get(name="Support").uuid)
        html = manager.get("/admin/agents/policy/").content.decode()
        assert "After 2 minutes on to Support." in html
        assert "Queue: Orders" in html
        page = manager.get(f"/admin/agents/policy/{row.pk}/change/").content.decode()
        assert "&quot;queue&quot;: &quot;Support&quot;" in page

    def test_is_changed_and_switched_off(self, manager: Client) -> None:
        other = make.queue()
        row = Policy.objects.create(rule="overflow", value={"after": 60, "queue": str(other.uuid)})
        page = f"/admin/agents/policy/{row.pk}/change/"

        assert manager.post(page, {"value": "null"}).status_code == 302
        row.refresh_from_db()
        assert row.value is None
        assert "Off." in manager.get("/admin/agents/policy/").content.decode()
        assert manager.post(page, {"value": ""}).status_code == 200

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ({"rule": "mode", "value": '"sometimes"'}, "mode is one of offer, direct, manual."),
            ({"rule": "mode", "value": "offer"}, "This is not JSON; look at the example."),
            ({"rule": "mode", "value": ""}, "This field is required."),
            ({"rule": "mode", "value": "[" * 5000}, "This is not JSON; look at the example."),
            ({"rule": "nothing", "value": "1"}, "is not one of the available choices"),
            ({"rule": "mode", "value": '"offer"', "place": "queue"}, "Which one?"),
            ({"rule": "weights", "value": '{"web": 1}', "place": "channel", "channel": "web"},
             "weights can be set for: everything."),
            ({"rule": "overflow", "value": '{"after": 9, "queue": "Nowhere"}'}, "There is no queue"),
            ({"rule": "webhook", "value": '{"url": "https://r.example", "secret": "\\u0000"}'},
             "no control characters"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_beside_it(
        self, manager: Client, words: dict[str, str], said: str
    ) -> None:
        answer = manager.post(ADD, policy(**words))

        assert answer.status_code == 200
        assert said in answer.content.decode()
        assert not Policy.objects.exists()

    def test_is_set_once_in_a_place(self, manager: Client) -> None:
        words = policy(rule="mode", value='"offer"')
        assert manager.post(ADD, words).status_code == 302
        assert "set there already" in manager.post(ADD, words).content.decode()
        assert manager.post(ADD, words | {"place": "channel", "channel": "web"}).status_code == 302

    def test_only_the_chosen_kind_of_place_counts(self, manager: Client) -> None:
        queue = make.queue()
        words = policy(rule="mode", value='"offer"', channel="web", queue=queue.pk, place="queue")
        assert manager.post(ADD, words).status_code == 302
        assert Policy.objects.get().scope == ("queue", queue.pk)

    def test_a_secret_is_never_shown_and_not_lost(self, manager: Client) -> None:
        value = {"url": "https://r.example/choose", "secret": "hush-hush"}
        row = Policy.objects.create(rule="webhook", value=value)
        page = f"/admin/agents/policy/{row.pk}/change/"

        html = manager.get(page).content.decode()
        assert "hush-hush" not in html
        covered = {**value, "secret": "••••••", "seconds": 3}
        assert manager.post(page, {"value": json.dumps(covered)}).status_code == 302
        row.refresh_from_db()
        assert row.value == value | {"seconds": 3}

    def test_is_checked_while_it_is_written(self, manager: Client) -> None:
        check = "/admin/agents/policy/check/"
        words = {"rule": "answer_seconds", "value": "300"}

        assert manager.post(check, words).json() == {
            "says": "Passed on after 5 minutes without an answer."
        }
        assert "answer_seconds is" in manager.post(check, words | {"value": "-1"}).json()["problem"]
        assert "not JSON" in manager.post(check, words | {"value": "soon"}).json()["problem"]
        assert "no rule" in manager.post(check, {"rule": "x", "value": "1"}).json()["problem"]
        facts = manager.get("/admin/agents/policy/rules/").json()
        assert {"rules", "queues", "schedules", "skills", "channels"} == set(facts)
        for address in (check, "/admin/agents/policy/rules/"):
            assert signed_in("agent").post(address, words).status_code == 403

    def test_may_not_be_set_by_agents(self) -> None:
        assert signed_in("agent").post(ADD, policy(rule="mode", value='"offer"')).status_code == 403


class TestBelowItsPlace:
    def test_on_the_queues_page(self, manager: Client) -> None:
        queue = make.queue(name="Orders")
        page = f"/admin/agents/queue/{queue.pk}/change/"
        words = {"name": "Orders", "offer_seconds": "20", "target_seconds": "60"}

        answer = manager.post(
            page, words | rows_of("policies", {"rule": "order", "value": '"strict"'})
        )
        assert answer.status_code == 302
        row = Policy.objects.get(queue=queue)
        assert row.value == "strict"
        assert "Priority first." in manager.get(page).content.decode()

        again = rows_of(
            "policies",
            {"id": row.pk, "queue": queue.pk, "value": '"sla"'},
            {"rule": "mode", "value": '"offer"'},
            {"rule": "mode", "value": '"direct"'},
            kept=1,
        )
        html = manager.post(page, words | again).content.decode()
        assert "This rule is here twice." in html
        only = rows_of("policies", {"id": row.pk, "queue": queue.pk, "value": '"sla"'}, kept=1)
        assert manager.post(page, words | only).status_code == 302
        row.refresh_from_db()
        assert row.value == "sla"
        gone = rows_of(
            "policies", {"id": row.pk, "queue": queue.pk, "value": '"sla"', "DELETE": "on"}, kept=1
        )
        assert manager.post(page, words | gone).status_code == 302
        assert not Policy.objects.exists()

    def test_a_queue_never_overflows_into_itself(self, manager: Client) -> None:
        queue = make.queue(name="Orders")
        words = {"name": "Orders", "offer_seconds": "20", "target_seconds": "60"}
        value = '{"after": 60, "queue": "Orders"}'
        html = manager.post(
            f"/admin/agents/queue/{queue.pk}/change/",
            words | rows_of("policies", {"rule": "overflow", "value": value}),
        ).content.decode()
        assert "on to itself" in html

    def test_on_teams_inboxes_and_agents(self, boss: Client) -> None:
        team, inbox, agent = Team.objects.create(name="Night"), make.inbox(), make.agent()
        Policy.objects.create(rule="open_limit", value=3, agent=agent)
        Policy.objects.create(rule="order", value="sla", inbox=inbox)
        AgentSkill.objects.create(agent=agent, skill=Skill.objects.create(name="french"), level=4)
        for page, said in (
            (f"agents/team/{team.pk}", "wrap_up"),
            (f"inboxes/inbox/{inbox.pk}", "sla"),
            (f"agents/agent/{agent.pk}", "3 open at once."),
        ):
            html = boss.get(f"/admin/{page}/change/").content.decode()
            assert said in html, page
            assert "rule-value" in html

    def test_an_agents_skills(self, boss: Client) -> None:
        agent = make.agent(username="jonas")
        french = Skill.objects.create(name="french")
        words = {"username": "jonas", "capacity": "4", "languages": ["fr"], "is_active": "on"}
        rows = rows_of("skills", {"skill": french.pk, "level": 4}) | rows_of("policies")

        answer = boss.post(f"/admin/agents/agent/{agent.pk}/change/", words | rows)

        assert answer.status_code == 302
        assert AgentSkill.objects.get(agent=agent).level == 4


def test_a_manager_gives_skills_on_the_skills_page(manager: Client) -> None:
    agent = make.agent()
    words = {"name": "French"} | rows_of("holders", {"agent": agent.pk, "level": 5})

    assert manager.post("/admin/agents/skill/add/", words).status_code == 302

    assert Skill.objects.get().name == "french"
    assert agent.skills.get().level == 5
    bad = {"name": "german"} | rows_of("holders", {"agent": agent.pk, "level": 9})
    assert manager.post("/admin/agents/skill/add/", bad).status_code == 200


def test_opening_hours_say_whether_they_are_open(manager: Client) -> None:
    words = {"name": "Always", "time_zone": "Asia/Shanghai"} | rows_of(
        "opening_hours",
        *({"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(7)),
    )
    words |= rows_of("holidays", {"day": "2031-01-01", "name": "New Year"})

    assert manager.post("/admin/agents/schedule/add/", words).status_code == 302

    schedule = Schedule.objects.get()
    assert (OpeningHours.objects.count(), schedule.holidays.count()) == (7, 1)
    page = f"/admin/agents/schedule/{schedule.pk}/change/"
    html = manager.get(page).content.decode()
    assert "Open" in html
    assert "Nothing yet" in html
    Policy.objects.create(rule="hours", value=str(schedule.uuid), queue=make.queue(name="Orders"))
    assert "Orders" in manager.get(page).content.decode()
    OpeningHours.objects.all().delete()
    assert "Closed" in manager.get("/admin/agents/schedule/").content.decode()
    mars = words | {"name": "Mars", "time_zone": "Mars/Olympus"}
    assert manager.post("/admin/agents/schedule/add/", mars).status_code == 200


def test_codes_and_reasons(manager: Client) -> None:
    queue = make.queue(name="Orders")
    code = {
        "name": "Refund",
        "code": "refund",
        "position": "1",
        "is_active": "on",
        "queues": queue.pk,
    }
    assert manager.post("/admin/agents/wrapupcode/add/", code).status_code == 302
    assert "Orders" in manager.get("/admin/agents/wrapupcode/").content.decode()
    assert WrapUpCode.objects.get(code="refund").queues.get() == queue
    reason = {"name": "Stocktaking", "status": "away", "is_active": "on"}
    assert manager.post("/admin/agents/statereason/add/", reason).status_code == 302
    assert manager.post("/admin/agents/statereason/add/", reason).status_code == 200


def test_decisions_are_read_with_their_reasons_and_never_edited(manager: Client) -> None:
    offer = decided()
    held = Assignment.objects.get()
    for page in (f"offer/{offer.pk}", f"assignment/{held.pk}"):
        address = f"/admin/agents/{page}/change/"
        html = manager.get(address).content.decode()
        assert "came first of 2 who could be asked" in html
        assert "&lt;b&gt;Anna&lt;/b&gt;" in html
        assert "<b>Anna" not in html
        assert "no, has no room" in html
        assert "speaks the customer&#x27;s language, then least loaded" in html
        assert manager.post(address, {}).status_code == 403
    key = offer.conversation.uuid
    found = manager.get(f"/admin/agents/offer/?q={key}").context["cl"]
    assert [row.pk for row in found.result_list] == [offer.pk]


def test_a_day_of_an_agent(manager: Client) -> None:
    agent = make.agent()
    set_presence(agent_id=agent.pk, status="online", at=NOON)
    set_presence(agent_id=agent.pk, status="away", reason="Lunch", at=NOON.replace(hour=13))

    html = manager.get(
        f"/admin/agents/presencechange/?agent__id__exact={agent.pk}"
    ).content.decode()

    assert "1 h 00 min" in html
    assert "Lunch" in html


def test_a_customer_has_a_contact(boss: Client) -> None:
    customer, agent = make.customer(), make.agent()
    page = f"/admin/conversations/customer/{customer.pk}/change/"

    assert boss.post(page, {"name": "Mia", "owner": agent.pk}).status_code == 302

    assert Customer.objects.get(pk=customer.pk).owner == agent


def test_lists_cost_the_same_for_one_and_for_three(manager: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    rules = iter(["mode", "order", "hours"])
    for page in ("policy", "offer", "assignment"):
        costs = []
        for _ in range(3):
            decided()
            if page == "policy":
                Policy.objects.create(rule=next(rules), value="offer", queue=make.queue())
            with CaptureQueriesContext(connection) as queries:
                manager.get(f"/admin/agents/{page}/")
            costs.append(len(queries))
        assert costs[1] == costs[2], page
