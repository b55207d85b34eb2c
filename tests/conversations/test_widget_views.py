"""The doors of the widget, as a host page, its visitor's browser and a stranger meet them."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from conversations.widget_views import MODULES
from inboxes.models import Inbox

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SHOP, STRANGER = "https://shop.example", "https://stranger.example"
JS = Path(settings.BASE_DIR) / "static/js"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox.objects.create(
        key="shop",
        name="Trailhead",
        allowed_origins=[SHOP],
        languages=["en", "zh", "ar"],
        appearance={
            "accent": "#2f6f4e",
            "position": "left",
            "logo": "https://cdn.shop.example/logo.png",
            "texts": {"en": {"greeting": "Hello", "suggestions": ["a", "b", "c", "d", "e"]}},
        },
    )


def policy_of(response: HttpResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def settings_of(response: HttpResponse) -> dict[str, Any]:
    found = re.search(
        r'<script id="settings" type="application/json">(.*?)</script>',
        response.content.decode(),
        re.DOTALL,
    )
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def get_frame(client: Client, **query: str) -> Any:
    return client.get("/widget/", {"inbox": "shop", **query})


# --- /widget.js


def test_script_is_small_cacheable_and_for_any_page(client: Client) -> None:
    response = client.get("/widget.js", headers={"accept-encoding": "gzip, br"})

    assert response.status_code == 200
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 15 * 1024
    assert "max-age=300" in response["Cache-Control"]
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert gzip.decompress(response.content) == (JS / "widget-loader.js").read_bytes()
    assert not response.cookies


def test_script_without_compression_is_the_same_text(client: Client) -> None:
    response = client.get("/widget.js")

    assert "Content-Encoding" not in response.headers
    assert response.content == (JS / "widget-loader.js").read_bytes()


def test_script_that_is_known_is_not_sent_again(client: Client) -> None:
    etag = client.get("/widget.js")["ETag"]

    response = client.get("/widget.js", headers={"if-none-match": etag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_script_is_only_read(client: Client) -> None:
    assert client.post("/widget.js").status_code == 405


# --- /widget/appearance/


@pytest.mark.parametrize("origin", [None, SHOP, "http://testserver"])
def test_button_learns_its_looks(client: Client, inbox: Inbox, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}

    response = client.get("/widget/appearance/", {"inbox": "shop"}, headers=headers)

    assert response.json() == {"accent": "#2f6f4e", "on": "#ffffff", "position": "left"}
    assert response["Access-Control-Allow-Origin"] == (origin or "*")
    assert "Origin" in response["Vary"]


@pytest.mark.parametrize(
    ("accent", "on"), [("#ffff00", "#171b22"), ("#000000", "#ffffff"), ("#1a7f4b", "#ffffff")]
)
def test_button_is_readable_on_any_accent(
    client: Client, inbox: Inbox, accent: str, on: str
) -> None:
    inbox.appearance = {"accent": accent}
    inbox.save()

    assert client.get("/widget/appearance/?inbox=shop").json()["on"] == on


def test_button_is_refused_to_a_site_that_is_not_on_the_list(client: Client, inbox: Inbox) -> None:
    response = client.get("/widget/appearance/", {"inbox": "shop"}, headers={"origin": STRANGER})

    assert (response.status_code, response.json()) == (403, {"code": "not_allowed"})


@pytest.mark.parametrize("key", ["nowhere", "", "x" * 500, "<script>", "shop\x01"])
def test_unknown_inbox_has_no_button_and_no_chat(client: Client, inbox: Inbox, key: str) -> None:
    assert client.get("/widget/appearance/", {"inbox": key}).status_code == 404
    response = client.get("/widget/", {"inbox": key})
    assert response.status_code == 404
    assert "The chat is closed." in response.content.decode()


def test_inbox_that_is_switched_off_has_no_button_and_no_chat(client: Client, inbox: Inbox) -> None:
    inbox.is_active = False
    inbox.save()

    assert client.get("/widget/appearance/?inbox=shop").status_code == 404
    assert get_frame(client, language="zh").status_code == 404
    assert "在线客服未开放" in get_frame(client, language="zh").content.decode()


# --- /widget/


def test_chat_may_be_framed_by_its_own_sites_only(client: Client, inbox: Inbox) -> None:
    response = get_frame(client)

    policy = policy_of(response)
    assert policy["frame-ancestors"] == ["'self'", SHOP]
    assert "X-Frame-Options" not in response.headers
    assert policy["connect-src"] == ["'self'", "ws://testserver"]
    assert policy["img-src"] == ["'self'", "data:", "blob:", "https://cdn.shop.example"]


def test_chat_without_listed_sites_may_be_framed_by_us_only(client: Client, inbox: Inbox) -> None:
    inbox.allowed_origins = []
    inbox.save()

    assert policy_of(get_frame(client))["frame-ancestors"] == ["'self'"]


@pytest.mark.parametrize(
    "origin", ["https://a.example; script-src *", "*", "https://*", "data:", "https://a b", 7]
)
def test_an_odd_origin_never_becomes_policy(client: Client, inbox: Inbox, origin: Any) -> None:
    inbox.allowed_origins = [origin, SHOP]
    inbox.appearance = {"logo": str(origin)}
    inbox.save()

    response = get_frame(client)

    assert policy_of(response)["frame-ancestors"] == ["'self'", SHOP]
    assert policy_of(response)["img-src"] == ["'self'", "data:", "blob:"]
    assert settings_of(response)["origins"] == [SHOP]


def test_chat_runs_only_our_scripts(client: Client, inbox: Inbox) -> None:
    response = get_frame(client)

    html = response.content.decode()
    nonce = re.search(r'type="importmap" nonce="([^"]+)"', html)
    assert nonce is not None
    assert policy_of(response)["script-src"] == ["'self'", f"'nonce-{nonce[1]}'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"\son\w+=|style=", html)


def test_chat_needs_no_cookie_and_is_not_cached(client: Client, inbox: Inbox) -> None:
    response = get_frame(client)

    assert not response.cookies
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("wanted", "language", "direction"),
    [
        ("en", "en", "ltr"),
        ("zh-Hans-CN", "zh", "ltr"),
        ("ar", "ar", "rtl"),
        ("de", "en", "ltr"),
        ("", "en", "ltr"),
        ('"><script>', "en", "ltr"),
    ],
)
def test_chat_speaks_an_offered_language(
    client: Client, inbox: Inbox, wanted: str, language: str, direction: str
) -> None:
    response = get_frame(client, language=wanted)

    html = response.content.decode()
    assert re.search(rf'<html lang="{language}"\s+dir="{direction}"', html)
    assert settings_of(response)["language"] == language


def test_chat_carries_the_inbox_s_looks(client: Client, inbox: Inbox) -> None:
    data = settings_of(get_frame(client, language="en"))

    assert data["name"] == "Trailhead"
    assert data["accent"] == "#2f6f4e"
    assert data["logo"] == "https://cdn.shop.example/logo.png"
    assert data["texts"] == {
        "greeting": "Hello",
        "introduction": "",
        "suggestions": ["a", "b", "c", "d"],
    }
    assert data["mostBytes"] == settings.UPLOAD_MAX_BYTES


@pytest.mark.parametrize(
    "appearance",
    [
        {"accent": "red", "logo": "javascript:alert(1)", "texts": 7},
        {"accent": 7, "logo": "//evil.example/x", "texts": {"en": ["odd"]}},
        {"accent": "#12", "logo": "http://[", "texts": {"en": {"suggestions": "odd"}}},
        [],
        "odd",
    ],
)
def test_odd_looks_are_left_out(client: Client, inbox: Inbox, appearance: Any) -> None:
    inbox.appearance = appearance
    inbox.languages = "odd"
    inbox.save()

    response = get_frame(client)

    data = settings_of(response)
    assert (data["accent"], data["logo"], data["texts"]["suggestions"]) == ("", "", [])
    assert data["languages"] == ["en", "zh"]


def test_a_name_with_markup_stays_text(client: Client, inbox: Inbox) -> None:
    inbox.name = "</script><script>alert(1)</script>"
    inbox.save()

    response = get_frame(client)

    assert "<script>alert" not in response.content.decode()
    assert settings_of(response)["name"] == inbox.name


def test_every_module_of_the_chat_is_fetched_at_once() -> None:
    rooms = [*JS.glob("widget/*.js"), *JS.glob("live/*.js"), JS / "live.js"]
    found = {f"js/{path.relative_to(JS)}" for path in rooms}

    assert found - set(MODULES) == {"js/widget/boot.js"}
    assert set(MODULES) - found == set()
