"""Whether anybody could have seen who is here."""

from django.db import models
from django.db.models import Q


class Watch(models.Model):
    """One row: the web processes' last round of signs of life, and since when they have gone round
    without a break."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watch"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_watch")]

    def __str__(self) -> str:
        return f"Watch since {self.since}"
