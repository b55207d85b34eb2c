"""Work for later."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from conversations.surveys.letters import send_letters


@shared_task(name="surveys.letters")
def letters(**_: Any) -> None:
    send_letters(at=timezone.now())
