"""Doors for later: the clock is read here."""

import random
from typing import Any

from celery import shared_task
from django.utils import timezone

from agents.callbacks.actions.keeping import tend as tend_calls
from agents.callbacks.actions.learning import tend as tend_learning
from agents.callbacks.actions.offering import offer_calls
from agents.callbacks.actions.placing import place as place_calls


@shared_task(name="callbacks.tend")
def tend(**_: Any) -> None:
    tend_calls(at=timezone.now())


@shared_task(name="callbacks.offer")
def offer(**_: Any) -> None:
    offer_calls(at=timezone.now(), lots=random.SystemRandom())


@shared_task(name="callbacks.place")
def place(**_: Any) -> None:
    place_calls(at=timezone.now(), lots=random.SystemRandom())


@shared_task(name="callbacks.learn")
def learn(**_: Any) -> None:
    tend_learning(at=timezone.now())
