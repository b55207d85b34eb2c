"""What is remembered of a customer: drawn from their words, shown to agents, theirs to change and erase."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from agents.assist.actions import remembering
from agents.assist.actions.remembering import read_new
from bots.actions.remembered import called, offered
from conversations.actions.memory import forget_old
from conversations.actions.session import Claims, open_session
from conversations.models import Customer, CustomerFact, RecordChange
from tests import make
from tests.agents.api import Door
from tests.bots.talks import Talk

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _nothing_was_read() -> None:
    remembering._read.clear()


class Own:
    """A customer's own door."""

    def __init__(self, talk: Talk) -> None:
        opened = open_session(
            inbox=talk.conversation.inbox, language="en", claims=Claims(), origin="", at=talk.at
        )
        session = opened.customer.sessions.get()
        session.customer, session.conversation = talk.conversation.customer, talk.conversation
        session.expires_at = talk.at + timedelta(days=3650)
        session.save()
        self.client = APIClient(raise_request_exception=False)
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {opened.token}")

    def ask(self, method: str, path: str = "", words: Any = None) -> tuple[int, Any]:
        answer = getattr(self.client, method)(f"/api/v1/memory{path}", words, format="json")
        return answer.status_code, answer.json() if answer.content else None


def told(customer: Customer) -> list[tuple[str, str, str, str]]:
    rows = customer.remembered.order_by("kind", "about")
    return [
        (row.kind, "" if row.about == row.mark else row.about, row.value, row.state) for row in rows
    ]


def test_facts_have_their_source_and_date_and_are_read_once(at: datetime) -> None:
    agent = make.agent()
    talk = Talk(at).asks("Hello, please call me Bo. I wear size 42 boots.").hands_over("asked")
    talk.taken(agent)
    talk.asks("I am allergic to nuts. My card is 4111 1111 1111 1111.")
    customer = talk.conversation.customer

    assert read_new(at=talk.at) == 3
    assert read_new(at=talk.at) == 0
    remembering._read.clear()  # another process
    assert read_new(at=talk.at) == 0
    assert told(customer) == [
        ("allergy", "", "nuts", "asked"),
        ("called", "", "Bo", "known"),
        ("size", "shoes", "42", "known"),
    ]

    memory = Door(agent).get(f"customers/{customer.uuid}/")["memory"]
    size = memory["facts"][-1]
    assert (size["kind_says"], size["about"], size["value"], size["by"]) == (
        "Size",
        "shoes",
        "42",
        "said",
    )
    assert (size["conversation"], size["seq"]) == (str(talk.conversation.uuid), 1)
    assert called(customer.pk) == "Bo"
    assert offered("shoe_size", customer.pk) == ("42",)
    assert offered("order_number", customer.pk) == ()

    # What was said later counts; the same said again changes nothing.
    talk.asks("I wear size 43 boots now, not really 42.").asks("I wear size 44 boots.")
    assert read_new(at=talk.at) == 1
    assert ("size", "shoes", "44", "known") in told(customer)


def test_the_customer_sees_agrees_corrects_and_erases_for_good(at: datetime) -> None:
    talk = Talk(at).asks("Call me Bo. I'm vegan.")
    customer = talk.conversation.customer
    read_new(at=talk.at)
    own = Own(talk)

    _, memory = own.ask("get")
    assert memory["remembers"] is True
    name, diet = memory["facts"]
    assert (name["value"], diet["value"], diet["state"]) == ("Bo", "vegan", "asked")
    assert own.ask("patch", f"/{diet['id']}", {})[1]["state"] == "known"
    assert own.ask("patch", f"/{name['id']}", {"value": "Robert"})[1]["by"] == "customer"
    assert own.ask("patch", f"/{name['id']}", {"value": " "})[0] == 400
    assert own.ask("delete", f"/{diet['id']}")[0] == 204
    assert own.ask("delete", f"/{diet['id']}")[0] == 404

    # The same words, and the words that were corrected, bring nothing back.
    remembering._read.clear()
    read_new(at=talk.at)
    talk.at = timezone.now() + timedelta(days=1)  # the doors read the clock themselves
    talk.asks("I'm vegan, as I said.")
    read_new(at=talk.at)
    assert told(customer) == [("called", "", "Robert", "known"), ("diet", "", "", "forgotten")]

    status, memory = own.ask("patch", "", {"remembers": False})
    assert (status, memory) == (200, {"remembers": False, "facts": []})
    assert not CustomerFact.objects.exists()
    talk.asks("Call me Bob.")
    assert read_new(at=talk.at) == 0


def test_nobody_reaches_into_somebody_else_s_memory(at: datetime) -> None:
    mine, other = Talk(at).asks("Call me Bo."), Talk(at).asks("Call me Al.")
    read_new(at=mine.at)
    theirs = other.conversation.customer.remembered.get()
    own = Own(mine)

    assert [one["value"] for one in own.ask("get")[1]["facts"]] == ["Bo"]
    for method, words in (("patch", {"value": "Mallory"}), ("delete", None)):
        assert own.ask(method, f"/{theirs.uuid}", words)[0] == 404
    own.client.credentials(HTTP_AUTHORIZATION="Bearer " + "x" * 43)
    assert own.ask("get")[0] == 401
    own.client.credentials()
    assert own.ask("get")[0] == 401
    assert Door(make.agent()).ask("get", f"customers/{theirs.customer.uuid}/memory/")[0] == 404
    assert CustomerFact.objects.get(pk=theirs.pk).value == "Al"


def test_agents_write_down_correct_and_erase_but_nothing_of_health(at: datetime) -> None:
    agent = make.agent()
    talk = Talk(at).asks("I'm vegan.").hands_over("asked").taken(agent)
    read_new(at=talk.at)
    customer = talk.conversation.customer
    door, path = Door(agent), f"customers/{talk.conversation.customer.uuid}/memory/"

    made = door.post(path, {"value": "Delivery on Tuesdays"})
    (diet, note) = made["facts"]
    assert (note["kind"], note["by"], note["agent"]) == ("other", "agent", agent.shown_name)
    assert door.ask("patch", f"{path}{note['id']}/", {"value": "Delivery on Fridays"})[0] == 200
    assert door.ask("patch", f"{path}{diet['id']}/", {"value": "eats all"})[0] == 403
    assert door.ask("post", path, {"kind": "allergy", "value": "nuts"})[0] == 400
    assert door.ask("delete", f"{path}{note['id']}/")[0] == 204
    assert door.ask("post", path, {"value": "delivery on fridays"})[0] == 403  # erased is erased
    # Who did what is on record; what it was is not.
    changes = [row.changes for row in RecordChange.objects.filter(customer=customer)]
    assert len(changes) == 3
    assert "Tuesdays" not in str(changes)

    # Somebody who may not read where it was said does not learn what the customer did not agree to.
    elsewhere = Talk(at, customer=customer).asks("Hi").hands_over("asked")
    stranger = make.agent()
    elsewhere.taken(stranger)
    assert Door(stranger).get(path)["facts"] == []
    CustomerFact.objects.filter(kind="diet").update(state="known")
    (fact,) = Door(stranger).get(path)["facts"]
    assert (fact["value"], fact["conversation"]) == ("vegan", None)


def test_old_facts_go_by_themselves(at: datetime) -> None:
    talk = Talk(at).asks("Call me Bo. I'm vegan.")
    read_new(at=talk.at)

    assert forget_old(at=talk.at + timedelta(days=31), days=730) == 1  # nobody agreed
    assert told(talk.conversation.customer) == [("called", "", "Bo", "known")]
    assert forget_old(at=talk.at + timedelta(days=731), days=730) == 1
