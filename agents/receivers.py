"""What the people's side reacts to: each receiver queues a task and nothing else."""

from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from agents import events as people
from agents import tasks
from agents.roles import ensure_roles
from conversations import events
from conversations.later import queue_task


@receiver(events.handoff_requested)
def find_an_agent(*, queue_id: int, **_: Any) -> None:
    queue_task(tasks.route, queue_id=queue_id)


@receiver(people.presence_changed)
def bring_the_backlog(*, status: str, **_: Any) -> None:
    if status == "online":
        queue_task(tasks.route)


@receiver(people.room_made)
def bring_the_next(**_: Any) -> None:
    queue_task(tasks.route)


@receiver(post_migrate)
def make_the_roles(*, app_config: Any, **_: Any) -> None:
    """After the last app: only then do all permissions exist."""
    if app_config.label == "demo":
        ensure_roles()
