"""Doors for later: they wake one thread of the model's worker."""

import random
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bots.indexer import Indexer


def _score() -> None:
    from analytics.quality.actions.fill import enlist, score_due
    from bots.knowledge.vectors import light_encoders

    if not settings.QUALITY:
        return
    enlist(at=timezone.now())
    score_due(clock=timezone.now, encoders=light_encoders, dice=random.random)


_scorer = Indexer(_score, name="scorer")


@shared_task(name="quality.score")
def score(**_: Any) -> None:
    """Conversations that ended; also what a lost task or a killed worker left behind."""
    _scorer.wake()


@shared_task(name="quality.measure")
def measure(**_: Any) -> None:
    """How far the machine agrees with people by now; what is not reliable counts no more."""
    from analytics.quality.actions.reliability import measure_all, move_limits

    if settings.QUALITY:
        measure_all(at=timezone.now())
        move_limits(at=timezone.now())
