"""Canned replies and macros in the admin."""

import json
from html import unescape

import pytest
from django.test import Client

from agents import verbs
from agents.models import CannedReply, Macro
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

REPLY = {"shortcut": "hi", "title": "Hello", "scope": "everybody", "tags": "[]"}


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True))
    return client


def test_a_manager_writes_a_reply(manager: Client) -> None:
    bad = manager.post("/admin/agents/cannedreply/add/", REPLY | {"texts": '{"en": "{{who}}"}'})
    texts = json.dumps({"en": "Hi {{customer.name|there}}", "zh": "你好"})
    good = manager.post("/admin/agents/cannedreply/add/", REPLY | {"texts": texts})

    assert "nothing is called who" in bad.content.decode()
    assert good.status_code == 302
    assert CannedReply.objects.get().texts["zh"] == "你好"
    assert "en, zh" in manager.get("/admin/agents/cannedreply/?q=hello").content.decode()


def test_what_is_kept_as_json_is_drawn_as_a_form(manager: Client) -> None:
    page = manager.get("/admin/agents/cannedreply/add/").content.decode()

    assert "&quot;kind&quot;: &quot;texts&quot;" in page
    assert "js/admin/plain.js" in page


def test_a_manager_writes_a_macro(manager: Client) -> None:
    words = {"name": "Done", "position": "0"}
    bad = manager.post("/admin/agents/macro/add/", words | {"actions": '[{"do": "sing"}]'})
    good = manager.post("/admin/agents/macro/add/", words | {"actions": '[{"do": "resolve"}]'})

    assert "One of add_labels" in bad.content.decode()
    assert good.status_code == 302
    assert Macro.objects.get().owner is None
    assert "resolve it" in manager.get("/admin/agents/macro/").content.decode()


def test_the_steps_of_a_macro_are_drawn_with_what_may_be_named(manager: Client) -> None:
    queue = make.queue(name="Returns desk")
    page = manager.get("/admin/agents/macro/add/").content.decode()
    drawn = json.loads(unescape(page.split('data-form="')[1].split('"')[0]))

    steps = {one["value"]: one["fields"] for one in drawn["each"]["options"]}
    assert set(steps) == set(verbs.VERBS) - verbs.BULK_ONLY
    targets = {one["label"]: one["value"] for one in steps["assign"][0]["options"]}
    assert targets["Queue: Returns desk"] == {"queue": str(queue.uuid)}
    assert verbs.actions([{"do": "assign", "to": one} for one in targets.values()])


def test_personal_ones_are_not_shown(manager: Client) -> None:
    agent = make.agent()
    reply = CannedReply.objects.create(
        shortcut="mine", title="Mine", scope="personal", owner=agent, texts={"en": "x"}
    )
    macro = Macro.objects.create(name="Mine", owner=agent, actions=[{"do": "resolve"}])

    assert manager.get(f"/admin/agents/cannedreply/{reply.pk}/change/").status_code == 302
    assert manager.get(f"/admin/agents/macro/{macro.pk}/change/").status_code == 302


def test_an_agent_has_no_such_pages() -> None:
    client = Client()
    client.force_login(make.agent(is_staff=True))

    assert client.get("/admin/agents/macro/").status_code == 403
