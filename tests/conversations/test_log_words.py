"""The log in words: what programs know a thing by is not what people read."""

from typing import Any

import pytest

from conversations.actions.log import append
from conversations.log_words import in_words
from conversations.models import Conversation, Event
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_a_procedure_is_called_what_people_call_it() -> None:
    talk = make.conversation()
    held = Conversation.objects.select_for_update().get(pk=talk.pk)
    told: dict[str, Any] = {
        "procedure": "return_item",
        "version": 2,
        "run": "6f1c",
        "state": "active",
    }
    append(held, "procedure", at=NOON, actor="bot", name="Return an item", **told)
    append(held, "procedure", at=NOON, actor="bot", **told)  # as older houses wrote it

    events = Event.objects.filter(kind="procedure").select_related("message", "agent")
    new, old = in_words(list(events.order_by("offset")))

    assert new.what == "went through a procedure"
    assert dict(new.details) == {
        "procedure": "Return an item",
        "version": "2",
        "state": "active",
    }
    assert ("procedure", "return_item") in old.details
