"""Managers look after accounts, and nobody gives a right that they do not have."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client

from agents.admin.accounts import may_touch, roles_for
from agents.languages import NAMES, BadLanguages, choices, languages
from agents.models import Agent
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
WORDS: dict[str, Any] = {
    "display_name": "", "first_name": "", "last_name": "", "email": "", "capacity": "5",
    "is_active": "on",
}  # fmt: skip
INLINES = {
    f"{name}-{count}": "0"
    for name in ("skills", "policies")
    for count in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
}


@pytest.fixture
def manager() -> Agent:
    return make.agent(role="manager", is_staff=True)


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def post(editor: Agent, agent: Agent, **words: Any) -> int:
    client = Client()
    client.force_login(editor)
    given = {"username": agent.username, **WORDS, **INLINES, **words}
    return client.post(f"/admin/agents/agent/{agent.pk}/change/", given).status_code


def look(editor: Agent, path: str) -> Any:
    client = Client()
    client.force_login(editor)
    return client.get(f"/admin/agents/agent/{path}")


def test_a_manager_changes_an_agent_s_account(manager: Agent) -> None:
    agent = make.agent(languages=["tlh"])

    page = look(manager, f"{agent.pk}/change/").content.decode()
    assert 'name="capacity"' in page
    assert '<option value="tlh" selected>' in page
    assert '<option value="zh">Chinese · 中文</option>' in page
    status = post(
        manager, agent, display_name="Noor", capacity="7", languages=["zh", "tlh"],
        groups=[role("agent").pk],
    )  # fmt: skip

    agent.refresh_from_db()
    assert status == 302
    assert (agent.display_name, agent.capacity, agent.languages) == ("Noor", 7, ["zh", "tlh"])


def test_what_is_no_language_is_refused(manager: Agent) -> None:
    agent = make.agent(languages=["en"])

    assert post(manager, agent, languages=["xx-klingon"]) == 200

    agent.refresh_from_db()
    assert agent.languages == ["en"]


@pytest.mark.parametrize("who", ["admin", "switched off", "superuser"])
def test_who_may_do_more_is_only_looked_at(manager: Agent, who: str) -> None:
    boss = make.agent(
        role="agent" if who == "superuser" else "admin",
        is_superuser=who == "superuser",
        is_active=who != "switched off",
    )

    assert look(manager, f"{boss.pk}/change/").status_code == 200
    assert post(manager, boss, is_active="on", display_name="Mine") == 403
    assert look(manager, f"{boss.pk}/password/").status_code == 403
    client = Client()
    client.force_login(manager)
    client.post("/admin/agents/agent/", {"action": "switch_off", "_selected_action": [boss.pk]})

    before = (boss.is_active, boss.display_name)
    boss.refresh_from_db()
    assert (boss.is_active, boss.display_name) == before


@pytest.mark.parametrize("whose", ["their own", "an agent's"])
def test_no_right_is_raised_beyond_the_editor_s(manager: Agent, whose: str) -> None:
    agent = manager if whose == "their own" else make.agent()
    role("admin")

    page = look(manager, f"{agent.pk}/change/").content.decode()
    assert f'name="groups" value="{role("manager").pk}"' in page
    assert f'name="groups" value="{role("admin").pk}"' not in page
    assert 'name="is_superuser"' not in page
    assert post(manager, agent, groups=[role("admin").pk]) == 200  # the form comes back
    post(manager, agent, groups=[role("agent").pk], is_superuser="on", is_staff="on",
         user_permissions=[Permission.objects.get(codename="delete_agent").pk])  # fmt: skip

    agent.refresh_from_db()
    assert not agent.is_superuser
    assert not agent.user_permissions.exists()
    assert set(agent.groups.values_list("name", flat=True)) <= {"agent", "manager"}


def test_a_new_account_gets_no_more_either(manager: Agent) -> None:
    client = Client()
    client.force_login(manager)
    words = {
        "username": "new", "display_name": "", "email": "", "capacity": "3", "languages": ["de"],
        "password1": "Long-enough-7", "password2": "Long-enough-7", "usable_password": "true",
    }  # fmt: skip

    refused = client.post("/admin/agents/agent/add/", {**words, "groups": [role("admin").pk]})
    assert refused.status_code == 200
    assert not Agent.objects.filter(username="new").exists()
    made = client.post("/admin/agents/agent/add/", {**words, "groups": [role("agent").pk]})

    assert made.status_code == 302
    assert Agent.objects.get(username="new").languages == ["de"]


def test_a_right_of_their_own_counts_as_much_as_a_role(manager: Agent) -> None:
    agent, admin = make.agent(), make.agent(role="admin")
    extra = Permission.objects.get(codename="delete_agent")
    agent.user_permissions.add(extra)

    assert not may_touch(manager, agent)
    manager.user_permissions.add(extra)
    assert may_touch(manager, agent)
    assert may_touch(admin, manager)
    assert set(roles_for(manager).values_list("name", flat=True)) == {"agent", "lead", "manager"}


def test_an_admin_may_do_everything_in_every_room_of_ours() -> None:
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"inboxes", "conversations", "bots", "agents", "analytics"}
    }
    of_ours = Permission.objects.filter(content_type__app_label__in=ours)

    assert not set(of_ours) - set(role("admin").permissions.all())


@pytest.mark.parametrize(
    ("value", "kept"),
    [(["EN", "zh-Hans", "en"], ["en", "zh"]), ([], []), (["deu"], ["deu"])],
)
def test_languages_are_kept_short_and_once(value: list[str], kept: list[str]) -> None:
    assert languages(value) == kept


@pytest.mark.parametrize(
    "value", ["en", None, {"en": 1}, ["e"], ["english"], [7], ["1x"], ["en"] * 21]
)
def test_what_is_no_list_of_languages_says_so(value: Any) -> None:
    with pytest.raises(BadLanguages, match=r".+\.$"):
        languages(value)
    with pytest.raises(ValidationError, match="languages"):
        Agent(username="x", password="x", languages=value).full_clean()


def test_the_list_has_each_language_once_by_its_short_code() -> None:
    assert NAMES["zh"] == "Chinese · 中文"
    assert (NAMES["de"], NAMES["en"]) == ("German · Deutsch", "English")
    assert not [code for code in NAMES if "-" in code]
    assert choices(["tlh"])[-1] == ("tlh", "tlh")
