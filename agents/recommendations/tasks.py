"""Doors for later: what was bought of what was shown, and a recommender from the centre's own log."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from conversations.errors import Refused

logger = logging.getLogger(__name__)


@shared_task(name="recommendations.settle")
def settle_shown(**_: Any) -> None:
    """What came of what was shown. Doing it twice changes nothing."""
    from agents.recommendations.actions.outcomes import settle

    settle(at=timezone.now())


@shared_task(name="recommendations.gather")
def gather_from_business(**_: Any) -> None:
    """Items and events out of the business's own tables, where it keeps them in this house."""
    from agents.recommendations.actions.gathering import gather

    gather(at=timezone.now())


@shared_task(name="recommendations.train")
def train_anew(**_: Any) -> None:
    """When there is enough that is new; what loses is kept with its figures."""
    from agents.recommendations.actions.training import is_due, try_anew

    at = timezone.now()
    if not is_due(at=at):
        return
    try:
        try_anew(by_id=None, at=at)
    except Refused as refused:
        logger.warning("No recommender was trained", extra={"reason": refused.code})
