"""Cases in the admin: their lists open, wrong set-up is refused, blocking ends what is open."""

import pytest
from django.test import Client

from agents.models import Agent
from conversations.models import AttributeDefinition, ChecklistTemplate, Company, Conversation
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

PAGES = ("label", "attributedefinition", "checklisttemplate", "company")


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(Agent.objects.create_superuser("boss", password="x"))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_lists_and_forms_open(boss: Client, page: str) -> None:
    for path in ("", "add/", "?q=x", "?o=1"):
        assert boss.get(f"/admin/conversations/{page}/{path}").status_code == 200


def test_a_field_is_set_up_with_its_choices_and_a_bad_pattern_is_refused(boss: Client) -> None:
    address = "/admin/conversations/attributedefinition/add/"
    words = {"scope": "customer", "key": "plan", "label": "Plan", "kind": "list", "position": "0"}

    boss.post(address, words | {"choices": "gold\n\n silver "})
    empty = boss.post(address, words | {"key": "p2", "choices": ""})
    slow = boss.post(address, words | {"key": "p3", "kind": "text", "regex": "(a|aa)+b"})

    assert AttributeDefinition.objects.get().choices == ["gold", "silver"]
    assert empty.status_code == 200  # shown again
    assert "too slow" in slow.content.decode()


def test_a_checklist_is_written_a_line_a_step(boss: Client) -> None:
    address = "/admin/conversations/checklisttemplate/add/"

    boss.post(address, {"name": "Refund", "items": "Check\r\nPay", "is_active": "on"})

    assert ChecklistTemplate.objects.get().items == ["Check", "Pay"]


def test_two_companies_never_share_a_name(boss: Client) -> None:
    address = "/admin/conversations/company/add/"

    boss.post(address, {"name": "ACME"})
    again = boss.post(address, {"name": "acme"})

    assert again.status_code == 200
    assert Company.objects.count() == 1


def test_blocking_in_the_admin_ends_what_is_open(boss: Client) -> None:
    talk = make.conversation()
    address = f"/admin/conversations/customer/{talk.customer.pk}/change/"

    boss.post(address, {"name": "Ann", "is_blocked": "on"})
    talk = Conversation.objects.get(pk=talk.pk)
    assert (talk.state, talk.customer.is_blocked, talk.customer.name) == ("resolved", True, "Ann")

    boss.post(address, {"name": "Ann"})
    assert not Conversation.objects.get(pk=talk.pk).customer.is_blocked
    kinds = talk.events.values_list("kind", flat=True)
    assert list(kinds)[1:] == ["blocked", "resolved", "unblocked"]
