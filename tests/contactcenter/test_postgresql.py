"""Connections of the pool are looked at before use: whose server has gone is replaced, and nobody notices."""

import select
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.utils import OperationalError

from contactcenter.postgresql.base import DatabaseWrapper, is_alive

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pooled() -> Iterator[DatabaseWrapper]:
    """The test database through a pool of its own, as the product has it."""
    settings = connections["default"].settings_dict
    options = settings["OPTIONS"] | {"pool": {"min_size": 1, "max_size": 1, "timeout": 10}}
    wrapper = DatabaseWrapper({**settings, "OPTIONS": options}, alias="pooled")
    connections["pooled"] = wrapper
    yield wrapper
    wrapper.close()
    wrapper.close_pool()
    del connections["pooled"]


def backend_of(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end(backend: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


def test_a_connection_is_used_again_without_a_question(
    pooled: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backend_of(pooled)
    pooled.close()
    asked: list[Any] = []
    monkeypatch.setattr(psycopg.Connection, "execute", lambda *words, **_: asked.append(words))
    assert backend_of(pooled) == first
    assert asked == []


def test_whose_server_has_gone_is_replaced(pooled: DatabaseWrapper) -> None:
    first = backend_of(pooled)
    pooled.close()
    end(first)
    assert backend_of(pooled) != first


def test_a_server_that_goes_while_it_is_asked_is_an_error_and_the_next_question_is_answered(
    pooled: DatabaseWrapper,
) -> None:
    first = backend_of(pooled)
    end(first)
    with pytest.raises(OperationalError):
        backend_of(pooled)
    pooled.close()
    assert backend_of(pooled) != first


def test_a_notice_is_no_farewell() -> None:
    """What came unasked is read, and the connection stays."""
    params = connections["default"].get_connection_params()
    with (
        psycopg.connect(**params, autocommit=True) as listener,
        psycopg.connect(**params, autocommit=True) as speaker,
    ):
        listener.execute("LISTEN news")
        speaker.execute("NOTIFY news")
        assert _hears(listener)
        assert is_alive(listener)
        listener.close()
        assert not is_alive(listener)


def _hears(listener: psycopg.Connection[Any]) -> bool:
    look = select.poll()
    look.register(listener.fileno(), select.POLLIN)
    return bool(look.poll(10_000))
