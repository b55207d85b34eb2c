"""Group commit: everybody is answered, and each conversation stays in the order it was spoken."""

import asyncio
import threading
from datetime import datetime

import pytest
from django.db import connection

from conversations.drafts import Draft, Stored
from conversations.models import Conversation, Message
from conversations.writer import Answer, Writer
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


async def test_each_conversation_is_stored_in_the_order_it_was_spoken(at: datetime) -> None:
    conversations = [await asyncio.to_thread(_conversation) for _ in range(3)]
    writer = Writer()
    heard: dict[int, list[Answer]] = {c.pk: [] for c in conversations}

    for number in range(40):
        conversation = conversations[number % 3]
        draft = Draft(
            conversation_id=conversation.pk, author_kind="customer", text=f"{number}", at=at
        )
        writer.submit(draft, heard[conversation.pk].append)
        if number % 4 == 3:
            await asyncio.sleep(0.002)  # so that statements overlap
    async with asyncio.timeout(20):
        while sum(map(len, heard.values())) < 40:
            await asyncio.sleep(0.01)

    await _close_connections_of(writer)
    for place, conversation in enumerate(conversations):
        answers = heard[conversation.pk]
        assert [a.seq for a in answers if isinstance(a, Stored)] == list(range(1, len(answers) + 1))
        rows = await asyncio.to_thread(_texts_of, conversation)
        assert rows == [f"{number}" for number in range(40) if number % 3 == place]


async def _close_connections_of(writer: Writer) -> None:
    """Each of its threads has one; they wait for each other, so that none does it twice."""
    together = threading.Barrier(2)

    def close() -> None:
        together.wait(5)
        connection.close()

    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(writer._storing, close) for _ in range(2)))
    writer._storing.shutdown()
    writer._telling.shutdown()


def _conversation() -> Conversation:
    try:
        return make.conversation()
    finally:
        connection.close()


def _texts_of(conversation: Conversation) -> list[str]:
    try:
        messages = Message.objects.filter(conversation=conversation, author_kind="customer")
        return list(messages.order_by("seq").values_list("text", flat=True))
    finally:
        connection.close()
