"""What help begins with: each receiver gathers, and queues one task for all that came meanwhile."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.dispatch import receiver

from agents.assist import tasks
from agents.socket.gathering import Gatherer
from conversations import events
from conversations.drafts import Stored
from conversations.later import queue_task


def _wake(_facts: Sequence[dict[str, Any]]) -> None:
    queue_task(tasks.help_agents)


# Nobody is helped before the customer has paused (`suggest.PAUSE`), so one task a second is in time for
# all who write, and five would be felt by them.
_words = Gatherer(_wake, seconds=1.0, most=1)
_moves = Gatherer(_wake, seconds=0.2, most=1)


@receiver(events.messages_posted)
def help_with_words(*, messages: Sequence[Stored], **_: Any) -> None:
    """A customer waits for an agent, or an agent has answered."""
    if settings.SUGGESTIONS and any(
        one.state == "assigned" and one.draft.author_kind in {"customer", "agent"}
        for one in messages
        if not one.draft.note
    ):
        _words.add([{}])


@receiver(events.conversation_moved)
def help_who_takes_over(*, state: str, **_: Any) -> None:
    if settings.SUGGESTIONS and state == "assigned":
        _moves.add([{}])
