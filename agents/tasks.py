"""Work for later: ids in, the clock read here, one action called."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from agents.actions.offers import route_waiting
from agents.actions.sweep import sweep as sweep_once


@shared_task(name="agents.route")
def route(*, queue_id: int | None = None, **_: Any) -> None:
    route_waiting(queue_id=queue_id, at=timezone.now())


@shared_task(name="agents.sweep")
def sweep(**_: Any) -> None:
    sweep_once(at=timezone.now())
