"""Doors for later: they wake one thread of the model's worker."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from bots.indexer import Indexer


def _sort() -> None:
    from analytics.topics.actions.sort import gather, name_all, sort_new, split_grown
    from analytics.topics.actions.unasked import gather_unasked
    from bots.knowledge.vectors import light_encoders

    at = timezone.now()
    # Words move slowly; a topic that has grown says so with the next one that does.
    if gather() + gather_unasked(at=at, encoders=light_encoders()) and sort_new(at=at):
        split_grown(at=at)
        name_all()


_sorter = Indexer(_sort, name="sorter")


@shared_task(name="topics.sort")
def sort(**_: Any) -> None:
    """What conversations are about; also what a lost task or a killed worker left behind."""
    _sorter.wake()
