"""How processes tell each other."""

from typing import Any

import pytest

from conversations import live
from conversations.live import Push, encode, payload, unpack

pytestmark = pytest.mark.unit


def test_what_this_process_said_is_not_heard_again() -> None:
    assert unpack(payload(encode([Push(("c1",), {"type": "state"})]))) == []


def test_what_another_process_said_is_heard_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    said = payload(encode([Push(("t7", "a2"), {"type": "message", "text": "é"}, 3, 7)]))
    monkeypatch.setattr(live, "ORIGIN", bytes(16))

    heard: list[Any] = list(unpack(said))
    assert heard == [[["t7", "a2"], '{"type":"message","text":"é"}', 3, 7]]
