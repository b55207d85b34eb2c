"""Signing in and out, and who sees the console."""

import re
from http import HTTPStatus

import pytest
from django.test import Client

from agents import sign_in
from conversations.limits import Limit
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

LOGIN = "/console/login/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "_ADDRESSES", Limit(rate=0.5, burst=6))
    monkeypatch.setattr(sign_in, "_STRANGERS", Limit(rate=0.1, burst=4))
    monkeypatch.setattr(sign_in, "_DEVICES", Limit(rate=0.1, burst=3))


def try_to_sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> int:
    data = {"username": username, "password": password, **more}
    return client.post(LOGIN, data).status_code


class TestSigningIn:
    def test_leads_on_to_where_one_wanted_to_go(self, client: Client) -> None:
        agent = make.agent(password=PASSWORD)
        asked = client.get("/console/")
        assert (asked.status_code, asked["Location"]) == (302, "/console/login/?next=/console/")
        answer = client.post(
            LOGIN, {"username": agent.username, "password": PASSWORD, "next": "/console/?x=1"}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/console/?x=1")
        assert client.get("/console/").status_code == HTTPStatus.OK

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
    )
    def test_never_leads_elsewhere(self, client: Client, elsewhere: str) -> None:
        agent = make.agent(password=PASSWORD)
        answer = client.post(
            LOGIN, {"username": agent.username, "password": PASSWORD, "next": elsewhere}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/console/")

    def test_an_unknown_name_and_a_wrong_password_look_alike(self, client: Client) -> None:
        make.agent(username="ada", password=PASSWORD)
        pages = []
        for name in ("ada", "nobody"):
            answer = client.post(LOGIN, {"username": name, "password": "wrong"})
            assert answer.status_code == HTTPStatus.BAD_REQUEST
            text = answer.content.decode().replace(f'value="{name}"', "")
            pages.append(re.sub(r'(nonce|csrfmiddlewaretoken" value)="[^"]*"', "", text))
        assert pages[0] == pages[1]

    def test_who_left_does_not_come_back(self, client: Client) -> None:
        agent = make.agent(password=PASSWORD, is_active=False)
        assert try_to_sign_in(client, agent.username) == HTTPStatus.BAD_REQUEST

    def test_without_the_forms_token_nothing_happens(self) -> None:
        agent = make.agent(password=PASSWORD)
        strict = Client(enforce_csrf_checks=True)
        assert try_to_sign_in(strict, agent.username) == HTTPStatus.FORBIDDEN
        assert "sessionid" not in strict.cookies

    @pytest.mark.parametrize(
        ("username", "password"),
        [
            ("", ""),
            ("a\x00b", "x\x00"),
            ("é" * 5000, "x"),
            ("ada", "x" * 100_000),
            ("😀", "\u202e"),
        ],
    )
    def test_odd_words_are_only_wrong(self, client: Client, username: str, password: str) -> None:
        assert try_to_sign_in(client, username, password) == HTTPStatus.BAD_REQUEST

    def test_a_name_is_text(self, client: Client) -> None:
        answer = client.post(LOGIN, {"username": '"><script>x()</script>', "password": "x"})
        assert b"<script>x()" not in answer.content

    def test_who_is_in_goes_straight_on(self, client: Client) -> None:
        client.force_login(make.agent())
        assert client.get(LOGIN)["Location"] == "/console/"


class TestGuessing:
    def test_becomes_slow_for_a_name_from_anywhere(self, client: Client) -> None:
        for n in range(4):
            answer = client.post(
                LOGIN, {"username": "ada", "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}"
            )
            assert answer.status_code == HTTPStatus.BAD_REQUEST
        answer = client.post(
            LOGIN, {"username": "Ada ", "password": "wrong"}, REMOTE_ADDR="192.0.2.9"
        )
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert int(answer["Retry-After"]) >= 1

    def test_becomes_slow_for_an_address_with_any_names(self, client: Client) -> None:
        answers = [try_to_sign_in(client, f"name{n}", "wrong") for n in range(8)]
        assert answers[:6] == [400] * 6
        assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS

    def test_never_keeps_the_owner_out_of_their_own_browser(self, client: Client) -> None:
        agent = make.agent(username="ada", password=PASSWORD)
        assert try_to_sign_in(client, agent.username) == HTTPStatus.FOUND
        client.post("/console/logout/")
        stranger = Client()
        while try_to_sign_in(stranger, "ada", "wrong") != HTTPStatus.TOO_MANY_REQUESTS:
            pass
        assert try_to_sign_in(client, agent.username) == HTTPStatus.FOUND

    def test_a_device_is_known_for_its_own_name_only(self) -> None:
        note = sign_in.note_for_device("Ada")
        assert sign_in.knows_device(note, "ada")
        assert not sign_in.knows_device(note, "bo")
        assert not sign_in.knows_device(note[:-1] + "x", "ada")
        assert not sign_in.knows_device("", "ada")

    def test_a_device_has_its_limit_too(self, client: Client) -> None:
        make.agent(username="ada", password=PASSWORD)
        assert try_to_sign_in(client, "ada") == HTTPStatus.FOUND
        client.post("/console/logout/")
        answers = [try_to_sign_in(client, "ada", "wrong") for _ in range(4)]
        assert answers == [400, 400, 400, 429]


class TestTheConsole:
    def test_is_for_those_who_answer(self, client: Client) -> None:
        nobody = make.agent(password=PASSWORD)
        nobody.groups.clear()
        client.force_login(nobody)
        answer = client.get("/console/")
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert b"Sign out" in answer.content

    def test_shows_each_role_its_own_places(self, client: Client) -> None:
        client.force_login(make.agent())
        assert b"/admin/" not in client.get("/console/").content
        client.force_login(make.agent(role="manager", is_staff=True))
        assert b"/admin/analytics/" in client.get("/console/").content

    def test_runs_only_scripts_that_carry_this_answers_nonce(self, client: Client) -> None:
        client.force_login(make.agent())
        answer = client.get("/console/")
        policy = answer["Content-Security-Policy"]
        nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)
        assert nonce is not None
        assert "unsafe" not in policy
        text = answer.content.decode()
        inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", text)
        assert inline
        assert all(f'nonce="{nonce[1]}"' in attributes for attributes in inline)
        assert not re.search(r"\s(on[a-z]+|style)=", text)

    def test_is_not_kept_by_caches(self, client: Client) -> None:
        client.force_login(make.agent())
        assert "no-store" in client.get("/console/")["Cache-Control"]

    def test_signing_out_takes_a_form_and_ends_the_session(self, client: Client) -> None:
        client.force_login(make.agent())
        assert client.get("/console/logout/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
        answer = client.post("/console/logout/")
        assert (answer.status_code, answer["Location"]) == (302, LOGIN)
        assert client.get("/console/").status_code == HTTPStatus.FOUND
