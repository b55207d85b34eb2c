"""A queue with room for calls, and nothing remembered of another test's."""

from collections.abc import Iterator

import pytest

from agents.callbacks.actions import foretelling
from agents.callbacks.models import CallRules
from agents.callbacks.reads import slots
from agents.models import Queue
from tests import make


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    slots.forget()
    yield
    slots.forget()
    foretelling._kept.clear()


@pytest.fixture
def line() -> Queue:
    """One agent: with 20 minutes a call and half of the time there is room for one in each half hour."""
    CallRules.objects.create(call_minutes=20)
    queue = make.queue()
    queue.members.add(make.agent())
    return queue
