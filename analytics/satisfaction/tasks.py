"""Work for later: the clock is read here."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from analytics.satisfaction.forecasting import forecast_new
from analytics.satisfaction.learning import tend


@shared_task(name="satisfaction.learn")
def learn(**_: Any) -> None:
    tend(at=timezone.now())


@shared_task(name="satisfaction.forecast")
def forecast(**_: Any) -> None:
    forecast_new(at=timezone.now())
