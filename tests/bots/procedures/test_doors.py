"""Procedures at their doors: the admin and the API, and who may do what there."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from agents.models import Agent
from bots.models import Connection, Procedure, ProcedureVersion
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HERE = Path(__file__).parent
TEXT = (HERE / "return_item.yaml").read_text(encoding="utf-8")
TESTS = (HERE / "return_item.tests.yaml").read_text(encoding="utf-8")
API = "procedures/"


@pytest.fixture
def manager() -> Agent:
    return make.agent(role="manager")


def test_a_file_with_mistakes_is_refused_line_by_line(manager: Agent) -> None:
    status, said = Door(manager).ask(
        "post", f"{API}check/", {"text": TEXT.replace("type: email", "type: mail")}
    )
    assert (status, said["code"]) == (400, "invalid")
    assert said["fields"]["text"][0].startswith("line 26: “mail” is no type")
    assert Procedure.objects.count() == 0


def test_it_goes_live_only_after_its_tests(manager: Agent) -> None:
    api = Door(manager)
    assert api.ask("post", API, {"text": TEXT, "tests": TESTS})[0] == 201
    status, said = api.ask("post", f"{API}return_item/publish/", {})
    assert (status, said["code"]) == (409, "tests_not_passed")

    tested = api.ask("post", f"{API}return_item/test/", {})[1]
    assert (tested["result"]["passed"], tested["result"]["wrong"]) == (True, 0)

    assert api.ask("post", f"{API}return_item/publish/", {})[1]["state"] == "live"
    assert api.ask("get", f"{API}return_item/")[1]["live"] == 1
    api.ask("post", API, {"text": TEXT.replace("timeout: 4", "timeout: 3"), "tests": TESTS})
    assert [v["state"] for v in api.ask("get", f"{API}return_item/versions/")[1]] == [
        "draft",
        "live",
    ]


def test_agents_neither_read_nor_write_them(at: datetime) -> None:
    api = Door(make.agent())
    assert api.ask("get", API)[0] == 403
    assert api.ask("post", API, {"text": TEXT})[0] == 403
    assert api.ask("get", "connections/")[0] == 403
    assert api.ask("get", "procedure-runs/")[0] == 403


def test_a_secret_is_written_and_never_read() -> None:
    api = Door(make.agent(role="admin"))
    given = {"key": "shop", "base_url": "https://api.shop.example", "auth": "bearer"}
    status, said = api.ask("post", "connections/", {**given, "secret": "open sesame"})
    assert (status, said["has_secret"]) == (201, True)
    assert "sesame" not in str(said) + Connection.objects.get().secret
    status, said = api.ask(
        "post", "connections/", {**given, "key": "other", "secret": "env:SECRET_KEY"}
    )
    assert status == 400


def test_a_secret_does_not_follow_to_another_server(client: Client) -> None:
    admin = make.agent(role="admin", is_staff=True, is_superuser=True)
    api = Door(admin)
    given = {"key": "shop", "base_url": "https://api.shop.example/v1", "auth": "bearer"}
    api.ask("post", "connections/", {**given, "secret": "open sesame"})
    status, said = api.ask("patch", "connections/shop/", {"base_url": "https://evil.example/v1"})
    assert (status, list(said["fields"])) == (400, ["secret"])
    client.force_login(admin)
    page = f"/admin/bots/connection/{Connection.objects.get().pk}/change/"
    form = {**given, "base_url": "https://evil.example/v1", "is_active": "on"}
    assert client.post(page, form).status_code == 200
    assert Connection.objects.get().base_url == given["base_url"]

    moved = {"base_url": "https://API.shop.example/v2"}
    assert api.ask("patch", "connections/shop/", moved)[0] == 200
    assert client.post(page, {**form, "new_secret": "closed sesame"}).status_code == 302
    there = Connection.objects.get()
    assert (there.base_url, there.open_secret()) == (form["base_url"], "closed sesame")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://[::1]/v1", "https://10.1.2.3", "http://169.254.169.254/latest",
     "http://localhost:6379", "http://[::ffff:192.168.0.1]/", "http://[", "//shop.example", "file:///etc"],
)  # fmt: skip
def test_an_address_inside_our_network_is_refused(address: str, client: Client) -> None:
    admin = make.agent(role="admin", is_staff=True, is_superuser=True)
    given = {"key": "shop", "base_url": address, "auth": "none"}
    status, said = Door(admin).ask("post", "connections/", given)
    assert (status, list(said["fields"])) == (400, ["base_url"])
    client.force_login(admin)
    assert client.post("/admin/bots/connection/add/", given).status_code == 200
    assert not Connection.objects.exists()


def test_an_address_that_is_a_path_leads_to_ourselves(settings: Any) -> None:
    api = Door(make.agent(role="admin"))
    given = {"key": "bank", "base_url": "/demo/banking/api", "auth": "none"}
    status, said = api.ask("post", "connections/", given)
    assert (status, list(said["fields"])) == (400, ["base_url"])
    assert api.ask("post", "connections/", {**given, "is_own": True})[0] == 201
    for port in (8000, 8443):
        settings.OWN_URL = f"http://127.0.0.1:{port}"
        assert Connection.objects.get().address == f"http://127.0.0.1:{port}/demo/banking/api"
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.update(is_own=False)


def test_the_admin_tells_mistakes_and_publishes(client: Client) -> None:
    client.force_login(make.agent(role="admin", is_staff=True, is_superuser=True))
    page = "/admin/bots/procedure/add/"
    broken = client.post(
        page, {"text": TEXT.replace("goto: which", "goto: whcih"), "is_active": "on"}
    )
    assert "line 78: No step has the id" in broken.content.decode()

    saved = client.post(
        page,
        {"text": TEXT, "tests": TESTS, "is_active": "on", "bots_procedure_save_and_publish": "1"},
    )
    assert saved.status_code == 302
    version = ProcedureVersion.objects.get()
    assert (version.state, version.passed) == ("live", True)

    change = f"/admin/bots/procedure/{version.procedure_id}/change/"
    words = {"text": f"{TEXT}\n# changed", "tests": TESTS, "is_active": "on"}
    assert client.post(change, {**words, "bots_procedure_save_and_publish": "1"}).status_code == 302
    newest, before = ProcedureVersion.objects.all()
    assert (newest.number, newest.state, before.state) == (2, "live", "archived")
    version = newest
    for path in (
        "procedure/", f"procedure/{version.procedure_id}/change/", "procedureversion/",
        f"procedureversion/{version.pk}/change/", "procedurerun/", "connection/", "connection/add/",
    ):  # fmt: skip
        assert client.get(f"/admin/bots/{path}").status_code == 200, path
