"""A customer wants to be called: a task takes it up, the clock finds it if the task gets lost."""

from typing import Any

from django.dispatch import receiver

from agents.callbacks.tasks import tend
from conversations import events
from conversations.later import queue_task


@receiver(events.call_wanted)
def take_up_wish(**_: Any) -> None:
    queue_task(tend)
