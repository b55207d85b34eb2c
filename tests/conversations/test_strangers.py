"""What a stranger may have of the house at its HTTP doors, and how much of it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from conversations import api
from conversations.limits import Limit
from conversations.models import Conversation, Upload
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def tokens(client: Client, settings: Settings, tmp_path: Path) -> list[str]:
    """Sessions are to be had for nothing."""
    settings.MEDIA_ROOT = tmp_path
    inbox = make.inbox()
    words = {"inbox": inbox.key}
    return [
        client.post("/api/v1/sessions", words, "application/json").json()["token"] for _ in range(3)
    ]


def sends(client: Client, token: str, content: bytes = b"hello") -> int:
    form = {"file": SimpleUploadedFile("a.txt", content), "token": token}
    return client.post("/api/v1/uploads", form).status_code


def test_files_are_counted_by_address_however_many_sessions(
    client: Client, tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_uploads", Limit(rate=0.001, burst=2))

    assert [sends(client, token) for token in tokens] == [201, 201, 429]


def test_what_is_kept_of_an_address_is_counted_in_bytes(
    client: Client, tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_bytes", Limit(rate=0.001, burst=1000))

    assert [sends(client, token, b"x" * 400) for token in tokens] == [201, 201, 429]
    assert sends(client, tokens[0], b"x" * 100) == 201
    assert sum(Upload.objects.values_list("size", flat=True)) == 900


def test_a_stranger_s_fancies_make_no_lists_longer(client: Client) -> None:
    make.inbox(key="door")
    for tail in ("aaaaaaaa", "aaaaaaab", "us"):
        words = {"inbox": "door", "language": f"en-{tail}"}
        assert client.post("/api/v1/sessions", words, "application/json").status_code == 201

    assert set(Conversation.objects.values_list("language", "customer__language")) == {("en", "en")}
