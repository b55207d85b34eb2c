"""Which demo businesses are open here, and what their programs' interfaces have answered already."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q


class Business(models.Model):
    """A demo business that was opened. Without its row, its pages and its interface are not there."""

    class Weather(models.TextChoices):
        FINE = "fine", "Works"
        DOWN = "down", "Down: refuses everything, does nothing"
        SLOW = "slow", "Slow: does it, and answers after three seconds"
        LATE = "late", "Late: does it, and answers when nobody waits any more"
        LOST = "lost", "Lost: does it, and the answer does not arrive"
        RUBBISH = "rubbish", "Rubbish: does nothing, and answers with a page instead of data"

    pack = models.SlugField(max_length=32, unique=True)
    weather = models.CharField(
        "its interface",
        max_length=8,
        choices=Weather,
        default=Weather.FINE,
        help_text="To see what the bot does when a business's own system fails.",
    )
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "businesses"
        constraints = [
            models.CheckConstraint(
                condition=Q(weather__in=["fine", "down", "slow", "late", "lost", "rubbish"]),
                name="weather_of_a_demo_business_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.pack


class Receipt(models.Model):
    """What was answered to a key. The same key again is answered the same, and nothing is done twice."""

    business = models.ForeignKey(Business, models.CASCADE, related_name="receipts")
    key = models.CharField("idempotency key", max_length=200)
    asked = models.CharField("digest of what was asked", max_length=64)
    status = models.PositiveSmallIntegerField(default=200)
    answer: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["business", "key"], name="one_receipt_for_a_key")
        ]

    def __str__(self) -> str:
        return self.key

    def is_for(self, asked: str) -> bool:
        return self.asked == asked


class Attempts(models.Model):
    """How often somebody was named wrongly of late; who it was is kept as a digest."""

    business = models.ForeignKey(Business, models.CASCADE, related_name="attempts")
    who = models.CharField(max_length=64)
    wrong = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "attempts"
        constraints = [
            models.UniqueConstraint(fields=["business", "who"], name="attempts_are_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.business}: {self.wrong}"


class Visit(models.Model):
    """Somebody who said who they are. The token is kept as a digest and ends by itself."""

    business = models.ForeignKey(Business, models.CASCADE, related_name="visits")
    token = models.CharField(max_length=64, unique=True)
    who = models.CharField(max_length=80)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-until"]

    def __str__(self) -> str:
        return f"{self.business}: {self.who}"


def open_business(pack: str, *, at: datetime) -> tuple[Business, bool]:
    """The row, and whether it is new."""
    return Business.objects.get_or_create(pack=pack, defaults={"opened_at": at})
