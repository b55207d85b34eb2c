"""A business with its interface, and a program that speaks to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from contactcenter.demo.packs.door import token_of
from contactcenter.demo.packs.models import open_business
from contactcenter.demo.packs.pack import write_books

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Program:
    """Says what a business's program is asked, and hears (status, answer)."""

    def __init__(self, pack: str) -> None:
        self.pack = pack
        self.client = Client()
        self.token = token_of(pack)
        self.count = 0

    def ask(self, path: str, *, key: str = "", **values: Any) -> tuple[int, dict[str, Any]]:
        self.count += 1
        answer = self.client.post(
            f"/demo/{self.pack}/api/{path}",
            data=values,
            content_type="application/json",
            headers={
                "authorization": f"Bearer {self.token}",
                "idempotency-key": key or f"key-{self.count}",
            },
        )
        is_json = answer["content-type"].startswith("application/json")
        return answer.status_code, answer.json() if is_json else {}


@pytest.fixture
def opened() -> Callable[[str], Program]:
    def open_one(pack: str) -> Program:
        open_business(pack, at=NOON)
        write_books(pack, at=NOON)
        return Program(pack)

    return open_one
