"""Doors for later: the clock is read here."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from agents.callbacks.actions.keeping import tend as tend_calls
from agents.callbacks.actions.offering import offer_calls


@shared_task(name="callbacks.tend")
def tend(**_: Any) -> None:
    tend_calls(at=timezone.now())


@shared_task(name="callbacks.offer")
def offer(**_: Any) -> None:
    offer_calls(at=timezone.now())
