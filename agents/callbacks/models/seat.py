"""A place in a stretch of time in which agents have room for calls."""

from django.db import models
from django.db.models import F, Q


class Seat(models.Model):
    """One of the places of a slot, taken by one call. Places are numbered from 0 below the slot's capacity, and no
    two calls have the same: so two customers at once can't take more places than there are."""

    call = models.OneToOneField("callbacks.Call", models.CASCADE, related_name="seat")
    queue = models.ForeignKey("agents.Queue", models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["starts_at", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "starts_at", "number"], name="one_call_in_a_place_of_a_slot"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_slot_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}, place {self.number + 1}"
