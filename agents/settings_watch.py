"""What a manager changes takes effect at once: whoever waits is ranked and routed again.

Each change queues a task after the commit, one for all changes of a transaction; should the broker be
gone, the sweep routes by the new settings within seconds.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from celery import shared_task
from django.db import connection, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from agents import tasks
from agents.actions.replan import replan as replan_now
from agents.models import (
    Agent,
    AgentSkill,
    Holiday,
    OpeningHours,
    Policy,
    Queue,
    Schedule,
    Team,
)
from conversations.later import queue_task


@shared_task(name="agents.replan")
def replan(**_: Any) -> None:
    """Who waits is ranked by the rules of now; then all queues are routed."""
    replan_now(at=timezone.now())
    tasks.route()


_replan = partial(queue_task, replan)
_route = partial(queue_task, tasks.route)


def _once(work: Callable[[], object]) -> None:
    """After the commit, however often it is asked for until then."""
    if not any(planned[1] is work for planned in connection.run_on_commit):
        transaction.on_commit(work, robust=True)


@receiver([post_save, post_delete], sender=Policy)
@receiver([post_save, post_delete], sender=Queue)
def rank_again(**_: Any) -> None:
    _once(_replan)


@receiver([post_save, post_delete], sender=AgentSkill)
@receiver([post_save, post_delete], sender=Schedule)
@receiver([post_save, post_delete], sender=OpeningHours)
@receiver([post_save, post_delete], sender=Holiday)
@receiver(m2m_changed, sender=Queue.members.through)
@receiver(m2m_changed, sender=Team.members.through)
def route_again(**_: Any) -> None:
    _once(_route)


@receiver(post_save, sender=Agent)
def route_for_more_room(*, created: bool, update_fields: Any = None, **_: Any) -> None:
    """Capacity or languages may be others now. Signing in saves one field only, and is no news."""
    if not created and not update_fields:
        _once(_route)
